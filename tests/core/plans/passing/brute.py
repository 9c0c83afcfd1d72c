"""Random small cases, and the same answer by trying everything: slow, plain, independent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import combinations, product
from math import gcd
from random import Random
from typing import Any

from tests.core.plans.builders import make_car, make_eligibility, make_offers, make_version

from chedai.core.money import round_ratio
from chedai.core.plans.eligibility import CustomerFacts, judge
from chedai.core.plans.passing.case import Debts, PassCase, PassNeeds
from chedai.core.plans.passing.levers import LEVERS, Move, changes_of, droppable
from chedai.core.plans.plan import CostLine, Plan, PlanInputs, Refusal
from chedai.core.plans.pricing import price
from chedai.core.plans.product import AddOnCondition, FeeRule, TermOffer

ON = date(2026, 11, 10)
STEP_FEN = 16_000_00


def make_case(**changes: Any) -> PassCase:
    """A case that passes as it stands; a test names only what is in the way."""
    facts = {
        "credit_histories": ("clean",),
        "monthly_income_fen": 9_000_00,
        "income_kind": "salary",
        "age_years": 35,
    }
    inputs: dict[str, Any] = {
        "product": make_version(**changes.pop("product", {})),
        "car": make_car(**changes.pop("car", {})),
        "term_months": 36,
        "down_payment_fen": 50_000_00,
        "first_due_on": date(2026, 12, 10),
    }
    plain: dict[str, Any] = {
        "inputs": PlanInputs(**(inputs | changes.pop("inputs", {}))),
        "customer": CustomerFacts(**(facts | changes.pop("customer", {}))),
        "on": ON,
    }
    return PassCase(**(plain | changes))


def costs_of(price_fen: int) -> tuple[CostLine, ...]:
    """Purchase tax, and a financed insurance that follows the price."""
    tax_fen = price_fen // 113 * 10
    return (
        CostLine(code="tax", name="购置税", amount_fen=tax_fen, payee="税务局"),
        CostLine(
            code="cover",
            name="保险",
            amount_fen=price_fen // 50,
            payee="安屿财险（虚构）",
            is_financed=True,
        ),
    )


def random_case(random: Random) -> PassCase:
    """A case with a few things in the way, some of which nothing can be done about."""
    some = random.choice
    price_fen = some([80_000_00, 96_000_00, 112_000_00, 120_500_00])
    offers = make_offers(some(["0", "0.0388", "0.0999"]), *some([(36,), (24, 36, 60), (48, 60)]))
    method = some(["equal_instalment"] * 3 + ["flat_fee", "equal_principal"])
    if method == "flat_fee":
        offers = tuple(
            TermOffer(o.term_months, flat_fee_rate_total=Decimal("0.08")) for o in offers
        )
    needs_gps = some([False, False, True])
    rules = make_eligibility(
        max_instalment_to_income=some([None, None, Decimal("0.4")]),
        vehicle_price_max_fen=some([None, None, 90_000_00]),
        age_years_max_at_end=some([None, 60]),
        needs_co_borrower=some([False, False, True]),
        needs_gps=needs_gps,
    )
    terms = {
        "method": method,
        "offers": offers,
        "eligibility": rules,
        "principal_min_fen": some([10_000_00, 40_000_00]),
        "principal_max_fen": some([500_000_00, 60_000_00]),
        "principal_step_fen": some([1, 1, 1_000_00, 5_000_00]),
        "min_down_payment_ratio": Decimal(some(["0", "0.2", "0.4"])),
        "max_loan_to_value": Decimal(some(["1", "0.8", "0.6"])),
        "financed_extras_max_fen": some([0, 6_000_00]),
        "financed_extras_max_ratio": Decimal("0.1"),
        "loan_only_discount_fen": some([0, 0, 2_000_00]),
        "fees": some([(), (_fee(some(["upfront", "spread", "last"])),)]),
        "add_ons": (AddOnCondition("gps_box", "GPS", "车网（虚构）", True, 1_200_00),)
        if needs_gps
        else (),
    }
    has_costs = some([False, False, True])
    inputs = {
        "term_months": some([36, 36, 60]),
        "down_payment_fen": some([0, 16_000_00, 32_000_00, 48_300_00]),
        "add_ons": _lines(some([0, 0, 1, 2])),
        "purchase_costs": costs_of(price_fen) if has_costs else (),
        "trade_in_fen": some([0, 5_000_00]),
    }
    return make_case(
        product=terms,
        car={"vehicle_price_fen": price_fen, "list_price_fen": some([None, 90_000_00])},
        inputs=inputs,
        customer={
            "age_years": some([30, 56, None]),
            "monthly_income_fen": some([None, 5_000_00, 9_000_00]),
            "has_co_borrower": some([None, False, True]),
            "objections": some([(), ("gps",)]),
            "credit_histories": some([("clean",)] * 9 + [("severe_overdue",)]),
        },
        needs=PassNeeds(
            payment_max_fen=some([None, 1_500_00, 2_500_00]),
            cash_max_fen=some([None, None, 30_000_00, 60_000_00]),
            extra_max_fen=some([None, None, 4_000_00]),
            term_months_max=some([None, None, 48]),
            last_due_on_max=some([None, None, date(2029, 11, 10)]),
        ),
        debts=some(
            [
                None,
                None,
                Debts(monthly_fen=1_900_00, max_debt_to_income=Decimal("0.5"), settle_months=10),
            ]
        ),
        costs_of=costs_of if has_costs else None,
        price_min_fen=price_fen // 2,
        step_fen=STEP_FEN,
    )


def _fee(timing: Any) -> FeeRule:
    return FeeRule(
        code="handling",
        name="手续费",
        payee="清禾咨询（虚构）",
        basis="ratio_of_principal",
        timing=timing,
        is_condition_of_loan=True,
        is_refundable=False,
        ratio=Decimal("0.01"),
    )


def _lines(count: int) -> tuple[CostLine, ...]:
    lines = (
        CostLine(code="film", name="贴膜", amount_fen=1_500_00, payee="本店", is_financed=True),
        CostLine(code="care", name="延保", amount_fen=4_800_00, payee="本店", is_financed=True),
    )
    return lines[:count]


def brute(case: PassCase) -> tuple[Any, ...] | None:
    """Try every combination of every value; the best key, or None when nothing passes."""
    plan_at = cache(lambda *values: _plan_at(case, *values))
    opened = replace(
        case.customer,
        objections=(),
        has_co_borrower=True if case.lacks_co_borrower else case.customer.has_co_borrower,
    )
    best: tuple[Any, ...] | None = None
    for price_fen, term_months in product(_prices(case), _terms(case)):
        for down_fen, dropped in product(_downs(case, price_fen), _drops(case)):
            for actual_down in _beside(case, price_fen, down_fen, dropped):
                plan = plan_at(price_fen, term_months, actual_down, dropped)
                if isinstance(plan, Refusal) or _is_refused(case, opened, plan):
                    continue
                for settled_fen in _settled(case):
                    if _keeps(case, plan, settled_fen):
                        key = _key(case, plan, dropped, settled_fen)
                        best = key if best is None or key < best else best
    return best


def _key(
    case: PassCase, plan: Plan, dropped: tuple[CostLine, ...], settled_fen: int
) -> tuple[Any, ...]:
    changes = changes_of(
        Move(case=case, plan=plan, dropped=dropped, settled_monthly_fen=settled_fen)
    )
    order = list(LEVERS)
    moved = tuple(order.index(change.lever) for change in changes)
    down_fen = plan.down_payment_fen - case.inputs.down_payment_fen
    months = plan.term_months - case.inputs.term_months
    return (
        len(changes),
        sum(change.cost_fen for change in changes),
        moved,
        abs(months),
        months > 0,
        _drops(case).index(dropped),
        abs(down_fen),
        down_fen < 0,
        -plan.inputs.car.vehicle_price_fen,
        settled_fen,
        tuple((change.lever, change.amount) for change in changes),
    )


def _plan_at(
    case: PassCase, price_fen: int, months: int, down_fen: int, dropped: tuple[CostLine, ...]
) -> Plan | Refusal:
    return price(
        replace(
            case.inputs,
            car=replace(case.inputs.car, vehicle_price_fen=price_fen),
            term_months=months,
            down_payment_fen=down_fen,
            purchase_costs=_costs_at(case, price_fen),
            add_ons=tuple(line for line in case.inputs.add_ons if line not in dropped),
        )
    )


def _costs_at(case: PassCase, price_fen: int) -> tuple[CostLine, ...]:
    if case.costs_of is None or price_fen == case.inputs.car.vehicle_price_fen:
        return case.inputs.purchase_costs
    return case.costs_of(price_fen)


def _prices(case: PassCase) -> list[int]:
    return list(range(case.inputs.car.vehicle_price_fen, case.price_min_fen - 1, -case.step_fen))


def _terms(case: PassCase) -> list[int]:
    return [offer.term_months for offer in case.terms.offers]


def _downs(case: PassCase, price_fen: int) -> list[int]:
    start_fen = case.inputs.down_payment_fen
    lowest = -(start_fen // case.step_fen) - 1
    reach = range(lowest, (price_fen - start_fen) // case.step_fen + 1)
    return [start_fen + steps * case.step_fen for steps in reach]


def _beside(
    case: PassCase, price_fen: int, down_fen: int, dropped: tuple[CostLine, ...]
) -> Iterator[int]:
    """The down payment where it is, and each step with the product's own step met beside it."""
    start_fen = case.inputs.down_payment_fen
    lines = (*_costs_at(case, price_fen), *case.inputs.add_ons)
    extras_fen = sum(line.amount_fen for line in lines if line.is_financed and line not in dropped)
    lent_fen = price_fen - case.terms.loan_only_discount_fen - start_fen + extras_fen
    unit_fen = gcd(case.step_fen, case.terms.principal_step_fen)
    shifted_fen = down_fen + lent_fen % unit_fen
    if down_fen == start_fen:
        yield start_fen
    if shifted_fen >= 0 and shifted_fen != start_fen:
        yield shifted_fen


