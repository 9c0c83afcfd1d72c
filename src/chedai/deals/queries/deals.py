from __future__ import annotations

from django.db.models import QuerySet

from chedai.deals.models import Deal
from chedai.staff.models import User
from chedai.staff.scope import rows_within


def deals_in_scope(*, user: User) -> QuerySet[Deal]:
    """Narrow the organisation's deals to those this user's roles may see."""
    return rows_within(Deal.objects.all(), user)
