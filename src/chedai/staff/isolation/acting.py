"""For which organisation the current code acts.

The answer lives in context variables; the database connection copies it into
two session settings before the next statement (``chedai.staff.postgresql``),
and the policies of every isolated table read those. Nothing is copied back:
a connection that is reused, replaced or rolled back is settled anew.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Acting:
    """What the policies see: one organisation at most, and whether the directory is open."""

    organisation_id: int | None = None
    is_directory_open: bool = False


NOBODY = Acting()
_acting: ContextVar[Acting] = ContextVar("chedai_acting", default=NOBODY)
_is_inside_boundary: ContextVar[bool] = ContextVar("chedai_inside_boundary", default=False)


class NotActingError(Exception):
    """No organisation was chosen, so no row can be read or written."""


def acting() -> Acting:
    """Give what the next statement will be run for."""
    return _acting.get()


def acting_organisation_id() -> int:
    """Give the organisation acted for.

    Raises
    ------
    NotActingError
        Outside of ``acting_for``.
    """
    organisation_id = _acting.get().organisation_id
    if organisation_id is None:
        msg = "没有选定机构：请在 acting_for(organisation_id) 之内读写数据"
        raise NotActingError(msg)
    return organisation_id


@contextmanager
def acting_for(organisation_id: int) -> Iterator[None]:
    """Read and write rows of this organisation, and of no other, inside the block."""
    token = _acting.set(Acting(organisation_id=int(organisation_id)))
    try:
        yield
    finally:
        _acting.reset(token)


@contextmanager
def directory_window() -> Iterator[None]:
    """Read the few tables one must read before the organisation is known.

    Sign-in, the session, the list of organisations for workers, a share link by
    its token's digest. Read only (sessions excepted); the callers are listed in
    ``tests/apps/staff/test_isolation.py``.
    """
    current = _acting.get()
    token = _acting.set(Acting(current.organisation_id, is_directory_open=True))
    try:
        yield
    finally:
        _acting.reset(token)


@contextmanager
def request_boundary() -> Iterator[None]:
    """Start from nobody and end with nobody: around every request and every job."""
    token = _acting.set(NOBODY)
    boundary = _is_inside_boundary.set(True)
    try:
        yield
    finally:
        _is_inside_boundary.reset(boundary)
        _acting.reset(token)


def act_from_here(organisation_id: int) -> None:
    """Act for this organisation until the request ends.

    For sign-in, which learns the organisation in the middle of a request. Outside
    of a request nothing would end it, so nothing happens.
    """
    if _is_inside_boundary.get():
        _acting.set(Acting(organisation_id=int(organisation_id)))
