"""Acts on organisations, stores and accounts: one transaction and one audit event each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.db import connection, transaction

from chedai.audit.operations import record
from chedai.staff.isolation import acting_for
from chedai.staff.models import Organisation, Store, User
from chedai.staff.roles import Role


class OwnAccountError(Exception):
    """An administrator cannot change their own roles, close or reset their own account."""


class RoleUnknownError(Exception):
    """A role that does not exist was asked for."""


def open_organisation(*, code: str, name: str, province: str, opened_at: datetime) -> Organisation:
    """Open an organisation; afterwards nobody outside of it sees its rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('staff_organisation', 'id'))")
        organisation_id: int = cursor.fetchone()[0]
    # The policies let its row be written by whoever acts for it, so act for it first.
    with acting_for(organisation_id), transaction.atomic():
        organisation = Organisation.objects.create(
            pk=organisation_id, code=code, name=name, province=province, opened_at=opened_at
        )
        record(
            organisation_id=organisation_id,
            actor=None,
            action="organisation.open",
            subject_type="organisation",
            subject_id=code,
            at=opened_at,
        )
    return organisation


@transaction.atomic
def open_store(
    *,
    organisation: Organisation,
    code: str,
    name: str,
    province: str,
    city: str,
    opened_by: User | None,
    opened_at: datetime,
    address: str = "",
    phone: str = "",
) -> Store:
    """Open a store of the organisation."""
    store = Store.objects.create(
        organisation=organisation,
        code=code,
        name=name,
        province=province,
        city=city,
        address=address,
        phone=phone,
    )
    record(
        organisation_id=organisation.pk,
        actor=opened_by,
        action="store.open",
        subject_type="store",
        subject_id=code,
        after={"name": name, "city": city},
        at=opened_at,
    )
    return store


@transaction.atomic
def open_account(
    *,
    organisation: Organisation,
    username: str,
    display_name: str,
    roles: Collection[str],
    password: str,
    opened_by: User | None,
    opened_at: datetime,
    store: Store | None = None,
    email: str = "",
) -> User:
    """Open an account; ``ValidationError`` when the password is too weak.

    Parameters
    ----------
    opened_by
        None for the first administrator of an organisation.
    """
    user = User(
        organisation=organisation,
        store=store,
        username=username.lower(),
        display_name=display_name,
        roles=_known(roles),
        email=email,
        joined_at=opened_at,
    )
    validate_password(password, user)
    user.set_password(password)
    user.save()
    _record(user, "user.join", opened_by, opened_at, after={"roles": user.roles})
    return user


@transaction.atomic
def change_place(
    *,
    user: User,
    roles: Collection[str],
    store: Store | None,
    changed_by: User,
    changed_at: datetime,
) -> None:
    """Give a user other roles or another store, from their next request on."""
    _refuse_own(user, changed_by)
    held = User.objects.select_for_update().get(pk=user.pk)
    before = {"roles": held.roles, "store": held.store_id}
    user.roles, user.store = _known(roles), store
    user.save(update_fields=["roles", "store"])
    after = {"roles": user.roles, "store": user.store_id}
    if after != before:
        _record(user, "user.change_place", changed_by, changed_at, before=before, after=after)


@transaction.atomic
def close_account(*, user: User, closed_by: User, closed_at: datetime) -> None:
    """Shut somebody out at once; what they did stays theirs."""
    _refuse_own(user, closed_by)
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        _record(user, "user.close", closed_by, closed_at)


@transaction.atomic
def reset_account(*, user: User, password: str, reset_by: User, reset_at: datetime) -> None:
    """Set a new password and take the second factor away: for a lost phone or password.

    ``ValidationError`` when the password is too weak.
    """
    _refuse_own(user, reset_by)
    validate_password(password, user)
    user.set_password(password)
    user.is_active = True
    user.save(update_fields=["password", "is_active"])
    for factor in Authenticator.objects.filter(user=user):
        factor.delete()
    _record(user, "user.reset", reset_by, reset_at)


def _record(
    user: User,
    action: str,
    actor: User | None,
    at: datetime,
    *,
    before: object = None,
    after: object = None,
) -> None:
    record(
        organisation_id=user.organisation_id,
        actor=actor,
        action=action,
        subject_type="user",
        subject_id=user.username,
        before=before,
        after=after,
        at=at,
    )


def _known(roles: Collection[str]) -> list[str]:
    unknown = set(roles) - set(Role)
    if unknown:
        msg = f"没有这样的角色：{'、'.join(sorted(unknown))}"
        raise RoleUnknownError(msg)
    return [role.value for role in Role if role in set(roles)]


def _refuse_own(user: User, actor: User) -> None:
    if user.pk == actor.pk:
        msg = "不能改动自己的账号，请另一位系统管理员来做"
        raise OwnAccountError(msg)
