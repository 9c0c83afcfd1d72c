"""Signatures on both directions: who said it, that nothing was changed, and that it is no replay.

HMAC-SHA256 over version, moment, nonce, method, path and the digest of the body. The receiver
refuses moments outside the window; within it, it keeps the nonces it has seen.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

REPLAY_WINDOW_SECONDS: Final = 300
VERSION: Final = "v1"
MOMENT: Final = "x-chedai-moment"
NONCE: Final = "x-chedai-nonce"
SIGNATURE: Final = "x-chedai-signature"
NONCE_CHARS_MIN: Final = 16
NONCE_CHARS_MAX: Final = 64


class SignatureRefusedError(Exception):
    """The message is not from whom it says, was changed, is too old, or was never signed."""


def signed_headers(
    secret: bytes, *, method: str, path: str, body: bytes, at: datetime, nonce: str
) -> dict[str, str]:
    """Give the headers that sign one message; ``at`` is aware, ``nonce`` never used before."""
    assert at.tzinfo is not None, "a moment without a zone names no moment"
    moment = at.isoformat()
    return {
        MOMENT: moment,
        NONCE: nonce,
        SIGNATURE: _signature(secret, moment, nonce, method, path, body),
    }


def verified(
    secret: bytes,
    headers: Mapping[str, str],
    *,
    method: str,
    path: str,
    body: bytes,
    now: datetime,
) -> str:
    """Check a signed message and give its nonce; the caller refuses a nonce it has seen.

    Raises
    ------
    SignatureRefusedError
        Unsigned, wrongly signed, or signed outside the window around ``now``.
    """
    found = {name.lower(): value for name, value in headers.items()}
    moment, nonce, signature = (found.get(name, "") for name in (MOMENT, NONCE, SIGNATURE))
    if not (moment and signature and NONCE_CHARS_MIN <= len(nonce) <= NONCE_CHARS_MAX):
        raise SignatureRefusedError("没有签名")
    expected = _signature(secret, moment, nonce, method, path, body)
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise SignatureRefusedError("签名不符")
    try:
        said_at = datetime.fromisoformat(moment)
    except ValueError as error:
        raise SignatureRefusedError("签名时间读不懂") from error
    if said_at.tzinfo is None or abs(now - said_at) > timedelta(seconds=REPLAY_WINDOW_SECONDS):
        raise SignatureRefusedError("签名时间相差太多，请核对两边的时钟")
    return nonce


def _signature(secret: bytes, moment: str, nonce: str, method: str, path: str, body: bytes) -> str:
    digest = hashlib.sha256(body).hexdigest()
    words = "\n".join((VERSION, moment, nonce, method.upper(), path, digest))
    return hmac.new(secret, words.encode(), hashlib.sha256).hexdigest()
