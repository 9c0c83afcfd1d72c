from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.apps.catalogue.conftest import TODAY, typed
from tests.catalogue.test_shipped_packs import PACKS
from tests.core.plans.builders import make_prepayment, make_terms
from tests.factories import MOMENT

from chedai.catalogue.models import (
    Lender,
    Product,
    ProductVersion,
    ProductWithdrawal,
    Publication,
    Rejection,
    Submission,
)
from chedai.catalogue.operations import register_vehicle
from chedai.catalogue.packs.records import packed_vehicles
from chedai.catalogue.packs.text import read_pack
from chedai.staff.models import Organisation, User

Make = Callable[..., ProductVersion]
SignIn = Callable[[User], Client]
READERS = ("front_desk", "advisor", "reviewer", "back_office", "manager", "compliance")


def page_of(client: Client, name: str, **kwargs: Any) -> Any:
    return client.get(reverse(f"catalogue:{name}", kwargs=kwargs))


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("role", READERS)
def test_everybody_at_the_desk_reads_products_and_cars(
    role: str, published: Make, user_with: Callable[..., User], client_of: SignIn
) -> None:
    version = published()
    client = client_of(user_with(role))

    for name, kwargs in (
        ("product_list", {}),
        ("product", {"code": version.product.code}),
        ("version", {"version_id": version.pk}),
        ("vehicle_list", {}),
    ):
        assert page_of(client, name, **kwargs).status_code == 200


def test_the_administrator_has_no_sight_of_the_catalogue(
    published: Make, administrator: User, client_of: SignIn
) -> None:
    published()

    assert page_of(client_of(administrator), "product_list").status_code == 403


@pytest.mark.parametrize("role", [role for role in READERS if role != "manager"])
def test_only_a_manager_opens_the_editor(
    role: str, draft: Make, user_with: Callable[..., User], client_of: SignIn
) -> None:
    version = draft()
    client = client_of(user_with(role))

    for name, kwargs in (
        ("product_new", {}),
        ("version_new", {"code": version.product.code}),
        ("version_draft", {"version_id": version.pk}),
        ("pack_import", {}),
    ):
        assert page_of(client, name, **kwargs).status_code == 403


@pytest.mark.parametrize("role", ["advisor", "reviewer", "front_desk", "back_office"])
def test_only_managers_and_compliance_open_the_review(
    role: str, submitted: Make, user_with: Callable[..., User], client_of: SignIn
) -> None:
    version = submitted()

    assert (
        page_of(client_of(user_with(role)), "version_review", version_id=version.pk).status_code
        == 403
    )


def test_a_product_page_says_whose_car_it_is_and_what_every_term_costs(
    published: Make, advisor: User, client_of: SignIn
) -> None:
    version = published()

    text = text_of(page_of(client_of(advisor), "product", code=version.product.code))

    assert "车登记在您名下" in text
    assert "清禾银行股份有限公司(虚构)" in text
    # 3.88 % without fees: the whole contract costs 3.88 % simple, 3.95 % compound.
    assert "3.88%" in text
    assert "3.95%" in text
    assert "满 12 期后结清,不收违约金" in text


def test_another_organisations_product_is_not_there(
    published: Make, other_organisation: Organisation, client_of: SignIn
) -> None:
    from tests.factories import make_user

    version = published()
    client = client_of(make_user(other_organisation, "manager"))

    assert page_of(client, "product", code=version.product.code).status_code == 404
    assert page_of(client, "version", version_id=version.pk).status_code == 404
    assert "清禾" not in text_of(page_of(client, "product_list"))


def test_the_list_is_narrowed_by_kind_family_state_and_words(
    published: Make, draft: Make, manager: User, client_of: SignIn
) -> None:
    published(code="qinghe-a", name="清禾甲贷", family="bank_car_loan")
    draft(code="qinghe-b", name="清禾乙贷", family="standard")
    client = client_of(manager)

    def listed(**query: str) -> str:
        return text_of(client.get(reverse("catalogue:product_list"), query))

    assert "清禾甲贷" in listed(state="in_force")
    assert "清禾乙贷" not in listed(state="in_force")
    assert "清禾乙贷" in listed(state="draft")
    assert "清禾甲贷" not in listed(family="standard")
    assert "没有符合的产品" in listed(kind="leasing_company")
    assert "清禾乙贷" in listed(q="乙贷")
    assert "清禾甲贷" in listed(kind="unknown-word", state="nonsense")


