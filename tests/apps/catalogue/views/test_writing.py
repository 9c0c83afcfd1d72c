from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.apps.catalogue.conftest import TODAY, typed
from tests.apps.catalogue.views.pages import Make, SignIn, page_of, text_of
from tests.core.plans.builders import make_prepayment, make_terms

from chedai.catalogue.models import (
    Lender,
    Product,
    ProductVersion,
    ProductWithdrawal,
    Publication,
    Rejection,
    Submission,
)
from chedai.staff.models import User


def test_a_new_product_is_written_submitted_and_published_by_two_people(
    lender: Lender, manager: User, compliance: User, client_of: SignIn
) -> None:
    writer, approver = client_of(manager), client_of(compliance)
    assert writer.get(reverse("catalogue:product_new"), {"lender": "qinghe"}).status_code == 200

    written = writer.post(
        reverse("catalogue:lender_products", kwargs={"code": "qinghe"}), typed(make_terms())
    )
    version = ProductVersion.objects.get()
    writer.post(
        reverse("catalogue:version_submission", kwargs={"version_id": version.pk}), {"revision": 1}
    )
    review = page_of(approver, "version_review", version_id=version.pk)
    answered = approver.post(
        reverse("catalogue:version_publication", kwargs={"version_id": version.pk}),
        {"revision": 1},
    )

    assert written.status_code == 302
    assert "这是这个产品的第一版" in text_of(review)
    assert answered.status_code == 302
    assert Publication.objects.get().approved_by == compliance


def test_the_same_form_sent_twice_drafts_one_version(
    lender: Lender, manager: User, client_of: SignIn
) -> None:
    client = client_of(manager)
    form = typed(make_terms())

    for _ in range(2):
        client.post(reverse("catalogue:lender_products", kwargs={"code": "qinghe"}), form)

    assert ProductVersion.objects.count() == 1


def test_contradictory_terms_are_refused_at_their_fields_and_nothing_is_kept(
    lender: Lender, manager: User, client_of: SignIn
) -> None:
    form = typed(
        make_terms(),
        max_loan_to_value="90",
        **{"offers[0].nominal_rate_annual": "", "fees[0].name": "服务费"},
    )

    refused = client_of(manager).post(
        reverse("catalogue:lender_products", kwargs={"code": "qinghe"}), form
    )

    text = text_of(refused)
    assert refused.status_code == 422
    assert 'id="fees[0].payee-error"' in text
    assert "还没有保存" in text
    assert ProductVersion.objects.count() == 0
    assert Product.objects.count() == 0


def test_two_contradictions_are_named_at_once(
    lender: Lender, manager: User, client_of: SignIn
) -> None:
    form = typed(make_terms(), max_loan_to_value="90", **{"offers[0].nominal_rate_annual": ""})

    text = text_of(
        client_of(manager).post(
            reverse("catalogue:lender_products", kwargs={"code": "qinghe"}), form
        )
    )

    assert "要写且只写一个" in text
    assert "相加超过 1" in text


def test_a_code_in_use_is_refused_at_its_field(
    draft: Make, manager: User, client_of: SignIn
) -> None:
    draft()

    refused = client_of(manager).post(
        reverse("catalogue:lender_products", kwargs={"code": "qinghe"}), typed(make_terms())
    )

    assert refused.status_code == 422
    assert "已经用于" in text_of(refused)
    assert ProductVersion.objects.count() == 1


def test_of_two_managers_with_the_same_draft_the_later_one_is_asked_again(
    draft: Make, manager: User, second_manager: User, client_of: SignIn
) -> None:
    version = draft()
    address = reverse("catalogue:version_draft", kwargs={"version_id": version.pk})
    early = typed(make_terms(name="甲的名字"), revision="1")
    late = typed(make_terms(name="乙的名字"), revision="1")

    saved = client_of(manager).post(address, early)
    refused = client_of(second_manager).post(address, late)

    assert saved.status_code == 302
    assert refused.status_code == 409
    assert "甲的名字" in text_of(refused)
    assert "乙的名字" in text_of(refused)
    version.refresh_from_db()
    assert version.terms["name"] == "甲的名字"
    # The page now carries the present revision: sent again on purpose, it is taken.
    assert 'name="revision" value="2"' in text_of(refused)


def test_what_was_changed_after_one_looked_cannot_be_approved(
    submitted: Make, compliance: User, client_of: SignIn
) -> None:
    version = submitted()

    refused = client_of(compliance).post(
        reverse("catalogue:version_publication", kwargs={"version_id": version.pk}),
        {"revision": 7},
    )

    assert refused.status_code == 409
    assert Publication.objects.count() == 0


