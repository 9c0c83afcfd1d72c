"""By which terms a day is closed: the day, what it is compared with, and the numbers of policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from typing import Final, Literal

from chedai.portfolio.days import month_end, previous_month_end

BUCKET_DAYS: Final = 30
BUCKET_MAX: Final = 7
"""M0 is not overdue, M1 is 1 to 30 days, M6 is 151 to 180, M7 is everything beyond."""

PPM: Final = 1_000_000

LossMethod = Literal["bucket", "pd_lgd"]


class Classification(IntEnum):
    """The five categories, in order; from ``SUBSTANDARD`` on a loan is non-performing."""

    NORMAL = 0
    SPECIAL_MENTION = 1
    SUBSTANDARD = 2
    DOUBTFUL = 3
    LOSS = 4


class TermsRefusedError(ValueError):
    """The terms of a close contradict themselves."""


@dataclass(frozen=True, kw_only=True)
class ClassificationScheme:
    """One lender's ladder: a category holds from one day beyond the number of days past due."""

    id: str
    special_mention_over_days: int
    substandard_over_days: int
    doubtful_over_days: int
    loss_over_days: int

    def __post_init__(self) -> None:
        if list(self.over_days) != sorted(set(self.over_days)) or self.over_days[0] < 0:
            raise TermsRefusedError(f"五级分类方案 {self.id} 的天数须逐级递增，请核对参数")

    @property
    def over_days(self) -> tuple[int, int, int, int]:
        """The four numbers of days, from special mention to loss."""
        return (
            self.special_mention_over_days,
            self.substandard_over_days,
            self.doubtful_over_days,
            self.loss_over_days,
        )


@dataclass(frozen=True, kw_only=True)
class CloseTerms:
    """Everything a close depends on beside the tables.

    Attributes
    ----------
    as_of
        The day that is closed; payments of that day count.
    compared_on
        The earlier close that moves and prepayments are measured from; by default the last day of
        the month before.
    observation_months, observation_instalments
        A non-performing loan without arrears stays so until both have passed in normal payment.
    restructured_observation_months
        How long a restructured loan is at least special mention.
    loss_rates_ppm
        By bucket M0 to M7: the loss rate, or the probability of default, in parts per million.
    loss_method
        ``bucket``: outstanding principal × rate; ``pd_lgd``: exposure × probability × the
        contract's own loss given default.
    book_version
        Which policy book the numbers come from.
    """

    as_of: date
    schemes: tuple[ClassificationScheme, ...]
    observation_months: int
    observation_instalments: int
    restructured_observation_months: int
    loss_rates_ppm: tuple[int, ...]
    loss_method: LossMethod = "bucket"
    compared_on: date = field(default=date.min)
    book_version: str = ""

    def __post_init__(self) -> None:
        if self.compared_on == date.min:
            object.__setattr__(self, "compared_on", previous_month_end(self.as_of))
        if self.compared_on >= self.as_of:
            raise TermsRefusedError(f"对比日 {self.compared_on} 须早于关账日 {self.as_of}")
        if self.as_of > date(9000, 1, 1) or self.compared_on < date(1900, 1, 1):
            raise TermsRefusedError(f"关账日 {self.as_of} 超出可处理范围（1900 至 9000 年）")
        if len(self.loss_rates_ppm) != BUCKET_MAX + 1:
            raise TermsRefusedError("预期损失率须为 M0 到 M7 共 8 个")
        if not all(0 <= rate <= PPM for rate in self.loss_rates_ppm):
            raise TermsRefusedError("预期损失率须在 0 与 1 之间")
        if len({scheme.id for scheme in self.schemes}) != len(self.schemes) or not self.schemes:
            raise TermsRefusedError("五级分类方案不能为空，也不能重名")

    @property
    def month_ends_on(self) -> date:
        """The last day of the month of the close: what falls due later is not yet scheduled."""
        return month_end(self.as_of)

    @property
    def restructured_after(self) -> date:
        """Loans restructured later than this are still observed."""
        months = self.as_of.year * 12 + self.as_of.month - 1 - self.restructured_observation_months
        start = date(months // 12, months % 12 + 1, 1)
        return min(start + timedelta(days=self.as_of.day - 1), month_end(start))


def bucket_of(days_past_due: int) -> int:
    """Return the bucket: 0 is 0, 1 and 30 are 1, 31 is 2, 181 and more are 7."""
    return min(BUCKET_MAX, (days_past_due + BUCKET_DAYS - 1) // BUCKET_DAYS)
