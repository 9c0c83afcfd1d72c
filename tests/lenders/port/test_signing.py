"""A signature covers everything that was said, and ages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.lenders.packs import MOMENT

from chedai.lenders.port import (
    REPLAY_WINDOW_SECONDS,
    SignatureRefusedError,
    signed_headers,
    verified,
)

SECRET = b"shared"
NONCE = "0123456789abcdef"
SAID = {"method": "POST", "path": "/callbacks/xinghe/", "body": b'{"a": 1}'}


def headers(**changes: Any) -> dict[str, str]:
    return signed_headers(SECRET, **(SAID | {"at": MOMENT, "nonce": NONCE} | changes))


def test_a_message_as_it_was_signed_gives_its_nonce():
    upper = {name.upper(): value for name, value in headers().items()}

    assert verified(SECRET, upper, **SAID, now=MOMENT) == NONCE


@pytest.mark.parametrize(
    ("changes", "signed", "said"),
    [
        ({"body": b'{"a": 2}'}, {}, "签名不符"),
        ({"path": "/callbacks/other/"}, {}, "签名不符"),
        ({"method": "PUT"}, {}, "签名不符"),
        ({}, {"nonce": "short"}, "没有签名"),
        ({}, {"nonce": "n" * 65}, "没有签名"),
    ],
)
def test_anything_changed_on_the_way_is_noticed(
    changes: dict[str, Any], signed: dict[str, Any], said: str
):
    with pytest.raises(SignatureRefusedError, match=said):
        verified(SECRET, headers(**signed), **(SAID | changes), now=MOMENT)


def test_another_secret_signs_nothing_here():
    with pytest.raises(SignatureRefusedError, match="签名不符"):
        verified(b"another", headers(), **SAID, now=MOMENT)


def test_an_unsigned_message_is_refused():
    with pytest.raises(SignatureRefusedError, match="没有签名"):
        verified(SECRET, {}, **SAID, now=MOMENT)


@pytest.mark.parametrize(
    ("seconds", "is_taken"),
    [
        (REPLAY_WINDOW_SECONDS, True),
        (REPLAY_WINDOW_SECONDS + 1, False),
        (-REPLAY_WINDOW_SECONDS, True),
        (-REPLAY_WINDOW_SECONDS - 1, False),
    ],
)
def test_a_signature_lives_as_long_as_the_window(seconds: int, is_taken: bool):
    now = MOMENT + timedelta(seconds=seconds)
    if is_taken:
        assert verified(SECRET, headers(), **SAID, now=now) == NONCE
        return
    with pytest.raises(SignatureRefusedError, match="时钟"):
        verified(SECRET, headers(), **SAID, now=now)
