from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.apps.catalogue.conftest import TODAY
from tests.catalogue.test_shipped_packs import PACKS
from tests.factories import MOMENT

from chedai.catalogue import queries
from chedai.catalogue.models import ProductVersion
from chedai.catalogue.operations import register_vehicle, withdraw_product
from chedai.catalogue.operations.revision import bump_revision
from chedai.catalogue.packs.records import packed_vehicles
from chedai.catalogue.packs.text import read_pack
from chedai.staff.isolation import acting_for
from chedai.staff.models import Organisation, User

Make = Callable[..., ProductVersion]
TOMORROW = TODAY + timedelta(days=1)


def codes_on(day: date) -> list[str]:
    return [terms.code for _, terms in queries.product_terms_on(day)]


def test_each_day_has_the_version_of_that_day(published: Make) -> None:
    early = published(name="今天的")
    late = published(name="明天的", effective_from=TOMORROW)

    assert [pk for pk, _ in queries.product_terms_on(TODAY)] == [early.pk]
    assert [pk for pk, _ in queries.product_terms_on(TOMORROW)] == [late.pk]
    assert codes_on(TODAY - timedelta(days=1)) == []


def test_what_is_asked_again_takes_one_query_and_no_parsing(
    published: Make, django_assert_num_queries: Any
) -> None:
    published()
    with django_assert_num_queries(2):
        once = queries.product_versions_on(TODAY)

    with django_assert_num_queries(1):
        again = queries.product_versions_on(TODAY)

    assert again is once


def test_a_publication_is_seen_at_once(published: Make) -> None:
    published(code="qinghe-a")
    assert codes_on(TODAY) == ["qinghe-a"]

    published(code="qinghe-b")

    assert codes_on(TODAY) == ["qinghe-a", "qinghe-b"]


def test_what_another_process_changed_is_seen_through_the_revision(
    published: Make, acting: Organisation
) -> None:
    published()
    once = queries.product_versions_on(TODAY)

    bump_revision(acting.pk)

    assert queries.product_versions_on(TODAY) is not once


def test_a_change_thrown_away_does_not_stay_in_memory(
    published: Make, acting: Organisation
) -> None:
    published(code="qinghe-a")
    with transaction.atomic():
        published(code="qinghe-b")
        assert len(codes_on(TODAY)) == 2
        transaction.set_rollback(True)

    published(code="qinghe-c")

    assert codes_on(TODAY) == ["qinghe-a", "qinghe-c"]


def test_a_withdrawn_product_is_sold_until_its_day(published: Make, manager: User) -> None:
    withdraw_product(
        product=published().product,
        withdrawn_from=TOMORROW,
        reason="停办",
        by=manager,
        at=MOMENT,
    )

    assert len(codes_on(TODAY)) == 1
    assert codes_on(TOMORROW) == []


def test_organisations_do_not_share_what_is_kept(
    published: Make, other_organisation: Organisation
) -> None:
    published()
    assert len(codes_on(TODAY)) == 1

    with acting_for(other_organisation.pk):
        assert codes_on(TODAY) == []


def test_a_stored_version_is_found_again_and_an_unknown_one_is_named(draft: Make) -> None:
    version = draft()

    assert queries.terms_of_versions([version.pk])[version.pk].code == "qinghe-standard"
    with pytest.raises(queries.UnknownVersionError, match="123456789"):
        queries.terms_of_versions([version.pk, 123_456_789])


@pytest.fixture
def showroom(acting: Organisation, manager: User) -> None:
    for name in ("xinglan", "used"):
        pack = read_pack((PACKS / "vehicles" / f"{name}.yaml").read_text(encoding="utf-8"))
        for vehicle in packed_vehicles(pack):
            register_vehicle(organisation_id=acting.pk, vehicle=vehicle, by=manager, at=MOMENT)


@pytest.mark.parametrize(
    ("day", "discount_fen"),
    [(date(2026, 9, 30), 8_000_00), (date(2026, 10, 1), 12_000_00), (TODAY, 12_000_00)],
)
def test_a_car_costs_what_holds_on_the_day(day: date, discount_fen: int, showroom: None) -> None:
    car = queries.vehicle_by_code("xinglan-s5-2026-lr", day=day)

    assert car is not None
    # 179,800 yuan list price less the discount of the day.
    assert car.usual_price_fen == 179_800_00 - discount_fen


def test_a_car_without_a_price_yet_is_not_offered(showroom: None) -> None:
    assert queries.vehicle_by_code("xinglan-s5-2026-lr", day=date(2026, 2, 28)) is None


def test_a_used_car_costs_what_is_asked_and_ages_by_whole_months(showroom: None) -> None:
    [car] = queries.search_vehicles("used-k6-2022-a", day=TODAY)

    assert car.usual_price_fen == 65_800_00
    # First registered 2022-04-18: on 2026-11-23 four years and seven months.
    assert car.age_months_on(TODAY) == 55
    assert car.age_months_on(date(2026, 11, 17)) == 54


@pytest.mark.parametrize("limit_fen", [111_800_00, 111_799_99])
def test_a_price_limit_includes_the_limit(limit_fen: int, showroom: None) -> None:
    # 星澜 P3: 119,800 less 4,000; used cars may be cheaper.
    found = queries.vehicle_options(day=TODAY, condition="new", price_max_fen=limit_fen + 4_000_00)

    assert [car.code for car in found] == (
        ["xinglan-p3-2026-std"] if limit_fen == 111_800_00 else []
    )


@pytest.mark.parametrize("cursor", ["", "x", "W10", "WyJhIl0", "eyJhIjoxfQ", "WzEsMiwiYSJd"])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str, acting: Organisation) -> None:
    if not cursor:
        assert queries.vehicle_page(day=TODAY, cursor=cursor).vehicles == ()
        return
    with pytest.raises(queries.UnreadableCursorError):
        queries.vehicle_page(day=TODAY, cursor=cursor)
