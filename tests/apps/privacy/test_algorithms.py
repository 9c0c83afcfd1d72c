"""Ciphers and digests against numbers from outside."""

import hashlib
import hmac

import pytest

from chedai.privacy.algorithms import ALGORITHMS, DIGESTS, WrongKeyError, keyed_digest

# RFC 8998, appendix A.1: SM4-GCM.
SM4_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
SM4_NONCE = bytes.fromhex("00001234567800000000ABCD")
SM4_PLACE = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
SM4_PLAIN = bytes.fromhex(
    "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
    "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
)
SM4_SEALED = bytes.fromhex(
    "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
    "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
    "83DE3541E4C2B58177E065A9BF7B62EC"
)


def test_sm4_gcm_gives_the_published_example():
    algorithm = ALGORITHMS["sm4-gcm"]

    assert algorithm.seal(SM4_KEY, SM4_NONCE, SM4_PLAIN, SM4_PLACE) == SM4_SEALED
    assert algorithm.unseal(SM4_KEY, SM4_NONCE, SM4_SEALED, SM4_PLACE) == SM4_PLAIN


def test_aes_gcm_gives_the_published_example():
    # The Galois/Counter Mode of Operation (McGrew, Viega), test case 14.
    algorithm = ALGORITHMS["aes-256-gcm"]

    sealed = algorithm.seal(bytes(32), bytes(12), bytes(16), b"")

    assert sealed.hex() == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"


def test_sm3_gives_the_published_example():
    # GB/T 32905-2016, appendix A.1.
    assert DIGESTS["sm3"](b"abc").hex() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )


@pytest.mark.parametrize("key", [b"short", b"k" * 64, b"k" * 65])
def test_the_keyed_digest_is_hmac(key):
    expected = hmac.new(key, b"18612341402", hashlib.sha256).digest()

    assert keyed_digest("sha256", key=key, content=b"18612341402") == expected


@pytest.mark.parametrize("name", ALGORITHMS)
def test_every_algorithm_refuses_another_key_place_or_text(name):
    algorithm = ALGORITHMS[name]
    key, other = bytes(algorithm.key_bytes), b"\1" * algorithm.key_bytes
    sealed = algorithm.seal(key, bytes(12), b"text", b"place")
    altered = bytes([sealed[0] ^ 1]) + sealed[1:]

    for arguments in (
        (other, bytes(12), sealed, b"place"),
        (key, bytes(12), sealed, b"elsewhere"),
        (key, bytes(12), altered, b"place"),
        (key, bytes(12), sealed[:4], b"place"),
    ):
        with pytest.raises(WrongKeyError):
            algorithm.unseal(*arguments)


def test_codes_of_algorithms_differ():
    codes = [algorithm.code for algorithm in ALGORITHMS.values()]

    assert len(set(codes)) == len(codes)
