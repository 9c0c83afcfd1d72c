"""One way to answer with a page: whole, or one of its blocks as a fragment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.template.context_processors import csrf
from jinja2_fragments import render_block

from chedai.web import clock
from chedai.web.navigation import navigation_for

if TYPE_CHECKING:
    from django.http import HttpRequest


def page(
    request: HttpRequest,
    template: str,
    *,
    block: str | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render ``template``; with ``block`` only that block of it (an htmx fragment)."""
    values = {**shared_context(request), **context}
    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2)
    env = engine.env
    if block is None:
        html = env.get_template(template).render(values)
    else:
        html = render_block(env, template, block, values)
    return HttpResponse(html, status=status)


def shared_context(request: HttpRequest) -> dict[str, Any]:
    """What every page knows: who asks, when, and where one can go from here."""
    token = csrf(request)["csrf_token"]
    return {
        "request": request,
        "user": getattr(request, "user", None),
        "csrf_token": token,
        "navigation": navigation_for(request),
        "today": clock.today(),
        "now": clock.now(),
        "is_demo": bool(getattr(settings, "CHEDAI_DEMO", False)),
    }
