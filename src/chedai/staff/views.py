from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chedai.staff.forms import AccountForm, PasswordForm, PlaceForm
from chedai.staff.models import User
from chedai.staff.operations import (
    OwnAccountError,
    change_place,
    close_account,
    open_account,
    reset_account,
)
from chedai.staff.queries import accounts

TAKEN = "这个用户名或邮箱已经有人用了，请换一个"


@require_GET
def user_list(request: HttpRequest) -> HttpResponse:
    return _page(request, "staff/user_list.html", users=accounts())


@require_http_methods(["GET", "POST"])
def user_new(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        me = _me(request)
        try:
            with transaction.atomic():
                open_account(
                    organisation=me.organisation,
                    opened_by=me,
                    opened_at=_now(request),
                    **form.cleaned_data,
                )
        except IntegrityError:
            form.add_error("username", TAKEN)
        else:
            return redirect("staff:user_list")
    return _page(request, "staff/user_form.html", title="新账号", form=form, held=None)


@require_http_methods(["GET", "POST"])
def user_place(request: HttpRequest, username: str) -> HttpResponse:
    held = get_object_or_404(User, username=username)
    initial = {"roles": held.roles, "store": held.store_id}
    form = PlaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_place(
                user=held, changed_by=_me(request), changed_at=_now(request), **form.cleaned_data
            )
        except OwnAccountError as error:
            form.add_error(None, str(error))
        else:
            return redirect("staff:user_list")
    return _page(request, "staff/user_form.html", title=held.display_name, form=form, held=held)


@require_POST
def user_closing(request: HttpRequest, username: str) -> HttpResponse:
    held = get_object_or_404(User, username=username)
    try:
        close_account(user=held, closed_by=_me(request), closed_at=_now(request))
    except OwnAccountError as error:
        return _place_again(request, held, error)
    return redirect("staff:user_list")


@require_POST
def user_reset(request: HttpRequest, username: str) -> HttpResponse:
    held = get_object_or_404(User, username=username)
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _place_again(request, held, ValidationError("请填新密码"))
    try:
        reset_account(
            user=held,
            password=form.cleaned_data["password"],
            reset_by=_me(request),
            reset_at=_now(request),
        )
    except (OwnAccountError, ValidationError) as error:
        return _place_again(request, held, error)
    return redirect("staff:user_list")


def _place_again(request: HttpRequest, held: User, error: Exception) -> HttpResponse:
    form = PlaceForm({"roles": held.roles, "store": held.store_id})
    form.is_valid()
    messages = error.messages if isinstance(error, ValidationError) else [str(error)]
    form.add_error(None, list(messages))
    return _page(request, "staff/user_form.html", title=held.display_name, form=form, held=held)


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _now(request: Any) -> Any:
    return request.now  # one moment a request, set by the middleware


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return render(request, template, context, using="jinja2")
