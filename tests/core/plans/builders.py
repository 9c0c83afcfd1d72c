"""Products and cars with boring values; a test names only what it is about."""

from decimal import Decimal
from typing import Any

from chedai.core.plans.plan import CarFacts
from chedai.core.plans.product import (
    ChargeStep,
    Eligibility,
    FirstDueRule,
    PrepaymentRule,
    ProductTerms,
    ProductVersion,
    TermOffer,
)


def make_prepayment(**changes: Any) -> PrepaymentRule:
    plain: dict[str, Any] = {
        "amortisation": "actuarial",
        "charge_base": "outstanding",
        "charge_steps": (ChargeStep(up_to_month=12, ratio=Decimal("0.03")),),
        "free_after_months": 12,
    }
    return PrepaymentRule(**(plain | changes))


def make_eligibility(**changes: Any) -> Eligibility:
    plain: dict[str, Any] = {
        "vehicle_conditions": ("new",),
        "powers": ("combustion", "new_energy"),
        "uses": ("private",),
        "credit_histories_accepted": ("clean", "thin"),
        "credit_histories_referred": ("many_inquiries",),
    }
    return Eligibility(**(plain | changes))


def make_offers(rate: str, *term_months: int) -> tuple[TermOffer, ...]:
    return tuple(
        TermOffer(term_months=months, nominal_rate_annual=Decimal(rate)) for months in term_months
    )


def make_terms(**changes: Any) -> ProductTerms:
    plain: dict[str, Any] = {
        "code": "qinghe-standard",
        "name": "清禾标准车贷",
        "lender_code": "qinghe",
        "lender_name": "清禾银行（虚构）",
        "lender_kind": "bank",
        "family": "bank_car_loan",
        "contract_nature": "loan",
        "method": "equal_instalment",
        "offers": make_offers("0.0388", 36, 48, 60),
        "principal_min_fen": 20_000_00,
        "principal_max_fen": 500_000_00,
        "max_loan_to_value": Decimal("0.80"),
        "min_down_payment_ratio": Decimal("0.20"),
        "prepayment": make_prepayment(),
        "eligibility": make_eligibility(),
        "first_due": FirstDueRule(kind="same_day_next_month"),
    }
    return ProductTerms(**(plain | changes))


def make_version(version_id: str = "v1", **changes: Any) -> ProductVersion:
    return ProductVersion(version_id=version_id, terms=make_terms(**changes))


def make_car(**changes: Any) -> CarFacts:
    return CarFacts(**({"vehicle_price_fen": 150_000_00} | changes))


def make_catalogue() -> tuple[ProductVersion, ...]:
    """Five products that pull in different directions."""
    flexible = make_prepayment(charge_steps=(), free_after_months=0)
    return (
        make_version("bank", code="bank"),
        make_version(
            "free", code="free", offers=make_offers("0.0504", 24, 36), prepayment=flexible
        ),
        make_version(
            "maker",
            code="maker",
            lender_kind="auto_finance_company",
            family="oem_subsidised",
            offers=make_offers("0", 24),
            lost_cash_discount_fen=6_000_00,
            max_loan_to_value=Decimal("0.6"),
            min_down_payment_ratio=Decimal("0.4"),
        ),
        make_version(
            "card",
            code="card",
            lender_kind="card_centre",
            family="card_instalment",
            contract_nature="card_instalment",
            method="flat_fee",
            offers=tuple(
                TermOffer(months, flat_fee_rate_total=Decimal("0.0025") * months)
                for months in (24, 36, 60)
            ),
        ),
        make_version(
            "lease",
            code="lease",
            lender_kind="leasing_company",
            family="lease_direct",
            contract_nature="finance_lease_direct",
            method="lease_rent",
            offers=(TermOffer(60, Decimal("0.062"), balloon_ratio=Decimal("0.2")),),
            max_loan_to_value=Decimal("0.95"),
            min_down_payment_ratio=Decimal("0.05"),
        ),
    )
