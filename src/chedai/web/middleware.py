"""What happens around every request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from allauth.account.utils import url_str_to_user_pk
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect

from chedai.staff.isolation import acting_for, directory_window, request_boundary
from chedai.staff.models import User
from chedai.staff.roles import AREAS, refuse_unless
from chedai.web import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

# Pages one may open without the factor one must have: to get it, or to leave.
OPEN_WITHOUT_FACTOR: Final = ("/accounts/", "/static/", "/healthz")


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Forbid everything from elsewhere, inline scripts and inline styles."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(
            "Content-Security-Policy", settings.CHEDAI_CONTENT_SECURITY_POLICY
        )
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=()")
        return response

    return middleware


def refuse_null_bytes(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse an address with a null byte: no row has one, and the database fails on it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            msg = "The address holds a null byte"
            raise SuspiciousOperation(msg)
        return get_response(request)

    return middleware


def one_moment(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Give the request its moment, ``request.now``: one for everything it does."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = clock.now()  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def act_for_organisation(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Run the request for the organisation of whoever signed in, or for none."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with request_boundary():
            organisation_id = _organisation_of(request)
            if organisation_id is None:
                return get_response(request)
            with acting_for(organisation_id):
                response = get_response(request)
        if isinstance(response, StreamingHttpResponse):
            # Its rows are read while it is sent, when the request is over.
            parts: Any = response.streaming_content
            response.streaming_content = _acting_parts(parts, organisation_id)
        return response

    return middleware


class SecondFactorMiddleware:
    """Sends those who must have a second factor to set one up before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            isinstance(user, User)
            and user.needs_second_factor
            and not settings.CHEDAI_DEMO
            and not request.path.startswith(OPEN_WITHOUT_FACTOR)
            and not user.has_factor
        ):
            return redirect("mfa_activate_totp")
        return self.get_response(request)


class AreaMiddleware:
    """Opens each area (URL namespace) to the roles of ``AREAS``, and to nobody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        match = request.resolver_match
        is_public = not getattr(view, "login_required", True)
        if is_public or match is None or not match.namespaces:
            return
        refuse_unless(request.user, AREAS.get(match.namespaces[0], frozenset()))


def _acting_parts(parts: Iterator[bytes], organisation_id: int) -> Iterator[bytes]:
    while True:
        with acting_for(organisation_id):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _organisation_of(request: HttpRequest) -> int | None:
    with directory_window():
        user = request.user
        if isinstance(user, User):  # loads the session and the user
            return user.organisation_id
        pending = request.session.get("account_login")
        if not isinstance(pending, dict):
            return None
        # Password given, second factor not yet: allauth keeps the user's key here.
        pk = url_str_to_user_pk(pending.get("user_pk", ""))
        row = User.objects.filter(pk=pk).values_list("organisation_id").first()
        return row[0] if row else None