def _drops(case: PassCase) -> list[tuple[CostLine, ...]]:
    lines = droppable(case)
    return [some for count in range(len(lines) + 1) for some in combinations(lines, count)]


def _settled(case: PassCase) -> list[int]:
    if case.debts is None:
        return [0]
    whole_fen = case.debts.monthly_fen
    return sorted({*range(0, whole_fen, case.step_fen), whole_fen})


def _is_refused(case: PassCase, opened: CustomerFacts, plan: Plan) -> bool:
    car = plan.inputs.car
    verdict = judge(terms=case.terms, customer=opened, car=car, on=case.on, plan=plan)
    return verdict.outcome == "not_eligible"


def _keeps(case: PassCase, plan: Plan, settled_fen: int) -> bool:
    needs, debts, income_fen = case.needs, case.debts, case.customer.monthly_income_fen
    cash_fen = plan.cash_at_delivery_fen
    if debts:
        cash_fen += settled_fen * debts.settle_months
        if income_fen is not None:
            owed_fen = plan.payment_fen + debts.monthly_fen - settled_fen
            if owed_fen > round_ratio(income_fen, debts.max_debt_to_income, "down"):
                return False
    return all(
        most is None or value <= most
        for value, most in (
            (plan.payment_fen, needs.payment_max_fen),
            (cash_fen, needs.cash_max_fen),
            (plan.extra_over_cash_fen, needs.extra_max_fen),
            (plan.term_months, needs.term_months_max),
            (plan.last_due_on, needs.last_due_on_max),
        )
    )
