#!/bin/sh
# Make .venv hold exactly what the named locks say: scripts/install.sh core [dev [bench]]
# Does nothing when it already does. A .venv that is a link belongs to somebody else.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

refuse() {
  printf '%s\n%s\n' "$1" "$2" >&2
  exit 2
}

if [ -L .venv ] && [ -x .venv/bin/python ]; then
  exit 0
fi

if ! .venv/bin/python -c '' 2>/dev/null; then
  command -v "$python" >/dev/null 2>&1 || refuse \
    "没有找到 $python。请安装 Python 3.11 或更新的版本,或用 PYTHON= 指定它的路径。" \
    "$python was not found: install Python 3.11 or newer, or name it with PYTHON=."
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || refuse \
    "$python 版本太旧。请安装 Python 3.11 或更新的版本,或用 PYTHON= 指定,例如 PYTHON=python3.12 make run。" \
    "$python is too old: install Python 3.11 or newer, or name it, e.g. PYTHON=python3.12 make run."
  "$python" -c 'import venv, ensurepip' 2>/dev/null || refuse \
    "$python 缺少 venv 模块。Debian/Ubuntu 请先运行:apt-get install python3-venv。" \
    "$python has no venv module: on Debian/Ubuntu run apt-get install python3-venv first."
  echo "· 创建虚拟环境 .venv… Creating the virtual environment"
  "$python" -m venv --clear .venv || refuse \
    "没能创建虚拟环境 .venv。请检查磁盘空间和目录权限,再运行一次。" \
    "The virtual environment could not be created: check disk space and permissions."
fi

# $1: name of the lock. pip says "Collecting x" once a package; the lock says how many there are.
install_lock() {
  lock=requirements/$1.txt
  stamp=.venv/chedai-$1.stamp
  wanted=$(.venv/bin/python -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest(), sys.version_info[:2])' "$lock")
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    return
  fi
  total=$(grep -c '==' "$lock")
  echo "· 安装依赖 $lock(约 $total 个包)… Installing $lock"
  log=.venv/install-$1.log
  { .venv/bin/python -m pip install --disable-pip-version-check --no-input --no-deps --require-hashes \
      --progress-bar off -r "$lock" 2>&1 || echo "chedai-install-failed"; } | tee "$log" |
    awk -v total="$total" '
      /^Collecting /{ n++; if (n % 5 == 1) { split($2, name, "[=;]"); printf "  %d/%d %s\n", n, total, name[1]; fflush() } }
      /^Installing collected/{ print "  正在解开… unpacking"; fflush() }'
  if tail -n 1 "$log" | grep -q chedai-install-failed; then
    reason=$(grep -E '^ERROR' "$log" | tail -n 1)
    refuse "依赖没有装好:${reason:-原因见 $log}。请检查到软件源的网络,再运行一次(日志 $log)。" \
      "Dependencies could not be installed: check the network to the package index and run again (log: $log)."
  fi
  echo "$wanted" >"$stamp"
}

for name in "$@"; do
  install_lock "$name"
done

# The package itself: this checkout's sources, and the command `chedai`.
here=$(pwd)
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
if [ "$(cat "$site/chedai.pth" 2>/dev/null)" != "$here/src" ]; then
  echo "$here/src" >"$site/chedai.pth"
  cat >.venv/bin/chedai <<EOF
#!/bin/sh
exec "$here/.venv/bin/python" -m chedai.config.cli "\$@"
EOF
  chmod 755 .venv/bin/chedai
fi
