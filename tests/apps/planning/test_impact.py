from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.apps.counting import queries_of
from tests.apps.planning.proposals import make_chosen, make_inputs
from tests.core.plans.builders import make_offers, make_terms
from tests.factories import MOMENT

from chedai.catalogue.operations import draft_version, register_lender
from chedai.catalogue.packs.records import LenderRecord
from chedai.deals.operations import open_deal, record_withdrawal
from chedai.planning.operations.desk import pin_plan
from chedai.planning.operations.proposals import make_proposal
from chedai.planning.queries import impact as queries
from chedai.planning.queries.impact import impact_of
from chedai.reception.operations import open_visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.catalogue.models import Lender, ProductVersion
    from chedai.deals.models import Deal
    from chedai.planning.models import Proposal
    from chedai.staff.models import Organisation, Store, User

ON = MOMENT.date()


@pytest.fixture(autouse=True)
def _still_clock(settings: Any) -> None:
    settings.CHEDAI_CLOCK_FIXED_AT = MOMENT.isoformat()


@pytest.fixture
def lender(acting: Organisation, manager: User) -> Lender:
    record = LenderRecord(
        code="qinghe", name="清禾银行", kind="bank", legal_name="清禾银行股份有限公司（虚构）"
    )
    row, _ = register_lender(organisation_id=acting.pk, lender=record, by=manager, at=MOMENT)
    return row


@pytest.fixture
def version(lender: Lender, manager: User) -> Callable[..., ProductVersion]:
    """Draft the next version of the one product."""

    def make(**changes: Any) -> ProductVersion:
        made, _ = draft_version(
            lender=lender,
            terms=make_terms(**changes),
            effective_from=ON,
            form_key=uuid4(),
            by=manager,
            at=MOMENT,
        )
        return made

    return make


@pytest.fixture
def old(version: Callable[..., ProductVersion]) -> ProductVersion:
    return version()


def propose(deal: Deal, *versions: ProductVersion, minutes: int = 0) -> Proposal:
    chosen = tuple(make_chosen(version_id=str(version.pk)) for version in versions)
    made, _ = make_proposal(
        deal=deal,
        inputs=make_inputs(plans=chosen),
        form_key=uuid4(),
        created_by=deal.advisor,
        created_at=MOMENT + timedelta(minutes=minutes),
    )
    return made


def test_a_dearer_version_shows_each_figure_before_and_after(
    deal: Deal, old: ProductVersion, version: Callable[..., ProductVersion], manager: User
) -> None:
    made = propose(deal, old)

    found = impact_of(version(offers=make_offers("0.0588", 36)), seen_by=manager, on=ON)

    [plan] = found.plans
    assert (found.deal_count, found.unlisted_count) == (1, 0)
    assert (plan.deal_number, plan.proposal_number, plan.letter) == (deal.number, made.number, "A")
    assert plan.before.payment_fen < plan.after.payment_fen  # type: ignore[union-attr]
    assert not plan.is_unchanged


def test_a_version_that_only_says_it_otherwise_changes_no_figure(
    deal: Deal, old: ProductVersion, version: Callable[..., ProductVersion], manager: User
) -> None:
    propose(deal, old)

    [plan] = impact_of(version(name="清禾新名车贷"), seen_by=manager, on=ON).plans

    assert plan.is_unchanged


def test_a_refusal_is_said_in_words(
    deal: Deal,
    old: ProductVersion,
    version: Callable[..., ProductVersion],
    manager: User,
    client_of: Callable[[User], Client],
) -> None:
    propose(deal, old)
    new = version(principal_max_fen=60_000_00)

    page = client_of(manager).get(reverse("planning:product_impact", args=[new.pk]))

    assert page.status_code == 200
    assert "办不了：贷款额 ¥100,000 超过上限 ¥60,000" in page.content.decode()


def test_a_deal_withdrawn_is_left_out(
    deal: Deal, old: ProductVersion, version: Callable[..., ProductVersion], manager: User
) -> None:
    propose(deal, old)
    record_withdrawal(deal=deal, reason="不买了", recorded_by=deal.advisor, recorded_at=MOMENT)

    assert impact_of(version(), seen_by=manager, on=ON).deal_count == 0


