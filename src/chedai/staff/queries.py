from __future__ import annotations

from chedai.staff.isolation import directory_window
from chedai.staff.models import Organisation


def organisation_ids() -> list[int]:
    """Every organisation, for workers and commands that go through them one by one."""
    with directory_window():
        return list(Organisation.objects.order_by("id").values_list("id", flat=True))


def organisation_by_code(code: str) -> Organisation:
    """The organisation with this code; ``Organisation.DoesNotExist`` otherwise."""
    with directory_window():
        return Organisation.objects.get(code=code)
