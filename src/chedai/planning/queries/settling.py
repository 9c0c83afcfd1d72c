"""Leaving a plan early: every month of every card, the rebate's truth, a part paid early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import Any, Final

from chedai.core.loans.prepayment import (
    PartialPrepayment,
    PrepaymentMode,
    TooEarlyToPrepayError,
    partial_prepayment,
)
from chedai.core.loans.prepayment.batch import PayoffTable, payoff_table
from chedai.core.loans.terms import ImpossibleTermsError
from chedai.core.plans.plan import Plan
from chedai.core.plans.pricing import prepayment_terms_of
from chedai.core.plans.settling import payoff_contract_of, payoff_table_of, rebate_of
from chedai.planning.queries.desk import Card
from chedai.web.formats import NO_DATA, percent, yuan

MONTHS_TOLD: Final = (6, 12, 18, 24, 30, 36, 48, 60)
MONTH_USUAL: Final = 24


@dataclass(frozen=True, kw_only=True)
class EarlyEnd:
    """Settling after one month: what is owed, the charge, and the cost that comes of it."""

    after_month: int
    payoff_fen: int
    charge_fen: int
    extra_fen: int
    apr_simple: float


@dataclass(frozen=True, kw_only=True)
class RebateFutures:
    """A plan with money back, month by month against cash; gains in fen, index 0 is month 1."""

    letter: str
    rebate_fen: int
    free_fen: tuple[int | None, ...]
    charged_fen: tuple[int | None, ...]
    full_term_fen: int
    break_even_free: int
    break_even_charged: int


@dataclass(frozen=True, kw_only=True)
class Settling:
    """Everything the slider needs; ``ends`` by letter, index 0 is month 1, None = not possible.

    ``break_even`` has the letters of plans that beat cash when left early enough, and until when.
    """

    month: int
    months: int
    ends: dict[str, tuple[EarlyEnd | None, ...]]
    terms_months: dict[str, int]
    break_even: dict[str, int]
    futures: tuple[RebateFutures, ...]
    told: tuple[int, ...]

    def end(self, letter: str, month: int) -> EarlyEnd | None:
        """Return one cell."""
        return self.ends[letter][month - 1] if month <= self.months else None

    def gain(self, gains_fen: Sequence[int | None]) -> str:
        """Word the gain of the chosen month, or that there is none."""
        fen = gains_fen[self.month - 1] if self.month <= len(gains_fen) else None
        return NO_DATA if fen is None else self.signed(fen)

    @staticmethod
    def signed(fen: int) -> str:
        """Say a gain over cash with its sign: ``+3,000`` is money kept, ``-12,000`` lost."""
        return f"+{yuan(fen)}" if fen > 0 else yuan(fen)

    def as_words(self) -> dict[str, Any]:
        """All months as the page writes them, for the slider to show without asking again."""
        return {
            "ends": {letter: [_in_words(end) for end in row] for letter, row in self.ends.items()},
            "terms": self.terms_months,
            "futures": {
                one.letter: {"free": _gains(one.free_fen), "charged": _gains(one.charged_fen)}
                for one in self.futures
            },
        }


@dataclass(frozen=True, kw_only=True)
class PartialAnswer:
    """A part paid early, both ways; a way that the contract has not says why in ``troubles``."""

    card: Card
    after_month: int
    months_left: int
    instalment_before_fen: int
    ways: tuple[tuple[PrepaymentMode, PartialPrepayment], ...]
    troubles: tuple[str, ...]


@dataclass(frozen=True)
class PartialRefusal:
    """Why nothing can be paid early like this, and which entry to change."""

    field: str
    message: str


MODES: Final[tuple[PrepaymentMode, ...]] = ("shorter_term", "smaller_instalment")
ENTRIES: Final = {"amount_fen": "amount", "after_month": "month", "method": "letter"}


def early_end(table: PayoffTable, column: int, month: int) -> EarlyEnd | None:
    """Read one cell of the table; None where the plan cannot be settled then."""
    row = month - 1
    if not table.is_possible[row, column]:
        return None
    return EarlyEnd(
        after_month=month,
        payoff_fen=int(table.payoff_fen[row, column]),
        charge_fen=int(table.charge_fen[row, column]),
        extra_fen=int(table.extra_over_cash_fen[row, column]),
        apr_simple=float(table.apr_simple[row, column]),
    )


def months_told(own_month: int | None) -> list[int]:
    """Months of the short table, the customer's own among them."""
    return sorted({*MONTHS_TOLD, own_month or MONTHS_TOLD[0]})


