"""How much a product lends on a car: the limits, exactly, and which one is in the way."""

from collections.abc import Iterator
from dataclasses import dataclass

from chedai.core.money import format_yuan, round_ratio
from chedai.core.plans.plan import CarFacts, Refusal
from chedai.core.plans.product import ProductTerms, TermOffer


@dataclass(frozen=True)
class Financing:
    """How price, down payment and extras make up the principal; all in fen."""

    price_fen: int
    ltv_base_fen: int
    down_payment_fen: int
    financed_extras_fen: int

    @property
    def car_principal_fen(self) -> int:
        """Lent for the car itself: what loan to value is about."""
        return self.price_fen - self.down_payment_fen

    @property
    def principal_fen(self) -> int:
        """The contract's principal."""
        return self.car_principal_fen + self.financed_extras_fen


def financing_of(
    *, terms: ProductTerms, car: CarFacts, down_payment_fen: int, financed_extras_fen: int = 0
) -> Financing:
    """Work out the principal from the borrower's price."""
    discount_fen = terms.loan_only_discount_fen
    return Financing(
        price_fen=car.vehicle_price_fen - discount_fen,
        ltv_base_fen=car.ltv_base_fen(price_discount_fen=discount_fen),
        down_payment_fen=down_payment_fen,
        financed_extras_fen=financed_extras_fen,
    )


def offer_of(terms: ProductTerms, term_months: int) -> TermOffer | Refusal:
    """Return the price of a term, or say which terms there are."""
    for offer in terms.offers:
        if offer.term_months == term_months:
            return offer
    offered = "、".join(str(offer.term_months) for offer in terms.offers)
    return Refusal("term_months", f"没有 {term_months} 期，只有 {offered} 期")


def down_payment_range(
    *, terms: ProductTerms, car: CarFacts, financed_extras_fen: int = 0
) -> tuple[int, int] | None:
    """Return lowest and highest down payment the product allows, both included; None = no plan.

    The step of the principal is not applied: the caller walks its own steps between the limits.
    """
    financing = financing_of(
        terms=terms, car=car, down_payment_fen=0, financed_extras_fen=financed_extras_fen
    )
    if _extras_refusal(terms, financing):
        return None
    price_fen = financing.price_fen
    lowest_fen = max(
        least_down_payment(terms, financing),
        price_fen - most_car_principal(terms, financing),
        price_fen + financed_extras_fen - terms.principal_max_fen,
        0,
    )
    highest_fen = price_fen + financed_extras_fen - max(terms.principal_min_fen, 1)
    highest_fen = min(highest_fen, price_fen)
    return (lowest_fen, highest_fen) if lowest_fen <= highest_fen else None


def least_down_payment(terms: ProductTerms, financing: Financing) -> int:
    """Return the smallest down payment the minimum ratio allows."""
    return round_ratio(financing.price_fen, terms.min_down_payment_ratio, "up")


def most_car_principal(terms: ProductTerms, financing: Financing) -> int:
    """Return the largest loan for the car that loan to value allows."""
    return round_ratio(financing.ltv_base_fen, terms.max_loan_to_value, "down")


def refusal_of(terms: ProductTerms, financing: Financing) -> Refusal | None:
    """Return the earliest limit in the way, or None."""
    return next(_refusals(terms, financing), None)


def _refusals(terms: ProductTerms, financing: Financing) -> Iterator[Refusal]:
    yield from _down_payment_refusals(terms, financing)
    extras = _extras_refusal(terms, financing)
    if extras:
        yield extras
    principal_fen = financing.principal_fen
    if principal_fen < max(terms.principal_min_fen, 1):
        least = format_yuan(terms.principal_min_fen)
        yield Refusal("principal_fen", f"贷款额 {format_yuan(principal_fen)} 低于起贷额 {least}")
    if principal_fen > terms.principal_max_fen:
        most = format_yuan(terms.principal_max_fen)
        yield Refusal("principal_fen", f"贷款额 {format_yuan(principal_fen)} 超过上限 {most}")
    if principal_fen % terms.principal_step_fen:
        step = format_yuan(terms.principal_step_fen)
        yield Refusal("principal_fen", f"贷款额须为 {step} 的整数倍，首付请微调")


def _down_payment_refusals(terms: ProductTerms, financing: Financing) -> Iterator[Refusal]:
    down_fen = financing.down_payment_fen
    least_fen = least_down_payment(terms, financing)
    beyond_value_fen = financing.car_principal_fen - most_car_principal(terms, financing)
    if not 0 <= down_fen <= financing.price_fen:
        message = f"首付须在 0 与车价 {format_yuan(financing.price_fen)} 之间"
        yield Refusal("down_payment_fen", message)
    elif down_fen < least_fen:
        share = percent(terms.min_down_payment_ratio)
        yield Refusal("down_payment_fen", f"首付最少 {share}，即 {format_yuan(least_fen)}")
    elif beyond_value_fen > 0:
        share = percent(terms.max_loan_to_value)
        needed = format_yuan(down_fen + beyond_value_fen)
        yield Refusal("loan_to_value", f"贷款成数上限 {share}，首付至少 {needed}")


def _extras_refusal(terms: ProductTerms, financing: Financing) -> Refusal | None:
    extras_fen = financing.financed_extras_fen
    most_fen = min(
        terms.financed_extras_max_fen,
        round_ratio(financing.price_fen, terms.financed_extras_max_ratio, "down"),
    )
    if extras_fen <= max(most_fen, 0):
        return None
    if most_fen <= 0:
        return Refusal("financed_extras_fen", "这个产品不能贷附加品（保险、购置税等）")
    return Refusal("financed_extras_fen", f"附加品最多贷 {format_yuan(most_fen)}")


def percent(ratio: object) -> str:
    """Write a ratio for people: 0.2 → 20%."""
    text = f"{float(str(ratio)) * 100:.2f}".rstrip("0").rstrip(".")
    return f"{text}%"
