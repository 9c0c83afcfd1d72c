"""How far each role sees; a role without a row here fails the first test."""

import pytest
from tests.factories import make_deal, make_store, make_user

from chedai.deals.models import Deal
from chedai.staff.models import User
from chedai.staff.roles import AREAS, REACHES, ROLE_LABELS, Reach, Role
from chedai.staff.scope import reach_of, rows_within


@pytest.mark.parametrize(
    ("roles", "has_store", "reach"),
    [
        ([], True, Reach.NONE),
        (["front_desk"], True, Reach.STORE),
        (["advisor"], True, Reach.STORE),
        (["reviewer"], True, Reach.ORGANISATION),
        (["back_office"], True, Reach.STORE),
        (["manager"], True, Reach.STORE),
        (["manager"], False, Reach.ORGANISATION),
        (["compliance"], True, Reach.ORGANISATION),
        (["administrator"], False, Reach.NONE),
        (["administrator", "advisor"], True, Reach.STORE),
        (["advisor", "reviewer"], True, Reach.ORGANISATION),
    ],
)
def test_the_widest_role_decides(roles, has_store, reach):
    assert reach_of(User(roles=roles, store_id=1 if has_store else None)) is reach


def test_every_role_has_a_label_and_a_reach():
    assert set(ROLE_LABELS) == set(REACHES) == set(Role)
    assert all(roles <= set(Role) for roles in AREAS.values())


@pytest.mark.django_db
def test_rows_are_narrowed_to_store_and_to_ones_own(acting, advisor, store):
    colleague = make_user(acting, "advisor", store=store)
    elsewhere = make_user(acting, "advisor", store=make_store(acting))
    own, colleagues, other = (make_deal(user) for user in (advisor, colleague, elsewhere))
    overseer = make_user(acting, "manager")
    administrator = make_user(acting, "administrator")
    deals = Deal.objects.order_by("pk")

    assert list(rows_within(deals, advisor)) == [own, colleagues]
    assert list(rows_within(deals, advisor, own_only=True)) == [own]
    assert list(rows_within(deals, overseer)) == [own, colleagues, other]
    assert list(rows_within(deals, administrator)) == []
