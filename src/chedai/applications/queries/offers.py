"""The plans a deal can apply for at each lender: its own products, nobody else's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chedai.core.plans.plan import Plan
from chedai.planning.queries.desk import DeskView, product_answers


@dataclass(frozen=True, slots=True)
class Offered:
    """One plan at one lender; ``key`` names it on the form."""

    key: str
    label: str
    plan: Plan


def plans_by_lender(view: DeskView) -> Mapping[str, tuple[Offered, ...]]:
    """List for each lender's code the plans on the table, then what its other products make."""
    named = [(f"方案 {card.letter}：", card.plan) for card in view.cards]
    known = {plan.key for _, plan in named}
    others = [
        ("", answer.plan)
        for answer in product_answers(view.scene)
        if answer.plan is not None
        and answer.outcome != "not_eligible"
        and answer.plan.key not in known
    ]
    return _grouped([*named, *others])


def _grouped(plans: Iterable[tuple[str, Plan]]) -> dict[str, tuple[Offered, ...]]:
    grouped: dict[str, tuple[Offered, ...]] = {}
    for prefix, plan in plans:
        version_id, term_months, down_fen = plan.key
        label = f"{prefix}{plan.product.name}，¥{plan.principal_fen // 100:,}，{term_months} 期"
        offered = Offered(f"{version_id}-{term_months}-{down_fen}", label, plan)
        code = plan.product.lender_code
        grouped[code] = (*grouped.get(code, ()), offered)
    return grouped
