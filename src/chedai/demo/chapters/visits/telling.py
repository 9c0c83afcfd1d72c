"""Two months of customers: needs, desks, proposals, links, and those who left.

Every act goes through the operation that the page would call, in the order of time. Whether an
act was done already is asked of the audit chain, which holds an event for each; a loading broken
off goes on behind the latest of them, and what people do in the demo afterwards is left alone.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from django.urls import reverse

from chedai.audit.models import AuditEvent
from chedai.catalogue.queries.vehicles import vehicle_by_code
from chedai.core.plans.plan import Plan
from chedai.deals.models import Deal, Party
from chedai.deals.operations import add_party, record_withdrawal
from chedai.demo.chapters.visits.calendar import Step, steps_until
from chedai.demo.chapters.visits.customers import NeedDraft, PinOnPaper, customers_in
from chedai.demo.world import PACKS, World, key_of, organisation_of, person
from chedai.documents.printing import FontsMissingError
from chedai.needs.wording import read_back
from chedai.planning.models import DeskSetup, Proposal, ProposalLink
from chedai.planning.operations import desk as desk_operations
from chedai.planning.operations import proposals as proposal_operations
from chedai.planning.queries import desk as desk_queries
from chedai.planning.queries.proposal_inputs import inputs_from_desk
from chedai.planning.queries.proposals import link_days
from chedai.planning.queries.scenes import choice_from, scene_for, vehicle_of
from chedai.planning.views.parties import PURPOSE
from chedai.planning.views.proposal_making import REFUSALS
from chedai.reception.models import NeedVersion
from chedai.reception.operations import amend_need, confirm_need, open_visit
from chedai.reception.queries.needs import latest_need, need_by_number
from chedai.reception.queries.scenes import DeskChoice, NoPriceError, Scene
from chedai.staff.isolation import acting_for, directory_window

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from chedai.staff.models import User

# The act on paper and the event it leaves in the audit chain.
EVENTS: Final[Mapping[str, str]] = {
    "open": "deal.open",
    "amend": "need.record",
    "confirm": "need.confirm",
    "desk": "desk.set",
    "pin": "plan.pin",
    "competitor": "competitor.record",
    "contact": "party.record",
    "withdraw": "deal.withdraw",
    "proposal": "proposal.make",
    "download": "proposal.download",
    "send": "proposal.send",
    "look": "proposal.open",
    "revoke": "proposal.revoke_link",
}
ON_A_VERSION: Final = frozenset({"amend", "confirm"})
ON_A_PROPOSAL: Final = frozenset({"download", "send", "look", "revoke"})
# 199 0000 is assigned to nobody in the demo: the last four digits count the visits.
PHONE: Final = "1990000{:04d}"
PORT_DEFAULT: Final = "8000"
SAID_EVERY: Final = 20
LOAN_STEP_FEN: Final = 1_000_00


@dataclass
class Told:
    """What an organisation holds already, and what this loading could not do."""

    deals: dict[UUID, Deal]
    proposals: dict[UUID, Proposal]
    events: Counter[tuple[str, str]]
    people: dict[str, User] = field(default_factory=dict)
    refused_count: int = 0


@dataclass
class Press:
    """Whether prints can be made here; found out by the first one."""

    say: Callable[[str], None]
    is_out: bool = False

    def goes_out(self, why: Exception) -> None:
        """Say once why there are no prints."""
        self.is_out = True
        self.say(f"  没有字体,演示里先不印方案,其余照常;取到字体后再载入一次即可。({why})")


def tell(world: World) -> None:
    press = Press(world.say)
    world.say("")
    customers = customers_in(PACKS / "customers")
    with directory_window():
        anchor = _anchor(world)
    steps = sorted(steps_until(anchor, customers), key=attrgetter("organisation_code"))
    for code, own in groupby(steps, key=attrgetter("organisation_code")):
        with directory_window():
            organisation = organisation_of(code)
        with acting_for(organisation.pk):
            _tell_organisation(list(own), world, press)


def _anchor(world: World) -> datetime:
    """Give the moment of the first loading: a later one finds every act at the same moment."""
    opened = organisation_of("linjiang").opened_at
    return min(opened.astimezone(world.now.tzinfo), world.now)


def _tell_organisation(steps: list[Step], world: World, press: Press) -> None:
    told = Told(
        deals={deal.form_key: deal for deal in Deal.objects.select_related("store", "advisor")},
        proposals={made.form_key: made for made in Proposal.objects.defer("inputs", "sheet")},
        events=Counter(
            AuditEvent.objects.filter(action__in=EVENTS.values()).values_list(
                "action", "subject_id"
            )
        ),
    )
    for step in steps:
        if _is_done(step, told) or _is_held_up(step, told):
            continue
        _do(step, told, press)
        if step.act == "open" and not len(told.deals) % SAID_EVERY:
            world.say(f"  {step.by}:第 {len(told.deals)} 位客户,{step.at:%m-%d}")
    if told.refused_count:
        world.say(f"  有 {told.refused_count} 步按当天的产品做不成,已略过")


def _do(step: Step, told: Told, press: Press) -> None:
    if step.act == "proposal" and press.is_out:
        return
    if step.by not in told.people:
        told.people[step.by] = person(step.by)
    by = told.people[step.by]
    try:
        ACTS[step.act](step, told, by)
    except FontsMissingError as missing:
        press.goes_out(missing)
    except (*REFUSALS, NoPriceError):
        told.refused_count += 1


def _is_done(step: Step, told: Told) -> bool:
    if step.act == "open":
        return _key(step) in told.deals
    if step.act == "proposal":
        return _key(step) in told.proposals
    subject = _subject(step, told)
    needed = 1 if step.act in ON_A_VERSION else step.nth
    return subject is not None and told.events[EVENTS[step.act], subject] >= needed


def _is_held_up(step: Step, told: Told) -> bool:
    """Whether the act is about a proposal that could not be printed."""
    return step.act in ON_A_PROPOSAL and _key(step) not in told.proposals


def _subject(step: Step, told: Told) -> str | None:
    if step.act in ON_A_PROPOSAL:
        made = told.proposals.get(_key(step))
        return made.number if made else None
    deal = told.deals.get(_key(step))
    if deal is None:
        return None
    return f"{deal.number} v{step.nth}" if step.act in ON_A_VERSION else deal.number


def _key(step: Step) -> UUID:
    return key_of("visit", step.visit)


# --- The acts -------------------------------------------------------------------------------


def _open(step: Step, told: Told, by: User) -> None:
    assert by.store is not None, "advisors of the demo have a store"
    need = open_visit(
        store=by.store,
        advisor=by,
        call_name=step.customer.who,
        sentence=step.customer.says,
        form_key=_key(step),
        opened_at=step.at,
    )
    told.deals[_key(step)] = need.deal


def _amend(step: Step, told: Told, by: User) -> None:
    draft: NeedDraft = step.detail
    amend_need(
        deal=told.deals[_key(step)],
        base_number=step.nth - 1,
        sentence=draft.sentence,
        chips=draft.chips,
        answered=draft.answered,
        channel="wechat" if draft.sentence.endswith(step.customer.then or "\n") else "desk",
        author=by,
        recorded_at=step.at,
    )


def _confirm(step: Step, told: Told, by: User) -> None:
    need = NeedVersion.objects.select_related("deal").get(
        deal=told.deals[_key(step)], number=step.nth
    )
    confirm_need(
        need=need,
        read_back=read_back(step.detail.chips),
        confirmed_by=by,
        confirmed_at=step.at,
    )


def _contact(step: Step, told: Told, by: User) -> None:
    add_party(
        deal=told.deals[_key(step)],
        kind=Party.Kind.BORROWER,
        name=f"{step.detail}(虚构)",
        phone=PHONE.format(step.visit),
        agreed_purpose=PURPOSE,
        recorded_by=by,
        recorded_at=step.at,
    )


def _set_desk(step: Step, told: Told, by: User) -> None:
    deal, on = told.deals[_key(step)], step.at.date()
    option = vehicle_by_code(step.detail, day=on) if step.detail else None
    choice = (
        DeskChoice(
            vehicle=vehicle_of(option, on=on),
            vehicle_price_fen=option.usual_price_fen,
            condition=option.condition,
            power=option.power,
        )
        if option
        else DeskChoice()
    )
    scene = scene_for(deal=deal, facts=latest_need(deal).facts, choice=choice, on=on)
    desk_operations.set_desk(
        deal=deal,
        revision=0,
        values={
            "vehicle_id": option.id if option else None,
            "vehicle_price_fen": scene.car.vehicle_price_fen,
            "down_payment_fen": _round_loan(
                scene.car.vehicle_price_fen, down_payment_fen=scene.down_payment_fen
            ),
            "down_payment_step_fen": scene.down_payment_step_fen,
            "terms_months": list(scene.terms_months),
            "vehicle_condition": scene.car.condition,
            "power": scene.car.power,
            "vehicle_use": scene.car.use,
            "prepayment_month": scene.prepayment_month,
        },
        changed_by=by,
        changed_at=step.at,
    )


def _round_loan(price_fen: int, *, down_payment_fen: int) -> int:
    """Raise the down payment until the loan is whole thousands: most lenders ask for that."""
    return price_fen - (price_fen - down_payment_fen) // LOAN_STEP_FEN * LOAN_STEP_FEN


def _pin(step: Step, told: Told, by: User) -> None:
    pin: PinOnPaper = step.detail
    deal = told.deals[_key(step)]
    scene = _scene(deal, step.at)
    version_id = next((p.version_id for p in scene.products if p.terms.code == pin.product), "")
    plan = desk_queries.plan_of(
        scene,
        version_id=version_id,
        term_months=pin.months,
        down_payment_fen=scene.down_payment_fen,
    )
    if not isinstance(plan, Plan):
        told.refused_count += 1
        return
    desk_operations.pin_plan(
        deal=deal,
        letter=desk_queries.LETTERS[step.nth - 1],
        product_version_id=int(version_id),
        term_months=pin.months,
        down_payment_fen=scene.down_payment_fen,
        reason=pin.why,
        pinned_by=by,
        pinned_at=step.at,
    )


def _competitor(step: Step, told: Told, by: User) -> None:
    desk_operations.record_competitor_offer(
        deal=told.deals[_key(step)],
        form_key=_key(step),
        typed={
            name: f"{value}00" if name in {"principal", "monthly", "fee_upfront"} else str(value)
            for name, value in step.detail.items()
        },
        recorded_by=by,
        recorded_at=step.at,
    )


def _withdraw(step: Step, told: Told, by: User) -> None:
    record_withdrawal(
        deal=told.deals[_key(step)], reason=step.detail, recorded_by=by, recorded_at=step.at
    )


def _propose(step: Step, told: Told, by: User) -> None:
    deal = told.deals[_key(step)]
    view = desk_queries.desk_view(_scene(deal, step.at), pins=desk_queries.pins_of(deal))
    told.proposals[_key(step)], _ = proposal_operations.make_proposal(
        deal=deal,
        inputs=inputs_from_desk(
            deal=deal,
            need=need_by_number(deal, step.detail),
            view=view,
            verify_root=_verify_root(),
        ),
        form_key=_key(step),
        created_by=by,
        created_at=step.at,
    )


def _download(step: Step, told: Told, by: User) -> None:
    proposal_operations.record_download(
        proposal=told.proposals[_key(step)], downloaded_by=by, downloaded_at=step.at
    )


def _send(step: Step, told: Told, by: User) -> None:
    proposal_operations.send_link(
        proposal=told.proposals[_key(step)],
        valid_days=link_days(on=step.at.date()),
        created_by=by,
        created_at=step.at,
    )


def _look(step: Step, told: Told, _by: User) -> None:
    proposal_operations.record_opening(link=_link(step, told), kind=step.detail, opened_at=step.at)


def _revoke(step: Step, told: Told, by: User) -> None:
    proposal_operations.revoke_link(link=_link(step, told), revoked_by=by, revoked_at=step.at)


def _link(step: Step, told: Told) -> ProposalLink:
    return ProposalLink.objects.select_related("proposal").get(
        proposal=told.proposals[_key(step)], created_by__username=step.by
    )


def _scene(deal: Deal, at: datetime) -> Scene:
    on = at.date()
    setup = DeskSetup.objects.select_related("vehicle").filter(deal=deal).first()
    return scene_for(
        deal=deal, facts=latest_need(deal).facts, choice=choice_from(setup, on=on), on=on
    )


def _verify_root() -> str:
    """Where `make run` answers, unless told otherwise."""
    port = os.environ.get("PORT", PORT_DEFAULT)
    return f"http://localhost:{port}{reverse('planning:verify')}"


ACTS: Final[Mapping[str, Callable[[Step, Told, User], None]]] = {
    "open": _open,
    "amend": _amend,
    "confirm": _confirm,
    "contact": _contact,
    "desk": _set_desk,
    "pin": _pin,
    "competitor": _competitor,
    "withdraw": _withdraw,
    "proposal": _propose,
    "download": _download,
    "send": _send,
    "look": _look,
    "revoke": _revoke,
}
