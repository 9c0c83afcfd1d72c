"""Where the database is and as whom we connect, from the environment.

Two roles: the owner migrates; the application role owns nothing, so that
row-level security binds it (a table's owner and a superuser could lift it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

APP_ROLE: Final = "chedai_app"
ENGINE: Final = "chedai.staff.postgresql"
LOCAL_URL: Final = "postgresql://postgres@127.0.0.1:5432/chedai"


def owner_url(environ: Mapping[str, str]) -> str:
    """Address of the role that owns the database and migrates it."""
    return environ.get("DATABASE_URL") or LOCAL_URL


def app_url(environ: Mapping[str, str]) -> str:
    """Address of the application role: as given, or derived from the owner's."""
    given = environ.get("CHEDAI_APP_DATABASE_URL")
    if given:
        return given
    parts = urlsplit(owner_url(environ))
    password = environ.get("CHEDAI_APP_PASSWORD", "")
    login = f"{APP_ROLE}:{quote(password, safe='')}" if password else APP_ROLE
    _, _, place = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{login}@{place}"))


def django_database(url: str) -> dict[str, Any]:
    """Turn ``postgresql://user:password@host:port/name?option=…`` into Django's settings."""
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": ENGINE,
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket folder is written as ?host=/run/…, as libpq does.
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(options.pop("port", None) or parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }
