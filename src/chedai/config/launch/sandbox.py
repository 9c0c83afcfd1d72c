"""The lender sandbox beside the demo world: its address, its secret, its process."""

from __future__ import annotations

import hashlib
import hmac
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from chedai.config.launch.keyring import SECRET_KEY
from chedai.config.launch.refusal import EXIT_REFUSED, LaunchRefusedError
from chedai.config.launch.speech import complain, say

URL: Final = "CHEDAI_SANDBOX_URL"
SECRET: Final = "CHEDAI_SANDBOX_SECRET"  # noqa: S105 - the name, not the secret
FOLDER: Final = "CHEDAI_SANDBOX_DIR"
CALLBACK: Final = "CHEDAI_SANDBOX_CALLBACK"
CALLBACK_PATH: Final = "lender-callbacks/{lender}/"
HOST: Final = "127.0.0.1"
PORT_DEFAULT: Final = 8090
PORTS_TRIED: Final = 50
USAGE: Final = """\
chedai lender-sandbox:几家虚构的资金方，真实的 HTTP 服务，用来演示、练习和测试

  需要 CHEDAI_SANDBOX_SECRET(双方共用的密钥)
  可选 PORT(8090)  CHEDAI_SANDBOX_DIR(./lender-sandbox)  CHEDAI_SANDBOX_SEED(1)
       CHEDAI_SANDBOX_SPEED(60：它的一小时等于一分钟)  CHEDAI_SANDBOX_CALLBACK(含 {lender} 的地址)

A real HTTP server with invented lenders, for rehearsal and tests; see
docs/howto/rehearse_with_the_lender_sandbox.md"""


def sandbox_variables(
    environment: Mapping[str, str], *, folder: Path, web_port: int
) -> dict[str, str]:
    """Give what desk and sandbox must agree on; the port is the next free one after the web's."""
    root = environment.get(SECRET_KEY, "").encode()
    return {
        URL: f"http://{HOST}:{_free_port(web_port + 1)}",
        SECRET: hmac.new(root, b"lender sandbox", hashlib.sha256).hexdigest(),
        FOLDER: str(folder),
        CALLBACK: f"http://{HOST}:{web_port}/{CALLBACK_PATH}",
    }


def sandbox_command(*, port: int) -> list[str]:
    """Give the command of the process; one worker, because it keeps one memory."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", HOST, "--port", str(port), "--workers", "1", "--blocking-threads", "4"),
        *("--respawn-failed-workers", "--no-ws"),
        "chedai.lenders.sandbox.wsgi:sandbox",
    ]


def serve_sandbox(words: list[str]) -> int:
    """Run the sandbox alone: ``chedai lender-sandbox``."""
    if words:
        say(USAGE)
        return 0 if words[0] in {"help", "--help", "-h"} else EXIT_REFUSED
    if not os.environ.get(SECRET):
        complain(f"请先设定 {SECRET}：资金方和工作台用它互相签名。Set {SECRET} first.")
        return EXIT_REFUSED
    told = os.environ.get("PORT") or str(PORT_DEFAULT)
    if not (told.isdecimal() and 0 < int(told) < 65536):
        complain(f"PORT={told} 不是端口号。PORT={told} is not a port.")
        return EXIT_REFUSED
    os.environ.setdefault(FOLDER, str(Path.cwd() / "lender-sandbox"))
    say(f"资金方沙盒在 http://{HOST}:{told}/ ，资料在 {os.environ[FOLDER]}")
    try:
        return subprocess.run(sandbox_command(port=int(told)), check=False).returncode
    except KeyboardInterrupt:
        return 0


def _free_port(first: int) -> int:
    """Find a free port, ``LaunchRefusedError`` when a whole row is taken."""
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise LaunchRefusedError(
        f"{first} 之后的端口都被占用，资金方沙盒没有地方启动。请换一个 PORT。",
        english="No free port for the lender sandbox: choose another PORT.",
    )
