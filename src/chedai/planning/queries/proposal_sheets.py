"""From what was decided to what is printed: prices the chosen plans again and words the sheet.

Nothing here looks anything up: ``ProposalInputs`` holds the full terms of every product version,
so the same inputs give the same sheet however the catalogue has changed since.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from chedai.core.loans.methods import METHOD_LABELS
from chedai.core.loans.prepayment import TooEarlyToPrepayError, early_settlement
from chedai.core.plans.plan import Plan, PlanInputs, Refusal
from chedai.core.plans.pricing import prepayment_terms_of, price
from chedai.core.plans.product import CONTRACT_NATURE_LABELS, LENDER_KIND_LABELS
from chedai.core.plans.product.reading import from_plain, to_plain
from chedai.core.plans.product.terms import PrepaymentRule
from chedai.core.plans.settling import payoff_table_of, rebate_of
from chedai.documents.printing.sheet import (
    Car,
    CashColumn,
    Citation,
    InstalmentRun,
    LaterMoney,
    Lesson,
    Market,
    PlanColumn,
    Promise,
    ProposalSheet,
    PurchaseCost,
    ReadBack,
    Settlement,
    Versions,
    YearOfPlan,
)
from chedai.planning.queries.proposal_fees import fee_lines, paid_by_month
from chedai.planning.queries.proposal_wording import fit_for_customers

PLACES: Final = Decimal("0.000001")
PLANS_MAX: Final = 3
PAYER_LABELS: Final = {"oem": "厂家", "dealer": "经销商", "government": "财政"}


class PlanNoLongerPricedError(Exception):
    """A chosen plan cannot be priced with the terms it was chosen under."""


class PlansOutOfOrderError(Exception):
    """The plans do not ascend by what they cost beyond cash."""


@dataclass(frozen=True, kw_only=True)
class ChosenPlan:
    """A plan as chosen on the desk; ``inputs`` carry the product's full terms.

    ``market_rank`` 0 = count it in ``ProposalInputs.market_apr_bp``.
    """

    best_at: str
    gives_up: tuple[str, ...]
    likelihood: str
    likelihood_reason: str
    inputs: PlanInputs
    market_rank: int = 0


@dataclass(frozen=True, kw_only=True)
class ProposalInputs:
    """Everything a proposal is re-created from, beside its number and moment.

    Attributes
    ----------
    plans
        One to three, ascending by cost beyond cash; lettered A, B, C in this order.
    cash
        None when the customer excluded paying cash.
    market_apr_bp
        Yearly cost (simple, in basis points) of every offer found for this need on that day.
    settle_months
        Months to show for early settlement; the customer's own month first.
    verify_root
        Address before the code, ``https://…/verify/``; it is printed inside the QR.
    """

    store_name: str
    advisor_name: str
    advisor_contact: str
    addressee: str
    products_on: date
    need_version: int
    needs: tuple[ReadBack, ...]
    car: Car
    plans: tuple[ChosenPlan, ...]
    cash: CashColumn | None
    purchase_costs: tuple[PurchaseCost, ...]
    later_money: tuple[LaterMoney, ...]
    reference_set: str
    market_apr_bp: tuple[int, ...]
    settle_months: tuple[int, ...]
    promises: tuple[Promise, ...]
    citations: tuple[Citation, ...]
    engine: str
    policy_book: str
    verify_root: str
    layout: str = "1"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON value; ``from_json`` gives equal inputs back."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_json(cls, document: object) -> "ProposalInputs":
        """Read a plain JSON value; a ``MalformedTermsError`` names every faulty field."""
        return from_plain(cls, document)


def sheet_of(inputs: ProposalInputs, *, number: str, made_on: date) -> ProposalSheet:
    """Price the chosen plans and word the whole sheet.

    ``PlanNoLongerPricedError`` when the terms refuse a plan, ``BannedWordingError`` when a text
    contains a word that must not be shown.

    Raises
    ------
    PlansOutOfOrderError
        The plans do not ascend by cost beyond cash, or there are none or too many.
    """
    plans = tuple(_priced(chosen) for chosen in inputs.plans)
    extras = [plan.extra_over_cash_fen for plan in plans]
    if extras != sorted(extras) or not 1 <= len(plans) <= PLANS_MAX:
        raise PlansOutOfOrderError("方案要有 1 到 3 个，并按比付全款多付的钱从少到多排")
    columns = tuple(
        _column(letter, chosen, plan, inputs)
        for letter, chosen, plan in zip("ABC", inputs.plans, plans, strict=False)
    )
    sheet = ProposalSheet(
        number=number,
        store_name=inputs.store_name,
        advisor_name=inputs.advisor_name,
        advisor_contact=inputs.advisor_contact,
        addressee=inputs.addressee,
        made_on=made_on.isoformat(),
        products_on=inputs.products_on.isoformat(),
        need_version=inputs.need_version,
        needs=inputs.needs,
        car=inputs.car,
        plans=columns,
        cash=inputs.cash,
        purchase_costs=inputs.purchase_costs,
        later_money=(*inputs.later_money, *_refunds(columns, plans)),
        market=Market(
            on=inputs.products_on.isoformat(),
            reference_set=inputs.reference_set,
            apr_simple=tuple(Decimal(bp) / 10_000 for bp in sorted(inputs.market_apr_bp)),
        ),
        lesson=_lesson(columns, plans),
        promises=inputs.promises,
        citations=inputs.citations,
        versions=Versions(
            engine=inputs.engine, policy_book=inputs.policy_book, layout=inputs.layout
        ),
    )
    return fit_for_customers(sheet)


def _priced(chosen: ChosenPlan) -> Plan:
    plan = price(chosen.inputs)
    if isinstance(plan, Refusal):
        name = chosen.inputs.product.terms.name
        raise PlanNoLongerPricedError(f"{name}：{plan.message}")
    return plan


def _column(letter: str, chosen: ChosenPlan, plan: Plan, inputs: ProposalInputs) -> PlanColumn:
    terms = plan.product
    settlements = tuple(
        _settlement(plan, month)
        for month in sorted(set(inputs.settle_months))
        if 1 <= month <= plan.term_months
    )
    apr_bp = round(plan.apr_simple * 10_000)
    return PlanColumn(
        letter=letter,
        best_at=chosen.best_at,
        product_name=terms.name,
        product_version=plan.inputs.product.version_id,
        lender_name=terms.lender_name,
        lender_kind=LENDER_KIND_LABELS[terms.lender_kind],
        contract_nature=CONTRACT_NATURE_LABELS[terms.contract_nature],
        ownership_banner=plan.ownership_banner,
        method=METHOD_LABELS[terms.method],
        principal_fen=plan.principal_fen,
        down_payment_fen=plan.down_payment_fen,
        term_months=plan.term_months,
        instalment_fen=plan.payment_fen,
        runs=tuple(_runs(plan.payments_fen)),
        first_due_on=plan.first_due_on.isoformat(),
        last_due_on=plan.last_due_on.isoformat(),
        total_paid_fen=plan.total_paid_fen,
        extra_over_cash_fen=plan.extra_over_cash_fen,
        apr_simple=_ratio(plan.apr_simple),
        apr_compound=_ratio(plan.apr_compound),
        cash_at_delivery_fen=plan.cash_at_delivery_fen,
        prepayment=prepayment_in_words(terms.prepayment),
        fees=fee_lines(plan),
        gives_up=chosen.gives_up,
        likelihood=chosen.likelihood,
        likelihood_reason=chosen.likelihood_reason,
        years=tuple(_years(plan)),
        settlements=settlements,
        prepayment_message=_settlement_message(plan, settlements, inputs.settle_months),
        market_rank=chosen.market_rank or _rank(apr_bp, inputs.market_apr_bp),
        break_even_month=_break_even(plan),
    )


def _rank(apr_bp: int, market_apr_bp: tuple[int, ...]) -> int:
    return 1 + sum(other < apr_bp for other in market_apr_bp)


def prepayment_in_words(rule: PrepaymentRule) -> str:
    """Say what settling early costs, as the contract has it."""
    base = "剩余本金" if rule.charge_base == "outstanding" else "贷款额"
    said = [f"至少还满 {rule.minimum_months} 期才能结清"] if rule.minimum_months > 1 else []
    steps = [step for step in rule.charge_steps if step.ratio]
    said += [
        f"第 {step.up_to_month} 期及以前结清，收{base}的 {_percent(step.ratio)}" for step in steps
    ]
    if rule.free_after_months is None:
        said.append(
            "没有写明几期后免违约金，签约前请问清" if not steps else "之后是否免收以合同为准"
        )
    elif rule.free_after_months == 0:
        said.append("任何时候结清都免违约金")
    else:
        said.append(f"满 {rule.free_after_months} 期后免违约金")
    return "；".join(said)


def _percent(ratio: Decimal) -> str:
    return f"{(ratio * 100).normalize():f}%"


def _ratio(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(PLACES)


def _runs(payments_fen: tuple[int, ...]) -> Iterator[InstalmentRun]:
    number = 1
    for amount_fen, run in groupby(payments_fen):
        count = len(list(run))
        yield InstalmentRun(from_number=number, to_number=number + count - 1, amount_fen=amount_fen)
        number += count


def _years(plan: Plan) -> Iterator[YearOfPlan]:
    monthly = paid_by_month(plan)
    ends = sorted({*range(12, plan.term_months, 12), plan.term_months})
    before = 0
    for end in ends:
        start = before + 1 if before else 0
        yield YearOfPlan(
            to_month=end,
            paid_fen=sum(monthly[start : end + 1]),
            cumulative_fen=sum(monthly[: end + 1]),
            outstanding_fen=plan.schedule.outstanding_after(end),
        )
        before = end


def _settlement(plan: Plan, month: int) -> Settlement:
    try:
        settled = early_settlement(
            plan.schedule,
            plan.loan_terms,
            prepayment_terms_of(plan.product.prepayment),
            after_month=month,
            fees=plan.fees,
            rebate_fen=rebate_of(plan),
        )
    except TooEarlyToPrepayError:
        return Settlement(after_month=month, charge_fen=None, payoff_fen=0, extra_over_cash_fen=0)
    return Settlement(
        after_month=month,
        charge_fen=settled.charge_fen,
        payoff_fen=settled.payoff_fen,
        extra_over_cash_fen=settled.cost.extra_over_cash_fen,
    )


def _settlement_message(
    plan: Plan, settlements: tuple[Settlement, ...], wanted: tuple[int, ...]
) -> str:
    own = next(
        (line for month in wanted for line in settlements if line.after_month == month), None
    )
    if own is None:
        return "按期还到底。"
    if own.charge_fen is None:
        return f"第 {own.after_month} 期时合同还不允许结清。"
    saved_fen = plan.extra_over_cash_fen - own.extra_over_cash_fen
    if saved_fen > 0:
        return f"第 {own.after_month} 期后结清，比还到底少付 {_yuan(saved_fen)} 元。"
    if saved_fen < 0:
        return f"第 {own.after_month} 期后结清，反而比还到底多付 {_yuan(-saved_fen)} 元。"
    return f"第 {own.after_month} 期后结清，和还到底付的一样多。"


def _yuan(fen: int) -> str:
    whole, part = divmod(fen, 100)
    return f"{whole:,}" + (f".{part:02d}" if part else "")


def _break_even(plan: Plan) -> int | None:
    """Only a rebate can make a loan cheaper than cash."""
    if rebate_of(plan) <= 0 or plan.extra_over_cash_fen <= 0:
        return None
    return int(payoff_table_of([plan]).break_even_month[0]) or None


def _refunds(columns: tuple[PlanColumn, ...], plans: tuple[Plan, ...]) -> Iterator[LaterMoney]:
    for column, plan in zip(columns, plans, strict=True):
        amount_fen = plan.extra_over_cash_fen - plan.cost_after_refund.extra_over_cash_fen
        rules = [rule for rule in plan.product.subventions if rule.form == "interest_refund"]
        if amount_fen > 0 and rules:
            yield LaterMoney(
                name=f"方案 {column.letter} 利息返还",
                amount_fen=amount_fen,
                payer=PAYER_LABELS[rules[0].payer],
                expected="按期还款以后",
                condition=rules[0].condition or "以实际发放为准",
            )


def _lesson(columns: tuple[PlanColumn, ...], plans: tuple[Plan, ...]) -> Lesson | None:
    """Take the plan that is quoted by a fee rate, else the cheapest that costs anything."""
    costly = [pair for pair in zip(columns, plans, strict=True) if pair[0].extra_over_cash_fen > 0]
    if not costly:
        return None
    column, plan = next(
        (pair for pair in costly if pair[1].loan_terms.method == "flat_fee"), costly[0]
    )
    monthly = (
        Decimal(column.extra_over_cash_fen) / column.principal_fen / column.term_months
    ).quantize(PLACES)
    half = column.term_months // 2
    owed = tuple(plan.schedule.outstanding_after(month) for month in range(column.term_months + 1))
    return Lesson(
        letter=column.letter,
        principal_fen=column.principal_fen,
        term_months=column.term_months,
        flat_rate_monthly=monthly,
        flat_rate_times_twelve=monthly * 12,
        apr_simple=column.apr_simple,
        half_month=half,
        owed_at_half_fen=owed[half],
        owed_fen=owed,
    )
