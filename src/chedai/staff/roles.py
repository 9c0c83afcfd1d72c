"""Who may enter what: the one place that says so."""

from __future__ import annotations

from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponseBase


class Role(StrEnum):
    """What a person does in the store."""

    FRONT_DESK = "front_desk"
    ADVISOR = "advisor"
    REVIEWER = "reviewer"
    BACK_OFFICE = "back_office"
    MANAGER = "manager"
    COMPLIANCE = "compliance"
    ADMINISTRATOR = "administrator"


ROLE_LABELS: Final[Mapping[str, str]] = {
    Role.FRONT_DESK: "前台",
    Role.ADVISOR: "金融顾问",
    Role.REVIEWER: "风控审核",
    Role.BACK_OFFICE: "内勤",
    Role.MANAGER: "店经理",
    Role.COMPLIANCE: "合规",
    Role.ADMINISTRATOR: "系统管理员",
}

SECOND_FACTOR_ROLES: Final = frozenset({Role.MANAGER, Role.COMPLIANCE, Role.ADMINISTRATOR})

# Everybody who serves customers; the administrator has no sight of them.
_DESK: Final = frozenset(Role) - {Role.ADMINISTRATOR}

# URL namespace → roles that may enter. A namespace that is not here is closed to all.
AREAS: Final[Mapping[str, frozenset[Role]]] = {
    "reception": _DESK,
    "deals": _DESK,
    "planning": _DESK,
    "applications": _DESK,
    "catalogue": _DESK,
    "privacy": frozenset({Role.COMPLIANCE}),
    "audit": frozenset({Role.COMPLIANCE}),
    "staff": frozenset({Role.ADMINISTRATOR}),
    "api": _DESK,
}


class Reach(StrEnum):
    """How far a role sees among the deals of its organisation."""

    NONE = "none"
    STORE = "store"
    ORGANISATION = "organisation"


# A manager without a store oversees all of them (``chedai.staff.scope``).
REACHES: Final[Mapping[str, Reach]] = {
    Role.FRONT_DESK: Reach.STORE,
    Role.ADVISOR: Reach.STORE,
    Role.REVIEWER: Reach.ORGANISATION,
    Role.BACK_OFFICE: Reach.STORE,
    Role.MANAGER: Reach.STORE,
    Role.COMPLIANCE: Reach.ORGANISATION,
    Role.ADMINISTRATOR: Reach.NONE,
}


def require_role(
    *roles: Role | str,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let only these roles call the view; others get the 403 page."""
    allowed = frozenset(Role(role) for role in roles)

    def guard(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refuse_unless(request.user, allowed)
            return view(request, *args, **kwargs)

        return guarded

    return guard


def refuse_unless(user: Any, allowed: frozenset[Role]) -> None:
    """Raise with a sentence for the page when the user has none of the roles.

    Raises
    ------
    PermissionDenied
        The user has none of them.
    """
    if not allowed.intersection(getattr(user, "roles", ())):
        labels = "、".join(ROLE_LABELS[role] for role in Role if role in allowed) or "任何角色"
        msg = f"这里只对{labels}开放。需要的话，请系统管理员在「人员」里调整您的角色。"
        raise PermissionDenied(msg)