def settling_of(cards: Sequence[Card], own_month: int | None) -> Settling | None:
    """Settle every card after every month; None when nothing is on the table."""
    if not cards:
        return None
    table = payoff_table_of([card.plan for card in cards])
    longest = max(card.plan.term_months for card in cards)
    month = min(own_month or MONTH_USUAL, longest)
    return Settling(
        month=month,
        months=table.months,
        ends={
            card.letter: tuple(
                early_end(table, column, row + 1) for row in range(card.plan.term_months)
            )
            + (None,) * (table.months - card.plan.term_months)
            for column, card in enumerate(cards)
        },
        terms_months={card.letter: card.plan.term_months for card in cards},
        break_even={
            card.letter: int(latest)
            for card, latest in zip(cards, table.break_even_month, strict=True)
            if 0 < latest < card.plan.term_months
        },
        futures=tuple(_futures_of(card) for card in cards if rebate_of(card.plan) > 0),
        told=tuple(m for m in months_told(own_month) if m < longest),
    )


def partly_prepaid(
    card: Card, *, amount_fen: int, after_month: int
) -> PartialAnswer | PartialRefusal:
    """Pay a part early, once with fewer months and once with less to pay."""
    plan = card.plan
    if not plan.product.prepayment.is_partial_allowed:
        message = "这个产品的合同没有写可以部分提前还款，只能一次结清；要部分还，先问清资金方"
        return PartialRefusal("letter", message)
    ways: list[tuple[PrepaymentMode, PartialPrepayment]] = []
    refusals: list[PartialRefusal] = []
    for mode in MODES:
        try:
            ways.append((mode, _partly(plan, amount_fen, after_month, mode)))
        except TooEarlyToPrepayError as early:
            return PartialRefusal("month", str(early))
        except ImpossibleTermsError as impossible:
            field = ENTRIES.get(impossible.field, "")
            refusals.append(PartialRefusal(field, impossible.message_zh))
    if not ways:
        return refusals[0]
    return PartialAnswer(
        card=card,
        after_month=after_month,
        months_left=plan.term_months - after_month,
        instalment_before_fen=plan.schedule.instalment_fen[after_month],
        ways=tuple(ways),
        troubles=tuple(refusal.message for refusal in refusals),
    )


def _partly(
    plan: Plan, amount_fen: int, after_month: int, mode: PrepaymentMode
) -> PartialPrepayment:
    return partial_prepayment(
        plan.schedule,
        plan.loan_terms,
        prepayment_terms_of(plan.product.prepayment),
        after_month=after_month,
        amount_fen=amount_fen,
        mode=mode,
    )


def _futures_of(card: Card) -> RebateFutures:
    """If the contract waives the charge, if it is charged after all, and kept to the end."""
    contract = payoff_contract_of(card.plan)
    terms = contract.prepayment
    table = payoff_table(
        [
            replace(contract, prepayment=replace(terms, charge_steps=())),
            replace(contract, prepayment=replace(terms, free_after_months=None)),
        ]
    )
    gains = [
        tuple(
            -extra if is_possible else None
            for extra, is_possible in zip(extras, possible, strict=True)
        )
        for extras, possible in zip(
            table.extra_over_cash_fen.T.tolist(), table.is_possible.T.tolist(), strict=True
        )
    ]
    return RebateFutures(
        letter=card.letter,
        rebate_fen=contract.rebate_fen,
        free_fen=gains[0],
        charged_fen=gains[1],
        full_term_fen=-card.plan.extra_over_cash_fen,
        break_even_free=int(table.break_even_month[0]),
        break_even_charged=int(table.break_even_month[1]),
    )


def _in_words(end: EarlyEnd | None) -> list[str] | None:
    if end is None:
        return None
    rate = NO_DATA if isnan(end.apr_simple) else percent(end.apr_simple)
    return [yuan(end.payoff_fen), yuan(end.charge_fen), yuan(end.extra_fen), rate]


def _gains(gains_fen: Sequence[int | None]) -> list[str | None]:
    return [None if fen is None else Settling.signed(fen) for fen in gains_fen]
