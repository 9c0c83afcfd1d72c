"""The database of a start: the one named in the environment, or the embedded one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg

from chedai.config.launch.cluster import APPLICATION, OWNER, Cluster, RolePasswords
from chedai.config.launch.folders import DataFolder
from chedai.config.launch.keyring import APP_PASSWORD, OWNER_PASSWORD, keep_keys
from chedai.config.launch.refusal import LaunchRefusedError

CONNECT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Database:
    """Where the data is, and the environment that lets a process use it."""

    cluster: Cluster | None
    passwords: RolePasswords
    variables: Mapping[str, str]


def open_database(folder: DataFolder) -> Database:
    """Reach the database of `DATABASE_URL`, or start the embedded one."""
    given = os.environ.get("DATABASE_URL")
    cluster = Cluster(folder.path)
    is_new = bool(given) or not cluster.exists
    keys = keep_keys(folder.keys, is_new_installation=is_new)
    passwords = RolePasswords(owner=keys[OWNER_PASSWORD], application=keys[APP_PASSWORD])
    if given:
        check_reachable(given)
        return Database(cluster=None, passwords=passwords, variables=_without_owner(keys))
    cluster.start(passwords)
    return Database(
        cluster=cluster,
        passwords=passwords,
        variables={**_without_owner(keys), **embedded_variables(cluster, passwords)},
    )


def embedded_variables(cluster: Cluster, passwords: RolePasswords) -> dict[str, str]:
    return {
        "DATABASE_URL": cluster.url(OWNER, passwords.owner),
        "CHEDAI_APP_DATABASE_URL": cluster.url(APPLICATION, passwords.application),
    }


def check_reachable(url: str) -> None:
    """Connect once.

    Raises
    ------
    LaunchRefusedError
        The address is no address, or nobody answers there, or the password is wrong.
    """
    try:
        psycopg.connect(url, connect_timeout=CONNECT_SECONDS).close()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1].strip()
        raise LaunchRefusedError(
            f"连不上 DATABASE_URL 指定的数据库：{reason}。"
            "请检查地址、端口、账号和密码，或去掉 DATABASE_URL 改用内置数据库。",
            english="The database of DATABASE_URL cannot be reached: check address, port, role and "
            "password, or unset it to use the embedded one.",
        ) from error


def _without_owner(keys: Mapping[str, str]) -> dict[str, str]:
    """Keys for the application; what the environment says goes before what the file says."""
    return {
        name: os.environ.get(name) or value
        for name, value in keys.items()
        if name != OWNER_PASSWORD
    }
