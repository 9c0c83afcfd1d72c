#!/bin/sh
# Compile every lock file: exact versions with hashes, and no host name anywhere.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
"$python" -m uv --version >/dev/null 2>&1 || "$python" -m pip install --quiet uv
for name in core dev bench node; do
  "$python" -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
    "$@" "requirements/$name.in" -o "requirements/$name.txt"
done
for folder in . requirements/browser; do
  (cd "$folder" && npm install --package-lock-only --no-audit --no-fund)
  # npm copies the packages' appeals for money into the lock: addresses nobody here needs.
  "$python" - "$folder/package-lock.json" <<'EOF'
import json, pathlib, sys
path = pathlib.Path(sys.argv[1])
lock = json.loads(path.read_text(encoding="utf-8"))
for package in lock["packages"].values():
    package.pop("funding", None)
    package.pop("resolved", None)
path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
EOF
done
if grep -nE '://' requirements/*.txt package-lock.json requirements/browser/package-lock.json; then
  echo "锁文件中出现了网址,请检查上面的行。A lock file names a host." >&2
  exit 1
fi