def test_only_the_latest_proposal_counts(
    deal: Deal, old: ProductVersion, version: Callable[..., ProductVersion], manager: User
) -> None:
    new = version(offers=make_offers("0.0588", 36))
    propose(deal, old)
    propose(deal, new, minutes=5)

    assert impact_of(new, seen_by=manager, on=ON).deal_count == 0


def test_a_later_version_does_not_count_as_touched(
    deal: Deal, old: ProductVersion, version: Callable[..., ProductVersion], manager: User
) -> None:
    propose(deal, version())

    assert impact_of(old, seen_by=manager, on=ON).deal_count == 0


def test_a_pinned_plan_counts_and_is_priced_on_the_desk_as_it_is(
    old: ProductVersion,
    version: Callable[..., ProductVersion],
    store: Store,
    advisor: User,
    manager: User,
) -> None:
    need = open_visit(
        store=store,
        advisor=advisor,
        call_name="李女士",
        sentence="车价15万,首付5万",
        form_key=uuid4(),
        opened_at=MOMENT,
    )
    pin_plan(
        deal=need.deal,
        letter="B",
        product_version_id=old.pk,
        term_months=36,
        down_payment_fen=50_000_00,
        reason="客户点名",
        pinned_by=advisor,
        pinned_at=MOMENT,
    )

    [plan] = impact_of(version(offers=make_offers("0.0588", 36)), seen_by=manager, on=ON).plans

    assert (plan.proposal_number, plan.letter) == ("", "B")
    assert plan.before.payment_fen < plan.after.payment_fen  # type: ignore[union-attr]


def test_a_pin_without_any_price_has_nothing_to_show_but_its_count(
    deal: Deal,
    old: ProductVersion,
    version: Callable[..., ProductVersion],
    advisor: User,
    manager: User,
) -> None:
    pin_plan(
        deal=deal,
        letter="A",
        product_version_id=old.pk,
        term_months=36,
        down_payment_fen=50_000_00,
        reason="客户点名",
        pinned_by=advisor,
        pinned_at=MOMENT,
    )

    found = impact_of(version(), seen_by=manager, on=ON)

    assert (found.deal_count, found.plans) == (1, ())


def test_what_is_beyond_the_list_is_counted(
    acting: Organisation,
    old: ProductVersion,
    version: Callable[..., ProductVersion],
    store: Store,
    advisor: User,
    manager: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "LISTED_MAX", 2)
    for number in range(3):
        opened, _ = open_deal(
            store=store,
            advisor=advisor,
            call_name=f"客户{number}",
            form_key=uuid4(),
            opened_at=MOMENT,
        )
        propose(opened, old)

    found = impact_of(version(), seen_by=manager, on=ON)

    assert (found.deal_count, found.listed_count, found.unlisted_count) == (3, 2, 1)
    assert [plan.deal_number for plan in found.plans] == ["D000003", "D000002"]


def test_more_deals_ask_no_more_queries(
    acting: Organisation,
    old: ProductVersion,
    version: Callable[..., ProductVersion],
    store: Store,
    advisor: User,
    manager: User,
    client_of: Callable[[User], Client],
) -> None:
    address = reverse("planning:product_impact", args=[version().pk])
    client = client_of(manager)

    def one_more() -> int:
        opened, _ = open_deal(
            store=store, advisor=advisor, call_name="", form_key=uuid4(), opened_at=MOMENT
        )
        propose(opened, old)
        return queries_of(client, address)

    first = one_more()
    assert one_more() == first


@pytest.mark.parametrize(("role", "status"), [("compliance", 200), ("advisor", 403)])
def test_managers_and_compliance_may_ask(
    old: ProductVersion,
    user_with: Callable[..., User],
    client_of: Callable[[User], Client],
    role: str,
    status: int,
) -> None:
    answer = client_of(user_with(role)).get(reverse("planning:product_impact", args=[old.pk]))

    assert answer.status_code == status


def test_an_unknown_version_is_not_found(
    acting: Organisation, manager: User, client_of: Callable[[User], Client]
) -> None:
    assert (
        client_of(manager).get(reverse("planning:product_impact", args=[999_999])).status_code
        == 404
    )
