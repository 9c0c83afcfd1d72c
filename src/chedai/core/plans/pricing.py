"""One plan from one product: schedule, fees, both annual costs, cash on the day."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Protocol

from chedai.core.dates import add_months
from chedai.core.loans.cost import RateError, Subsidy, cost_of_plan, fee_by_month
from chedai.core.loans.interest_days import InterestDays
from chedai.core.loans.prepayment import PrepaymentTerms
from chedai.core.loans.schedules import Schedule, build_schedule
from chedai.core.loans.terms import Fee, ImpossibleTermsError, LoanTerms
from chedai.core.loans.terms import RateSegment as LoanSegment
from chedai.core.money import round_ratio
from chedai.core.plans.bounds import Financing, financing_of, offer_of, refusal_of
from chedai.core.plans.plan import CarFacts, ContractDates, CostLine, Plan, PlanInputs, Refusal
from chedai.core.plans.product import (
    FeeRule,
    FirstDueRule,
    PrepaymentRule,
    ProductTerms,
    ProductVersion,
    Subvention,
    TermOffer,
)


def price_plan(
    *,
    product: ProductVersion,
    car: CarFacts,
    term_months: int,
    down_payment_fen: int,
    first_due_on: date,
    purchase_costs: tuple[CostLine, ...] = (),
    add_ons: tuple[CostLine, ...] = (),
    cash_discount_fen: int | None = None,
    trade_in_fen: int = 0,
    disbursed_on: date | None = None,
) -> Plan | Refusal:
    """Price one plan, or say which input the product refuses.

    Commission is no input and cannot become one.
    """
    return price(
        PlanInputs(
            product=product,
            car=car,
            term_months=term_months,
            down_payment_fen=down_payment_fen,
            first_due_on=first_due_on,
            purchase_costs=purchase_costs,
            add_ons=add_ons,
            cash_discount_fen=cash_discount_fen,
            trade_in_fen=trade_in_fen,
            disbursed_on=disbursed_on,
        )
    )


def price(inputs: PlanInputs) -> Plan | Refusal:
    """Price stored inputs: the same inputs always give the same plan."""
    terms = inputs.product.terms
    offer = offer_of(terms, inputs.term_months)
    if isinstance(offer, Refusal):
        return offer
    financing = financing_of(
        terms=terms,
        car=inputs.car,
        down_payment_fen=inputs.down_payment_fen,
        financed_extras_fen=financed_extras(inputs),
    )
    refusal = refusal_of(terms, financing)
    if refusal:
        return refusal
    try:
        return _plan(inputs, offer, financing)
    except ImpossibleTermsError as impossible:
        return Refusal(impossible.field, impossible.message_zh)
    except RateError as no_rate:
        return Refusal("cost", str(no_rate))


class BoughtBeside(Protocol):
    """What is bought with the car."""

    @property
    def purchase_costs(self) -> tuple[CostLine, ...]:
        """What a cash buyer pays as well."""

    @property
    def add_ons(self) -> tuple[CostLine, ...]:
        """What is chosen, or insisted on."""


def financed_extras(inputs: BoughtBeside) -> int:
    """Sum of the lines that are added to the loan."""
    lines = (*inputs.purchase_costs, *inputs.add_ons)
    return sum(line.amount_fen for line in lines if line.is_financed)


def loan_terms_of(
    *,
    terms: ProductTerms,
    offer: TermOffer,
    principal_fen: int,
    dates: ContractDates | None = None,
) -> LoanTerms:
    """Turn a product's price for one term into contract terms for this principal.

    Without ``dates`` (an example, not a plan) months are equal and instalments begin in January.
    """
    return LoanTerms(
        method=terms.method,
        principal_fen=principal_fen,
        term_months=offer.term_months,
        nominal_rate_annual=offer.nominal_rate_annual or Decimal(0),
        balloon_fen=round_ratio(principal_fen, offer.balloon_ratio),
        flat_fee_rate_total=offer.flat_fee_rate_total,
        segments=tuple(
            LoanSegment(months=part.months, nominal_rate_annual=part.nominal_rate_annual)
            for part in offer.segments
        ),
        segment_base=offer.segment_base,
        interest_only_months=offer.interest_only_months,
        rent_timing=offer.rent_timing,
        rounding=terms.rounding,
        rounding_unit_fen=terms.rounding_unit_fen,
        interest_rounding=terms.interest_rounding,
        slack_months=slack_months(offer, dates),
        slack_principal_ratio=offer.slack_principal_ratio,
        interest_days=_interest_days(terms, dates),
    )


def slack_months(offer: TermOffer, dates: ContractDates | None) -> tuple[int, ...]:
    """Turn the slack calendar months into months of the contract year."""
    earliest = dates.first_due_on.month if dates else 1
    return tuple(sorted((month - earliest) % 12 + 1 for month in offer.slack_months_of_year))


def _interest_days(terms: ProductTerms, dates: ContractDates | None) -> InterestDays | None:
    day_count = terms.day_count or terms.first_period_day_count
    if day_count is None or dates is None:
        return None
    return InterestDays(
        disbursed_on=dates.starts_on,
        first_due_on=dates.first_due_on,
        day_count=day_count,
        is_every_period=terms.day_count is not None,
    )


def fee_of(rule: FeeRule, *, principal_fen: int) -> Fee:
    """Turn a fee rule into an amount for this principal."""
    return Fee(
        code=rule.code,
        name=rule.name,
        amount_fen=(
            rule.amount_fen or 0
            if rule.basis == "fixed"
            else round_ratio(principal_fen, rule.ratio or Decimal(0))
        ),
        payee=rule.payee,
        timing=rule.timing,
        is_condition_of_loan=rule.is_condition_of_loan,
        is_refundable=rule.is_refundable,
    )


def fees_of(
    *, terms: ProductTerms, principal_fen: int, add_ons: tuple[CostLine, ...] = ()
) -> tuple[Fee, ...]:
    """List every fee with its payee; add-ons that the lender insists on are fees of the loan."""
    required = {rule.code for rule in terms.add_ons if rule.is_condition_of_loan}
    return (
        *(fee_of(rule, principal_fen=principal_fen) for rule in terms.fees),
        *(
            Fee(code=line.code, name=line.name, amount_fen=line.amount_fen, payee=line.payee)
            for line in add_ons
            if line.is_condition_of_loan or line.code in required
        ),
    )


def prepayment_terms_of(rule: PrepaymentRule) -> PrepaymentTerms:
    """Turn a product's prepayment rule into what early settlement is computed from."""
    return PrepaymentTerms(
        amortisation=rule.amortisation,
        charge_base=rule.charge_base,
        charge_steps=tuple((step.up_to_month, step.ratio) for step in rule.charge_steps),
        free_after_months=rule.free_after_months,
        minimum_months=rule.minimum_months,
        charge_min_fen=rule.charge_min_fen,
        refunds_upfront_fee=rule.refunds_upfront_fee,
    )


