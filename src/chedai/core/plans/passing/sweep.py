"""All candidates of one case, side by side: the cheapest for some levers, and the nearest miss."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from chedai.core.plans.columns import Ints
from chedai.core.plans.passing.case import Binding, LeverName, PassCase
from chedai.core.plans.passing.grid import (
    GRID_LIMITS,
    Grid,
    grids,
    principals_of_any_price,
    within_limits,
)
from chedai.core.plans.passing.levers import droppable, objection_cost
from chedai.core.plans.passing.limits import (
    LIMIT_WORDS,
    QUOTE_LIMITS,
    Quoted,
    settled_needed,
    term_breaches,
)
from chedai.core.plans.passing.quoting import QuoteTable
from chedai.core.plans.plan import CostLine
from chedai.core.plans.product import TermOffer

FIRST_QUOTES: Final = 16
QUOTES_GROW: Final = 8

Combo = tuple[LeverName, ...]
Key = tuple[int, ...]


def drops_of(case: PassCase) -> list[tuple[CostLine, ...]]:
    """List what may be left out together: fewest lines first."""
    lines = [line for line in droppable(case) if line.amount_fen]
    return [some for count in range(1, len(lines) + 1) for some in combinations(lines, count)]


@dataclass(frozen=True)
class Found:
    """The end of one route; ``key`` orders routes of the same number of changes, cost first."""

    key: Key
    offer: TermOffer
    dropped: tuple[CostLine, ...]
    price_fen: int
    down_fen: int
    settled_fen: int


@dataclass(frozen=True)
class _Around:
    """What one sweep over price and down payment holds still."""

    offer: TermOffer
    dropped: tuple[CostLine, ...]
    drop_index: int


class Sweep:
    """All candidates of one case; quotes are worked out once and shared by the combinations."""

    def __init__(self, case: PassCase) -> None:
        self.case = case
        self._tables: dict[tuple[int, tuple[CostLine, ...]], QuoteTable] = {}

    def best(self, combo: Combo, combo_index: int) -> Found | None:
        """Return the cheapest candidate that moves these levers and no others."""
        best: Found | None = None
        for around in self._arounds(combo):
            if self._is_hopeless(around, combo):
                continue
            for grid in grids(
                self.case,
                add_ons=self._kept(around.dropped),
                moves_price="price" in combo,
                moves_down="down_payment" in combo,
            ):
                if best and len(grid) and int(grid.price_cut_fen.min()) > best.key[0]:
                    break
                found = self._cheapest(within_limits(grid), around, combo, combo_index)
                best = min(filter(None, (best, found)), key=lambda one: one.key, default=None)
        return best

    def nearest_miss(self, free: Collection[LeverName]) -> tuple[Binding, ...]:
        """Name the limits broken by the candidates that break fewest, at the price as it is."""
        fewest, names = len(LIMIT_WORDS), set[str]()
        offers = self.case.terms.offers if "term" in free else self._offers(())
        for around in self._around(
            offers, [(), *drops_of(self.case)] if "add_ons" in free else [()]
        ):
            for moves_down in (False, True)[: 1 + ("down_payment" in free)]:
                broken = self._broken(around, moves_down=moves_down, settles="debts" in free)
                if broken and len(broken) <= fewest:
                    names = broken if len(broken) < fewest else names | broken
                    fewest = len(broken)
        return tuple(
            Binding(name, say(self.case), is_fixed=False)
            for name, say in LIMIT_WORDS.items()
            if name in (names or {"term"})
        )

    def _is_hopeless(self, around: _Around, combo: Combo) -> bool:
        """Whether the term, or every principal there is, already breaks a limit.

        Looking at principals alone pays where both price and down payment move.
        """
        if term_breaches(self.case, around.offer.term_months):
            return True
        if not {"price", "down_payment"} <= set(combo):
            return False
        principals = principals_of_any_price(self.case, add_ons=self._kept(around.dropped))
        if principals is None:
            return False
        quoted = self._quoted(principals, around, settles="debts" in combo)
        passes = np.ones(len(principals), bool)
        for name, keeps in QUOTE_LIMITS.items():
            if name != "cash_max":
                passes &= keeps(quoted)
        return not passes.any()

    def _broken(self, around: _Around, *, moves_down: bool, settles: bool) -> set[str]:
        """Name what the best candidate breaks; nothing where nothing can be priced."""
        (grid,) = grids(
            self.case,
            add_ons=self._kept(around.dropped),
            moves_price=False,
            moves_down=moves_down,
        )
        grid = grid.rows(grid.principal_fen > 0)
        if not len(grid):
            return set()
        kept = {name: keeps(grid) for name, keeps in GRID_LIMITS.items()}
        quoted = self._quoted(grid, around, settles=settles)
        kept |= {name: keeps(quoted) for name, keeps in QUOTE_LIMITS.items()}
        count = sum((~mask).astype(int) for mask in kept.values())
        row = int(np.argmin(count))
        broken = {name for name, mask in kept.items() if not mask[row]}
        return broken | term_breaches(self.case, around.offer.term_months)

    def _arounds(self, combo: Combo) -> Iterator[_Around]:
        drops = drops_of(self.case) if "add_ons" in combo else [()]
        return self._around(self._offers(combo), drops)

    def _around(
        self, offers: Collection[TermOffer], drops: Collection[tuple[CostLine, ...]]
    ) -> Iterator[_Around]:
        for offer in offers:
            for index, dropped in enumerate(drops):
                yield _Around(offer, dropped, index)

    def _offers(self, combo: Combo) -> list[TermOffer]:
        now = self.case.inputs.term_months
        moves = "term" in combo
        return [offer for offer in self.case.terms.offers if (offer.term_months != now) == moves]

    def _kept(self, dropped: tuple[CostLine, ...]) -> tuple[CostLine, ...]:
        return tuple(line for line in self.case.inputs.add_ons if line not in dropped)

    def _table(self, offer: TermOffer, dropped: tuple[CostLine, ...]) -> QuoteTable:
        key = (offer.term_months, dropped)
        if key not in self._tables:
            self._tables[key] = QuoteTable(
                terms=self.case.terms,
                offer=offer,
                add_ons=self._kept(dropped),
                cash_discount_fen=self.case.inputs.cash_discount_fen,
                dates=self.case.inputs.dates,
            )
        return self._tables[key]

    def _quoted(self, grid: Grid, around: _Around, *, settles: bool) -> Quoted:
        quotes = self._table(around.offer, around.dropped).at(grid.principal_fen)
        settled = settled_needed(self.case, quotes.payment_fen)
        return Quoted(grid, quotes, settled if settles else np.zeros_like(settled))

    def _cheapest(
        self, grid: Grid, around: _Around, combo: Combo, combo_index: int
    ) -> Found | None:
        """Quote the cheapest candidates first and stop when no later one can cost less."""
        floor = grid.price_cut_fen + np.maximum(grid.down_change_fen, 0)
        order = np.argsort(floor, kind="stable")
        best: Found | None = None
        start, size = 0, FIRST_QUOTES
        while start < len(order):
            rows = order[start : start + size]
            if best and int(floor[rows[0]]) + self._beside(around) > best.key[0]:
                break
            quoted = self._quoted(grid.rows(rows), around, settles="debts" in combo)
            found = self._best_of(quoted, around, combo_index)
            best = min(filter(None, (best, found)), key=lambda one: one.key, default=None)
            start, size = start + size, size * QUOTES_GROW
        return best

    def _beside(self, around: _Around) -> int:
        """Return what a candidate costs whatever its price and down payment."""
        return sum(line.amount_fen for line in around.dropped) + objection_cost(self.case)

    def _best_of(self, quoted: Quoted, around: _Around, combo_index: int) -> Found | None:
        passes = np.ones(len(quoted.grid), bool)
        for keeps in QUOTE_LIMITS.values():
            passes &= keeps(quoted)
        if not passes.any():
            return None
        grid = quoted.grid
        cost = self._costs(quoted, around)
        change = grid.down_change_fen
        columns = (cost, np.abs(change), change < 0, grid.price_cut_fen)
        rows = np.flatnonzero(passes)
        row = rows[np.lexsort([column[rows] for column in columns[::-1]])[0]]
        months = around.offer.term_months - self.case.inputs.term_months
        return Found(
            key=(
                int(cost[row]),
                combo_index,
                abs(months),
                int(months > 0),
                around.drop_index,
                *(int(column[row]) for column in columns[1:]),
            ),
            offer=around.offer,
            dropped=around.dropped,
            price_fen=int(grid.price_fen[row]),
            down_fen=int(grid.down_fen[row]),
            settled_fen=int(quoted.settled_fen[row]),
        )

    def _costs(self, quoted: Quoted, around: _Around) -> Ints:
        """Sum what every lever costs, as LEVERS says of one route."""
        grid, extra = quoted.grid, np.maximum(quoted.quotes.extra_over_cash_fen, 0)
        principal = np.maximum(grid.principal_fen, 1)
        change = grid.down_change_fen
        cost = grid.price_cut_fen + np.where(change < 0, -(extra * change // principal), change)
        debts = self.case.debts
        cost = cost + quoted.settled_fen * (debts.settle_months if debts else 0)
        cost = cost + self._beside(around)
        before = next(iter(self._offers(())), None)
        if before is None or before == around.offer:
            return cost
        was = self._table(before, around.dropped).at(grid.principal_fen)
        more = np.maximum(quoted.quotes.extra_over_cash_fen - was.extra_over_cash_fen, 0)
        total: Ints = cost + np.where(was.is_priced, more, 0)
        return total
