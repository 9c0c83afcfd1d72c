"""Finding the person who signs in, before their organisation is known."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef

from chedai.staff.isolation import act_from_here, directory_window
from chedai.staff.models import User
from chedai.staff.queries import TOTP


class DirectoryBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's backend, looking people up through the directory window."""

    def authenticate(self, request: Any, **credentials: Any) -> User | None:
        with directory_window():
            user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            # The rest of this request stamps the sign-in on the user's own row.
            act_from_here(user.organisation_id)
        return user

    def get_user(self, user_id: int) -> User | None:
        with directory_window():
            # One query a request: the user, where they work, and whether they have a factor.
            user = (
                User.objects.select_related("organisation", "store")
                .annotate(is_factor_set=Exists(TOTP.filter(user_id=OuterRef("pk"))))
                .filter(pk=user_id)
                .first()
            )
        return user if user is not None and self.user_can_authenticate(user) else None
