"""Blocks of plans, each one offer with many principals, priced together.

With the kernel loaded all blocks are one batch of it; before that, and where it does not know the
contract, each block is priced by arrays of its own. Every fen is the same either way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np

from chedai.core.loans.terms import Fee, LoanTerms
from chedai.core.money import AMOUNT_FEN_MAX
from chedai.core.plans.columns import FeeColumns, QuoteColumns, price_block
from chedai.core.plans.conditions import kernel_conditions
from chedai.core.plans.kernel.columns import LoanColumns, LoanQuotes
from chedai.core.plans.kernel.pricing import is_kernel_loaded, price_columns
from chedai.core.plans.payment_columns import Ints, times
from chedai.core.plans.plan import ContractDates, CostLine
from chedai.core.plans.pricing import cash_on_the_day, lost_discount
from chedai.core.plans.product import ProductTerms, TermOffer

MONTHS_WITH_A_MIDDLE: Final = 3
AT_START, FIRST, EACH, LAST = range(4)
PLACES_OF_TIMING: Final = {"upfront": AT_START, "first_instalment": FIRST, "last": LAST}


@dataclass(frozen=True)
class Block:
    """Principals (shape (rows,), int64, whole fen) to be priced at one offer.

    ``dates`` are those of this product's contract, where they are not those of all.
    """

    terms: ProductTerms
    offer: TermOffer
    principal_fen: Ints
    dates: ContractDates | None = None

    def __len__(self) -> int:
        return len(self.principal_fen)


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What all blocks of a deal share; as in ``PlanInputs``."""

    add_ons: tuple[CostLine, ...] = ()
    cash_discount_fen: int | None = None
    dates: ContractDates | None = None


def price_blocks(blocks: Sequence[Block], beside: Beside) -> QuoteColumns:
    """Price every row of every block, in their order; rows as ``price_block`` has them."""
    if not is_kernel_loaded():
        return _joined([_alone(block, beside) for block in blocks])
    conditions = [_conditions_of(block, beside) for block in blocks]
    together = [(block, told) for block, told in zip(blocks, conditions, strict=True) if told]
    if not together:
        return _joined([_alone(block, beside) for block in blocks])
    quotes = _batch(together, beside)
    if len(together) == len(blocks):
        return quotes
    shares = _cut(quotes, [block for block, _ in together])
    return _joined(
        [
            next(shares) if told else _alone(block, beside)
            for block, told in zip(blocks, conditions, strict=True)
        ]
    )


def _alone(block: Block, beside: Beside) -> QuoteColumns:
    return price_block(
        terms=block.terms,
        offer=block.offer,
        principal_fen=block.principal_fen,
        add_ons=beside.add_ons,
        cash_discount_fen=beside.cash_discount_fen,
        dates=block.dates or beside.dates,
    )


def _joined(parts: Sequence[QuoteColumns]) -> QuoteColumns:
    none = [np.zeros(0, dtype=np.int64)]
    columns: dict[str, Any] = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts] or none)
        for field in fields(QuoteColumns)
    }
    return QuoteColumns(**columns)


def _cut(quotes: QuoteColumns, blocks: Sequence[Block]) -> Iterator[QuoteColumns]:
    for rows in _places(blocks):
        yield QuoteColumns(
            **{field.name: getattr(quotes, field.name)[rows] for field in fields(QuoteColumns)}
        )


def _places(blocks: Sequence[Block]) -> Iterator[slice]:
    end = 0
    for block in blocks:
        begin, end = end, end + len(block)
        yield slice(begin, end)


def _conditions_of(block: Block, beside: Beside) -> LoanTerms | None:
    """Return what all rows' contracts have in common; None where arrays or schedules decide.

    Refused with ``ImpossibleTermsError`` where the offer makes no contract.
    """
    if not len(block) or int(block.principal_fen.max()) > AMOUNT_FEN_MAX:
        return None
    return kernel_conditions(block.terms, block.offer, block.dates or beside.dates)


def _batch(told: Sequence[tuple[Block, LoanTerms]], beside: Beside) -> QuoteColumns:
    blocks = [block for block, _ in told]
    lengths = np.array([len(block) for block in blocks])
    principal = np.concatenate([block.principal_fen for block in blocks])
    fees = _BatchFees.of(blocks, beside, rows=len(principal))
    quotes = price_columns(
        LoanColumns.of(
            conditions=[conditions for _, conditions in told],
            condition_index=np.repeat(np.arange(len(told)), lengths),
            principal_fen=principal,
            balloon_fen=_balloons(blocks, rows=len(principal)),
            taken_at_start_fen=fees.cost.at_start + fees.taken_fen,
            added_first_fen=fees.cost.first,
            added_each_fen=fees.cost.each,
            added_last_fen=fees.cost.last,
        )
    )
    term_months = np.repeat([block.offer.term_months for block in blocks], lengths)
    return _finished(principal, term_months, quotes, fees)


