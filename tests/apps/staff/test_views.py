"""The administrator's page of people."""

import pytest
from django.urls import reverse
from tests.factories import PASSWORD, make_user

from chedai.staff.isolation import acting_for
from chedai.staff.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of, administrator):
    return client_of(administrator)


def one(user):
    with acting_for(user.organisation_id):
        return User.objects.get(pk=user.pk)


def test_the_list_shows_the_organisations_people_only(client, advisor, other_organisation):
    theirs = make_user(other_organisation)

    page = client.get(reverse("staff:user_list")).content.decode()

    assert advisor.display_name in page
    assert theirs.username not in page


def test_an_account_opened_here_can_sign_in(client, client_of, organisation, store):
    response = client.post(
        reverse("staff:user_new"),
        {
            "username": "gu.qing",
            "display_name": "顾清",
            "password": PASSWORD,
            "roles": ["advisor"],
            "store": store.pk,
        },
    )

    assert response.status_code == 302
    with acting_for(organisation.pk):
        user = User.objects.get(username="gu.qing")
        assert user.check_password(PASSWORD)
    assert user.roles == ["advisor"]


def test_a_name_taken_elsewhere_is_refused_without_saying_where(client, other_organisation):
    make_user(other_organisation, username="gu.qing")

    response = client.post(
        reverse("staff:user_new"),
        {"username": "gu.qing", "display_name": "顾清", "password": PASSWORD},
    )

    assert "已经有人用了" in response.content.decode()


def test_a_weak_password_is_refused_on_the_form(client):
    response = client.post(
        reverse("staff:user_new"),
        {"username": "gu.qing", "display_name": "顾清", "password": "short"},
    )

    assert "form-error" in response.content.decode()


def test_roles_are_changed(client, advisor, store):
    address = reverse("staff:user_place", args=[advisor.username])
    assert "顾问" in client.get(address).content.decode()

    client.post(address, {"roles": ["advisor", "manager"], "store": store.pk})

    assert one(advisor).roles == ["advisor", "manager"]


def test_an_account_is_closed_and_reset(client, advisor):
    client.post(reverse("staff:user_closing", args=[advisor.username]))
    assert not one(advisor).is_active

    client.post(
        reverse("staff:user_reset", args=[advisor.username]),
        {"password": "another-horse-in-linjiang"},
    )
    assert one(advisor).is_active


@pytest.mark.parametrize("password", ["", "short"])
def test_a_reset_with_no_or_a_weak_password_is_refused(client, advisor, password):
    response = client.post(
        reverse("staff:user_reset", args=[advisor.username]), {"password": password}
    )

    assert "form-error" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("staff:user_place", {"roles": ["advisor"]}),
        ("staff:user_closing", {}),
        ("staff:user_reset", {"password": "another-horse-in-linjiang"}),
    ],
)
def test_ones_own_account_is_left_to_another_administrator(client, administrator, name, values):
    response = client.post(reverse(name, args=[administrator.username]), values)

    assert "另一位系统管理员" in response.content.decode()
    assert one(administrator).roles == ["administrator"]
    assert one(administrator).is_active


def test_somebody_of_another_organisation_does_not_exist(client, other_organisation):
    theirs = make_user(other_organisation)

    assert client.get(reverse("staff:user_place", args=[theirs.username])).status_code == 404
