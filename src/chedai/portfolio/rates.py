"""Rates of the book: quotients of whole numbers, each with its definition and its day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np

from chedai.portfolio.terms import Classification

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    import pyarrow as pa

    from chedai.portfolio.closing import Close

MILLIONTH: Final = Decimal("0.000001")
MONTHS_A_YEAR: Final = 12


class RollRateRefusedError(ValueError):
    """Closes for roll rates are missing, or a past one is not before a future one."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """One published rate.

    Attributes
    ----------
    definition_id
        See ``definitions.DEFINITIONS``.
    of
        Of which group: cohort, bucket, scheme.
    numerator, denominator
        Contracts or fen, as the definition says.
    """

    definition_id: str
    as_of: date
    of: Mapping[str, object] = field(default_factory=dict)
    numerator: int
    denominator: int

    @property
    def ratio(self) -> Decimal | None:
        """Return the ratio to the millionth; ``None`` where there is nothing to divide by."""
        if self.denominator <= 0:
            return None
        return (Decimal(self.numerator) / self.denominator).quantize(MILLIONTH)


def non_performing_ratios(close: Close) -> Iterator[Rate]:
    """Yield the share of non-performing principal, scheme by scheme."""
    rows = close.figures["by_class"].to_pylist()
    for scheme in dict.fromkeys(row["classification_scheme"] for row in rows):
        own = [row for row in rows if row["classification_scheme"] == scheme]
        bad = [row for row in own if row["classification"] >= Classification.SUBSTANDARD]
        yield Rate(
            definition_id="non_performing_ratio.1",
            as_of=close.terms.as_of,
            of={"classification_scheme": scheme},
            numerator=sum(row["outstanding_fen"] for row in bad),
            denominator=sum(row["outstanding_fen"] for row in own),
        )


def flow_rates(close: Close) -> Iterator[Rate]:
    """Yield, for M0 to M6, the share of the earlier balance that is one bucket further."""
    rows = close.figures["moves"].to_pylist()
    for bucket in range(7):
        own = [row for row in rows if row["bucket_before"] == bucket]
        moved = [row for row in own if row["bucket"] == bucket + 1]
        yield Rate(
            definition_id="flow_rate.1",
            as_of=close.terms.as_of,
            of={"bucket_before": bucket, "bucket": bucket + 1},
            numerator=sum(row["outstanding_fen"] for row in moved),
            denominator=sum(row["outstanding_before_fen"] for row in own),
        )


def vintage_rates(close: Close) -> Iterator[Rate]:
    """Yield each cohort's shares of contracts and of money, now and ever."""
    for row in close.figures["vintages"].to_pylist():
        of = {name: row[name] for name in ("cohort_on", "months_on_book", "bucket_at_least")}
        for word, sums in (
            ("current", ("current_contracts", "current_outstanding_fen")),
            ("ever", ("ever_contracts", "ever_disbursed_fen")),
        ):
            for unit, name, base in zip(
                ("contracts", "fen"), sums, ("contracts", "disbursed_fen"), strict=True
            ):
                yield Rate(
                    definition_id=f"vintage_{word}.1",
                    as_of=close.terms.as_of,
                    of={**of, "unit": unit},
                    numerator=row[name],
                    denominator=row[base],
                )


def early_default_rates(close: Close) -> Iterator[Rate]:
    """Yield FPD_n and SPD_n of each cohort."""
    for row in close.figures["early_defaults"].to_pylist():
        keys = ("cohort_on", "instalment_number", "late_days_at_least")
        yield Rate(
            definition_id="early_default.1",
            as_of=close.terms.as_of,
            of={name: row[name] for name in keys},
            numerator=row["late_contracts"],
            denominator=row["due_contracts"],
        )


def single_monthly_mortality(close: Close) -> Rate:
    """Return SMM of the whole book."""
    rows = close.figures["prepayments"].to_pylist()
    scheduled_fen = sum(row["scheduled_fen"] for row in rows)
    return Rate(
        definition_id="prepayment_speed.1",
        as_of=close.terms.as_of,
        numerator=sum(row["prepaid_fen"] for row in rows),
        denominator=sum(row["outstanding_before_fen"] for row in rows) - scheduled_fen,
    )


def conditional_prepayment_rate(smm: Rate) -> Decimal | None:
    """Return CPR, the yearly rate of a monthly one: ``1 − (1 − SMM)^12``, to the millionth."""
    if smm.denominator <= 0:
        return None
    kept = 1 - Decimal(smm.numerator) / smm.denominator
    return (1 - kept**MONTHS_A_YEAR).quantize(MILLIONTH)


def roll_rates(past: Sequence[Close], future: Sequence[Close]) -> Iterator[Rate]:
    """Yield how contracts of each worst bucket of the past spread over the worst of the future.

    Parameters
    ----------
    past, future
        Closes of month ends; only contracts that all of them know are counted.

    Raises
    ------
    RollRateRefusedError
        One of the windows is empty, or they overlap.
    """
    if not past or not future:
        raise RollRateRefusedError("滚动率需要观察窗和表现窗各至少一个月末的关账")
    if max(c.terms.as_of for c in past) >= min(c.terms.as_of for c in future):
        raise RollRateRefusedError("滚动率的观察窗须早于表现窗，请核对关账日")
    before, after = _worst([c.state for c in past]), _worst([c.state for c in future])
    pairs = Counter((before[id_], after[id_]) for id_ in before.keys() & after.keys())
    totals: Counter[int] = Counter()
    for (bucket, _), count in pairs.items():
        totals[bucket] += count
    for (bucket, worst), count in sorted(pairs.items()):
        yield Rate(
            definition_id="roll_rate.1",
            as_of=max(c.terms.as_of for c in future),
            of={"worst_before": bucket, "worst_after": worst},
            numerator=count,
            denominator=totals[bucket],
        )


def _worst(states: Sequence[pa.Table]) -> dict[int, int]:
    """Return the worst bucket of each contract that every state has."""
    known = set.intersection(*(set(s["contract_id"].to_pylist()) for s in states))
    worst = dict.fromkeys(known, 0)
    for state in states:
        buckets = state["bucket"].to_numpy()
        for id_, bucket in zip(
            state["contract_id"].to_numpy()[buckets > 0], buckets[buckets > 0], strict=True
        ):
            if int(id_) in worst:
                worst[int(id_)] = int(np.maximum(worst[int(id_)], bucket))
    return worst
