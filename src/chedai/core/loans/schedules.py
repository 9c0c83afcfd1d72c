"""The instalments of a contract, fen by fen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chedai.core.dates import DAY_COUNTS
from chedai.core.money import format_yuan, round_ratio
from chedai.core.notebook import table_html

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from chedai.core.dates import DayCount
    from chedai.core.loans.terms import LoanTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What falls due, month by month; index 0 is one month after disbursement.

    Every tuple has ``term_months`` entries. ``instalment = principal + interest + fee`` in each
    month; all principal parts and ``principal_at_start_fen`` add up to what was lent.

    Attributes
    ----------
    fee_fen
        The flat fee of instalment plans that are priced by fee.
    outstanding_principal_fen
        After the instalment of that month; the last is 0.
    principal_at_start_fen
        Paid on day 0: the first rent of a lease in advance.
    fee_at_start_fen
        Paid on day 0: a flat fee collected at once.
    deposit_fen
        Refundable: paid on day 0, returned with the last instalment; in no total.
    """

    instalment_fen: tuple[int, ...]
    principal_fen: tuple[int, ...]
    interest_fen: tuple[int, ...]
    fee_fen: tuple[int, ...]
    outstanding_principal_fen: tuple[int, ...]
    principal_at_start_fen: int = 0
    fee_at_start_fen: int = 0
    deposit_fen: int = 0

    @property
    def term_months(self) -> int:
        """Number of months."""
        return len(self.instalment_fen)

    @property
    def paid_at_start_fen(self) -> int:
        """Everything the schedule itself takes on day 0."""
        return self.principal_at_start_fen + self.fee_at_start_fen

    @property
    def total_principal_fen(self) -> int:
        """What was lent."""
        return self.principal_at_start_fen + sum(self.principal_fen)

    @property
    def total_interest_fen(self) -> int:
        """Sum of interest."""
        return sum(self.interest_fen)

    @property
    def total_fee_fen(self) -> int:
        """Sum of flat fees, spread and up front."""
        return self.fee_at_start_fen + sum(self.fee_fen)

    @property
    def total_paid_fen(self) -> int:
        """Everything paid under the schedule, day 0 included."""
        return self.paid_at_start_fen + sum(self.instalment_fen)

    def outstanding_after(self, month: int) -> int:
        """Return the principal still owed after ``month`` instalments (0 is day 0)."""
        if month == 0:
            return self.total_principal_fen - self.principal_at_start_fen
        return self.outstanding_principal_fen[month - 1]

    def _repr_html_(self) -> str:
        """Every month as a table, for notebooks."""
        columns = (
            self.instalment_fen,
            self.principal_fen,
            self.interest_fen,
            self.fee_fen,
            self.outstanding_principal_fen,
        )

        def row(index: int) -> tuple[object, ...]:
            amounts = (format_yuan(column[index], always_fen=True) for column in columns)
            return (index + 1, *amounts)

        return table_html(
            caption=f"{self.term_months} 期，一共还 {format_yuan(self.total_paid_fen)}",
            headings=("期", "月供", "其中本金", "其中利息", "其中手续费", "剩余本金"),
            row=row,
            row_count=self.term_months,
        )


def build_schedule(terms: LoanTerms) -> Schedule:
    """Lay out the schedule of any registered method; ``ImpossibleTermsError`` for another."""
    # The registry imports the methods and they build Schedule: looked up when called.
    from chedai.core.loans.methods import method_named  # noqa: PLC0415

    schedule = _with_odd_days(method_named(terms.method)(terms), terms)
    return replace(schedule, deposit_fen=terms.deposit_fen) if terms.deposit_fen else schedule


def _with_odd_days(schedule: Schedule, terms: LoanTerms) -> Schedule:
    days = terms.interest_days
    if days is None or days.disbursed_on == days.regular_from:
        return schedule
    segments = terms.segments
    return with_odd_first_period(
        schedule,
        nominal_rate_annual=segments[0].nominal_rate_annual
        if segments
        else terms.nominal_rate_annual,
        regular_from=days.regular_from,
        disbursed_on=days.disbursed_on,
        day_count=DAY_COUNTS[days.day_count],
        rounding=terms.interest_rounding,
    )


def schedule_from_parts(
    *,
    principal_fen: list[int],
    interest_fen: list[int],
    fee_fen: list[int] | None = None,
    principal_at_start_fen: int = 0,
    fee_at_start_fen: int = 0,
    deposit_fen: int = 0,
) -> Schedule:
    """Assemble a schedule from its monthly parts; balances and instalments follow from them."""
    fees = fee_fen if fee_fen is not None else [0] * len(principal_fen)
    outstanding_fen = sum(principal_fen)
    balances = []
    for part_fen in principal_fen:
        outstanding_fen -= part_fen
        balances.append(outstanding_fen)
    return Schedule(
        instalment_fen=tuple(map(sum, zip(principal_fen, interest_fen, fees, strict=True))),
        principal_fen=tuple(principal_fen),
        interest_fen=tuple(interest_fen),
        fee_fen=tuple(fees),
        outstanding_principal_fen=tuple(balances),
        principal_at_start_fen=principal_at_start_fen,
        fee_at_start_fen=fee_at_start_fen,
        deposit_fen=deposit_fen,
    )


def with_odd_first_period(
    schedule: Schedule,
    *,
    nominal_rate_annual: Decimal,
    regular_from: date,
    disbursed_on: date,
    day_count: DayCount,
    rounding: str = "half_up",
) -> Schedule:
    """Charge (or give back) the odd days before the first regular month, with the first instalment.

    Parameters
    ----------
    regular_from
        One month before the first due date. Disbursed earlier, the first period is long and the
        extra days bear interest; disbursed later it is short and they are taken off, never below 0.
    """
    early, late = sorted((disbursed_on, regular_from))
    years = day_count(early, late)
    odd_fen = round_ratio(schedule.outstanding_after(0), nominal_rate_annual * years, rounding)
    if disbursed_on > regular_from:
        odd_fen = -min(odd_fen, schedule.interest_fen[0])
    return replace(
        schedule,
        interest_fen=(schedule.interest_fen[0] + odd_fen, *schedule.interest_fen[1:]),
        instalment_fen=(schedule.instalment_fen[0] + odd_fen, *schedule.instalment_fen[1:]),
    )
