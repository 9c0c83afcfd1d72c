"""What every plan of one offer shares, worked out once for as long as the offer is kept.

Published terms never change. They are known again by being the same object: comparing all their
fields would take as long as working the answer out.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Final, Generic, TypeVar

from chedai.core.loans.terms import Fee, ImpossibleTermsError, LoanTerms
from chedai.core.plans.kernel.shapes import shape_of
from chedai.core.plans.plan import ContractDates, CostLine
from chedai.core.plans.pricing import fees_of, loan_terms_of
from chedai.core.plans.product import ProductTerms, TermOffer

Value = TypeVar("Value")

ANY_PRINCIPAL_FEN: Final = 100_000_00
KEPT_MAX: Final = 4_096


class _Same(Generic[Value]):
    """A key that is equal for the same object only; it keeps the object alive."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


def kernel_conditions(
    terms: ProductTerms, offer: TermOffer, dates: ContractDates | None
) -> LoanTerms | None:
    """Return the contract of an offer with a round principal; None where the kernel has no shape.

    Refused with ``ImpossibleTermsError`` where the offer makes no contract.
    """
    return _conditions(_Same(terms), _Same(offer), dates if terms.needs_dates else None)


def is_for_kernel(terms: ProductTerms, offer: TermOffer) -> bool:
    """Whether the kernel prices an offer, whatever its days; an impossible one is told plainly."""
    try:
        return not terms.needs_dates and kernel_conditions(terms, offer, None) is not None
    except ImpossibleTermsError:
        return False


def sample_fees(terms: ProductTerms, add_ons: tuple[CostLine, ...]) -> tuple[Fee, ...]:
    """Return every fee as for a principal of 1 fen: only shares of the principal differ."""
    return _fees(_Same(terms), add_ons)


@lru_cache(maxsize=KEPT_MAX)
def _conditions(
    terms: _Same[ProductTerms], offer: _Same[TermOffer], dates: ContractDates | None
) -> LoanTerms | None:
    contract = loan_terms_of(
        terms=terms.value, offer=offer.value, principal_fen=ANY_PRINCIPAL_FEN, dates=dates
    )
    conditions = replace(contract, balloon_fen=0)
    return conditions if shape_of(conditions) else None


@lru_cache(maxsize=KEPT_MAX)
def _fees(terms: _Same[ProductTerms], add_ons: tuple[CostLine, ...]) -> tuple[Fee, ...]:
    return fees_of(terms=terms.value, principal_fen=1, add_ons=add_ons)
