"""What can be changed, what each change costs the customer, and how it is said.

Nothing about a person is a lever: not age, not household, not where somebody lives. A cost is money
to find or to go without: more cash at once, a cheaper car, credit cost beyond what it was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from chedai.core.plans.eligibility import OBJECTIONS, Objection
from chedai.core.plans.explanation import in_wan, yuan
from chedai.core.plans.passing.case import Change, LeverName, PassCase
from chedai.core.plans.plan import CostLine, Plan
from chedai.core.plans.pricing import price

OBJECTED_CODES: Final[Mapping[Objection, str]] = {
    "gps": "gps",
    "bundled_insurance": "insurance",
    "service_fee": "service",
}
"""The word in the codes of add-ons by which an objection knows them."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """Where a route ends: its plan, and what changes beside the plan."""

    case: PassCase
    plan: Plan
    dropped: tuple[CostLine, ...] = ()
    settled_monthly_fen: int = 0

    @property
    def down_change_fen(self) -> int:
        """More (+) or less (−) down."""
        return self.plan.down_payment_fen - self.case.inputs.down_payment_fen

    @property
    def price_change_fen(self) -> int:
        """Less (−) for the car; never more."""
        before_fen = self.case.inputs.car.vehicle_price_fen
        return self.plan.inputs.car.vehicle_price_fen - before_fen

    @property
    def months_change(self) -> int:
        """Longer (+) or shorter (−)."""
        return self.plan.term_months - self.case.inputs.term_months


@dataclass(frozen=True)
class Lever:
    """One thing that may be changed: by how much a route moves it (0 = not), its cost, its words.

    ``is_binary``: where it is in the way there is one thing to do about it, else nothing.
    """

    label: str
    amount: Callable[[Move], int]
    cost: Callable[[Move], int]
    sentence: Callable[[Move, int], str]
    is_binary: bool = False


def changes_of(move: Move) -> tuple[Change, ...]:
    """List what a route changes, in the order of the levers."""
    return tuple(
        Change(name, amount, cost_fen := lever.cost(move), lever.sentence(move, cost_fen))
        for name, lever in LEVERS.items()
        if (amount := lever.amount(move))
    )


def objection_cost(case: PassCase) -> int:
    """Sum what the lender sells along with what the customer would have to accept; fen."""
    words = [OBJECTED_CODES[o] for o in case.in_the_way if o in OBJECTED_CODES]
    return sum(
        rule.amount_fen or 0
        for rule in case.terms.add_ons
        if rule.is_condition_of_loan and any(word in rule.code for word in words)
    )


def droppable(case: PassCase) -> tuple[CostLine, ...]:
    """List the add-ons the customer may go without: what no lender insists on."""
    required = {rule.code for rule in case.terms.add_ons if rule.is_condition_of_loan}
    required |= {rule.code for rule in case.terms.fees}
    return tuple(
        line
        for line in case.inputs.add_ons
        if not line.is_condition_of_loan and line.code not in required
    )


def _down_cost(move: Move) -> int:
    """More cash at once; or of the plan's credit cost the share that the added principal bears."""
    change_fen = move.down_change_fen
    if change_fen >= 0:
        return change_fen
    extra_fen = max(move.plan.extra_over_cash_fen, 0)
    return -(extra_fen * change_fen // move.plan.principal_fen)


def _term_cost(move: Move) -> int:
    """Credit cost beyond that of the same loan over the term before; 0 where there is none."""
    before = price(replace(move.plan.inputs, term_months=move.case.inputs.term_months))
    if not isinstance(before, Plan):
        return 0
    return max(move.plan.extra_over_cash_fen - before.extra_over_cash_fen, 0)


def _debts_cost(move: Move) -> int:
    debts = move.case.debts
    return move.settled_monthly_fen * debts.settle_months if debts else 0


def _say_down(move: Move, cost_fen: int) -> str:
    change_fen = move.down_change_fen
    if change_fen > 0:
        return f"首付加 {in_wan(change_fen)}"
    return f"首付减 {in_wan(-change_fen)}（约多付 {yuan(cost_fen)}）"


def _say_term(move: Move, cost_fen: int) -> str:
    before, after = move.case.inputs.term_months, move.plan.term_months
    months = move.months_change
    longer = f"多还 {months} 个月" if months > 0 else f"少还 {-months} 个月，每月还得多"
    paid = f"多付 {yuan(cost_fen)}、" if cost_fen else ""
    return f"期数 {before}→{after}（{paid}{longer}）"


def _say_debts(move: Move, cost_fen: int) -> str:
    settled = yuan(move.settled_monthly_fen)
    return f"先结清每月 {settled}的旧债（按估计要 {yuan(cost_fen)}）"


def _say_objections(move: Move, cost_fen: int) -> str:
    said = "、".join(OBJECTIONS[o][0] for o in move.case.in_the_way)
    paid = f"，另付 {yuan(cost_fen)}" if cost_fen else ""
    return f"您愿意接受{said}（您自己定{paid}）"


LEVERS: Final[Mapping[LeverName, Lever]] = {
    "down_payment": Lever("首付", lambda move: move.down_change_fen, _down_cost, _say_down),
    "term": Lever("期数", lambda move: move.months_change, _term_cost, _say_term),
    "price": Lever(
        "车价",
        lambda move: move.price_change_fen,
        lambda move: -move.price_change_fen,
        lambda _, cost_fen: f"车价降 {in_wan(cost_fen)}（谈下来，或选便宜些的车）",
    ),
    "add_ons": Lever(
        "附加品",
        lambda move: -sum(line.amount_fen for line in move.dropped),
        lambda move: sum(line.amount_fen for line in move.dropped),
        lambda move, cost_fen: (
            f"不买{'、'.join(line.name for line in move.dropped)}（{yuan(cost_fen)}）"
        ),
    ),
    "debts": Lever("旧债", lambda move: move.settled_monthly_fen, _debts_cost, _say_debts),
    "co_borrower": Lever(
        "共借人",
        lambda move: int(move.case.lacks_co_borrower),
        lambda _: 0,
        lambda _, _cost_fen: "请家人一起借（共借人，一同负责还款）",
        is_binary=True,
    ),
    "objections": Lever(
        "不接受的事项",
        lambda move: len(move.case.in_the_way),
        lambda move: objection_cost(move.case),
        _say_objections,
        is_binary=True,
    ),
}
"""In the order that decides between routes that cost the same."""