def lost_discount(terms: ProductTerms, cash_discount_fen: int | None) -> int:
    """Return what a borrower forgoes against a cash buyer; negative if only borrowers get one."""
    lost_fen = terms.lost_cash_discount_fen if cash_discount_fen is None else cash_discount_fen
    return lost_fen - terms.loan_only_discount_fen


def cash_on_the_day(terms: ProductTerms) -> tuple[Subsidy, ...]:
    """Subventions that the customer has in hand at delivery."""
    return tuple(
        Subsidy(code=f"{rule.payer}_upfront", name=_payer_label(rule), amount_fen=rule.amount_fen)
        for rule in terms.subventions
        if rule.form == "upfront_cash" and rule.amount_fen
    )


def first_due_by_rule(*, rule: FirstDueRule, disbursed_on: date) -> date:
    """Return the first due date a product's rule gives for a day of disbursement."""
    earliest = disbursed_on + timedelta(days=rule.minimum_gap_days)
    due_on = add_months(disbursed_on, 1, anchor_day=rule.day_of_month)
    while due_on < earliest:
        due_on = add_months(due_on, 1, anchor_day=rule.day_of_month or disbursed_on.day)
    return due_on


def dates_of(
    terms: ProductTerms, *, first_due_on: date, disbursed_on: date | None
) -> ContractDates:
    """Return the days of a contract: by the product's rule where the day of disbursement is known.

    Else ``first_due_on`` holds for every product.
    """
    if disbursed_on is None:
        return ContractDates(first_due_on=first_due_on)
    due_on = first_due_by_rule(rule=terms.first_due, disbursed_on=disbursed_on)
    return ContractDates(first_due_on=due_on, disbursed_on=disbursed_on)


def _plan(inputs: PlanInputs, offer: TermOffer, financing: Financing) -> Plan:
    terms = inputs.product.terms
    principal_fen = financing.principal_fen
    loan_terms = loan_terms_of(
        terms=terms, offer=offer, principal_fen=principal_fen, dates=inputs.dates
    )
    schedule = build_schedule(loan_terms)
    fees = fees_of(terms=terms, principal_fen=principal_fen, add_ons=inputs.add_ons)
    lost_fen = lost_discount(terms, inputs.cash_discount_fen)
    given = cash_on_the_day(terms)
    refunds = tuple(_refunds(terms, offer, schedule))
    cost = cost_of_plan(schedule, fees, lost_cash_discount_fen=lost_fen, subsidies=given)
    return Plan(
        inputs=inputs,
        loan_terms=loan_terms,
        schedule=schedule,
        fees=fees,
        payments_fen=monthly_payments(schedule, fees),
        cost=cost,
        cost_after_refund=cost_of_plan(
            schedule, fees, lost_cash_discount_fen=lost_fen, subsidies=(*given, *refunds)
        )
        if refunds
        else cost,
        cost_without_subsidy=cost_of_plan(
            _schedule_without_subvention(terms, loan_terms, schedule),
            fees,
            lost_cash_discount_fen=lost_fen,
        )
        if terms.subventions
        else cost,
        principal_fen=principal_fen,
        car_principal_fen=financing.car_principal_fen,
        financed_extras_fen=financing.financed_extras_fen,
        vehicle_price_fen=financing.price_fen,
        loan_to_value=Decimal(financing.car_principal_fen) / financing.ltv_base_fen,
        last_due_on=add_months(inputs.first_due_on, inputs.term_months - 1),
        cash_at_delivery_fen=_cash_at_delivery(inputs, financing, schedule, fees),
    )


