from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from tests.factories import MOMENT

if TYPE_CHECKING:
    from chedai.deals.models import Deal
    from chedai.staff.models import Organisation, Store, User


@pytest.fixture
def deal(acting: Organisation, store: Store, advisor: User) -> Deal:
    """A deal of the advisor, the test acting for their organisation."""
    from chedai.deals.operations import open_deal

    opened, _ = open_deal(
        store=store, advisor=advisor, call_name="陈先生", form_key=uuid4(), opened_at=MOMENT
    )
    return opened
