"""The environment of a single command: that of the running installation, or one started for it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Final

from chedai.config.launch.cluster import Cluster, RolePasswords
from chedai.config.launch.database import check_reachable, embedded_variables, open_database
from chedai.config.launch.environment import DemoMarker, child_environment
from chedai.config.launch.folders import checkout_folder, data_folder
from chedai.config.launch.keyring import APP_PASSWORD, OWNER_PASSWORD, read_keys
from chedai.config.launch.refusal import LaunchRefusedError
from chedai.config.launch.running import read_state, take_lock

NO_DATABASE: Final = (
    "还没有数据库：没有设置 DATABASE_URL，数据目录 {} 里也没有。请先运行 make run 或 chedai run。"
)


@contextlib.contextmanager
def session_environment() -> Iterator[dict[str, str]]:
    """Give the environment for one management command.

    Raises
    ------
    LaunchRefusedError
        Nothing was ever started here, or the database does not answer.
    """
    checkout = checkout_folder()
    folder = data_folder(checkout)
    is_demo = DemoMarker(folder.path).exists
    if not os.environ.get("DATABASE_URL") and not Cluster(folder.path).exists:
        raise LaunchRefusedError(
            NO_DATABASE.format(folder.path),
            english="There is no database yet: run make run or chedai run, or set DATABASE_URL.",
        )
    folder.make()
    lock = None if os.environ.get("DATABASE_URL") else take_lock(folder)
    if lock is None and not os.environ.get("DATABASE_URL"):
        keys = read_keys(folder.keys)
        passwords = RolePasswords(owner=keys[OWNER_PASSWORD], application=keys[APP_PASSWORD])
        running = Cluster(folder.path, port=read_state(folder).database_port)
        variables = {**keys, **embedded_variables(running, passwords)}
        check_reachable(variables["DATABASE_URL"])
        yield child_environment(variables, checkout=checkout, kernel=folder.kernel, is_demo=is_demo)
        return
    with lock or contextlib.nullcontext():
        database = open_database(folder)
        try:
            yield child_environment(
                database.variables, checkout=checkout, kernel=folder.kernel, is_demo=is_demo
            )
        finally:
            if database.cluster is not None:
                database.cluster.stop()