def monthly_payments(schedule: Schedule, fees: tuple[Fee, ...]) -> tuple[int, ...]:
    """Return what leaves the account each month: instalments and every fee, chosen ones too."""
    monthly = [0, *schedule.instalment_fen]
    monthly[-1] -= schedule.deposit_fen
    for fee in fees:
        for month, fen in fee_by_month(fee, schedule.term_months):
            monthly[month] += fen
    return tuple(monthly[1:])


def cash_before_loan(
    *,
    terms: ProductTerms,
    car: CarFacts,
    purchase_costs: tuple[CostLine, ...],
    add_ons: tuple[CostLine, ...],
    trade_in_fen: int,
) -> int:
    """Cash on the day if nothing were lent: fees of the loan not yet added, principal not off.

    Add-ons that the lender insists on are fees of the loan.
    """
    fees = {rule.code for rule in terms.fees}
    fees |= {rule.code for rule in terms.add_ons if rule.is_condition_of_loan}
    chosen = (line for line in add_ons if not line.is_condition_of_loan and line.code not in fees)
    lines_fen = sum(line.amount_fen for line in (*purchase_costs, *chosen))
    given_fen = sum(subsidy.amount_fen for subsidy in cash_on_the_day(terms))
    price_fen = car.vehicle_price_fen - terms.loan_only_discount_fen
    return price_fen + lines_fen - given_fen - trade_in_fen


def _cash_at_delivery(
    inputs: PlanInputs, financing: Financing, schedule: Schedule, fees: tuple[Fee, ...]
) -> int:
    before_fen = cash_before_loan(
        terms=inputs.product.terms,
        car=inputs.car,
        purchase_costs=inputs.purchase_costs,
        add_ons=inputs.add_ons,
        trade_in_fen=inputs.trade_in_fen,
    )
    fees_fen = sum(fee.amount_fen for fee in fees if fee.timing == "upfront")
    start_fen = schedule.paid_at_start_fen + schedule.deposit_fen
    return before_fen + fees_fen + start_fen - financing.principal_fen


def _refunds(terms: ProductTerms, offer: TermOffer, schedule: Schedule) -> Iterator[Subsidy]:
    for rule in terms.subventions:
        if rule.form == "interest_refund" and rule.rate_points:
            yield from _refunds_of(rule, offer, schedule)


def _refunds_of(rule: Subvention, offer: TermOffer, schedule: Schedule) -> Iterator[Subsidy]:
    """Yield the refund of each month, on the balance of that month, until the cap is used up."""
    points = rule.rate_points or Decimal(0)
    contract_rate = offer.nominal_rate_annual
    if rule.max_rate_share is not None and contract_rate is not None:
        points = min(points, rule.max_rate_share * contract_rate)
    months = range(schedule.term_months)
    wanted = [round_ratio(schedule.outstanding_after(k), points / 12, "down") for k in months]
    cap_fen = sum(wanted) if rule.cap_fen is None else rule.cap_fen
    reached = [0, *(min(total, cap_fen) for total in accumulate(wanted))]
    for month in range(1, schedule.term_months + 1):
        amount_fen = reached[month] - reached[month - 1]
        if amount_fen:
            yield Subsidy(
                code=f"{rule.payer}_refund",
                name=_payer_label(rule),
                amount_fen=amount_fen,
                month=month,
            )


def _schedule_without_subvention(
    terms: ProductTerms, loan_terms: LoanTerms, schedule: Schedule
) -> Schedule:
    """Lay out the same loan at the rate it would have without the maker's or dealer's money."""
    rates = [
        rule.nominal_rate_annual_before
        for rule in terms.subventions
        if rule.form == "rate_included" and rule.nominal_rate_annual_before is not None
    ]
    if not rates:
        return schedule
    return build_schedule(
        LoanTerms(
            method="balloon" if loan_terms.balloon_fen else "equal_instalment",
            principal_fen=loan_terms.principal_fen,
            term_months=loan_terms.term_months,
            nominal_rate_annual=max(rates),
            balloon_fen=loan_terms.balloon_fen,
            rounding=loan_terms.rounding,
            rounding_unit_fen=loan_terms.rounding_unit_fen,
            interest_rounding=loan_terms.interest_rounding,
            interest_days=loan_terms.interest_days,
        )
    )


def _payer_label(rule: Subvention) -> str:
    return {"oem": "厂家贴息", "dealer": "经销商贴息", "government": "财政贴息"}[rule.payer]
