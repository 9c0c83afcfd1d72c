from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.apps.catalogue.conftest import TODAY
from tests.apps.catalogue.views.pages import READERS, Make, SignIn, page_of, text_of
from tests.catalogue.test_shipped_packs import PACKS
from tests.factories import MOMENT

from chedai.catalogue.operations import register_vehicle
from chedai.catalogue.packs.records import packed_vehicles
from chedai.catalogue.packs.text import read_pack
from chedai.staff.models import Organisation, User


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
    assert "清禾银行股份有限公司（虚构）" in text
    # 3.88 % without fees: the whole contract costs 3.88 % simple, 3.95 % compound.
    assert "3.88%" in text
    assert "3.95%" in text
    assert "满 12 期后结清，不收违约金" in text


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
