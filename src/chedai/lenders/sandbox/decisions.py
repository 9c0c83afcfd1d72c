"""What an invented lender answers: the same application and seed, the same answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Final

from chedai.core.loans.cost import cost_of_plan
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import Fee as LoanFee
from chedai.core.loans.terms import LoanTerms
from chedai.lenders.port import (
    Application,
    CostDisclosure,
    CostItem,
    Eligibility,
    Fee,
    FieldFault,
    Offer,
    Refusal,
    RefusalReason,
    Settlement,
    Stipulation,
    unmet,
)
from chedai.lenders.sandbox.personalities import Personality

STEP_FEN: Final = 1_000_00
OFFER_DAYS: Final = 30
RETRY_DAYS: Final = 90
SETTLE_DAYS: Final = 7
MONTHS_A_YEAR: Final = 12
CREDIT_SCORES: Final = {
    "clean": 0.25,
    "thin": 0.05,
    "many_inquiries": -0.12,
    "past_overdue": -0.2,
    "current_overdue": -0.9,
}
STATEMENT: Final = "除本表列明的项目外，不再收取与本贷款有关的其他费用"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One of an offer (as asked, or less) and a refusal."""

    offer: Offer | None = None
    refusal: Refusal | None = None
    is_counter: bool = False


def draw(seed: int, *words: str) -> float:
    """Draw from [0, 1), the same for the same seed and words."""
    digest = hashlib.sha256("\n".join((str(seed), *words)).encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def faults_of(personality: Personality, application: Application) -> tuple[FieldFault, ...]:
    """Say what the pack lacks for this lender, all at once."""
    found = unmet(personality.required_fields, application.borrower)
    faults = [FieldFault(field=name, message=said) for name, said in found.items()]
    held = {document.type for document in application.documents}
    faults += [
        FieldFault(field=f"documents.{name}", message=f"缺少资料：{name}")
        for name in personality.required_documents
        if name not in held
    ]
    return tuple(faults)


def preview(personality: Personality, application: Application) -> Eligibility:
    """Answer a preview from the numbers alone."""
    reasons = tuple(reason.text for reason in _reasons(personality, application))
    most = _most(personality, application)
    if not reasons:
        return Eligibility(outcome="eligible", principal_max_fen=most)
    is_out = application.borrower.get("credit_history") == "current_overdue"
    return Eligibility(
        outcome="not_eligible" if is_out else "refer", reasons=reasons, principal_max_fen=most
    )


def stipulations_of(
    personality: Personality, application: Application, *, seed: int, today: date
) -> tuple[Stipulation, ...]:
    """Say what this lender asks for before it decides; often nothing."""
    if draw(seed, "stipulate", application.application_ref) >= personality.stipulation_share:
        return ()
    return tuple(
        Stipulation(code=f"S{number}", type=kind, text=text, due_on=today + timedelta(days=7))
        for number, (kind, text) in enumerate(personality.asks_for, start=1)
    )


def decide(
    personality: Personality, application: Application, *, seed: int, today: date
) -> Verdict:
    """Approve as asked, offer less, or refuse."""
    score = _score(personality, application)
    score += 0.2 * (draw(seed, "decide", application.application_ref) - 0.5)
    most = _most(personality, application)
    if score < personality.counter_from or most < 2 * STEP_FEN * 10:
        return Verdict(refusal=_refusal(personality, application, today))
    if score >= personality.approve_from and most >= application.principal_fen:
        return Verdict(offer=_offer(personality, application, application.principal_fen, today))
    less = min(most, application.principal_fen - application.principal_fen // 10)
    return Verdict(
        offer=_offer(personality, application, less // STEP_FEN * STEP_FEN, today),
        is_counter=True,
    )


def disclosure_of(personality: Personality, offer: Offer) -> CostDisclosure:
    """Lay the offer's costs out, each with its payee and its yearly level."""
    schedule = build_schedule(_terms(offer))
    fees = [
        LoanFee(
            code=f"fee-{number}",
            name=fee.name,
            amount_fen=fee.amount_fen,
            payee=fee.payee,
            timing="upfront",
            is_condition_of_loan=True,
        )
        for number, fee in enumerate(offer.fees, start=1)
    ]
    cost = cost_of_plan(schedule, fees)
    lines = [
        CostItem(
            name="利息",
            method="按月随本金归还",
            standard=f"年利率 {offer.nominal_rate_annual * 100:.2f}%",
            payee=personality.name,
            annualised=offer.nominal_rate_annual,
            amount_fen=schedule.total_interest_fen,
        ),
        *(
            CostItem(
                name=fee.name,
                method="放款前一次付清",
                standard=f"{fee.amount_fen / 100:.2f} 元",
                payee=fee.payee,
                amount_fen=fee.amount_fen,
            )
            for fee in offer.fees
        ),
        CostItem(
            name="逾期罚息",
            method="逾期时按日计收",
            standard="合同利率上浮 50%",
            payee=personality.name,
            is_contingent=True,
        ),
    ]
    return CostDisclosure(
        form_version="2026-08",
        principal_fen=offer.principal_fen,
        term_months=offer.term_months,
        monthly_payment_fen=offer.monthly_payment_fen,
        apr_simple=_ratio(cost.apr_simple),
        items=tuple(lines),
        statement=STATEMENT,
    )


def settlement_of(offer: Offer, *, paid_on: date, on: date) -> Settlement:
    """Say what leaving early costs on ``on``: three percent in the first year, then nothing."""
    months = (on.year - paid_on.year) * MONTHS_A_YEAR + on.month - paid_on.month
    months -= on.day < paid_on.day
    owed_fen = build_schedule(_terms(offer)).outstanding_after(min(months, offer.term_months))
    charge_fen = owed_fen * 3 // 100 if months < MONTHS_A_YEAR else 0
    return Settlement(
        on=on,
        principal_fen=owed_fen,
        interest_fen=0,
        charge_fen=charge_fen,
        total_fen=owed_fen + charge_fen,
        valid_until=on + timedelta(days=SETTLE_DAYS),
    )


def _ratio(value: float | Decimal) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.000001"))


def _terms(offer: Offer) -> LoanTerms:
    return LoanTerms(
        method="equal_instalment",
        principal_fen=offer.principal_fen,
        term_months=offer.term_months,
        nominal_rate_annual=offer.nominal_rate_annual,
    )


def _offer(
    personality: Personality, application: Application, principal_fen: int, today: date
) -> Offer:
    fees = tuple(
        Fee(name=name, amount_fen=fen, payee=payee, timing="before_disbursement")
        for name, fen, payee in personality.fees
    )
    asked_fen = application.monthly_payment_fen
    if principal_fen != application.principal_fen:
        asked_fen = -(-asked_fen * principal_fen // application.principal_fen)
    return Offer(
        principal_fen=principal_fen,
        term_months=application.term_months,
        nominal_rate_annual=application.nominal_rate_annual,
        monthly_payment_fen=asked_fen,
        fees=fees,
        conditions=("首付付到车行公户", "车辆办理抵押登记"),
        expires_on=today + timedelta(days=OFFER_DAYS),
    )


def _refusal(personality: Personality, application: Application, today: date) -> Refusal:
    found = _reasons(personality, application)
    return Refusal(
        reasons=found[:4] or (RefusalReason(code="R15", text="综合评分不足"),),
        retry_on=today + timedelta(days=RETRY_DAYS),
    )


def _reasons(personality: Personality, application: Application) -> tuple[RefusalReason, ...]:
    said = application.borrower
    credit = said.get("credit_history")
    income, debt = _burden(application)
    reasons = []
    if credit == "current_overdue":
        reasons.append(RefusalReason(code="R03", text="当前有未结清的逾期"))
    if credit == "past_overdue":
        reasons.append(RefusalReason(code="R04", text="历史还款记录不符合要求"))
    if int(said.get("hard_inquiries_6m", 0)) > personality.inquiries_max:
        reasons.append(RefusalReason(code="R05", text="近期申请查询过于频繁"))
    if income <= 0 or debt > personality.max_debt_to_income * income:
        reasons.append(RefusalReason(code="R06", text="月还款占收入的比例过高"))
    if application.principal_fen > _most(personality, application):
        reasons.append(RefusalReason(code="R13", text="贷款额相对车价过高"))
    return tuple(reasons)


def _burden(application: Application) -> tuple[int, int]:
    said = application.borrower
    income = int(said.get("monthly_income_fen", 0))
    return income, int(said.get("monthly_debt_fen", 0)) + application.monthly_payment_fen


def _most(personality: Personality, application: Application) -> int:
    price_fen = int(application.borrower.get("vehicle_price_fen", 0))
    most = (personality.max_loan_to_value * price_fen).to_integral_value(ROUND_DOWN)
    return int(most) // STEP_FEN * STEP_FEN


def _score(personality: Personality, application: Application) -> float:
    income, debt = _burden(application)
    share = debt / income if income > 0 else 2.0
    price_fen = int(application.borrower.get("vehicle_price_fen", 0)) or 1
    credit = CREDIT_SCORES.get(str(application.borrower.get("credit_history")), -0.05)
    over = max(0, int(application.borrower.get("hard_inquiries_6m", 0)) - personality.inquiries_max)
    return (
        0.85
        + personality.leniency
        + credit
        - 0.6 * min(share / float(personality.max_debt_to_income), 2.0)
        - 0.15 * application.principal_fen / price_fen
        - 0.05 * over
    )
