"""Who sees which deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.factories import make_deal, make_store, make_user

from chedai.deals.queries import deals_in_scope
from chedai.staff.isolation import acting_for
from chedai.staff.roles import Role

if TYPE_CHECKING:
    from chedai.staff.models import Organisation, Store

OWN_STORE, BOTH_STORES, NOTHING = {"own"}, {"own", "elsewhere"}, set[str]()


@pytest.fixture
def two_stores(organisation: Organisation, store: Store, other_organisation: Organisation) -> Store:
    """A deal in our store, one in another, one in another organisation."""
    places = (
        ("own", organisation, store),
        ("elsewhere", organisation, make_store(organisation)),
        ("foreign", other_organisation, make_store(other_organisation)),
    )
    for name, owner, place in places:
        make_deal(make_user(owner, "advisor", store=place), number=name)
    return store


@pytest.mark.parametrize(
    ("roles", "has_store", "seen"),
    [
        (["front_desk"], True, OWN_STORE),
        (["advisor"], True, OWN_STORE),
        (["back_office"], True, OWN_STORE),
        (["manager"], True, OWN_STORE),
        (["manager"], False, BOTH_STORES),
        (["reviewer"], True, BOTH_STORES),
        (["compliance"], True, BOTH_STORES),
        (["compliance"], False, BOTH_STORES),
        (["administrator"], True, NOTHING),
        (["administrator"], False, NOTHING),
        ([], True, NOTHING),
        (["administrator", "advisor"], True, OWN_STORE),
        (["advisor", "reviewer"], True, BOTH_STORES),
    ],
)
def test_a_role_sees_the_deals_within_its_reach(
    organisation: Organisation,
    two_stores: Store,
    roles: list[str],
    has_store: bool,
    seen: set[str],
) -> None:
    user = make_user(organisation, *roles, store=two_stores if has_store else None)

    with acting_for(organisation.pk):
        assert {deal.number for deal in deals_in_scope(user=user)} == seen


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_reach(role: Role, organisation: Organisation, two_stores: Store) -> None:
    user = make_user(organisation, role, store=two_stores)

    with acting_for(organisation.pk):
        numbers = {deal.number for deal in deals_in_scope(user=user)}

    assert "foreign" not in numbers
    assert numbers <= BOTH_STORES
