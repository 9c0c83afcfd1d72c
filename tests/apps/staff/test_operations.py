"""Accounts: opened, moved, closed and reset by an administrator, never by oneself."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from tests.factories import MOMENT, PASSWORD, make_organisation, make_user

from chedai.audit.models import AuditEvent
from chedai.staff.isolation import acting_for
from chedai.staff.models import User
from chedai.staff.operations import (
    OwnAccountError,
    RoleUnknownError,
    change_place,
    close_account,
    open_account,
    open_organisation,
    open_store,
    reset_account,
)

pytestmark = pytest.mark.django_db


def actions():
    return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


def test_an_organisation_is_opened_with_its_first_event():
    organisation = open_organisation(
        code="linjiang", name="临江汽贸（虚构）", province="临江", opened_at=MOMENT
    )

    with acting_for(organisation.pk):
        assert actions() == ["organisation.open"]


def test_a_store_is_opened(acting, administrator):
    store = open_store(
        organisation=acting,
        code="east",
        name="东城店",
        province="临江",
        city="临江",
        opened_by=administrator,
        opened_at=MOMENT,
    )

    assert store.organisation == acting
    assert actions() == ["store.open"]


def join(organisation, administrator, **fields):
    return open_account(
        **{
            "organisation": organisation,
            "username": "Gu.Qing",
            "display_name": "顾清",
            "roles": ["manager", "advisor"],
            "password": PASSWORD,
            "opened_by": administrator,
            "opened_at": MOMENT,
            **fields,
        }
    )


def test_an_account_is_opened_in_lower_case_with_roles_in_order(acting, administrator):
    user = join(acting, administrator)

    assert user.username == "gu.qing"
    assert user.roles == ["advisor", "manager"]
    assert user.check_password(PASSWORD)
    assert actions() == ["user.join"]


@pytest.mark.parametrize("password", ["short", "1234567890", "password123", "gu.qing.gu"])
def test_a_weak_password_is_refused(acting, administrator, password):
    with pytest.raises(ValidationError):
        join(acting, administrator, password=password)

    assert actions() == []


def test_a_role_that_does_not_exist_is_refused(acting, administrator):
    with pytest.raises(RoleUnknownError, match="owner"):
        join(acting, administrator, roles=["owner"])


def test_the_database_refuses_a_role_that_does_not_exist(acting, advisor):
    with pytest.raises(IntegrityError, match="user_roles_known"), transaction.atomic():
        User.objects.filter(pk=advisor.pk).update(roles=["owner"])


def test_a_name_is_taken_in_every_organisation(acting, administrator):
    make_user(make_organisation(), username="gu.qing")

    with pytest.raises(IntegrityError), transaction.atomic():
        join(acting, administrator)


def test_roles_and_store_change_with_their_digests(acting, administrator, advisor, store):
    change_place(
        user=advisor, roles=["manager"], store=None, changed_by=administrator, changed_at=MOMENT
    )

    advisor.refresh_from_db()
    assert (advisor.roles, advisor.store) == (["manager"], None)
    event = AuditEvent.objects.get(action="user.change_place")
    assert bytes(event.before_digest) != bytes(event.after_digest)


def test_a_change_that_changes_nothing_leaves_no_event(acting, administrator, advisor, store):
    change_place(
        user=advisor, roles=["advisor"], store=store, changed_by=administrator, changed_at=MOMENT
    )

    assert actions() == []


def test_closing_twice_is_one_event(acting, administrator, advisor):
    for _ in range(2):
        close_account(user=advisor, closed_by=administrator, closed_at=MOMENT)

    advisor.refresh_from_db()
    assert not advisor.is_active
    assert actions() == ["user.close"]


def test_a_reset_takes_the_factor_away_and_opens_the_account_again(
    acting, administrator, compliance
):
    TOTP.activate(compliance, generate_totp_secret())
    close_account(user=compliance, closed_by=administrator, closed_at=MOMENT)

    reset_account(
        user=compliance,
        password="another-horse-in-linjiang",
        reset_by=administrator,
        reset_at=MOMENT,
    )

    compliance.refresh_from_db()
    assert compliance.is_active
    assert compliance.check_password("another-horse-in-linjiang")
    assert actions() == ["user.factor_add", "user.close", "user.factor_remove", "user.reset"]


def test_nobody_changes_their_own_account(acting, administrator):
    me = administrator
    acts = (
        lambda: change_place(user=me, roles=[], store=None, changed_by=me, changed_at=MOMENT),
        lambda: close_account(user=me, closed_by=me, closed_at=MOMENT),
        lambda: reset_account(user=me, password=PASSWORD, reset_by=me, reset_at=MOMENT),
    )

    for act in acts:
        with pytest.raises(OwnAccountError, match="另一位系统管理员"):
            act()


def test_a_password_hashed_the_old_way_is_hashed_anew(acting, advisor, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    settings.CHEDAI_TESTING = True
    assert advisor.password.startswith("md5")

    assert advisor.check_password(PASSWORD)

    advisor.refresh_from_db()
    assert advisor.password.startswith("pbkdf2")
