from __future__ import annotations

from typing import Final

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from chedai.staff.isolation import directory_window
from chedai.staff.models import Organisation, User

TOTP: Final = Authenticator.objects.filter(type=Authenticator.Type.TOTP)


def organisation_ids() -> list[int]:
    """Every organisation, for workers and commands that go through them one by one."""
    with directory_window():
        return list(Organisation.objects.order_by("id").values_list("id", flat=True))


def organisation_by_code(code: str) -> Organisation:
    """The organisation with this code; ``Organisation.DoesNotExist`` otherwise."""
    with directory_window():
        return Organisation.objects.get(code=code)


def accounts() -> list[User]:
    """Everybody of the organisation acted for: those who work there first, by name."""
    return list(
        User.objects.select_related("organisation", "store")
        .annotate(is_factor_set=Exists(TOTP.filter(user_id=OuterRef("pk"))))
        .order_by("-is_active", "store__code", "username")
    )
