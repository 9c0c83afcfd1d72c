"""Signing in and out: what allauth asks us, and the audit event of each act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import signals as account_signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Q
from django.db.models.signals import post_delete, post_save

from chedai.audit.operations import record
from chedai.staff.isolation import acting_for, directory_window
from chedai.staff.models import User
from chedai.web import clock

if TYPE_CHECKING:
    from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by an administrator, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before a change of factor, unless the password was given just now."""
        request: Any = context.request
        records = get_authentication_records(request, request.user)
        age = clock.now().timestamp() - float(records[-1]["at"]) if records else None
        if age is not None and 0 <= age < int(settings.ACCOUNT_REAUTHENTICATION_TIMEOUT):
            return False
        is_required: bool = super().is_reauthentication_required(app=app, **kwargs)
        return is_required

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing on signing in and out: the page one arrives at says it."""


def connect() -> None:
    """Turn the signals of Django and allauth into audit events."""
    user_logged_in.connect(_signed_in, dispatch_uid="chedai.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="chedai.signed_out")
    user_login_failed.connect(_refused, dispatch_uid="chedai.sign_in_refused")
    account_signals.password_changed.connect(_password_changed, dispatch_uid="chedai.password")
    # allauth's own signals come after the commit; these are in the same transaction.
    post_save.connect(_factor_saved, sender=Authenticator, dispatch_uid="chedai.factor_saved")
    post_delete.connect(_factor_gone, sender=Authenticator, dispatch_uid="chedai.factor_gone")
    mfa_signals.authentication_failed.connect(_code_refused, dispatch_uid="chedai.code_refused")


def _record(user: User, *, action: str, **detail: str) -> None:
    with acting_for(user.organisation_id):
        record(
            organisation_id=user.organisation_id,
            actor=user,
            action=action,
            subject_type="user",
            subject_id=user.username,
            detail=detail,
            at=clock.now(),
        )


def _signed_in(sender: Any, *, user: User, **_: Any) -> None:
    _record(user, action="user.sign_in")


def _signed_out(sender: Any, *, user: User | None, **_: Any) -> None:
    if isinstance(user, User):
        _record(user, action="user.sign_out")


def _refused(sender: Any, *, credentials: dict[str, Any], **_: Any) -> None:
    name = str(credentials.get("username") or credentials.get("email") or "").lower()
    with directory_window():
        user = User.objects.filter(Q(username=name) | Q(email=name)).first()
    if name and user is not None:
        _record(user, action="user.sign_in_refused")


def _password_changed(sender: Any, *, user: User, **_: Any) -> None:
    _record(user, action="user.change_password")


def _factor_saved(
    sender: Any, *, instance: Authenticator, created: bool, raw: bool, **_: Any
) -> None:
    if created and not raw:
        _record(instance.user, action="user.factor_add", factor=str(instance.type))


def _factor_gone(sender: Any, *, instance: Authenticator, **_: Any) -> None:
    _record(instance.user, action="user.factor_remove", factor=str(instance.type))


def _code_refused(sender: Any, *, user: User, **_: Any) -> None:
    _record(user, action="user.code_refused")
