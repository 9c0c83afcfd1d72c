"""Trust invariants, read from the pages as they are rendered."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.test import Client
from tests.apps.planning.dom import Node, read_dom
from tests.apps.planning.proposals import make_chosen, make_inputs
from tests.documents.printing.reading import pages_of
from tests.factories import MOMENT

from chedai.core.plans.explanation import banned_words_in
from chedai.planning.models import ProposalLink, ProposalLinkOpening
from chedai.planning.operations import proposals as operations
from chedai.planning.queries import proposals as queries

if TYPE_CHECKING:
    from chedai.deals.models import Deal
    from chedai.planning.models import Proposal
    from chedai.staff.models import User

pytestmark = pytest.mark.django_db

STYLE = Path(__file__).parents[3] / "src/chedai/web/static/web/customer.css"
FIGURES = {"instalment", "total", "extra", "apr", "end"}
FIRST_LOAD_MAX_BYTES = 120 * 1024


@pytest.fixture(autouse=True)
def standing_clock(settings: Any) -> None:
    settings.CHEDAI_CLOCK_FIXED_AT = MOMENT.isoformat()


def make(deal: Deal, advisor: User, **changes: Any) -> Proposal:
    proposal, _ = operations.make_proposal(
        deal=deal,
        inputs=make_inputs(**changes),
        form_key=uuid4(),
        created_by=advisor,
        created_at=MOMENT,
    )
    return proposal


@pytest.fixture
def proposal(deal: Deal, advisor: User) -> Proposal:
    return make(deal, advisor)


@pytest.fixture
def token(proposal: Proposal, advisor: User) -> str:
    return operations.send_link(
        proposal=proposal, valid_days=14, created_by=advisor, created_at=MOMENT
    )[1]


@pytest.fixture
def page(token: str) -> Node:
    return read_dom(Client().get(f"/p/{token}/").content.decode())


def yuan(fen: int) -> str:
    whole, part = divmod(fen, 100)
    return f"¥{whole:,}" + (f".{part:02d}" if part else "")


# --- What a customer reads --------------------------------------------------------------------


def test_no_instalment_stands_without_total_extra_yearly_cost_and_end(
    page: Node, proposal: Proposal
) -> None:
    sheet = queries.sheet_as_shown(proposal)
    blocks = page.all("data-figures")

    assert len(page.all("data-figure", "instalment")) == len(blocks) == 3
    for block, plan in zip(blocks, sheet.plans, strict=True):
        figures = {node.attributes["data-figure"]: node.text for node in block.all("data-figure")}
        assert set(figures) == FIGURES
        assert yuan(plan.instalment_fen) in figures["instalment"]
        assert yuan(plan.total_paid_fen) in figures["total"]
        assert yuan(plan.extra_over_cash_fen) in figures["extra"]
        assert f"{plan.apr_simple * 100:.2f}%" in figures["apr"]
        assert plan.last_due_on in figures["end"]


def test_every_fee_has_a_payee(page: Node, proposal: Proposal) -> None:
    fees = page.all("data-fee")

    assert len(fees) == sum(len(plan.fees) for plan in queries.sheet_as_shown(proposal).plans) == 2
    for fee in fees:
        (payee,) = fee.all("data-payee")
        assert payee.text


def test_nothing_is_chosen_or_ticked_for_the_customer(page: Node) -> None:
    assert page.tags("input", "select", "textarea", "form") == []
    assert page.all("checked") == page.all("selected") == []


def test_plans_ascend_by_what_they_cost_beyond_cash(page: Node) -> None:
    costs = [
        float(re.findall(r"[\d,]+(?:\.\d+)?", node.text)[0].replace(",", ""))
        for node in page.all("data-figure", "extra")
    ]

    assert costs == sorted(costs)
    assert [node.attributes["data-plan"] for node in page.all("data-plan")] == ["A", "B", "C"]


def test_lender_and_nature_of_contract_stand_in_every_plan(page: Node, proposal: Proposal) -> None:
    for card, plan in zip(
        page.all("data-plan"), queries.sheet_as_shown(proposal).plans, strict=True
    ):
        (nature,) = card.all("data-nature")
        assert plan.lender_name in nature.text
        assert plan.contract_nature in nature.text
        assert plan.ownership_banner in nature.text
        assert card.all("data-gives-up")[0].text


def test_no_banned_word_is_shown(page: Node) -> None:
    assert banned_words_in(page.text, has_fees=True) == ()


def test_cash_is_always_beside_the_plans_unless_excluded(
    page: Node, deal: Deal, advisor: User
) -> None:
    assert len(page.all("data-cash")) == 1

    _, token = operations.send_link(
        proposal=make(deal, advisor, cash=None),
        valid_days=1,
        created_by=advisor,
        created_at=MOMENT,
    )
    assert read_dom(Client().get(f"/p/{token}/").content.decode()).all("data-cash") == []


def test_the_page_says_that_the_lenders_form_decides(page: Node) -> None:
    (said,) = page.all("data-binding")

    assert "放款机构以《综合融资成本明示表》为准" in said.text
    assert "不是贷款合同" in said.text


def test_a_lease_warns_whose_car_it_is(deal: Deal, advisor: User) -> None:
    lease = make_chosen(
        lender_kind="leasing_company",
        contract_nature="finance_lease_direct",
        method="lease_rent",
    )
    _, token = operations.send_link(
        proposal=make(deal, advisor, plans=(lease,)),
        valid_days=1,
        created_by=advisor,
        created_at=MOMENT,
    )

    (nature,) = read_dom(Client().get(f"/p/{token}/").content.decode()).all("data-nature")

    assert "lease" in nature.attributes["class"]
    assert "车登记在租赁公司名下" in nature.text


def test_the_page_needs_no_script_no_tracker_and_little_weight(token: str, page: Node) -> None:
    html = Client().get(f"/p/{token}/").content
    style = STYLE.read_bytes()

    assert page.tags("script", "iframe", "img", "style") == []
    assert page.all("style") == []
    assert all(node.attributes["href"].startswith("/") for node in page.tags("link"))
    assert len(style) <= 10 * 1024
    assert len(gzip.compress(html + style)) <= FIRST_LOAD_MAX_BYTES


def test_large_type_is_one_plain_link_away(token: str, page: Node) -> None:
    (toggle,) = [node for node in page.tags("a") if node.text == "大字版"]

    large = read_dom(Client().get(toggle.attributes["href"]).content.decode())

    assert large.tags("html")[0].attributes["class"] == "large"
    assert page.tags("html")[0].attributes["class"] == "usual"


def test_a_look_is_counted_without_a_name(token: str) -> None:
    Client().get(f"/p/{token}/")
    Client().get(f"/p/{token}/proposal.pdf")

    assert list(ProposalLinkOpening.objects.order_by("pk").values_list("kind", "opened_at")) == [
        ("page", MOMENT),
        ("pdf", MOMENT),
    ]


def test_the_pdf_behind_the_link_is_the_one_handed_out(token: str, proposal: Proposal) -> None:
    answer = Client().get(f"/p/{token}/proposal.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == queries.stored_pdf(proposal)


# --- Links that do not open -------------------------------------------------------------------


def closed_page(token: str) -> tuple[int, str, Any]:
    answer = Client().get(f"/p/{token}/")
    pdf = Client().get(f"/p/{token}/proposal.pdf")
    assert pdf.status_code == answer.status_code
    return answer.status_code, answer.content.decode(), answer


def test_a_tampered_link_is_not_found(token: str) -> None:
    status, html, _ = closed_page(token[:-2] + ("AA" if token[-2:] != "AA" else "BB"))

    assert status == 404
    assert "链接打不开" in html


def test_an_expired_link_is_gone(token: str, settings: Any) -> None:
    settings.CHEDAI_CLOCK_FIXED_AT = (MOMENT + timedelta(days=14)).isoformat()

    status, html, _ = closed_page(token)

    assert status == 410
    assert "链接到期了" in html
    assert "请给您发链接的金融顾问再发一次" in html


def test_a_revoked_link_is_gone_and_leaks_nothing(
    token: str, proposal: Proposal, advisor: User
) -> None:
    operations.revoke_link(link=ProposalLink.objects.get(), revoked_by=advisor, revoked_at=MOMENT)

    status, html, answer = closed_page(token)

    assert status == 410
    for secret in ("陈先生", proposal.number, proposal.store.name, "清禾", "¥", token):
        assert secret not in re.sub(r'href="[^"]*"', "", html)
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


# --- Verification -----------------------------------------------------------------------------


def test_a_printed_code_is_confirmed_with_number_day_and_store_only(proposal: Proposal) -> None:
    answer = Client().get(f"/verify/{proposal.seal.sheet_digest[:16]}/")
    html = answer.content.decode()
    (said,) = read_dom(html).all("data-verified")

    assert answer.status_code == 200
    assert proposal.number in said.text
    assert "2026-11-23" in said.text
    for secret in ("陈先生", "清禾", "¥", proposal.deal.number):
        assert secret not in html


def test_the_printed_qr_leads_to_the_verification(proposal: Proposal) -> None:
    code = proposal.seal.sheet_digest[:16]

    assert code in pages_of(queries.stored_pdf(proposal))[0]
    assert Client().get(f"/verify/{code}/").status_code == 200


def test_an_unknown_code_is_not_found_and_a_typed_one_is_taken_to_its_address() -> None:
    answer = Client().get("/verify/0000000000000000/")

    assert answer.status_code == 404
    assert "没有查到" in answer.content.decode()
    typed = Client().get("/verify/", {"code": " D837 ba0b 6c96 d68c "})
    assert typed["Location"] == "/verify/d837ba0b6c96d68c/"
    assert Client().get("/verify/", {"code": "../p/"}).status_code == 200


# --- Staff ------------------------------------------------------------------------------------


def test_the_proposal_page_shows_five_figures_of_each_plan_with_lender_and_fees(
    client_of: Any, advisor: User, proposal: Proposal
) -> None:
    html = client_of(advisor).get(f"/proposals/{proposal.number}/").content.decode()
    dom = read_dom(html)

    for name in FIGURES:
        assert len(dom.all("data-figure", name)) == 3
    assert len(dom.all("data-nature")) == 3
    assert len(dom.all("data-fee")) == len(dom.all("data-payee")) == 2


def test_checking_again_says_that_every_byte_is_the_same(
    client_of: Any, advisor: User, proposal: Proposal
) -> None:
    html = client_of(advisor).get(f"/proposals/{proposal.number}/?check=1").content.decode()

    (said,) = read_dom(html).all("data-recreation")
    assert "每个字节都一样" in said.text


def test_sending_shows_the_address_once_and_taking_it_back_closes_it(
    client_of: Any, advisor: User, proposal: Proposal
) -> None:
    client = client_of(advisor)
    sent = client.post(f"/proposals/{proposal.number}/links/")
    (fresh,) = read_dom(sent.content.decode()).all("id", "link")
    path = fresh.attributes["value"].removeprefix("http://testserver")
    assert sent.status_code == 201
    assert Client().get(path).status_code == 200

    later = client.get(f"/proposals/{proposal.number}/").content.decode()
    assert path not in later
    assert "1 次" in later

    link = ProposalLink.objects.get()
    client.post(f"/proposals/{proposal.number}/links/{link.pk}/revocation/")
    assert Client().get(path).status_code == 410


def test_the_pdf_of_staff_is_the_one_handed_out(
    client_of: Any, advisor: User, proposal: Proposal
) -> None:
    answer = client_of(advisor).get(f"/proposals/{proposal.number}.pdf")

    assert answer.content == queries.stored_pdf(proposal)
    assert answer["Content-Disposition"] == 'inline; filename="P000001.pdf"'


def test_pages_of_staff_are_closed_to_anonymous_and_to_front_desk_for_sending(
    client_of: Any, front_desk: User, proposal: Proposal
) -> None:
    assert Client().get(f"/proposals/{proposal.number}/").status_code == 302
    sending = client_of(front_desk).post(f"/proposals/{proposal.number}/links/")
    assert sending.status_code == 403


def test_an_unknown_proposal_or_link_is_not_found(
    client_of: Any, advisor: User, proposal: Proposal
) -> None:
    client = client_of(advisor)

    assert client.get("/proposals/P999999/").status_code == 404
    assert client.get("/proposals/P999999.pdf").status_code == 404
    gone = client.post(f"/proposals/{proposal.number}/links/999999/revocation/")
    assert gone.status_code == 404


def test_looking_at_a_proposal_asks_the_database_a_bounded_number_of_times(
    client_of: Any,
    advisor: User,
    proposal: Proposal,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(5):
        operations.send_link(proposal=proposal, valid_days=1, created_by=advisor, created_at=MOMENT)
    client = client_of(advisor)

    with django_assert_max_num_queries(12):
        client.get(f"/proposals/{proposal.number}/")
