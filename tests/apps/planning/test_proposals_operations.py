from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from tests.apps.planning.proposals import make_chosen, make_inputs, make_three_chosen
from tests.documents.printing.reading import pages_of
from tests.factories import MOMENT

from chedai.core.plans.product import TermOffer
from chedai.planning.models import (
    Proposal,
    ProposalLinkOpening,
    ProposalLinkRevocation,
    ProposalPrint,
)
from chedai.planning.operations import proposals as operations
from chedai.planning.queries import proposals as queries
from chedai.planning.queries.proposal_sheets import ProposalInputs
from chedai.planning.queries.proposal_wording import BannedWordingError
from chedai.staff.isolation import acting_for, request_boundary

if TYPE_CHECKING:
    from collections.abc import Callable

    from chedai.deals.models import Deal
    from chedai.staff.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(deal: Deal, advisor: User) -> Callable[..., Proposal]:
    def made(**changes: Any) -> Proposal:
        form_key = changes.pop("form_key", None) or uuid4()
        proposal, _ = operations.make_proposal(
            deal=deal,
            inputs=make_inputs(**changes),
            form_key=form_key,
            created_by=advisor,
            created_at=MOMENT,
        )
        return proposal

    return made


def send(proposal: Proposal, advisor: User, *, valid_days: int = 14) -> tuple[Any, str]:
    return operations.send_link(
        proposal=proposal, valid_days=valid_days, created_by=advisor, created_at=MOMENT
    )


def test_a_proposal_is_kept_with_its_pdf_and_numbers_without_gaps(make: Any) -> None:
    first, second = make(), make()

    assert [first.number, second.number] == ["P000001", "P000002"]
    pdf = queries.stored_pdf(second)
    assert hashlib.sha256(pdf).hexdigest() == second.printed.pdf_digest
    assert "P000002" in pages_of(pdf)[0]


def test_the_same_form_sent_twice_makes_one_proposal(make: Any, deal: Deal, advisor: User) -> None:
    form_key = uuid4()
    first = make(form_key=form_key)

    again, is_new = operations.make_proposal(
        deal=deal,
        inputs=make_inputs(need_version=4),
        form_key=form_key,
        created_by=advisor,
        created_at=MOMENT + timedelta(minutes=1),
    )

    assert (again, is_new) == (first, False)
    assert Proposal.objects.count() == 1


def test_a_refused_proposal_takes_no_number(make: Any) -> None:
    with pytest.raises(BannedWordingError), transaction.atomic():
        make(plans=(make_chosen(gives_up=("包过",)),))

    assert make().number == "P000001"


def test_the_stored_inputs_print_the_same_bytes_again(make: Any) -> None:
    proposal = Proposal.objects.select_related("printed", "seal").get(pk=make().pk)

    assert queries.recreated_pdf(proposal) == queries.stored_pdf(proposal)


def test_an_older_product_version_is_reprinted_after_the_product_changed(make: Any) -> None:
    older = make()
    chosen = make_three_chosen()[0]
    dearer = (TermOffer(term_months=36, nominal_rate_annual=Decimal("0.0999")),)
    newer_terms = replace(chosen.inputs.product.terms, offers=dearer)
    newer_version = replace(chosen.inputs.product, version_id="qinghe@2", terms=newer_terms)
    newer = make(
        plans=(replace(chosen, inputs=replace(chosen.inputs, product=newer_version)),),
        products_on=date(2027, 3, 1),
    )

    reprinted = queries.recreated_pdf(older)

    assert reprinted == queries.stored_pdf(older)
    assert "qinghe@1" in pages_of(reprinted)[1]
    assert "qinghe@2" in pages_of(queries.stored_pdf(newer))[1]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"typesetter": "typst 0.0"}, "排版程序已变"),
        ({"layout_digest": "0" * 64}, "版式已变"),
        ({"font_digest": "0" * 64, "typesetter": "typst 0.0"}, "字体、排版程序已变"),
        ({}, "原因不明已变"),
    ],
)
def test_other_bytes_are_a_failure_that_says_what_changed(
    make: Any, changes: dict[str, str], said: str
) -> None:
    proposal = make()
    kept = proposal.printed
    proposal.printed = ProposalPrint(
        **{
            "pdf_digest": "0" * 64,
            "layout_digest": kept.layout_digest,
            "font_digest": kept.font_digest,
            "typesetter": kept.typesetter,
        }
        | changes
    )

    with pytest.raises(queries.RecreationFailedError, match=said):
        queries.recreated_pdf(proposal)


def test_other_numbers_are_a_failure_that_names_the_engine_of_that_day(make: Any) -> None:
    proposal = make()
    tampered = make_inputs(plans=make_three_chosen()[:1]).to_json()
    proposal.inputs = tampered | {"engine": "0.0.9"}

    with pytest.raises(queries.RecreationFailedError, match=r"重算后内容不同.*0\.0\.9"):
        queries.recreated_pdf(proposal)


