import base64
import stat
from pathlib import Path

import pytest

from chedai.config.launch.keyring import MASTER_KEYS, NAMES, SECRET_KEY, keep_keys, read_keys
from chedai.config.launch.refusal import LaunchRefusedError


def test_a_new_installation_gets_every_key_once_and_keeps_it(tmp_path: Path) -> None:
    file = tmp_path / "keys.env"

    first = keep_keys(file, is_new_installation=True)
    second = keep_keys(file, is_new_installation=False)

    assert set(first) == set(NAMES)
    assert first == second == read_keys(file)
    assert len(set(first.values())) == len(NAMES)


def test_only_the_owner_may_read_the_keys(tmp_path: Path) -> None:
    file = tmp_path / "keys.env"

    keep_keys(file, is_new_installation=True)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_master_key_has_a_version_and_32_bytes(tmp_path: Path) -> None:
    keys = keep_keys(tmp_path / "keys.env", is_new_installation=True)

    version, _, encoded = keys[MASTER_KEYS].partition(":")

    assert version == "1"
    assert len(base64.b64decode(encoded, validate=True)) == 32


def test_a_database_without_its_keys_is_refused_rather_than_given_new_ones(tmp_path: Path) -> None:
    file = tmp_path / "keys.env"
    file.write_text(f"{SECRET_KEY}=kept\n", encoding="utf-8")

    with pytest.raises(LaunchRefusedError, match="从备份恢复"):
        keep_keys(file, is_new_installation=False)

    assert read_keys(file) == {SECRET_KEY: "kept"}
