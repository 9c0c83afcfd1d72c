"""Ciphers and digests by name; a new one is one entry here.

Sources: NIST SP 800-38D (GCM), GB/T 32907-2016 (SM4), GB/T 32905-2016 (SM3),
RFC 8998 (SM4-GCM: 16-byte key, 12-byte nonce, 16-byte tag).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


class WrongKeyError(Exception):
    """The text was sealed under another key, for another place, or was altered."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """An authenticated cipher: ``seal(key, nonce, plain, place)`` gives text and tag."""

    code: int  # the byte stored with every value; never reused
    key_bytes: int
    seal: Callable[[bytes, bytes, bytes, bytes], bytes]
    unseal: Callable[[bytes, bytes, bytes, bytes], bytes]


def _aes_seal(key: bytes, nonce: bytes, plain: bytes, place: bytes) -> bytes:
    return AESGCM(key).encrypt(nonce, plain, place)


def _aes_unseal(key: bytes, nonce: bytes, sealed: bytes, place: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(nonce, sealed, place)
    except InvalidTag as error:
        raise WrongKeyError from error


def _sm4_seal(key: bytes, nonce: bytes, plain: bytes, place: bytes) -> bytes:
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(place)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def _sm4_unseal(key: bytes, nonce: bytes, sealed: bytes, place: bytes) -> bytes:
    if len(sealed) < TAG_BYTES:
        raise WrongKeyError
    text, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(place)
    try:
        return decryptor.update(text) + decryptor.finalize()
    except InvalidTag as error:
        raise WrongKeyError from error


def _sm3(content: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize()


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


ALGORITHMS: Final[Mapping[str, Algorithm]] = {
    "aes-256-gcm": Algorithm(code=1, key_bytes=32, seal=_aes_seal, unseal=_aes_unseal),
    "sm4-gcm": Algorithm(code=2, key_bytes=16, seal=_sm4_seal, unseal=_sm4_unseal),
}

DIGESTS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "sha256": _sha256,
    "sm3": _sm3,
}
HMAC_BLOCK_BYTES: Final = 64  # of SHA-256 and of SM3 alike


def keyed_digest(name: str, *, key: bytes, content: bytes) -> bytes:
    """HMAC (RFC 2104) over the named digest."""
    digest = DIGESTS[name]
    if len(key) > HMAC_BLOCK_BYTES:
        key = digest(key)
    block = key.ljust(HMAC_BLOCK_BYTES, b"\0")
    inner = digest(bytes(byte ^ 0x36 for byte in block) + content)
    return digest(bytes(byte ^ 0x5C for byte in block) + inner)
