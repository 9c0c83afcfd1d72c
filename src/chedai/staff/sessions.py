"""Sessions in the database, readable only through the directory window."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db

from chedai.staff.isolation import directory_window


class SessionStore(db.SessionStore):
    """A session is read before anybody is known, so its table opens with the directory."""

    def _get_session_from_db(self) -> Any:
        with directory_window():
            return super()._get_session_from_db()  # type: ignore[misc]

    def exists(self, session_key: str) -> bool:
        with directory_window():
            return super().exists(session_key)

    def save(self, must_create: bool = False) -> None:
        with directory_window():
            super().save(must_create=must_create)

    def delete(self, session_key: str | None = None) -> None:
        with directory_window():
            super().delete(session_key)

    @classmethod
    def clear_expired(cls) -> None:
        with directory_window():
            super().clear_expired()
