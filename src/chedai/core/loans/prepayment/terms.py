"""What the contract says about paying early."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal, get_args

from chedai.core.loans.terms import ImpossibleTermsError
from chedai.core.money import round_ratio

Amortisation = Literal["actuarial", "straight_line"]
ChargeBase = Literal["outstanding", "original"]


class TooEarlyToPrepayError(ValueError):
    """The contract does not allow paying early yet; ``earliest_month`` is the first that does."""

    def __init__(self, earliest_month: int) -> None:
        super().__init__(f"合同约定还满 {earliest_month} 期后才能提前还款")
        self.earliest_month = earliest_month


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepaymentTerms:
    """Conditions of paying early, all of them properties of the product and never assumed.

    Attributes
    ----------
    amortisation
        How interest and fee are spread over the term when the payoff is struck: ``actuarial`` on
        the balance at the contract's true rate, or ``straight_line``, the same every month.
    charge_base
        The charge is a part of the principal paid off early, or of the original principal.
    charge_steps
        (last month it applies, ratio), ascending; after the last step there is no charge.
    free_after_months
        Once this many instalments are paid there is no charge, whatever the steps say.
    minimum_months
        No early payment before this many instalments.
    charge_min_fen
        The charge, where there is one, is at least this.
    refunds_upfront_fee
        Whether the unearned part of a fee taken on day 0 is given back.

    Raises
    ------
    ImpossibleTermsError
        A word is unknown, a ratio outside 0 to 1, or the steps not ascending.
    """

    amortisation: Amortisation
    charge_base: ChargeBase = "outstanding"
    charge_steps: tuple[tuple[int, Decimal], ...] = ()
    free_after_months: int | None = None
    minimum_months: int = 0
    charge_min_fen: int = 0
    refunds_upfront_fee: bool = False

    def __post_init__(self) -> None:
        if self.amortisation not in get_args(Amortisation):
            raise ImpossibleTermsError("amortisation", "息费摊还方式只能是实际余额或平均分摊")
        if self.charge_base not in get_args(ChargeBase):
            raise ImpossibleTermsError("charge_base", "违约金基数只能是剩余本金或原始本金")
        if any(not ratio.is_finite() or not 0 <= ratio <= 1 for _, ratio in self.charge_steps):
            raise ImpossibleTermsError("charge_steps", "违约金比例须在 0 与 100% 之间")
        if any(left[0] >= right[0] for left, right in pairwise(self.charge_steps)):
            raise ImpossibleTermsError("charge_steps", "违约金各档的月份须递增")
        if self.minimum_months < 0 or (self.free_after_months or 0) < 0 or self.charge_min_fen < 0:
            raise ImpossibleTermsError("minimum_months", "提前还款的月数与最低违约金不能为负")

    def charge_ratio(self, after_month: int) -> Decimal:
        """Return the ratio that applies once ``after_month`` instalments are paid."""
        if self.free_after_months is not None and after_month >= self.free_after_months:
            return Decimal(0)
        return next((ratio for last, ratio in self.charge_steps if after_month <= last), Decimal(0))

    def charge_fen(self, *, after_month: int, prepaid_fen: int, original_fen: int) -> int:
        """Return the charge for paying ``prepaid_fen`` of principal early."""
        ratio = self.charge_ratio(after_month)
        if not ratio or not prepaid_fen:
            return 0
        base_fen = prepaid_fen if self.charge_base == "outstanding" else original_fen
        return max(round_ratio(base_fen, ratio), self.charge_min_fen)