def _balloons(blocks: Sequence[Block], *, rows: int) -> Ints | None:
    if not any(block.offer.balloon_ratio for block in blocks):
        return None
    balloon = np.zeros(rows, dtype=np.int64)
    for block, place in zip(blocks, _places(blocks), strict=True):
        if block.offer.balloon_ratio:
            balloon[place] = times(block.principal_fen, block.offer.balloon_ratio, 0)
    return balloon


@dataclass(frozen=True)
class _Beside:
    """Fees by when they are paid: on day 0, in month 1, in every month, in the last month."""

    at_start: Ints
    first: Ints
    each: Ints
    last: Ints

    @classmethod
    def of(
        cls, fees: Sequence[FeeColumns], blocks: Sequence[Block], *, rows: int, is_cost: bool
    ) -> "_Beside":
        table = np.zeros((4, rows), dtype=np.int64)
        is_paid = [False] * 4
        for block, place, columns in zip(blocks, _places(blocks), fees, strict=True):
            for fee, amount in columns.counted(is_cost=is_cost):
                for line, part in _paid(fee, amount, block.offer.term_months):
                    table[line, place] += part
                    is_paid[line] = True
        nothing = np.broadcast_to(np.int64(0), (rows,))
        lines = [table[i] if is_paid[i] else nothing for i in range(4)]
        return cls(*lines)


def _paid(fee: Fee, amount: Ints, term_months: int) -> Iterator[tuple[int, Ints]]:
    if fee.timing == "spread":
        each = amount // term_months
        yield EACH, each
        yield LAST, amount - each * term_months
    else:
        yield PLACES_OF_TIMING[fee.timing], amount
    if fee.is_refundable:
        yield LAST, -amount


@dataclass(frozen=True)
class _BatchFees:
    """What is paid beside the instalments: as the cost of credit, and as the customer sees it.

    ``taken_fen`` is a lost discount less money given on the day.
    """

    cost: _Beside
    shown: _Beside
    taken_fen: Ints

    @classmethod
    def of(cls, blocks: Sequence[Block], beside: Beside, *, rows: int) -> "_BatchFees":
        # Offers of one product mostly share their principals, and so their fees.
        known: dict[tuple[int, int], FeeColumns] = {}
        fees = []
        for block in blocks:
            key = (id(block.terms), id(block.principal_fen))
            if key not in known:
                known[key] = FeeColumns.of(
                    terms=block.terms, principal_fen=block.principal_fen, add_ons=beside.add_ons
                )
            fees.append(known[key])
        cost = _Beside.of(fees, blocks, rows=rows, is_cost=True)
        are_all_conditions = all(columns.are_all_conditions for columns in fees)
        taken = [_taken(block.terms, beside.cash_discount_fen) for block in blocks]
        return cls(
            cost=cost,
            shown=cost
            if are_all_conditions
            else _Beside.of(fees, blocks, rows=rows, is_cost=False),
            taken_fen=np.repeat(taken, [len(block) for block in blocks]),
        )


def _taken(terms: ProductTerms, cash_discount_fen: int | None) -> int:
    given_fen = sum(subsidy.amount_fen for subsidy in cash_on_the_day(terms))
    return lost_discount(terms, cash_discount_fen) - given_fen


def _finished(
    principal: Ints, term_months: Ints, quotes: LoanQuotes, fees: _BatchFees
) -> QuoteColumns:
    cost, shown = fees.cost, fees.shown
    first = quotes.first_fen + shown.first + shown.each
    last = quotes.last_fen + shown.last + shown.each
    is_level = quotes.lowest_fen == quotes.highest_fen
    middle = quotes.highest_fen + shown.each
    payment = np.where(is_level, middle, np.maximum(first, middle))
    short = np.flatnonzero(term_months < MONTHS_WITH_A_MIDDLE)
    single = short[term_months[short] == 1]
    first[single] += shown.last[single]
    last[single] = first[single]
    payment[short] = first[short]
    return QuoteColumns(
        principal_fen=principal,
        payment_fen=payment,
        first_payment_fen=first,
        last_payment_fen=last,
        extra_over_cash_fen=quotes.total_charge_fen
        + (cost.at_start + fees.taken_fen)
        + (cost.first + cost.last + cost.each * term_months),
        upfront_fen=shown.at_start + quotes.paid_at_start_fen,
        apr_simple=12 * quotes.irr_monthly,
    )
