"""A lender, two pairs of hands, and a way to a published product in one line."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.http import QueryDict
from tests.core.plans.builders import make_terms
from tests.factories import MOMENT

from chedai.catalogue.forms import values_of
from chedai.catalogue.models import Lender, ProductVersion
from chedai.catalogue.operations import (
    approve_version,
    draft_version,
    register_lender,
    submit_version,
)
from chedai.catalogue.packs.records import LenderRecord
from chedai.core.plans.product import ProductTerms
from chedai.staff.models import Organisation, User

TODAY = MOMENT.date()
QINGHE = LenderRecord(
    code="qinghe", name="清禾银行", kind="bank", legal_name="清禾银行股份有限公司（虚构）"
)


@pytest.fixture(autouse=True)
def _still_clock(settings: Any) -> None:
    settings.CHEDAI_CLOCK_FIXED_AT = MOMENT.isoformat()


@pytest.fixture
def second_manager(user_with: Callable[..., User]) -> User:
    return user_with("manager")


@pytest.fixture
def lender(acting: Organisation, manager: User) -> Lender:
    row, _ = register_lender(organisation_id=acting.pk, lender=QINGHE, by=manager, at=MOMENT)
    return row


@pytest.fixture
def draft(lender: Lender, manager: User) -> Callable[..., ProductVersion]:
    def make(
        *, effective_from: date = TODAY, by: User | None = None, **changes: Any
    ) -> ProductVersion:
        version, _ = draft_version(
            lender=lender,
            terms=make_terms(**changes),
            effective_from=effective_from,
            form_key=uuid.uuid4(),
            by=by or manager,
            at=MOMENT,
        )
        return version

    return make


@pytest.fixture
def submitted(draft: Callable[..., ProductVersion], manager: User) -> Callable[..., ProductVersion]:
    def make(**changes: Any) -> ProductVersion:
        version = draft(**changes)
        submit_version(version=version, expected_revision=version.revision, by=manager, at=MOMENT)
        return version

    return make


@pytest.fixture
def published(
    submitted: Callable[..., ProductVersion], second_manager: User
) -> Callable[..., ProductVersion]:
    def make(*, at: datetime = MOMENT, **changes: Any) -> ProductVersion:
        version = submitted(**changes)
        approve_version(
            version=version, expected_revision=version.revision, by=second_manager, at=at
        )
        return version

    return make


def typed(terms: ProductTerms, *, effective_from: date = TODAY, **changes: str) -> dict[str, Any]:
    """What the browser sends when these terms stand in the form."""
    values, _ = values_of(terms, effective_from=effective_from)
    sent: dict[str, Any] = {"form_key": str(uuid.uuid4())}
    for name, value in values.items():
        if isinstance(value, bool):
            if value:
                sent[name] = "true"
        else:
            sent[name] = list(value) if isinstance(value, tuple) else value
    return sent | changes


def sent(values: dict[str, Any]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in values.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query
