"""Sending a deal to lenders in the browser, and lenders telling us what happened."""

from __future__ import annotations

import json
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.apps.counting import queries_of
from tests.apps.showroom import put_on_sale, three_products
from tests.factories import make_user
from tests.lenders.packs import ROOT

from chedai.applications.models import (
    LenderConnection,
    LenderConsent,
    OutboxMessage,
    Submission,
    SubmissionEvent,
)
from chedai.applications.queries.sheets import latest_sheet
from chedai.applications.tasks import sweep_organisation
from chedai.lenders.port import signed_headers
from chedai.lenders.sandbox.secrets import secret_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.apps.applications.lending import Lending

    from chedai.staff.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of: Callable[[User], Client], advisor: User) -> Client:
    return client_of(advisor)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def address(lending: Lending, act: str = "") -> str:
    return f"/deals/{lending.deal.number}/lenders/{act}"


def send(client: Client, lending: Lending, **typed: Any) -> Any:
    version_id, term_months, down_fen = lending.chosen().plan.key
    plain = {
        "connection": lending.connection.pk,
        "form_key": str(uuid4()),
        "plan": f"{version_id}-{term_months}-{down_fen}",
    }
    return client.post(address(lending, "submissions/"), plain | typed)


def callback(lending: Lending, submission: Submission, **changes: Any) -> Any:
    """Tell the desk something the way the lender does, or nearly."""
    body = changes.pop("body", None) or {
        "event_id": changes.pop("event_id", "E9"),
        "application_ref": submission.reference,
        "lender_ref": "L1",
        "sequence": changes.pop("sequence", 2),
        "kind": "in_review",
        "occurred_at": lending.now().isoformat(),
    }
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    path = changes.pop("path", "/lender-callbacks/xinghe/")
    plain = {"at": lending.now(), "nonce": token_hex(16)} | changes
    headers = signed_headers(
        plain.pop("secret", secret_of(ROOT, "xinghe")),
        method="POST",
        path=path,
        body=content,
        **plain,
    )
    return Client(headers={"host": "localhost"}).post(
        path, content, content_type="application/json", headers=headers
    )


def test_the_page_says_what_each_lender_lacks(client: Client, lending: Lending) -> None:
    text = text_of(client.get(address(lending)))

    assert "星河汽车金融" in text
    assert "还缺" in text
    assert "一张表填给所有资金方" in text


def test_one_form_is_filled_once_and_what_is_empty_changes_nothing(
    client: Client, lending: Lending
) -> None:
    typed = {"name": "样本甲", "monthly_income_fen": "12,000", "employment": "salaried"}
    assert client.post(address(lending, "sheet/"), typed).status_code == 302
    assert client.post(address(lending, "sheet/"), {"name": "", "phone": "１９９００００００１"})

    sheet = latest_sheet(lending.deal)
    assert sheet is not None
    assert sheet.values["monthly_income_fen"] == 12_000_00
    assert set(sheet.sealed_names) == {"name", "phone"}
    assert "样本甲" not in text_of(client.get(address(lending)))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"monthly_income_fen": "一万"}, "整数"),
        ({"monthly_income_fen": "1e30"}, "范围"),
        ({"monthly_income_fen": "-5"}, "范围"),
        ({"monthly_income_fen": "NaN"}, "整数"),
        ({"employment": "pirate"}, "只能选"),
        ({"name": "长" * 300}, "太长"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_kept(
    client: Client, lending: Lending, typed: dict[str, str], said: str
) -> None:
    answer = client.post(address(lending, "sheet/"), typed)

    assert (answer.status_code, said in text_of(answer)) == (422, True)
    assert latest_sheet(lending.deal) is None


def test_a_paper_is_taken_and_a_program_is_not(client: Client, lending: Lending) -> None:
    good = SimpleUploadedFile("a.exe", b"%PDF-1.7 hello")
    bad = SimpleUploadedFile("a.pdf", b"MZ program")
    where = address(lending, "files/")

    assert client.post(where, {"type": "id_card", "file": good}).status_code == 302
    refused = client.post(where, {"type": "id_card", "file": bad})
    nothing = client.post(where, {"type": "id_card"})

    assert (refused.status_code, nothing.status_code) == (422, 422)
    assert "只收 PDF" in text_of(refused)


def test_a_consent_is_one_paper_for_one_lender(client: Client, lending: Lending) -> None:
    typed = {
        "connection": lending.connection.pk,
        "kind": "credit",
        "purpose": "办理购车贷款",
        "signed_on": lending.now().date().isoformat(),
        "expires_on": "2030-01-01",
    }
    assert client.post(address(lending, "consents/"), typed).status_code == 302
    refused = client.post(address(lending, "consents/"), typed | {"signed_on": "昨天"})

    assert (refused.status_code, "2026-11-24" in text_of(refused)) == (422, True)
    consent = LenderConsent.objects.get()
    client.post(address(lending, f"consents/{consent.pk}/withdrawal/"))
    assert hasattr(LenderConsent.objects.get(), "withdrawal")


def test_sent_before_it_is_ready_it_says_all_that_is_missing(
    client: Client, lending: Lending
) -> None:
    answer = send(client, lending)

    assert answer.status_code == 422
    assert "还缺：" in text_of(answer)
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("typed", "status"),
    [({"plan": "Z"}, 422), ({"form_key": "x"}, 422), ({"connection": "0"}, 404)],
)
def test_a_form_that_is_not_of_this_page_sends_nothing(
    client: Client, lending: Lending, typed: dict[str, str], status: int
) -> None:
    lending.make_ready()

    assert send(client, lending, **typed).status_code == status
    assert not Submission.objects.exists()


