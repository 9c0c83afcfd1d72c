"""What stands in the way of production: each check finds one thing and says what to do.

A new check is a function and one line in `CHECKS`.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import psycopg

from chedai.config.launch.keyring import MASTER_KEY_BYTES
from chedai.config.launch.refusal import LaunchRefusedError
from chedai.config.launch.session import session_environment
from chedai.config.launch.speech import say

Environment = Mapping[str, str]

SECRET_KEY_CHARACTERS_MIN: Final = 40
CONNECT_SECONDS: Final = 5
EXIT_SICK: Final = 1


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong, and its remedy."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"    问题：{self.what}\n    做法：{self.remedy}"


Check = Callable[[Environment], Complaint | None]


def demo_is_off(environment: Environment) -> Complaint | None:
    if not _is_on(environment, "CHEDAI_DEMO"):
        return None
    return Complaint(
        "演示模式打开：二次验证放宽，登录名和密码是公开的",
        "去掉 CHEDAI_DEMO，用新的数据库和数据目录（CHEDAI_DATA_DIR）启动 chedai run",
    )


def debug_is_off(environment: Environment) -> Complaint | None:
    if not _is_on(environment, "CHEDAI_DEBUG"):
        return None
    return Complaint("调试模式打开，出错页面会泄露代码和资料", "去掉 CHEDAI_DEBUG")


def clock_runs(environment: Environment) -> Complaint | None:
    if not environment.get("CHEDAI_CLOCK_FIXED_AT"):
        return None
    return Complaint("时钟被固定，期限和审计时间都不真实", "去掉 CHEDAI_CLOCK_FIXED_AT")


def secret_key_is_own(environment: Environment) -> Complaint | None:
    if len(environment.get("CHEDAI_SECRET_KEY", "")) >= SECRET_KEY_CHARACTERS_MIN:
        return None
    return Complaint(
        f"CHEDAI_SECRET_KEY 缺失或短于 {SECRET_KEY_CHARACTERS_MIN} 个字符",
        "生成一个：python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
    )


def master_keys_are_usable(environment: Environment) -> Complaint | None:
    entries = [entry for entry in environment.get("CHEDAI_MASTER_KEYS", "").split(",") if entry]
    if entries and all(_is_master_key(entry) for entry in entries):
        return None
    return Complaint(
        "CHEDAI_MASTER_KEYS 缺失或格式不对，身份证号等资料无法加密",
        f"格式为 1:<{MASTER_KEY_BYTES} 字节的 base64>；生成：openssl rand -base64 32，另行备份",
    )


def database_answers(environment: Environment) -> Complaint | None:
    for name, role in (("DATABASE_URL", "属主"), ("CHEDAI_APP_DATABASE_URL", "应用")):
        url = environment.get(name)
        if not url:
            continue
        try:
            psycopg.connect(url, connect_timeout=CONNECT_SECONDS).close()
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[-1].strip()
            return Complaint(f"{role}角色连不上数据库：{reason}", f"检查 {name}")
    return None


def application_is_bound_by_row_security(environment: Environment) -> Complaint | None:
    """Superusers, owners and roles with BYPASSRLS see the rows of every organisation."""
    with _application(environment) as connection:
        if connection is None:
            return None  # `database_answers` says so
        row = connection.execute(
            """
            SELECT current_user, rolsuper, rolbypassrls,
                   EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid)
                   OR EXISTS (SELECT FROM pg_database
                              WHERE datname = current_database() AND datdba = pg_roles.oid)
            FROM pg_roles WHERE rolname = current_user
            """
        ).fetchone()
    assert row is not None
    role, *rights = row
    names = ("是超级用户", "带有 BYPASSRLS", "拥有表或数据库")
    found = [name for name, right in zip(names, rights, strict=True) if right]
    if not found:
        return None
    return Complaint(
        f"应用角色 {role} {'、'.join(found)}，行级隔离对它不起作用",
        "用 CHEDAI_APP_DATABASE_URL 指定一个 NOSUPERUSER NOBYPASSRLS、不拥有任何表的角色",
    )


def tables_are_up_to_date(environment: Environment) -> Complaint | None:
    with _application(environment) as connection:
        if connection is None:
            return None
        row = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
    if row is not None and row[0] is not None:
        return None
    return Complaint("数据库里还没有表", "启动一次 chedai run，它会自动建表")


def hosts_are_named(environment: Environment) -> Complaint | None:
    hosts = [host.strip() for host in environment.get("CHEDAI_ALLOWED_HOSTS", "").split(",")]
    if any(hosts) and "*" not in hosts:
        return None
    return Complaint(
        "CHEDAI_ALLOWED_HOSTS 未设置或含有 *",
        "写上对外的域名，例如 CHEDAI_ALLOWED_HOSTS=desk.example.cn",
    )


CHECKS: Final[Mapping[str, Check]] = {
    "演示模式关闭": demo_is_off,
    "调试模式关闭": debug_is_off,
    "时钟在走": clock_runs,
    "会话密钥": secret_key_is_own,
    "资料主密钥": master_keys_are_usable,
    "对外域名": hosts_are_named,
    "数据库可达": database_answers,
    "应用角色受行级隔离": application_is_bound_by_row_security,
    "数据表": tables_are_up_to_date,
}


def examine() -> int:
    """Run every check, print each result, and give the exit code."""
    try:
        with session_environment() as environment:
            complaints = {label: check(environment) for label, check in CHECKS.items()}
    except LaunchRefusedError as refusal:
        say(f"✗ 数据库\n    {refusal.sentence}\n    {refusal.english}")
        return EXIT_SICK
    for label, complaint in complaints.items():
        say(f"✓ {label}" if complaint is None else f"✗ {label}\n{complaint}")
    sick = [label for label, complaint in complaints.items() if complaint is not None]
    if sick:
        say(f"\n{len(sick)} 项不满足生产要求。{len(sick)} findings; not ready for production.")
        return EXIT_SICK
    say("\n可以用于生产。Ready for production.")
    return 0


def refuse_unfit(environment: Environment) -> None:
    """Let only a healthy installation start outside the demo.

    Raises
    ------
    LaunchRefusedError
        Any check complains; the message has all of them.
    """
    found = [complaint for check in CHECKS.values() if (complaint := check(environment))]
    if found:
        listed = "\n".join(map(str, found))
        raise LaunchRefusedError(
            f"有 {len(found)} 项不满足生产要求，没有启动（试用：chedai run --demo）：\n{listed}",
            english="Not fit for production, not started; for a trial: chedai run --demo.",
        )


def _is_on(environment: Environment, name: str) -> bool:
    return environment.get(name, "").lower() in {"1", "true", "yes", "on"}


def _is_master_key(entry: str) -> bool:
    version, _, encoded = entry.partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return False
    return version.isdecimal() and len(key) == MASTER_KEY_BYTES


@contextlib.contextmanager
def _application(
    environment: Environment,
) -> Iterator[psycopg.Connection[tuple[object, ...]] | None]:
    url = environment.get("CHEDAI_APP_DATABASE_URL") or environment.get("DATABASE_URL", "")
    try:
        assert urlsplit(url).scheme
        connection = psycopg.connect(url, connect_timeout=CONNECT_SECONDS)
    except (psycopg.Error, AssertionError):
        yield None
        return
    with connection:
        yield connection
