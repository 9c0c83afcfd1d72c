"""How far a person sees among the deals of their organisation."""

from __future__ import annotations

from typing import Final, TypeVar

from django.db.models import Model, QuerySet

from chedai.staff.models import User
from chedai.staff.roles import REACHES, Reach

_WIDEST_FIRST: Final = (Reach.ORGANISATION, Reach.STORE, Reach.NONE)
M = TypeVar("M", bound=Model)


def reach_of(user: User) -> Reach:
    """Give the widest reach of the user's roles; without a store, a store's is all stores'."""
    reaches = {REACHES[role] for role in user.roles}
    widest = next((reach for reach in _WIDEST_FIRST if reach in reaches), Reach.NONE)
    if widest is Reach.STORE and user.store_id is None:
        return Reach.ORGANISATION
    return widest


def rows_within(
    queryset: QuerySet[M],
    user: User,
    *,
    store: str = "store",
    advisor: str = "advisor",
    own_only: bool = False,
) -> QuerySet[M]:
    """Narrow rows to those the user may see.

    Parameters
    ----------
    store, advisor
        Look-ups from the model to its store and its advisor (``deal__store``).
    own_only
        Only the user's own, the way an advisor's pages begin.
    """
    reach = reach_of(user)
    if reach is Reach.NONE:
        return queryset.none()
    if reach is Reach.STORE:
        queryset = queryset.filter(**{store: user.store_id})
    return queryset.filter(**{advisor: user.pk}) if own_only else queryset
