"""What to ask next: the question whose answer would change the three plans most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from chedai.catalogue.queries.products import product_versions_on
from chedai.core.plans.needs_impact import OpenSlot, PlansFound, next_question
from chedai.core.plans.product import ProductVersion
from chedai.deals.models import Deal
from chedai.needs.chips import Chip
from chedai.needs.facts import facts_from
from chedai.needs.questions import QUESTIONS, Answer, Question
from chedai.reception.queries.needs import NeedSheet
from chedai.reception.queries.scenes import NoPriceError, Scene, scene_of
from chedai.reception.queries.shortlists import QuickLook

AS_IT_STANDS = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question worth asking, with what its answer changes, in words."""

    question: Question
    effect: str


@dataclass(frozen=True, slots=True)
class Interview:
    """Questions still worth asking, most telling at the top; assumptions until they are asked."""

    questions: tuple[Asked, ...]
    assumptions: tuple[tuple[str, str], ...]
    stop: str


def interview_of(*, deal: Deal, sheet: NeedSheet, on: date) -> Interview:
    """Choose the next questions of one need for one day's products."""
    products = product_versions_on(on)
    province = deal.store.province
    open_questions = _open(sheet)
    try:
        scene = _scene(sheet.chips, products, province, on)
    except NoPriceError:
        return Interview(tuple(Asked(q, "") for q in open_questions), (), "")
    found = next_question(
        slots=[_slot(question) for question in open_questions],
        plans_of=partial(_plans_found, QuickLook(), sheet.chips, products, province, on),
        asked_count=len(sheet.version.answered),
    )
    if found.ask is None:
        return Interview((), scene.assumptions, found.stop)
    telling = {impact.key: impact for impact in found.impacts if impact.changes_top}
    asked = [
        Asked(QUESTIONS[impact.key], _effect(impact.impact))
        for impact in found.impacts
        if impact.key in telling
    ]
    return Interview(tuple(asked[: found.left_count]), scene.assumptions, "")


def _open(sheet: NeedSheet) -> list[Question]:
    facts = sheet.facts
    answered = set(sheet.version.answered)
    uncertain = {chip.slot for chip in sheet.chips if chip.certainty == "ambiguous"}
    return [
        question
        for key, question in QUESTIONS.items()
        if key not in answered and (question.is_open(facts) or key in uncertain)
    ]


def _slot(question: Question) -> OpenSlot:
    """Repeat the assumption as often as it is likely: alternatives count alike."""
    assumed = (AS_IT_STANDS,) * question.assumed_weight
    return OpenSlot(question.key, (*assumed, *(a.key for a in question.answers)))


def _scene(
    chips: tuple[Chip, ...], products: tuple[ProductVersion, ...], province: str, on: date
) -> Scene:
    return scene_of(facts_from(chips), products=products, province=province, on=on)


def _plans_found(
    look: QuickLook,
    chips: tuple[Chip, ...],
    products: tuple[ProductVersion, ...],
    province: str,
    on: date,
    answers: Mapping[str, Any],
) -> PlansFound:
    for key, answer_key in answers.items():
        if answer_key != AS_IT_STANDS:
            chips = _answer(key, str(answer_key)).apply(chips)
    return look.top(_scene(chips, products, province, on))


def _answer(question_key: str, answer_key: str) -> Answer:
    return next(a for a in QUESTIONS[question_key].answers if a.key == answer_key)


def _effect(impact: float) -> str:
    return "答案不同，三个方案大不一样" if impact >= 1 else ""
