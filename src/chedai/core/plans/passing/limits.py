"""Limits on term and instalment: whether a candidate keeps them, and how each is said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from chedai.core.dates import add_months
from chedai.core.money import format_yuan, round_ratio
from chedai.core.plans.bounds import percent
from chedai.core.plans.columns import Ints
from chedai.core.plans.passing.case import PassCase
from chedai.core.plans.passing.grid import Grid, Mask
from chedai.core.plans.passing.quoting import QuoteRows


@dataclass(frozen=True)
class Quoted:
    """Candidates with their quotes, and the debts that have to be settled for each; fen a month."""

    grid: Grid
    quotes: QuoteRows
    settled_fen: Ints


def term_breaches(case: PassCase, term_months: int) -> frozenset[str]:
    """Name the limits a term breaks, whatever is borrowed."""
    return frozenset(name for name, keeps in TERM_LIMITS.items() if not keeps(case, term_months))


def settled_needed(case: PassCase, payment_fen: Ints) -> Ints:
    """Return the monthly debts to settle, in whole steps; all of them where that is still short."""
    debts, income_fen = case.debts, case.customer.monthly_income_fen
    if debts is None or income_fen is None:
        return np.zeros_like(payment_fen)
    most_fen = round_ratio(income_fen, debts.max_debt_to_income, "down")
    beyond = np.maximum(payment_fen + debts.monthly_fen - most_fen, 0)
    whole: Ints = -(-beyond // case.step_fen) * case.step_fen
    return np.minimum(whole, debts.monthly_fen)


def _age_at_end(case: PassCase, term_months: int) -> bool:
    age, most = case.customer.age_years, case.terms.eligibility.age_years_max_at_end
    return age is None or most is None or age + -(-term_months // 12) <= most


def _vehicle_age_at_end(case: PassCase, term_months: int) -> bool:
    car, most = case.inputs.car, case.terms.eligibility.max_vehicle_age_months_at_end
    if car.condition == "new" or car.age_months is None or most is None:
        return True
    return car.age_months + term_months <= most


def _term_max(case: PassCase, term_months: int) -> bool:
    most = case.needs.term_months_max
    return most is None or term_months <= most


def _last_due(case: PassCase, term_months: int) -> bool:
    latest = case.needs.last_due_on_max
    return latest is None or add_months(case.inputs.first_due_on, term_months - 1) <= latest


TERM_LIMITS: Final[Mapping[str, Callable[[PassCase, int], bool]]] = {
    "age_at_end": _age_at_end,
    "vehicle_age_at_end": _vehicle_age_at_end,
    "term_max": _term_max,
    "last_due": _last_due,
}


def _within(values: Ints, most_fen: int | None) -> Mask:
    kept: Mask = np.ones(len(values), bool) if most_fen is None else values <= most_fen
    return kept


def _share_of_income(quoted: Quoted) -> Mask:
    case = quoted.grid.case
    share, income_fen = (
        case.terms.eligibility.max_instalment_to_income,
        case.customer.monthly_income_fen,
    )
    if share is None or income_fen is None:
        return np.ones(len(quoted.grid), bool)
    return _within(quoted.quotes.payment_fen, round_ratio(income_fen, share, "down"))


def _debt_share(quoted: Quoted) -> Mask:
    case = quoted.grid.case
    debts, income_fen = case.debts, case.customer.monthly_income_fen
    if debts is None or income_fen is None:
        return np.ones(len(quoted.grid), bool)
    owed = quoted.quotes.payment_fen + debts.monthly_fen - quoted.settled_fen
    return _within(owed, round_ratio(income_fen, debts.max_debt_to_income, "down"))


def _cash(quoted: Quoted) -> Mask:
    """Settling debts takes cash from the same pocket."""
    grid = quoted.grid
    debts = grid.case.debts
    cash = grid.before_fen + quoted.quotes.upfront_fen - grid.principal_fen
    cash = cash + quoted.settled_fen * (debts.settle_months if debts else 0)
    return _within(cash, grid.case.needs.cash_max_fen)


QUOTE_LIMITS: Final[Mapping[str, Callable[[Quoted], Mask]]] = {
    "cost": lambda quoted: quoted.quotes.is_priced,
    "instalment_to_income": _share_of_income,
    "debt_to_income": _debt_share,
    "payment_max": lambda quoted: _within(
        quoted.quotes.payment_fen, quoted.grid.case.needs.payment_max_fen
    ),
    "extra_max": lambda quoted: _within(
        quoted.quotes.extra_over_cash_fen, quoted.grid.case.needs.extra_max_fen
    ),
    "cash_max": _cash,
}

LIMIT_WORDS: Final[Mapping[str, Callable[[PassCase], str]]] = {
    "down_payment": lambda _: "首付不能超过车价",
    "min_down_payment": lambda case: f"首付最少 {percent(case.terms.min_down_payment_ratio)}",
    "loan_to_value": lambda case: f"贷款成数上限 {percent(case.terms.max_loan_to_value)}",
    "financed_extras": lambda _: "附加品贷得比这个产品允许的多",
    "principal_min": lambda case: f"起贷额 {format_yuan(case.terms.principal_min_fen)}",
    "principal_max": lambda case: f"贷款额上限 {format_yuan(case.terms.principal_max_fen)}",
    "principal_step": lambda case: (
        f"贷款额须为 {format_yuan(case.terms.principal_step_fen)} 的整数倍"
    ),
    "vehicle_price": lambda _: "车价不在这个产品的范围内",
    "term": lambda case: f"没有 {case.inputs.term_months} 期",
    "age_at_end": lambda case: f"还清时不超过 {case.terms.eligibility.age_years_max_at_end} 岁",
    "vehicle_age_at_end": lambda case: (
        f"还清时车龄不超过 {case.terms.eligibility.max_vehicle_age_months_at_end} 个月"
    ),
    "term_max": lambda case: f"客户最多还 {case.needs.term_months_max} 个月",
    "last_due": lambda case: f"客户要在 {case.needs.last_due_on_max} 前还清",
    "cost": lambda _: "费用太高，算不出一份合理的合同",
    "instalment_to_income": lambda case: (
        "月供不超过月收入的 " + percent(case.terms.eligibility.max_instalment_to_income)
    ),
    "debt_to_income": lambda case: (
        f"月供加旧债不超过月收入的 {percent(case.debts.max_debt_to_income if case.debts else 1)}"
    ),
    "payment_max": lambda case: f"客户月供上限 {format_yuan(case.needs.payment_max_fen or 0)}",
    "extra_max": lambda case: f"比全款最多多付 {format_yuan(case.needs.extra_max_fen or 0)}",
    "cash_max": lambda case: f"提车现金最多 {format_yuan(case.needs.cash_max_fen or 0)}",
    "co_borrower": lambda _: "要有共借人",
    "objections": lambda _: "这个产品带有客户不接受的事项",
}
"""How each limit is said when it is what stands in the way."""
