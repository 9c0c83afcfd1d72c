"""What every view of the catalogue answers with, and who asks when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from jinja2_fragments import render_block

if TYPE_CHECKING:
    from datetime import date, datetime

    from chedai.staff.models import User


def page(
    request: HttpRequest,
    template: str,
    *,
    block: str | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render a whole page, or one block of it as a fragment."""
    if block is None:
        return render(request, template, context, using="jinja2", status=status)
    environment = cast(Any, engines["jinja2"]).env
    fragment = render_block(environment, template, block, {"request": request, **context})
    return HttpResponse(fragment, status=status)


def now_of(request: HttpRequest) -> datetime:
    """The request's moment, in Shanghai; the middleware of the web layer sets it."""
    return cast("datetime", cast(Any, request).now)


def today_of(request: HttpRequest) -> date:
    """The day it is in Shanghai."""
    return now_of(request).date()


def user_of(request: HttpRequest) -> User:
    """Whoever signed in; the sign-in wall stands before every view."""
    return cast("User", request.user)
