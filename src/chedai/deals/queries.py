from __future__ import annotations

from django.db.models import QuerySet

from chedai.deals.models import Deal
from chedai.staff.models import User
from chedai.staff.roles import REACHES, Reach


def deals_in_scope(*, user: User) -> QuerySet[Deal]:
    """Narrow the organisation's deals to those this user's roles may see."""
    reaches = {REACHES[role] for role in user.roles if role in REACHES}
    if Reach.ORGANISATION in reaches or (Reach.STORE in reaches and user.store is None):
        return Deal.objects.all()
    if Reach.STORE in reaches and user.store is not None:
        return Deal.objects.filter(store=user.store)
    return Deal.objects.none()
