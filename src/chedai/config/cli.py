"""The ``chedai`` command; ``HELP`` below says what it does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Final

from chedai.config.launch.folders import checkout_folder, data_folder
from chedai.config.launch.refusal import EXIT_REFUSED, LaunchRefusedError
from chedai.config.launch.speech import complain, say

PORT_DEFAULT: Final = 8000

HELP: Final = """\
车贷 Chedai:汽车金融顾问工作台

  chedai run [--demo]     启动数据库、网页和后台任务;--demo 载入演示数据(make run 就是它)
                          Start database, web and worker; --demo loads the invented world
  chedai quote …          算一笔贷款或一个文件的真实成本，不用数据库;chedai quote --help 有例子
                          The true cost of one offer or a file of them; needs no database
  chedai lender-sandbox   启动资金方沙盒;chedai lender-sandbox --help 有说明
                          Serve invented lenders to rehearse with
  chedai doctor           检查能否用于生产,逐项说明问题和做法;有问题时退出码为 1
                          What stands in the way of production, and what to do; exit code 1 if any
  chedai audit-verify     校验审计链是否完整   Verify the chain of audit events
  chedai portfolio close  按文件关账任意一天;--help 列出选项
                          Close the whole book from files, as of any day; --help lists options
  chedai manage …         运行 Django 管理命令  Run a Django command in this installation
  chedai help             显示本说明          Show this text

环境变量 Environment:
  PORT(8000)  CHEDAI_HOST(127.0.0.1)  DATABASE_URL  CHEDAI_DATA_DIR
  生产环境见 docs/howto/run_in_production.md"""


# What starts a database brings its driver; quoting does without both, so each act loads its own.


def run_installation(words: list[str]) -> int:
    from chedai.config.launch.supervisor import Wishes, run  # noqa: PLC0415

    is_demo = "--demo" in words
    unknown = [word for word in words if word != "--demo"]
    if unknown:
        return misunderstood(unknown[0])
    host = os.environ.get("CHEDAI_HOST") or "127.0.0.1"
    wishes = Wishes(host=host, port=chosen_port(), is_demo=is_demo)
    return run(wishes)


def chosen_port() -> int:
    """Read ``PORT``.

    Raises
    ------
    LaunchRefusedError
        It is no port number.
    """
    told = os.environ.get("PORT") or str(PORT_DEFAULT)
    if told.isdecimal() and 0 < int(told) < 65536:
        return int(told)
    raise LaunchRefusedError(
        f"PORT={told} 不是端口号。请用 1 到 65535 之间的数字，例如 PORT=8080。",
        english=f"PORT={told} is not a port: use a number from 1 to 65535.",
    )


def quote_offers(words: list[str]) -> int:
    from chedai.config.quoting.command import quote  # noqa: PLC0415

    return quote(words)


def manage(words: list[str]) -> int:
    from chedai.config.launch.session import session_environment  # noqa: PLC0415

    with session_environment() as environment:
        command = [sys.executable, str(checkout_folder() / "manage.py"), *words]
        return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603


def verify_audit(words: list[str]) -> int:
    return manage(["audit_verify", *words])


def serve_lender_sandbox(words: list[str]) -> int:
    from chedai.config.launch.sandbox import serve_sandbox  # noqa: PLC0415

    return serve_sandbox(words)


def diagnose(_words: list[str]) -> int:
    from chedai.config.launch.doctor import examine  # noqa: PLC0415

    return examine()


def portfolio(words: list[str]) -> int:
    # Machine code is kept for the next time; read by the compiler when it is imported.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(data_folder(checkout_folder()).kernel))
    from chedai.config import portfolio as book  # noqa: PLC0415  Arrow only where it is used

    return book.portfolio(words)


def show_help(_words: list[str]) -> int:
    say(HELP)
    return 0


def misunderstood(word: str) -> int:
    complain(f"不认识“{word}”。chedai help 列出可用的命令。Unknown: {word}; see chedai help.")
    return EXIT_REFUSED


COMMANDS: Final[Mapping[str, Callable[[list[str]], int]]] = {
    "run": run_installation,
    "quote": quote_offers,
    "lender-sandbox": serve_lender_sandbox,
    "doctor": diagnose,
    "audit-verify": verify_audit,
    "portfolio": portfolio,
    "manage": manage,
    "help": show_help,
    "--help": show_help,
    "-h": show_help,
}


def main() -> int:
    name, *words = sys.argv[1:] or ["help"]
    command = COMMANDS.get(name)
    if command is None:
        return misunderstood(name)
    try:
        return command(words)
    except LaunchRefusedError as refusal:
        complain(str(refusal))
        return EXIT_REFUSED


if __name__ == "__main__":
    sys.exit(main())
