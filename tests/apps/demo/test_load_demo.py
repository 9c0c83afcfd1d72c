from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from tests.factories import MOMENT

from chedai.audit.models import AuditEvent
from chedai.catalogue import queries
from chedai.catalogue.models import Product, ProductVersion, Publication, Rejection, Vehicle
from chedai.demo import chapters
from chedai.demo.chapters import products
from chedai.demo.chapters.people import PEOPLE
from chedai.demo.management.commands import load_demo
from chedai.demo.world import BROKER_CODE, GROUP_CODE, PASSWORD
from chedai.staff.isolation import acting_for, directory_window
from chedai.staff.models import Organisation, Store, User
from chedai.staff.roles import Role

TODAY = MOMENT.date()


@pytest.fixture(autouse=True)
def _still_clock(settings: Any) -> None:
    settings.CHEDAI_CLOCK_FIXED_AT = MOMENT.isoformat()


@pytest.fixture(autouse=True)
def _without_customers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the two months of customers to their own tests: they take twenty seconds."""
    monkeypatch.setattr(load_demo, "CHAPTERS", chapters.CHAPTERS[:4])


def load(*options: str) -> str:
    said = StringIO()
    call_command("load_demo", *options, stdout=said)
    return said.getvalue()


def organisation_id(code: str) -> int:
    with directory_window():
        return Organisation.objects.get(code=code).pk


def counts(code: str) -> dict[str, int]:
    with acting_for(organisation_id(code)):
        return {
            model.__name__: model.objects.count()
            for model in (Store, User, Vehicle, Product, ProductVersion, Publication, AuditEvent)
        }


@pytest.mark.slow
def test_the_world_is_there_and_telling_it_again_changes_nothing(db: None) -> None:
    load()
    group, broker = counts(GROUP_CODE), counts(BROKER_CODE)
    load("--if-empty")

    assert counts(GROUP_CODE) == group
    assert counts(BROKER_CODE) == broker
    assert group["Store"] == 6
    assert broker["Store"] == 1
    assert group["User"] + broker["User"] >= 24
    assert group["Product"] >= 34
    assert broker["Product"] < group["Product"]


@pytest.mark.slow
def test_products_have_a_past_a_present_and_a_future(db: None) -> None:
    load()

    with acting_for(organisation_id(GROUP_CODE)):
        today = {terms.code for _, terms in queries.product_terms_on(TODAY)}
        states = {
            row.state
            for product in Product.objects.all()
            for row in queries.versions_of(product, day=TODAY)
        }

    assert len(today) >= 34
    assert "hepu-seasonal" not in today
    assert states == {"in_force", "ended", "future", "waiting", "draft", "rejected"}


@pytest.mark.slow
def test_a_loading_broken_off_is_finished_by_the_next(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = iter(range(20))

    def break_off(*args: Any, **kwargs: Any) -> Any:
        if next(steps) == 10:
            raise KeyboardInterrupt
        return approve(*args, **kwargs)

    approve = products.approve_version
    monkeypatch.setattr(products, "approve_version", break_off)
    with pytest.raises(KeyboardInterrupt):
        load()
    monkeypatch.setattr(products, "approve_version", approve)

    load()

    with acting_for(organisation_id(GROUP_CODE)):
        assert len(queries.product_terms_on(TODAY)) >= 34
        assert Rejection.objects.count() == 1
        assert not ProductVersion.objects.filter(number__gt=4).exists()


@pytest.mark.slow
def test_an_installation_in_use_is_left_alone(organisation: Organisation) -> None:
    said = load("--if-empty")

    with directory_window():
        assert list(Organisation.objects.values_list("pk", flat=True)) == [organisation.pk]
    assert "不载入" in said


def test_every_role_is_played_and_every_first_of_a_kind_has_something_to_try() -> None:
    played = {role for people in PEOPLE.values() for paper in people for role in paper.roles}

    assert played == set(Role)


def test_the_sign_ins_name_user_password_and_what_to_try() -> None:
    said = load("--print-sign-ins")

    assert said.count(PASSWORD) >= len(Role)
    assert "shen.mo" in said
    assert "提交审核" in said


def test_chapters_are_told_in_an_order_that_builds() -> None:
    assert [title for title, _ in chapters.CHAPTERS] == [
        "机构与门店",
        "人员",
        "资金方与车型",
        "产品及其版本",
        "接入资金方",
        "两个月的客户",
        "在办的流程",
        "今天的排队与预约",
    ]