def test_the_list_goes_on_after_a_page_and_ignores_a_strange_cursor(
    draft: Make, manager: User, client_of: SignIn
) -> None:
    for i in range(27):
        draft(code=f"qinghe-{i:02d}", name=f"清禾第{i:02d}号")
    client = client_of(manager)

    top = client.get(reverse("catalogue:product_list"))
    rest = client.get(_next_link(text_of(top)), headers={"HX-Request": "true"})
    strange = client.get(reverse("catalogue:product_list"), {"after": "%%%"})

    assert "清禾第24号" in text_of(top)
    assert "清禾第25号" not in text_of(top)
    assert "清禾第26号" in text_of(rest)
    assert "<html" not in text_of(rest)
    assert strange.status_code == 302


def _next_link(text: str) -> str:
    return (
        text.partition('id="next-page"')[2]
        .partition('href="')[2]
        .partition('"')[0]
        .replace("&amp;", "&")
    )


def test_a_list_of_many_products_takes_as_many_queries_as_a_list_of_one(
    published: Make, manager: User, client_of: SignIn, django_assert_num_queries: Any
) -> None:
    client = client_of(manager)
    published(code="qinghe-00")
    alone = _queries_of(client)

    for i in range(1, 12):
        published(code=f"qinghe-{i:02d}")
    _queries_of(client)

    assert _queries_of(client) <= alone


def _queries_of(client: Client) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse("catalogue:product_list")).status_code == 200
    return len(captured)


def test_a_product_with_many_versions_takes_as_many_queries_as_with_one(
    published: Make, manager: User, client_of: SignIn
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(manager)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert page_of(client, "product", code="qinghe-standard").status_code == 200
        return len(captured)

    published(effective_from=TODAY)
    alone = count()
    for days in range(1, 6):
        published(effective_from=TODAY + timedelta(days=days))

    assert count() <= alone


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

    assert "随时结清,不收违约金" in text
    assert "第 1 至 12 期结清,收剩余本金的 3% 作违约金" in text


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


def test_a_pack_is_looked_at_and_then_imported(
    lender: Lender, manager: User, client_of: SignIn
) -> None:
    client = client_of(manager)
    text = _pack_text()

    looked = client.post(reverse("catalogue:pack_imports"), {"pack": _file(text)})
    assert ProductVersion.objects.count() == 0
    done = client.post(reverse("catalogue:pack_imports"), {"text": text})

    assert "新建" in text_of(looked)
    assert done.status_code == 302
    assert ProductVersion.objects.count() == 1
    assert Publication.objects.count() == 0


def test_a_pack_in_gb18030_is_read_and_a_faulty_one_names_the_line(
    lender: Lender, manager: User, client_of: SignIn
) -> None:
    client = client_of(manager)
    text = _pack_text()
    faulty = text.replace("method: equal_instalment", "method: equal_installment")
    line = 1 + faulty[: faulty.index("method:")].count("\n")

    good = client.post(reverse("catalogue:pack_imports"), {"pack": _file(text, "gb18030")})
    bad = client.post(reverse("catalogue:pack_imports"), {"pack": _file(faulty)})
    none = client.post(reverse("catalogue:pack_imports"), {})

    assert good.status_code == 200
    assert bad.status_code == 422
    assert f">{line}</td>" in text_of(bad)
    assert none.status_code == 422
    assert "请选一个" in text_of(none)


def test_a_lenders_products_are_downloaded_and_come_in_again_unchanged(
    published: Make, manager: User, client_of: SignIn
) -> None:
    published()
    client = client_of(manager)

    pack = client.post(reverse("catalogue:lender_pack", kwargs={"code": "qinghe"}))
    again = client.post(reverse("catalogue:pack_imports"), {"pack": _file(pack.content.decode())})

    assert "attachment" in pack["Content-Disposition"]
    assert "没有变化,跳过" in text_of(again)


def test_cars_are_found_by_words_and_by_pinyin(
    acting: Organisation, manager: User, advisor: User, client_of: SignIn
) -> None:
    pack = read_pack((PACKS / "vehicles" / "xinglan.yaml").read_text(encoding="utf-8"))
    for vehicle in packed_vehicles(pack):
        register_vehicle(organisation_id=acting.pk, vehicle=vehicle, by=manager, at=MOMENT)
    client = client_of(advisor)

    def found(q: str) -> str:
        return text_of(client.get(reverse("catalogue:vehicle_list"), {"q": q}))

    assert "增程六座版" in found("星澜 六座")
    assert "增程六座版" in found("xinglanl9")
    assert "没有找到车" in found("没有的车")


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


def _pack_text() -> str:
    from chedai.catalogue.packs.products import write_products

    return write_products("qinghe", [(TODAY + timedelta(days=3), make_terms())])


def _file(text: str, encoding: str = "utf-8") -> SimpleUploadedFile:
    return SimpleUploadedFile("products.yaml", text.encode(encoding))
