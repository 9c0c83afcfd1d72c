"""Addresses that need no sign-in: the number of a row and a signature of the installation.

The signature says that we gave the address out; whether it still opens is asked of the row.
"""

from __future__ import annotations

from typing import Final

from django.core.signing import BadSignature, Signer

from chedai.reception.models import QueueLink

SEPARATOR: Final = "."
LARGEST_KEY: Final = 2**63 - 1


class LinkUnknownError(Exception):
    """The address was not given out by us, is incomplete, or leads to nothing any more."""


class LinkRevokedError(Exception):
    """The store took the address back."""


def token_of(purpose: str, *, organisation_id: int, key: int) -> str:
    """Sign the row's number for one purpose; the same row has the same token."""
    return _signer(purpose).sign(f"{organisation_id}{SEPARATOR}{key}")


def read_token(purpose: str, token: str) -> tuple[int, int]:
    """Give organisation and row of a token.

    Raises
    ------
    LinkUnknownError
        It was not signed by us for this purpose.
    """
    try:
        organisation, key = _signer(purpose).unsign(token).split(SEPARATOR)
    except (BadSignature, ValueError) as error:
        msg = "链接不完整，或者抄错了一个字"
        raise LinkUnknownError(msg) from error
    return int(organisation), int(key)


def live_link(*, kind: str, key: int) -> QueueLink:
    """Find a link nobody took back; acting for its organisation.

    Raises
    ------
    LinkUnknownError
        There is no such link.
    LinkRevokedError
        It was taken back.
    """
    link = (
        QueueLink.objects.select_related("store", "advisor", "revocation")
        .filter(kind=kind, pk=key)
        .first()
    )
    if link is None:
        msg = "没有这个链接"
        raise LinkUnknownError(msg)
    if hasattr(link, "revocation"):
        msg = "店里收回了这个链接"
        raise LinkRevokedError(msg)
    return link


def link_token(link: QueueLink) -> str:
    return token_of(link.kind, organisation_id=link.organisation_id, key=link.pk)


def _signer(purpose: str) -> Signer:
    return Signer(sep=SEPARATOR, salt=f"chedai.reception.{purpose}")
