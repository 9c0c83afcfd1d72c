"""The question bank: short, spoken, each answer a chip; no identity, no employer's phone.

Which question comes next is decided elsewhere by how much its answer would
change the plans; here stand only the words and what each answer means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from chedai.needs.chips import Chip
from chedai.needs.facts import NeedFacts
from chedai.needs.slots import SLOTS


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to choose: what it says and how it changes the need's chips."""

    key: str
    label: str
    apply: Callable[[tuple[Chip, ...]], tuple[Chip, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``is_open`` tells whether the need still leaves it unanswered.

    ``assumed_weight`` says how likely the assumption is right against any one other answer:
    nearly everybody drives the car themselves.
    """

    key: str
    text: str
    why: str
    answers: tuple[Answer, ...]
    is_open: Callable[[NeedFacts], bool]
    assumed_weight: int = 1


def with_chip(chips: tuple[Chip, ...], chip: Chip) -> tuple[Chip, ...]:
    """Put ``chip`` in the place of those of its slot."""
    return (*(c for c in chips if c.slot != chip.slot), chip)


def _answered(
    slot: str, value: str, text: str | None = None
) -> Callable[[tuple[Chip, ...]], tuple[Chip, ...]]:
    def apply(chips: tuple[Chip, ...]) -> tuple[Chip, ...]:
        said = text or SLOTS[slot].choices[value]
        return with_chip(chips, Chip(slot=slot, text=said, value=value, certainty="confirmed"))

    return apply


def _choice_answers(slot: str, *values: str) -> tuple[Answer, ...]:
    return tuple(
        Answer(value, SLOTS[slot].choices[value], _answered(slot, value)) for value in values
    )


def _price_is(slot: str) -> Callable[[tuple[Chip, ...]], tuple[Chip, ...]]:
    def apply(chips: tuple[Chip, ...]) -> tuple[Chip, ...]:
        return tuple(
            replace(c, slot=slot, certainty="confirmed") if c.slot in _PRICES else c for c in chips
        )

    return apply


def _down_payment_is(value: str) -> Callable[[tuple[Chip, ...]], tuple[Chip, ...]]:
    def apply(chips: tuple[Chip, ...]) -> tuple[Chip, ...]:
        return tuple(replace(c, value=value) if c.slot == "down_payment" else c for c in chips)

    return apply


def _monthly_is(strength: str) -> Callable[[tuple[Chip, ...]], tuple[Chip, ...]]:
    def apply(chips: tuple[Chip, ...]) -> tuple[Chip, ...]:
        return tuple(
            replace(c, slot="monthly_max", strength=strength, certainty="confirmed")  # type: ignore[arg-type]
            if c.slot in {"monthly_max", "monthly_target"}
            else c
            for c in chips
        )

    return apply


def _months(
    slot: str, months: int | None, text: str
) -> Callable[[tuple[Chip, ...]], tuple[Chip, ...]]:
    def apply(chips: tuple[Chip, ...]) -> tuple[Chip, ...]:
        return with_chip(
            chips, Chip(slot=slot, text=text, low=months, high=months, certainty="confirmed")
        )

    return apply


_PRICES: Final = frozenset({"vehicle_price", "on_road_price", "total_budget"})

QUESTIONS: Final[Mapping[str, Question]] = MappingProxyType(
    {
        q.key: q
        for q in (
            Question(
                "price_kind",
                "这个价是车价，还是全办下来？",
                "全办下来里有购置税和保险，车本身就便宜一截。",
                (
                    Answer("car", "车价", _price_is("vehicle_price")),
                    Answer("on_road", "全办下来", _price_is("on_road_price")),
                ),
                lambda f: f.vehicle_price_fen is not None and f.is_price_on_road is None,
            ),
            Question(
                "cost_in_down_payment",
                "购置税、保险也从这笔首付里出吗？",
                "从里面出，贷款就要多贷这一部分。",
                (
                    Answer("outside", "不从里面出", _down_payment_is("excluding_cost")),
                    Answer("inside", "都从里面出", _down_payment_is("including_cost")),
                ),
                lambda f: (
                    f.down_payment_max_fen is not None and f.is_cost_inside_down_payment is None
                ),
            ),
            Question(
                "monthly_strength",
                "月供这个数是硬的，还是可以松一点？",
                "能松一点，可选的方案会多一些。",
                (
                    Answer("hard", "不能超", _monthly_is("hard")),
                    Answer("soft", "可以松一点", _monthly_is("soft")),
                ),
                lambda f: f.monthly_max_fen is not None and not f.is_monthly_hard,
            ),
            Question(
                "credit_history",
                "征信这块，是查询多，还是有过逾期？",
                "各家机构看得不一样，早点说清少查一次。",
                _choice_answers(
                    "credit_history",
                    "clean",
                    "many_inquiries",
                    "past_overdue",
                    "current_overdue",
                    "thin",
                ),
                lambda f: not f.credit_histories,
            ),
            Question(
                "vehicle_condition",
                "买新车还是二手车？",
                "二手车贷款成数和期限不一样。",
                _choice_answers("vehicle_condition", "new", "used"),
                lambda f: f.vehicle_condition is None,
                assumed_weight=3,
            ),
            Question(
                "power",
                "燃油还是新能源？",
                "购置税差一半，有的产品只给新能源。",
                _choice_answers("power", "combustion", "new_energy"),
                lambda f: f.power is None,
                assumed_weight=2,
            ),
            Question(
                "vehicle_use",
                "自己开，还是跑网约车、拉货？",
                "营运用途的成数另有规定。",
                _choice_answers("vehicle_use", "private", "ride_hailing", "commercial"),
                lambda f: f.vehicle_use is None,
                assumed_weight=12,
            ),
            Question(
                "term",
                "想几年还完？",
                "年头长月供轻，但一共付得多。",
                tuple(
                    Answer(str(m), f"{m // 12} 年", _months("term_months", m, f"{m // 12} 年"))
                    for m in (24, 36, 48, 60)
                ),
                lambda f: f.term_months_max is None and f.term_months_min is None,
            ),
            Question(
                "prepayment",
                "一两年内有没有可能提前还清？",
                "会提前还，就要看违约金和息费怎么摊。",
                (
                    Answer("no", "不会", _months("prepayment_month", None, "不提前还")),
                    Answer("12", "一年左右", _months("prepayment_month", 12, "一年左右")),
                    Answer("24", "两年左右", _months("prepayment_month", 24, "两年左右")),
                ),
                lambda f: f.prepayment_month is None,
                assumed_weight=3,
            ),
            Question(
                "lease",
                "能接受车先登记在租赁公司名下吗？",
                "融资租赁还清之前，车不在您名下。",
                (
                    Answer("no", "不接受", _answered("refusal", "lease")),
                    Answer(
                        "yes",
                        "可以接受",
                        lambda chips: tuple(c for c in chips if c.value != "lease"),
                    ),
                ),
                lambda f: "lease" not in f.refusals,
                assumed_weight=2,
            ),
        )
    }
)
