"""What is on the desk, gathered into the inputs of a proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import chedai
from chedai.core.rules.finding import Severity
from chedai.documents.printing.sheet import (
    Car,
    CashColumn,
    Citation,
    LaterMoney,
    PurchaseCost,
    ReadBack,
)
from chedai.needs.wording import chip_in_words
from chedai.planning.queries.explaining import review_of
from chedai.planning.queries.proposal_sheets import ChosenPlan, ProposalInputs
from chedai.policy.evaluation import RuleState
from chedai.reception.queries.scenes import policy_book

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.core.rules import finding
    from chedai.deals.models import Deal
    from chedai.planning.queries.desk import Card, DeskView
    from chedai.policy.dated import Consulted
    from chedai.policy.evaluation import RuleOutcome
    from chedai.reception.queries.needs import NeedSheet
    from chedai.reception.queries.scenes import Scene

UNNAMED: Final = "到店客户"
REFERENCE_SET: Final = "本店当天能办、符合您要求的方案"
CONDITIONS: Final = {"new": "新车", "used": "二手车"}
CERTAINTIES: Final = {
    "said": "您说的",
    "roughly": "大概",
    "ambiguous": "要问清",
    "assumed": "先按此算",
    "confirmed": "已确认",
}
USUAL_MONTHS: Final = (12, 24, 36)
CITATIONS_MAX: Final = 8
WAN_FEN: Final = 10_000_00


class NothingToProposeError(Exception):
    """The desk has no plan for this need."""


class NeedNotConfirmedError(Exception):
    """The need was not read back to the customer; a proposal would answer a guess."""


class RuleForbidsPlanError(Exception):
    """A plan on the desk breaks a rule that stops it."""


def inputs_from_desk(
    *, deal: Deal, need: NeedSheet, view: DeskView, verify_root: str
) -> ProposalInputs:
    """Gather need, car, plans, costs and rules of the day.

    ``RuleForbidsPlanError`` when a rule stops one of the plans.

    Parameters
    ----------
    verify_root
        Address that the printed code is appended to.

    Raises
    ------
    NothingToProposeError
        The desk has no plan.
    NeedNotConfirmedError
        Nobody read this version of the need back.
    """
    if not view.cards:
        raise NothingToProposeError("方案台上还没有方案，先放宽一条要求")
    if not need.is_confirmed:
        raise NeedNotConfirmedError("先跟客户复述确认需求，再打印方案")
    scene = view.scene
    book = policy_book()
    return ProposalInputs(
        store_name=deal.store.name,
        advisor_name=deal.advisor.display_name,
        advisor_contact=deal.store.phone,
        addressee=deal.call_name or UNNAMED,
        products_on=scene.on,
        need_version=need.version.number,
        needs=tuple(_needs(need, scene)),
        car=_car(scene),
        plans=tuple(_chosen(card) for card in view.cards),
        cash=CashColumn(
            total_paid_fen=view.cash.price_fen,
            cash_at_delivery_fen=view.cash.total_fen,
            gives_up=(f"一次拿出 {_in_wan(view.cash.total_fen)}",),
        ),
        purchase_costs=tuple(_costs(scene)),
        later_money=tuple(_later(scene)),
        reference_set=REFERENCE_SET,
        market_apr_bp=view.market_apr_bp,
        settle_months=_months(scene),
        promises=(),
        citations=tuple(_citations(view))[:CITATIONS_MAX],
        engine=chedai.__version__,
        policy_book=book.version,
        verify_root=verify_root,
    )


def _needs(need: NeedSheet, scene: Scene) -> Iterator[ReadBack]:
    for chip in need.chips:
        label, words = chip_in_words(chip)
        yield ReadBack(slot=label, said=words, certainty=CERTAINTIES["confirmed"])
    for label, words in scene.assumptions:
        yield ReadBack(slot=label, said=words, certainty=CERTAINTIES["assumed"])


def _car(scene: Scene) -> Car:
    vehicle = scene.choice.vehicle
    price_fen = scene.car.vehicle_price_fen
    return Car(
        description=vehicle.label if vehicle else f"{_in_wan(price_fen)}的车（车型还没定）",
        condition=CONDITIONS[scene.car.condition],
        vehicle_price_fen=price_fen,
        list_price_fen=scene.car.list_price_fen,
    )


def _in_wan(fen: int) -> str:
    whole, part = divmod(fen, WAN_FEN)
    tenths = f"{part * 100 // WAN_FEN:02d}".rstrip("0")
    return f"{whole}.{tenths} 万元" if tenths else f"{whole} 万元"


def _chosen(card: Card) -> ChosenPlan:
    return ChosenPlan(
        best_at=card.name,
        gives_up=card.gives_up,
        likelihood=card.odds,
        likelihood_reason="；".join(card.odds_reasons) or "按机构公布的条件看",
        inputs=card.plan.inputs,
        market_rank=card.apr_rank,
    )


def _costs(scene: Scene) -> Iterator[PurchaseCost]:
    for line in scene.purchase.lines:
        if line.code != "vehicle_price" and line.amount_fen:
            yield PurchaseCost(
                name=line.name_zh,
                amount_fen=line.amount_fen,
                payee=line.payee,
                basis=line.derivation or (line.citation.instrument if line.citation else "报价"),
                is_estimate=line.is_estimate,
            )


def _later(scene: Scene) -> Iterator[LaterMoney]:
    for money in scene.purchase.later_money:
        days = money.paid_within_days
        yield LaterMoney(
            name=money.name_zh + ("（最多）" if money.is_upper_bound else ""),
            amount_fen=money.amount_fen,
            payer="政府",
            expected=f"审核通过后 {days} 天内" if days else "审核通过后",
            condition="；".join(money.conditions) or "以审核结果为准",
        )


def _months(scene: Scene) -> tuple[int, ...]:
    own = (scene.prepayment_month,) if scene.prepayment_month else ()
    return tuple(dict.fromkeys((*own, *USUAL_MONTHS)))


def _citations(view: DeskView) -> Iterator[Citation]:
    """Every rule that was asked about these plans, once, with the text it rests on."""
    seen: set[tuple[str, str]] = set()
    for card in view.cards:
        reviewed = review_of(view.scene, card.plan)
        for found in reviewed.findings:
            if found.severity is Severity.BLOCKS:
                raise RuleForbidsPlanError(f"方案 {card.letter}：{found.message}。{found.remedy}")
        for outcome in reviewed.outcomes:
            if outcome.state is RuleState.NOT_APPLICABLE:
                continue
            for cited in _cited(outcome):
                key = (cited.instrument, cited.article)
                if key not in seen:
                    seen.add(key)
                    yield cited


def _cited(outcome: RuleOutcome) -> Iterator[Citation]:
    for asked in outcome.consulted:
        text, since = _text_of(asked)
        if text is None or text.is_house_rule:
            continue
        unread = "" if text.was_text_read else "；原文未核"
        yield Citation(
            says=outcome.label_zh,
            instrument=text.instrument.strip("《》"),
            number=text.number or "",
            article=text.article,
            dated=f"{since}{unread}",
        )


def _text_of(asked: Consulted) -> tuple[finding.Citation | None, str]:
    if asked.dated_value is not None:
        value = asked.dated_value
        return value.citation, f"{value.in_force_from.isoformat()} 起施行"
    cited = asked.citation
    day = cited.dated_on.isoformat() + " 发布" if cited and cited.dated_on else "现行"
    return cited, day
