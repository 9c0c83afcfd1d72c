"""A text that only shows its mask.

Stored form: format (1 byte) · algorithm (1) · key version (2) · nonce (12) · text and tag.
The place (table, column, organisation) is authenticated with it, so that a value copied to
another row's column or another organisation does not open.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from chedai.privacy import keys
from chedai.privacy.algorithms import ALGORITHMS, NONCE_BYTES, Algorithm, WrongKeyError
from chedai.privacy.masks import MASKS

FORMAT: Final = 1
HEADER_BYTES: Final = 4


class UnreadableError(Exception):
    """A sealed value does not open: wrong key, wrong place, or altered."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Ciphertext and where it belongs; rendering it anywhere gives the mask."""

    blob: bytes
    place: str
    organisation_id: int
    mask: str = "all"

    def __str__(self) -> str:
        return self.masked_as(self.mask)

    def __repr__(self) -> str:
        return f"<Sealed {self.place}>"

    def __bool__(self) -> bool:
        return len(self.blob) > HEADER_BYTES + NONCE_BYTES + 16

    @property
    def key_version(self) -> int:
        """Give the version of the master key it was sealed under."""
        return int.from_bytes(self.blob[2:4], "big")

    def masked_as(self, mask: str) -> str:
        """Give the text under the named mask of ``MASKS``."""
        return MASKS[mask](unseal(self))


def seal(plain: str, *, place: str, organisation_id: int, mask: str = "all") -> Sealed:
    """Seal under the current key version and the configured algorithm."""
    algorithm = ALGORITHMS[getattr(settings, "CHEDAI_CIPHER", "aes-256-gcm")]
    version = keys.current_version()
    nonce = os.urandom(NONCE_BYTES)
    header = bytes([FORMAT, algorithm.code]) + version.to_bytes(2, "big")
    text = algorithm.seal(
        _key(algorithm, version=version, organisation_id=organisation_id),
        nonce,
        plain.encode(),
        _authenticated(header, place=place, organisation_id=organisation_id),
    )
    return Sealed(header + nonce + text, place, organisation_id, mask)


def unseal(sealed: Sealed) -> str:
    """Open a value. Only masks, key rotation and ``privacy.operations.reveal`` may call this.

    Raises
    ------
    UnreadableError
        It was sealed under another key or for another place, or was altered.
    """
    blob = sealed.blob
    algorithm = _BY_CODE.get(blob[1]) if len(blob) > HEADER_BYTES + NONCE_BYTES else None
    if algorithm is None or blob[0] != FORMAT:
        raise UnreadableError(_unreadable(sealed))
    header, rest = blob[:HEADER_BYTES], blob[HEADER_BYTES:]
    try:
        plain = algorithm.unseal(
            _key(algorithm, version=sealed.key_version, organisation_id=sealed.organisation_id),
            rest[:NONCE_BYTES],
            rest[NONCE_BYTES:],
            _authenticated(header, place=sealed.place, organisation_id=sealed.organisation_id),
        )
    except WrongKeyError as error:
        raise UnreadableError(_unreadable(sealed)) from error
    return plain.decode()


def _key(algorithm: Algorithm, *, version: int, organisation_id: int) -> bytes:
    return keys.derived_key(
        version=version,
        purpose=f"field/{algorithm.code}",
        organisation_id=organisation_id,
        key_bytes=algorithm.key_bytes,
    )


def _authenticated(header: bytes, *, place: str, organisation_id: int) -> bytes:
    return header + f"{place}/{organisation_id}".encode()


def _unreadable(sealed: Sealed) -> str:
    return (
        f"{sealed.place} 的密文打不开：第 {sealed.key_version} 版主密钥与写入时不同，"
        "或者数据被改动、搬动过。请核对 CHEDAI_MASTER_KEYS，必要时从备份恢复这一行"
    )


_BY_CODE: Final = {algorithm.code: algorithm for algorithm in ALGORITHMS.values()}
