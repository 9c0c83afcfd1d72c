"""A book made from a seed: good payers, late ones, defaults and cures, early ends, pauses.

Everything is invented. A chunk of contracts depends on the seed and its own number only, so that a
book of any size can be made piece by piece, and again.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from chedai.portfolio.allocation.batch import open_items_of
from chedai.portfolio.allocation.orders import ALLOCATION_ORDERS
from chedai.portfolio.columns import CONTRACTS, INSTALMENTS, OPEN_ITEMS, PAUSES, PAYMENTS
from chedai.portfolio.days import day_number
from chedai.portfolio.terms_of_policy import SCHEMES

KNOWN_UNTIL = date(2026, 6, 30)
DISBURSED_FROM = date(2021, 1, 1)
CHUNK = 50_000
TERMS = np.array([12, 24, 36, 48, 60])
NEVER = 10**6
MONTH_STARTS = np.datetime64("1970-01", "M")


@dataclass(frozen=True)
class Chunk:
    contracts: pa.Table
    instalments: pa.Table
    payments: pa.Table
    pauses: pa.Table

    def open_items(self) -> pa.Table:
        return open_items_of(
            self.contracts,
            self.instalments,
            self.payments,
            pauses=self.pauses,
            known_until=KNOWN_UNTIL,
            accepts_twins=True,
        )


def make_chunk(number: int, *, contracts: int, seed: int = 7) -> Chunk:
    """Make contracts ``number × CHUNK + 1`` and on."""
    rng = np.random.default_rng([seed, number])
    ids = np.arange(contracts, dtype=np.int64) + number * CHUNK + 1
    term = rng.choice(TERMS, contracts)
    span = day_number(KNOWN_UNTIL) - day_number(DISBURSED_FROM)
    disbursed = rng.integers(0, span, contracts) + day_number(DISBURSED_FROM)
    principal = rng.integers(300, 4_000, contracts) * 10_000
    behaviour = rng.random(contracts)
    made = {
        "contract_id": ids,
        "disbursed_on": disbursed,
        "principal_fen": principal,
        "grace_days": rng.choice([0, 0, 3], contracts),
        "instalment_months": np.ones(contracts, dtype=np.int64),
        "classification_scheme": rng.choice(list(SCHEMES), contracts),
        "allocation_order": rng.choice(list(ALLOCATION_ORDERS), contracts),
        "restructured_on": np.where(rng.random(contracts) < 0.002, disbursed + 400, NEVER),
        "loss_given_default_ppm": rng.integers(200_000, 700_000, contracts),
    }
    rows = _schedule(rng, ids, term, disbursed, principal)
    prepay_at = np.where((behaviour > 0.96) & (behaviour < 0.97), term // 3, NEVER)
    settle_at = np.where(behaviour >= 0.97, term // 2, NEVER)
    changed = _changed(rows, prepay_at)
    payments = _payments(rng, rows, changed, behaviour, settle_at, prepay_at, term)
    is_paused = rng.random(contracts) < 0.003
    starts = disbursed[is_paused] + rng.integers(20, 400, int(is_paused.sum()))
    ends = starts + rng.integers(10, 90, len(starts))
    return Chunk(
        contracts=_table(made, CONTRACTS),
        instalments=pa.concat_tables([_table(r, INSTALMENTS) for r in (rows, changed)]),
        payments=payments,
        pauses=_table(
            {"contract_id": ids[is_paused], "starts_on": starts, "ends_on": ends}, PAUSES
        ),
    )


def _schedule(rng, ids, term, disbursed, principal):
    """Equal principal, interest on what is left, whole fen."""
    of = np.repeat(np.arange(len(ids)), term)
    number = np.arange(len(of)) - np.repeat(np.cumsum(term) - term, term) + 1
    part = (principal // term)[of]
    left = principal[of] - part * (number - 1)
    rate_ppm = rng.integers(2_000, 9_000, len(ids))[of]
    has_fee = (rng.random(len(ids)) < 0.05)[of] & (number == 1)
    return {
        "contract_id": ids[of],
        "number": number,
        "in_force_on": disbursed[of],
        "due_on": _months_later(disbursed[of], number),
        "principal_fen": np.where(number == term[of], left, part),
        "interest_fen": left * rate_ppm // 1_000_000,
        "fee_fen": np.where(has_fee, 19_900, 0),
        "penalty_fen": np.zeros(len(of), dtype=np.int64),
        "_of": of,
    }


def _months_later(day, months):
    days = day.astype("datetime64[D]")
    month = days.astype("datetime64[M]")
    of_month = (days - month.astype("datetime64[D]")).astype(np.int64)
    target = month + months
    length = ((target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(
        np.int64
    )
    return target.astype("datetime64[D]").astype(np.int64) + np.minimum(of_month, length - 1)


def _changed(rows, prepay_at):
    """Half of what is left is prepaid on a due day; the changed schedule halves each instalment."""
    at = prepay_at[rows["_of"]]
    kept = rows["number"] > at
    found = {name: values[kept] for name, values in rows.items()}
    change_day = np.zeros(len(prepay_at), dtype=np.int64)
    is_day = rows["number"] == at
    change_day[rows["_of"][is_day]] = rows["due_on"][is_day]
    found["in_force_on"] = change_day[found["_of"]]
    is_known = found["in_force_on"] <= day_number(KNOWN_UNTIL)
    found = {name: values[is_known] for name, values in found.items()}
    return found | {name: found[name] // 2 for name in ("principal_fen", "interest_fen")}


def _payments(rng, rows, changed, behaviour, settle_at, prepay_at, term):
    of, due = rows["_of"], rows["due_on"]
    amount = sum(rows[f"{part}_fen"] for part in ("principal", "interest", "fee"))
    later = rows["number"] > prepay_at[of]
    amount = np.where(later, rows["principal_fen"] // 2 + rows["interest_fen"] // 2, amount)
    paid = due - rng.integers(0, 6, len(of))
    paid = np.where(prepay_at[of] < NEVER, due, paid)
    slack = (behaviour[of] > 0.82) & (behaviour[of] <= 0.92) & (rng.random(len(of)) < 0.25)
    paid = np.where(slack, due + rng.integers(1, 26, len(of)), paid)
    stops = np.where((behaviour > 0.92) & (behaviour <= 0.96), rng.integers(1, term), NEVER)
    cured = np.where(rng.random(len(term)) < 0.4, rng.integers(40, 300, len(term)), NEVER)
    first_missed = np.full(len(term), NEVER, dtype=np.int64)
    is_first = rows["number"] == stops[of]
    first_missed[of[is_first]] = due[is_first]
    is_missed = rows["number"] >= stops[of]
    paid = np.where(is_missed, np.maximum(paid, (first_missed + cured)[of]), paid)
    kept = (paid <= day_number(KNOWN_UNTIL)) & (rows["number"] <= settle_at[of])
    is_split = kept & (rng.random(len(of)) < 0.02) & (prepay_at[of] == NEVER)
    is_split &= (settle_at[of] == NEVER) & (paid + 10 <= day_number(KNOWN_UNTIL))
    part = np.where(is_split, amount * 6 // 10, amount)
    kinds = [("ordinary", of[kept], paid[kept], part[kept], 0)]
    kinds.append(("ordinary", of[is_split], paid[is_split] + 10, (amount - part)[is_split], 100))
    kinds.append(_settlements(rows, settle_at))
    kinds.append(_prepayments(rows, changed))
    tables = [_payment_rows(rows, *kind) for kind in kinds]
    return pa.concat_tables(tables).combine_chunks()


def _settlements(rows, settle_at):
    of = rows["_of"]
    left = np.bincount(of, np.where(rows["number"] > settle_at[of], rows["principal_fen"], 0))
    is_at = (rows["number"] == settle_at[of]) & (rows["due_on"] + 7 <= day_number(KNOWN_UNTIL))
    return "settlement", of[is_at], rows["due_on"][is_at] + 7, left[of[is_at]].astype(np.int64), 200


def _prepayments(rows, changed):
    ids = np.unique(changed["_of"])
    is_first = np.flatnonzero(np.diff(changed["_of"], prepend=-1))
    lowest = np.zeros(rows["_of"].max() + 1, dtype=np.int64)
    day = lowest.copy()
    lowest[ids], day[ids] = changed["number"][is_first], changed["in_force_on"][is_first]
    is_left = (rows["number"] >= lowest[rows["_of"]]) & (lowest[rows["_of"]] > 0)
    whole = np.bincount(rows["_of"][is_left], rows["principal_fen"][is_left], len(lowest))
    half = np.bincount(changed["_of"], changed["principal_fen"], len(lowest))
    return "prepayment", ids, day[ids], (whole - half).astype(np.int64)[ids], 300


def _payment_rows(rows, kind, of, paid, amount, base):
    ids = np.zeros(rows["_of"].max() + 1, dtype=np.int64)
    ids[rows["_of"]] = rows["contract_id"]
    turn = np.arange(len(of)) - np.searchsorted(of, of)
    return pa.table(
        {
            "payment_id": ids[of] * 1000 + base + turn,
            "contract_id": ids[of],
            "paid_on": paid.astype(np.int32),
            "amount_fen": amount,
            "kind": pa.array([kind] * len(of)),
            "reverses_payment_id": pa.nulls(len(of), pa.int64()),
        }
    ).cast(PAYMENTS)


def _table(columns, schema):
    arrays = []
    for field in schema:
        values = columns[field.name]
        if pa.types.is_date32(field.type):
            mask = values >= NEVER if field.nullable else None
            arrays.append(pa.array(values.astype(np.int32), mask=mask).view(pa.date32()))
        else:
            arrays.append(pa.array(values).cast(field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def make_book(contracts: int, *, seed: int = 7) -> Chunk:
    """Make a small book in one piece."""
    return make_chunk(0, contracts=contracts, seed=seed)


def write_book(folder: Path, *, contracts: int, seed: int = 7) -> None:
    """Write ``contracts.parquet`` and ``open_items.parquet``, a row group for each chunk."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        pq.ParquetWriter(folder / "contracts.parquet", CONTRACTS, compression="zstd") as told,
        pq.ParquetWriter(folder / "open_items.parquet", OPEN_ITEMS, compression="zstd") as opened,
    ):
        for number in range(-(-contracts // CHUNK)):
            size = min(CHUNK, contracts - number * CHUNK)
            chunk = make_chunk(number, contracts=size, seed=seed)
            items = chunk.open_items()
            told.write_table(chunk.contracts, row_group_size=CHUNK)
            opened.write_table(items, row_group_size=items.num_rows)
            print(f"\r{number * CHUNK + size:,} contracts", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--contracts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    told = parser.parse_args()
    write_book(told.folder, contracts=told.contracts, seed=told.seed)
