"""The day, a new visit, the list of deals."""

from __future__ import annotations

from datetime import datetime, time

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from chedai.catalogue.queries.cursors import UnreadableCursorError
from chedai.deals.queries.pipeline import ActionFilter, next_actions
from chedai.reception import operations
from chedai.reception.forms import VisitForm
from chedai.reception.models import Ticket
from chedai.reception.operations.queue import link_ticket
from chedai.reception.queries import needs as queries
from chedai.reception.queries.queue import stores_in_reach, ticket_by_id
from chedai.reception.views.queue import store_of, today_context
from chedai.staff.models import Store
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.formats import SHANGHAI
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

UNPROCESSABLE = 422
MINE_SHOWN = 6
TICKET_DIGITS_MAX = 18
NO_STORE = "机构还没有门店，请系统管理员先开一家门店，再接待客户"
SAMPLE = "首付5万左右，月供别超过3000，想买个15万的SUV，征信花了"


@require_GET
@require_role("advisor", "manager", "front_desk")
def today(request: DeskRequest) -> HttpResponse:
    midnight = datetime.combine(clock.today(), time.min, tzinfo=SHANGHAI)
    has_store = bool(stores_in_reach(user=request.user))
    queue = today_context(request, store=store_of(request), now=clock.now()) if has_store else {}
    return page(
        request,
        "reception/today.html",
        deals=queries.deals_opened_since(midnight, seen_by=request.user),
        earlier=queries.deals_opened_before(midnight, seen_by=request.user),
        mine=next_actions(
            user=request.user,
            wanted=ActionFilter(owner_id=request.user.pk),
            now=clock.now(),
            size=MINE_SHOWN,
        ),
        **{"store": None, **queue},
    )


@require_GET
@require_role("advisor", "manager", "front_desk")
def visit_new(request: DeskRequest) -> HttpResponse:
    ticket = _ticket_named(request, request.GET.get("ticket", ""))
    return page(
        request,
        "reception/visit_new.html",
        form_key=VisitForm.fresh_key(),
        ticket=ticket,
        values={
            "call_name": ticket.call_name if ticket else "",
            "sentence": request.GET.get("q", "")[:1000],
        },
        errors={},
        sample=SAMPLE,
    )


@require_POST
@require_role("advisor", "manager", "front_desk")
def visits(request: DeskRequest) -> HttpResponse:
    form = VisitForm(request.POST)
    ticket = _ticket_named(request, request.POST.get("ticket", ""))
    store = ticket.store if ticket else request.user.store or Store.objects.order_by("pk").first()
    if form.is_valid() and store is None:
        form.add_error(None, NO_STORE)
    if not form.is_valid() or store is None:
        return page(
            request,
            "reception/visit_new.html",
            status=UNPROCESSABLE,
            ticket=ticket,
            form_key=form.cleaned_data.get("form_key") or VisitForm.fresh_key(),
            values={k: request.POST.get(k, "")[:1200] for k in ("call_name", "sentence")},
            errors={k: v[0] for k, v in form.errors.items()},
            sample=SAMPLE,
        )
    need = operations.open_visit(
        store=store,
        advisor=request.user,
        call_name=form.cleaned_data["call_name"],
        sentence=form.cleaned_data["sentence"],
        form_key=form.cleaned_data["form_key"],
        opened_at=clock.now(),
    )
    if ticket is not None:
        link_ticket(ticket=ticket, deal=need.deal)
    # The front desk receives; the need itself is talked over by an advisor.
    is_advising = request.user.has_any_role("advisor", "manager")
    place = "reception:need" if is_advising else "planning:deal"
    return redirect(place, deal_number=need.deal.number)


def _ticket_named(request: DeskRequest, typed: str) -> Ticket | None:
    """The number whose customer this visit is for, if there is one."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= TICKET_DIGITS_MAX):
        return None
    try:
        return ticket_by_id(int(typed), seen_by=request.user)
    except Ticket.DoesNotExist:
        return None


@require_GET
@require_role("advisor", "manager", "front_desk", "reviewer", "compliance", "back_office")
def deal_list(request: DeskRequest) -> HttpResponse:
    search = request.GET.get("q", "")[:40].strip()
    try:
        deals = queries.deals_page(
            seen_by=request.user, search=search, cursor=request.GET.get("after", "")
        )
    except UnreadableCursorError:
        return redirect("reception:deal_list")
    block = "rows" if request.htmx else None
    return page(request, "reception/deal_list.html", block=block, result=deals, search=search)
