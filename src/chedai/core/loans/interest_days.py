"""Interest by days: what a month of a contract counts for when the lender counts days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from chedai.core.dates import DAY_COUNTS, add_months, days_and_year

if TYPE_CHECKING:
    from datetime import date


FACTORS_KEPT_MAX: Final = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestDays:
    """The days of one contract and how the lender counts them.

    The instalment is set on equal months; each month then bears interest for its own days and the
    last takes what is left. Odd days before ``regular_from`` are charged with the first instalment
    (given back when the first period is short).

    Attributes
    ----------
    day_count
        A key of ``DAY_COUNTS``.
    is_every_period
        Whether all months are counted in days, or only the odd days before the first regular one.

    Raises
    ------
    ValueError
        The day count is unknown, or the first instalment does not fall after disbursement.
    """

    disbursed_on: date
    first_due_on: date
    day_count: str
    is_every_period: bool = True

    def __post_init__(self) -> None:
        if self.day_count not in DAY_COUNTS:
            raise ValueError(f"计息天数只能是 {'、'.join(DAY_COUNTS)} 之一")
        if self.first_due_on <= self.disbursed_on:
            raise ValueError("首期还款日须在放款日之后")

    @property
    def anchor_day(self) -> int:
        """Day of the month wanted: the 31st stays the 31st after a February."""
        is_month_later = self.first_due_on == add_months(self.disbursed_on, 1)
        return self.disbursed_on.day if is_month_later else self.first_due_on.day

    @property
    def regular_from(self) -> date:
        """One month before the first due date: regular months begin here."""
        return self.due_on(0)

    def due_on(self, month: int) -> date:
        """Return the due date of an instalment; 0 is the beginning of the first regular month."""
        return add_months(self.first_due_on, month - 1, anchor_day=self.anchor_day)

    def days(self, month: int) -> int:
        """Count the days of one regular month, by convention."""
        return days_and_year(self.day_count, self.due_on(month - 1), self.due_on(month))[0]

    def factor(self, month: int) -> tuple[int, int]:
        """Say how many twelfths of a year a month counts, as an exact fraction."""
        return _factor(self, month) if self.is_every_period else (1, 1)

    def after(self, month: int) -> InterestDays:
        """Return the days of what remains after so many instalments."""
        return replace(self, disbursed_on=self.due_on(month), first_due_on=self.due_on(month + 1))


# A catalogue asks for the months of the same few contracts again and again.
@lru_cache(maxsize=FACTORS_KEPT_MAX)
def _factor(days: InterestDays, month: int) -> tuple[int, int]:
    count, year = days_and_year(days.day_count, days.due_on(month - 1), days.due_on(month))
    return count * 12, year
