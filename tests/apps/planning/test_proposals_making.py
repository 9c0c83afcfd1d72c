"""From a spoken sentence to the printed proposal, through the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from tests.apps.planning.dom import read_dom
from tests.apps.planning.proposals import make_fee_rule
from tests.core.plans.builders import make_offers, make_prepayment, make_version
from tests.documents.printing.reading import pages_of
from tests.factories import MOMENT, make_store

from chedai.core.rules.finding import Citation, Finding, Severity
from chedai.planning.models import Proposal
from chedai.planning.queries import proposal_inputs
from chedai.planning.queries import proposals as queries
from chedai.reception.operations import confirm_need, open_visit

if TYPE_CHECKING:
    from chedai.reception.models import NeedVersion
    from chedai.staff.models import Organisation, Store, User

pytestmark = pytest.mark.django_db

SENTENCE = "首付5万，月供别超过3500，想买个15万的SUV，打算两年提前还"


@pytest.fixture(autouse=True)
def showroom(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three products on sale, on a day that stands still."""
    settings.CHEDAI_CLOCK_FIXED_AT = MOMENT.isoformat()
    products = (
        make_version("11", eligibility=_open_to_all()),
        make_version(
            "12",
            code="yunting-free",
            name="云汀随心贷",
            lender_name="云汀银行（虚构）",
            offers=make_offers("0.0486", 36),
            prepayment=make_prepayment(charge_steps=(), free_after_months=0),
            fees=(make_fee_rule(),),
            eligibility=_open_to_all(),
        ),
        make_version(
            "13",
            code="yuanshan-light",
            name="远山轻松贷",
            lender_name="远山汽车金融公司（虚构）",
            lender_kind="auto_finance_company",
            offers=make_offers("0.0398", 60),
            eligibility=_open_to_all(),
        ),
    )
    monkeypatch.setattr("chedai.planning.queries.scenes.product_versions_on", lambda on: products)


def _open_to_all() -> Any:
    from tests.core.plans.builders import make_eligibility

    return make_eligibility(
        credit_histories_accepted=("clean", "thin", "many_inquiries"), credit_histories_referred=()
    )


@pytest.fixture
def store(organisation: Organisation) -> Store:
    return make_store(organisation, province="320000")


@pytest.fixture
def need(acting: Organisation, store: Store, advisor: User) -> NeedVersion:
    return open_visit(
        store=store,
        advisor=advisor,
        call_name="陈先生",
        sentence=SENTENCE,
        form_key=uuid4(),
        opened_at=MOMENT,
    )


@pytest.fixture
def confirmed(need: NeedVersion, advisor: User) -> NeedVersion:
    confirm_need(need=need, read_back="对", confirmed_by=advisor, confirmed_at=MOMENT)
    return need


def press(client: Any, need: NeedVersion, *, form_key: str | None = None) -> Any:
    return client.post(
        f"/deals/{need.deal.number}/proposals/",
        {"form_key": form_key or str(uuid4()), "need_version": "1"},
    )


def refusal_of(answer: Any) -> str:
    assert answer.status_code == 422
    return read_dom(answer.content.decode()).all("data-refusal")[0].text


def test_a_confirmed_need_becomes_a_printed_proposal(
    client_of: Any, advisor: User, confirmed: NeedVersion
) -> None:
    answer = press(client_of(advisor), confirmed)

    proposal = Proposal.objects.get()
    assert answer["Location"] == f"/proposals/{proposal.number}/"
    sheet = queries.sheet_as_shown(proposal)
    assert sheet.addressee == "陈先生"
    assert sheet.car.vehicle_price_fen == 150_000_00
    assert 24 in [line.after_month for line in sheet.plans[0].settlements]
    assert len(sheet.market.apr_simple) >= len(sheet.plans)
    assert {need.certainty for need in sheet.needs} <= {"已确认", "先按此算"}
    assert sum(cost.amount_fen for cost in sheet.purchase_costs) + 150_000_00 == (
        sheet.cash.cash_at_delivery_fen if sheet.cash else 0
    )
    pages = pages_of(queries.stored_pdf(proposal))
    assert len(pages) == 2
    assert "《汽车贷款管理办法》" in pages[1]


def test_the_stored_proposal_of_the_desk_is_re_created_byte_for_byte(
    client_of: Any, advisor: User, confirmed: NeedVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(client_of(advisor), confirmed)
    monkeypatch.setattr("chedai.planning.queries.scenes.product_versions_on", lambda on: ())
    proposal = Proposal.objects.get()

    assert queries.recreated_pdf(proposal) == queries.stored_pdf(proposal)


def test_one_form_sent_twice_prints_once(
    client_of: Any, advisor: User, confirmed: NeedVersion
) -> None:
    client, form_key = client_of(advisor), str(uuid4())

    answers = [press(client, confirmed, form_key=form_key) for _ in range(2)]

    assert len({answer["Location"] for answer in answers}) == 1
    assert Proposal.objects.count() == 1


def test_an_unconfirmed_need_is_not_printed(
    client_of: Any, advisor: User, need: NeedVersion
) -> None:
    assert "先跟客户复述确认需求" in refusal_of(press(client_of(advisor), need))
    assert not Proposal.objects.exists()


def test_a_stale_form_is_not_printed(client_of: Any, advisor: User, confirmed: NeedVersion) -> None:
    answer = press(client_of(advisor), confirmed, form_key="not-a-key")

    assert "页面已过期" in refusal_of(answer)


def test_an_empty_desk_is_not_printed(
    client_of: Any,
    advisor: User,
    confirmed: NeedVersion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chedai.planning.queries.scenes.product_versions_on", lambda on: ())

    assert "还没有方案" in refusal_of(press(client_of(advisor), confirmed))


def test_a_plan_that_breaks_a_hard_rule_is_not_printed(
    client_of: Any,
    advisor: User,
    confirmed: NeedVersion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = Citation(
        source_id="house-rules",
        instrument="示例规定",
        issuer="示例机构",
        number=None,
        dated_on=None,
        article="第一条",
        was_text_read=True,
    )
    forbidden = Finding(
        rule_id="example",
        severity=Severity.BLOCKS,
        message="贷款成数超过上限",
        remedy="多付首付",
        citation=text,
    )

    class Blocked:
        findings = (forbidden,)
        outcomes = ()

    monkeypatch.setattr(proposal_inputs, "review_of", lambda scene, plan: Blocked())

    assert "贷款成数超过上限。多付首付" in refusal_of(press(client_of(advisor), confirmed))


def test_only_advisors_and_managers_print(
    client_of: Any, front_desk: User, confirmed: NeedVersion
) -> None:
    assert press(client_of(front_desk), confirmed).status_code == 403