def test_a_lender_is_offered_its_own_products_and_nobody_elses(
    client: Client, lending: Lending, monkeypatch: pytest.MonkeyPatch
) -> None:
    lending.make_ready()
    put_on_sale(monkeypatch, three_products())

    assert "这家没有办得了的方案" in text_of(client.get(address(lending)))
    assert send(client, lending).status_code == 422
    assert not Submission.objects.exists()


def test_sent_from_the_page_it_reaches_the_lender_with_the_next_sweep(
    client: Client, lending: Lending
) -> None:
    lending.make_ready()
    assert send(client, lending).status_code == 302
    assert "正在送出" in text_of(client.get(address(lending)))

    assert sweep_organisation(organisation_id=lending.deal.organisation_id) == 1

    text = text_of(client.get(address(lending)))
    assert "资金方已收到" in text
    assert OutboxMessage.objects.get().done_at is not None


def test_a_callback_becomes_part_of_the_story(client: Client, lending: Lending) -> None:
    lending.make_ready()
    send(client, lending)
    submission = Submission.objects.get()

    assert callback(lending, submission).status_code == 204
    again = callback(lending, submission)

    assert again.status_code == 204
    assert SubmissionEvent.objects.filter(submission=submission, sequence=2).count() == 1
    assert "审批中" in text_of(client.get(address(lending)))


def test_a_callback_nobody_can_believe_changes_nothing(client: Client, lending: Lending) -> None:
    lending.make_ready()
    send(client, lending)
    submission = Submission.objects.get()
    nonce = token_hex(16)
    stranger = {
        "event_id": "E1",
        "application_ref": "0" * 24,
        "lender_ref": "L",
        "sequence": 1,
        "kind": "withdrawn",
        "occurred_at": lending.now().isoformat(),
    }

    answers = [
        callback(lending, submission, secret=b"another").status_code,
        callback(lending, submission, at=lending.now().replace(year=2020)).status_code,
        callback(lending, submission, path="/lender-callbacks/qiyue/").status_code,
        callback(lending, submission, body=stranger).status_code,
        callback(lending, submission, body=b"not json").status_code,
        callback(lending, submission, body=b"x" * 300_000).status_code,
        callback(
            lending,
            submission,
            body=stranger | {"application_ref": submission.reference, "kind": "approved"},
        ).status_code,
    ]

    assert answers == [401, 401, 404, 404, 404, 413, 422]
    assert not SubmissionEvent.objects.exists()
    assert callback(lending, submission, nonce=nonce).status_code == 204
    assert callback(lending, submission, nonce=nonce, sequence=3).status_code == 409
    assert SubmissionEvent.objects.count() == 1


def test_what_was_given_up_stands_in_the_outbox_and_can_be_sent_again(
    client: Client, lending: Lending
) -> None:
    lending.make_ready()
    send(client, lending)
    lending.world.order(schema_drift=1)
    sweep_organisation(organisation_id=lending.deal.organisation_id)
    message = OutboxMessage.objects.get()

    text = text_of(client.get("/lenders/outbox/"))
    assert "停下了" in text
    assert client.post(f"/lenders/outbox/{message.pk}/retry/").status_code == 302
    message.refresh_from_db()
    assert message.given_up_at is None


def test_a_step_out_of_turn_and_a_paper_that_is_not_there_are_refused(
    client: Client, lending: Lending
) -> None:
    lending.make_ready()
    send(client, lending)
    reference = Submission.objects.get().reference

    early = client.post(f"/submissions/{reference}/step/", {"act": "accept"})
    odd = client.post(f"/submissions/{reference}/step/", {"act": "explode"})
    bare = client.post(f"/submissions/{reference}/answer/", {"code": "S1", "file": "9" * 30})

    assert (early.status_code, odd.status_code, bare.status_code) == (409, 404, 422)


def test_somebody_of_another_store_sees_nothing_of_it(
    client: Client, lending: Lending, client_of: Callable[[User], Client]
) -> None:
    from tests.factories import make_store

    lending.make_ready()
    send(client, lending)
    reference = Submission.objects.get().reference
    elsewhere = make_store(lending.deal.organisation, code="far", name="远处店")
    stranger = client_of(make_user(lending.deal.organisation, "advisor", store=elsewhere))

    assert stranger.get(address(lending)).status_code == 404
    assert stranger.post(f"/submissions/{reference}/step/", {"act": "withdraw"}).status_code == 404
    assert reference not in text_of(stranger.get("/lenders/outbox/"))


def test_only_an_encrypted_address_and_a_long_secret_are_connected(
    lending: Lending, client_of: Callable[[User], Client]
) -> None:
    admin = client_of(make_user(lending.deal.organisation, "manager"))
    typed = {"lender": "xinghe", "channel": "standard"}

    plain = admin.post("/lenders/connections/", typed | {"base_url": "http://lender.test"})
    short = admin.post(
        "/lenders/connections/", typed | {"base_url": "https://lender.test", "secret": "short"}
    )
    good = admin.post(
        "/lenders/connections/", typed | {"base_url": "https://lender.test", "secret": "s" * 40}
    )

    assert (plain.status_code, short.status_code, good.status_code) == (422, 422, 302)
    connection = LenderConnection.objects.get()
    assert connection.base_url == "https://lender.test"
    assert "s" * 40 not in text_of(admin.get("/lenders/connections/"))


def test_the_page_asks_the_database_as_often_for_ten_papers_as_for_one(
    client: Client, lending: Lending
) -> None:
    lending.make_ready()
    few = queries_of(client, address(lending))
    for number in range(10):
        lending.fill(age_years=30 + number)
        lending.consent("sharing")

    assert queries_of(client, address(lending)) == few
