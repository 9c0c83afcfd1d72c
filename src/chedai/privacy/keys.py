"""Keys: versioned master keys from the environment, one derived key per organisation."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

MASTER_KEY_BYTES: Final = 32
VERSION_MAX: Final = 0xFFFF


class KeyMissingError(Exception):
    """No master key of the needed version is configured."""


class KeyMalformedError(Exception):
    """``CHEDAI_MASTER_KEYS`` cannot be read."""


def master_keys() -> Mapping[int, bytes]:
    """Give the master keys by version.

    ``KeyMalformedError`` when the setting does not read ``1:<base64>,2:<base64>``
    with keys of 32 bytes.

    Raises
    ------
    KeyMissingError
        None is configured, and this is not the demo world.
    """
    keys = _parse(settings.CHEDAI_MASTER_KEYS)
    if keys:
        return keys
    if settings.CHEDAI_DEMO or getattr(settings, "CHEDAI_TESTING", False):
        return {1: hashlib.sha256(f"demo master {settings.SECRET_KEY}".encode()).digest()}
    msg = (
        "没有加密主密钥：请设置环境变量 CHEDAI_MASTER_KEYS，格式 1:<32 字节的 base64>,"
        "例如 1:$(openssl rand -base64 32)；并把它与数据库备份分开保存"
    )
    raise KeyMissingError(msg)


def current_version() -> int:
    """Give the highest version: the one that seals."""
    return max(master_keys())


def derived_key(*, version: int, purpose: str, organisation_id: int, key_bytes: int) -> bytes:
    """Derive the organisation's key for one purpose from a master key (HKDF, RFC 5869).

    Raises
    ------
    KeyMissingError
        The version is not configured.
    """
    keys = master_keys()
    if version not in keys:
        have = "、".join(str(known) for known in sorted(keys))
        msg = (
            f"缺少第 {version} 版主密钥（现有：{have}）：请把它加回 CHEDAI_MASTER_KEYS,"
            "旧数据换完密钥（manage.py rotate_keys）之前不能去掉旧密钥"
        )
        raise KeyMissingError(msg)
    return _derive(keys[version], f"chedai/{purpose}/{organisation_id}", key_bytes)


@lru_cache(maxsize=8)
def _parse(text: str) -> dict[int, bytes]:
    keys: dict[int, bytes] = {}
    entries = filter(None, (part.strip() for part in text.split(",")))
    for place, entry in enumerate(entries, start=1):
        version, _, encoded = entry.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise KeyMalformedError(_malformed(place)) from error
        is_number = version.isascii() and version.isdigit()
        if not is_number or not 0 < int(version) <= VERSION_MAX or len(key) != MASTER_KEY_BYTES:
            raise KeyMalformedError(_malformed(place))
        keys[int(version)] = key
    return keys


def _malformed(place: int) -> str:
    # By its place: the entry itself may be a key.
    return (
        f"CHEDAI_MASTER_KEYS 的第 {place} 项读不懂："
        "每项写成 版本号：base64，密钥必须正好 32 字节（openssl rand -base64 32）"
    )


@lru_cache(maxsize=4096)
def _derive(master: bytes, info: str, key_bytes: int) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=key_bytes, salt=None, info=info.encode())
    return hkdf.derive(master)