def test_the_writer_cannot_approve_and_is_told_why(
    submitted: Make, manager: User, client_of: SignIn
) -> None:
    version = submitted()

    refused = client_of(manager).post(
        reverse("catalogue:version_publication", kwargs={"version_id": version.pk}),
        {"revision": 1},
    )

    assert refused.status_code == 409
    assert "要由另一个人审核" in text_of(refused)


def test_sending_back_needs_a_reason(submitted: Make, compliance: User, client_of: SignIn) -> None:
    version = submitted()
    address = reverse("catalogue:version_rejection", kwargs={"version_id": version.pk})
    client = client_of(compliance)

    silent = client.post(address, {"revision": 1, "reason": " "})
    said = client.post(address, {"revision": 1, "reason": "涨幅过大"})
    page = text_of(page_of(client, "version", version_id=version.pk))

    assert silent.status_code == 422
    assert "写明退回原因" in text_of(silent)
    assert said.status_code == 302
    assert Rejection.objects.count() == 1
    assert "涨幅过大" in page


def test_a_changed_version_shows_the_difference_in_words(
    published: Make, submitted: Make, compliance: User, client_of: SignIn
) -> None:
    published()
    later = submitted(
        effective_from=TODAY + timedelta(days=9),
        prepayment=make_prepayment(charge_steps=(), free_after_months=0),
    )

    text = text_of(page_of(client_of(compliance), "version_review", version_id=later.pk))

    assert "随时结清，不收违约金" in text
    assert "第 1 至 12 期结清，收剩余本金的 3% 作违约金" in text


def test_a_product_is_taken_off_the_list_with_a_reason(
    published: Make, manager: User, client_of: SignIn
) -> None:
    code = published().product.code
    address = reverse("catalogue:product_withdrawal", kwargs={"code": code})
    client = client_of(manager)

    client.post(address, {"withdrawn_from": TODAY.isoformat(), "reason": ""})
    assert ProductWithdrawal.objects.count() == 0
    client.post(address, {"withdrawn_from": TODAY.isoformat(), "reason": "机构停办"})

    assert "机构停办" in text_of(page_of(client, "product", code=code))


def test_the_preview_prices_what_is_typed_without_saving(
    lender: Lender, manager: User, client_of: SignIn
) -> None:
    client = client_of(manager)
    address = reverse("catalogue:draft_preview", kwargs={"lender_code": "qinghe"})

    priced = client.post(address, typed(make_terms()))
    unfinished = client.post(address, typed(make_terms(), principal_max_fen=""))

    # 100,000 over 36 months at 3.88 %: 2,946.24 a month by the annuity formula, shown rounded up.
    assert "2,948" in text_of(priced) or "2,947" in text_of(priced)
    assert "还有 1 处" in text_of(unfinished)
    assert ProductVersion.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["offers", "fees", "add_ons", "subventions", "prepayment.charge_steps"]
)
def test_another_row_is_a_fragment(name: str, manager: User, client_of: SignIn) -> None:
    row = page_of(client_of(manager), "draft_row", list_name=name)

    assert row.status_code == 200
    assert f'name="{name}[' in text_of(row)


def test_an_unknown_kind_of_row_is_not_found(manager: User, client_of: SignIn) -> None:
    assert page_of(client_of(manager), "draft_row", list_name="commissions").status_code == 404


@pytest.mark.parametrize("typed_key", ["", "not-a-key"])
def test_a_form_without_its_key_is_refused_and_nothing_is_kept(
    typed_key: str, lender: Lender, manager: User, client_of: SignIn
) -> None:
    form = typed(make_terms()) | {"form_key": typed_key}

    refused = client_of(manager).post(
        reverse("catalogue:lender_products", kwargs={"code": "qinghe"}), form
    )

    assert refused.status_code == 400
    assert ProductVersion.objects.count() == 0


def test_a_draft_already_submitted_is_not_changed(
    submitted: Make, manager: User, client_of: SignIn
) -> None:
    version = submitted()

    client_of(manager).post(
        reverse("catalogue:version_draft", kwargs={"version_id": version.pk}),
        typed(make_terms(name="改名"), revision="1"),
    )

    version.refresh_from_db()
    assert version.terms["name"] == "清禾标准车贷"
    assert Submission.objects.count() == 1
