"""A lender lends whole steps: the down payment is raised to the next one, never lowered."""

from dataclasses import replace

from chedai.core.money import format_yuan
from chedai.core.plans.bounds import Financing, financing_of
from chedai.core.plans.plan import CarFacts, Plan, PlanInputs
from chedai.core.plans.pricing import financed_extras
from chedai.core.plans.product import ProductTerms


def on_whole_step(wanted: PlanInputs) -> PlanInputs:
    """Return the inputs with the smallest down payment, not below theirs, that leaves whole steps.

    The raise is less than one step of the product's principal; a loan already whole is untouched.
    """
    financing = whole_financing(
        terms=wanted.product.terms,
        car=wanted.car,
        down_payment_fen=wanted.down_payment_fen,
        financed_extras_fen=financed_extras(wanted),
    )
    if financing.down_payment_fen == wanted.down_payment_fen:
        return wanted
    return replace(wanted, down_payment_fen=financing.down_payment_fen)


def whole_financing(
    *, terms: ProductTerms, car: CarFacts, down_payment_fen: int, financed_extras_fen: int
) -> Financing:
    """Work out the principal, the down payment raised to the next whole step."""
    financing = financing_of(
        terms=terms,
        car=car,
        down_payment_fen=down_payment_fen,
        financed_extras_fen=financed_extras_fen,
    )
    over_fen = financing.principal_fen % terms.principal_step_fen
    if not over_fen:
        return financing
    return replace(financing, down_payment_fen=down_payment_fen + over_fen)


def raised_text(plan: Plan, *, wanted_fen: int) -> str:
    """Say that the down payment had to be raised for a whole loan; empty where it was not.

    A down payment raised by a step or more was chosen otherwise, and is not explained here.
    """
    raise_fen = plan.down_payment_fen - wanted_fen
    if not 0 < raise_fen < plan.product.principal_step_fen:
        return ""
    return whole_loan_text(plan.down_payment_fen)


def whole_loan_text(down_payment_fen: int) -> str:
    """Say how much goes down for a whole loan."""
    return f"首付补到 {format_yuan(down_payment_fen)}，贷款取整"