@pytest.mark.parametrize("field", ["inputs", "sheet"])
def test_what_was_shown_cannot_be_changed(make: Any, field: str) -> None:
    proposal = make()

    with pytest.raises(DatabaseError, match="evidence"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(**{field: {}})


def test_the_inputs_in_the_database_are_equal_to_those_given(make: Any) -> None:
    stored = Proposal.objects.get(pk=make().pk).inputs

    assert ProposalInputs.from_json(stored) == make_inputs()


def test_a_token_is_long_random_and_kept_nowhere(make: Any, advisor: User) -> None:
    proposal = make()
    (first, token), (second, other) = send(proposal, advisor), send(proposal, advisor)

    assert token != other
    assert len(token) >= 43  # 256 bits in base 64
    assert token not in str(first.__dict__)
    assert first.token_digest == hashlib.sha256(token.encode()).hexdigest()
    assert second.expires_at == MOMENT + timedelta(days=14)


def test_a_link_is_found_by_its_token_before_the_organisation_is_known(
    make: Any, advisor: User
) -> None:
    link, token = send(make(), advisor)

    with request_boundary():
        found = queries.live_link(token, at=MOMENT)

    assert found == link


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t.swapcase(), lambda t: t + "A"])
def test_a_tampered_token_is_unknown(make: Any, advisor: User, change: Any) -> None:
    _, token = send(make(), advisor)

    with pytest.raises(queries.LinkUnknownError):
        queries.live_link(change(token), at=MOMENT)


def test_a_link_opens_until_the_moment_it_expires(make: Any, advisor: User) -> None:
    link, token = send(make(), advisor, valid_days=1)

    assert queries.live_link(token, at=link.expires_at - timedelta(seconds=1)) == link
    with pytest.raises(queries.LinkExpiredError):
        queries.live_link(token, at=link.expires_at)


def test_a_revoked_link_opens_no_more_and_keeps_its_first_revocation(
    make: Any, advisor: User
) -> None:
    link, token = send(make(), advisor)
    for minutes in (1, 2):
        operations.revoke_link(
            link=link, revoked_by=advisor, revoked_at=MOMENT + timedelta(minutes=minutes)
        )

    with pytest.raises(queries.LinkRevokedError):
        queries.live_link(token, at=MOMENT)
    assert ProposalLinkRevocation.objects.get().revoked_at == MOMENT + timedelta(minutes=1)


def test_links_show_their_state_and_how_often_they_were_opened(make: Any, advisor: User) -> None:
    proposal = make()
    live, _ = send(proposal, advisor)
    send(proposal, advisor, valid_days=1)
    revoked, _ = send(proposal, advisor)
    operations.revoke_link(link=revoked, revoked_by=advisor, revoked_at=MOMENT)
    for hours, kind in ((1, "page"), (2, "pdf")):
        operations.record_opening(
            link=live,
            kind=ProposalLinkOpening.Kind(kind),
            opened_at=MOMENT + timedelta(hours=hours),
        )

    states = queries.link_states(proposal, at=MOMENT + timedelta(days=2))

    assert [state.state for state in states] == ["revoked", "expired", "live"]
    assert states[-1].opening_count == 2
    assert states[-1].opened_at == MOMENT + timedelta(hours=2)


def test_a_printed_code_is_verified_by_anybody_and_tells_nothing_personal(make: Any) -> None:
    proposal = make()
    code = proposal.seal.sheet_digest[:16]

    with request_boundary():
        found = queries.verified(f"{code[:4]} {code[4:8].upper()} {code[8:]}")

    assert found == queries.Verified(proposal.number, MOMENT.date(), proposal.store.name)


@pytest.mark.parametrize("code", ["", "0" * 16, "d837ba0b", "zz" * 8, "%" * 16, "_" * 16])
def test_other_codes_are_not_genuine(make: Any, code: str) -> None:
    make()

    assert queries.verified(code) is None


def test_another_organisation_sees_neither_proposal_nor_links(
    make: Any, advisor: User, other_organisation: Any
) -> None:
    proposal = make()
    send(proposal, advisor)

    with acting_for(other_organisation.pk):
        assert not Proposal.objects.filter(pk=proposal.pk).exists()
        assert queries.link_states(proposal, at=MOMENT) == []


def test_every_act_is_an_event_of_the_chain(make: Any, advisor: User) -> None:
    from chedai.audit.models import AuditEvent

    proposal = make()
    link, _ = send(proposal, advisor)
    operations.record_opening(link=link, kind=ProposalLinkOpening.Kind.PAGE, opened_at=MOMENT)
    operations.record_download(proposal=proposal, downloaded_by=advisor, downloaded_at=MOMENT)
    operations.revoke_link(link=link, revoked_by=advisor, revoked_at=MOMENT)

    events = AuditEvent.objects.filter(subject_type="proposal", subject_id=proposal.number)

    assert list(events.order_by("pk").values_list("action", flat=True)) == [
        "proposal.make",
        "proposal.send",
        "proposal.open",
        "proposal.download",
        "proposal.revoke_link",
    ]
