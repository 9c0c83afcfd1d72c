"""The definitions as plain loops over one loan at a time: slow, readable, compared with engines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from chedai.portfolio.columns import STATE
from chedai.portfolio.days import month_number, whole_months
from chedai.portfolio.terms import ClassificationScheme, CloseTerms, bucket_of

Row = dict[str, Any]


def close_plainly(contracts: pa.Table, open_items: pa.Table, *, terms: CloseTerms) -> pa.Table:
    items_of: dict[int, list[Row]] = {}
    for row in open_items.to_pylist():
        items_of.setdefault(row["contract_id"], []).append(row)
    states = [
        close_one(contract, items_of[contract["contract_id"]], terms=terms)
        for contract in contracts.to_pylist()
        if contract["disbursed_on"] <= terms.as_of
    ]
    return pa.Table.from_pylist(states, schema=STATE)


def close_one(contract: Row, items: list[Row], *, terms: CloseTerms) -> Row:
    scheme = next(s for s in terms.schemes if s.id == contract["classification_scheme"])
    seen = [item for item in items if item["open_from"] <= terms.as_of]
    now = open_at(seen, terms.as_of)
    before = open_at(seen, terms.compared_on)
    was_there = contract["disbursed_on"] <= terms.compared_on
    overdue = [item for item in now if item["due_on"] < terms.as_of]
    days_past_due = days_at(now, terms.as_of, contract)
    is_held = held(contract, seen, overdue, scheme, terms)
    outstanding_fen = sum(item["principal_fen"] for item in now)
    late = {number: lateness(seen, terms.as_of, contract, number=number) for number in (1, 2)}
    return {
        "contract_id": contract["contract_id"],
        "disbursed_on": contract["disbursed_on"],
        "classification_scheme": scheme.id,
        "principal_fen": contract["principal_fen"],
        "months_on_book": month_number(terms.as_of) - month_number(contract["disbursed_on"]),
        "oldest_unpaid_due_on": min((item["due_on"] for item in overdue), default=None),
        "days_past_due": days_past_due,
        "bucket": bucket_of(days_past_due),
        "classification": category(contract, days_past_due, is_held, scheme, terms),
        "is_upgrade_held": is_held,
        "outstanding_principal_fen": outstanding_fen,
        "overdue_principal_fen": sum(item["principal_fen"] for item in overdue),
        "overdue_interest_fen": sum(item["interest_fen"] for item in overdue),
        "overdue_charges_fen": sum(item["charges_fen"] for item in overdue),
        "expected_loss_fen": loss(contract, outstanding_fen, overdue, days_past_due, terms),
        "bucket_before": bucket_of(days_at(before, terms.compared_on, contract))
        if was_there
        else None,
        "outstanding_before_fen": sum(item["principal_fen"] for item in before),
        "scheduled_principal_fen": sum(
            item["principal_fen"]
            for item in before
            if terms.compared_on < item["due_on"] <= terms.month_ends_on
        ),
        "prepaid_principal_fen": prepaid(before, now, terms) if was_there else 0,
        "worst_days_past_due": lateness(seen, terms.as_of, contract),
        "first_over_30_on": first_over_30(seen, contract, terms.as_of),
        "first_due_on": min((i["due_on"] for i in seen if i["number"] == 1), default=None),
        "first_late_days": late[1],
        "second_due_on": min((i["due_on"] for i in seen if i["number"] == 2), default=None),
        "second_late_days": late[2],
    }


def open_at(items: list[Row], day: date) -> list[Row]:
    return [item for item in items if item["open_from"] <= day < item["open_until"]]


def counted_days(item: Row, day: date) -> int:
    end = day if item["is_counting"] else item["open_from"]
    return (end - item["due_on"]).days - item["paused_days"]


def days_at(open_items: list[Row], day: date, contract: Row) -> int:
    """Return the days past due of the oldest unpaid instalment; within grace they are none."""
    days = max((counted_days(i, day) for i in open_items if i["due_on"] < day), default=0)
    return days if days > contract["grace_days"] else 0


def lateness(items: list[Row], as_of: date, contract: Row, *, number: int | None = None) -> int:
    """Return how late the latest of the instalments is or was paid."""
    days = (
        counted_days(item, min(as_of, item["open_until"]))
        for item in items
        if item["due_on"] < as_of and number in (None, item["number"])
    )
    return max((d for d in days if d > contract["grace_days"]), default=0)


def first_over_30(items: list[Row], contract: Row, as_of: date) -> date | None:
    """Return the first day on which an instalment was more than 30 days late."""
    reached = [
        max(item["due_on"] + timedelta(days=item["paused_days"] + 31), item["open_from"])
        for item in items
        if item["due_on"] < as_of
        and counted_days(item, min(as_of, item["open_until"])) > max(30, contract["grace_days"])
    ]
    return min(reached, default=None)


def held(
    contract: Row,
    items: list[Row],
    overdue: list[Row],
    scheme: ClassificationScheme,
    terms: CloseTerms,
) -> bool:
    """Walk through the late items: non-performing until a stretch without lateness is long."""
    months = max(
        terms.observation_months, terms.observation_instalments * contract["instalment_months"]
    )
    late_until, is_non_performing = None, False
    for item in sorted(items, key=lambda i: (i["due_on"], i["open_from"])):
        until = min(terms.as_of, item["open_until"])
        days = counted_days(item, until)
        if item["due_on"] >= terms.as_of or days <= contract["grace_days"]:
            continue
        if late_until and whole_months(late_until, item["due_on"]) >= months:
            is_non_performing = False
        late_until = max(late_until or until, until)
        is_non_performing = is_non_performing or days > scheme.substandard_over_days
    if not late_until or not is_non_performing:
        return False
    clean_until = min((item["due_on"] for item in overdue), default=terms.as_of)
    return whole_months(late_until, clean_until) < months


def category(
    contract: Row,
    days_past_due: int,
    is_held: bool,
    scheme: ClassificationScheme,
    terms: CloseTerms,
) -> int:
    by_days = sum(days_past_due > over for over in scheme.over_days)
    restructured_on = contract["restructured_on"]
    is_observed = (
        restructured_on is not None
        and restructured_on <= terms.as_of
        and whole_months(restructured_on, terms.as_of) < terms.restructured_observation_months
    )
    return max(by_days, 2 if is_held else 0, 1 if is_observed else 0)


def prepaid(before: list[Row], now: list[Row], terms: CloseTerms) -> int:
    def later(items: list[Row]) -> int:
        return sum(i["principal_fen"] for i in items if i["due_on"] > terms.month_ends_on)

    return max(0, later(before) - later(now))


def loss(
    contract: Row, outstanding_fen: int, overdue: list[Row], days_past_due: int, terms: CloseTerms
) -> int:
    rate_ppm = terms.loss_rates_ppm[bucket_of(days_past_due)]
    if terms.loss_method == "bucket":
        return half_up(outstanding_fen * rate_ppm)
    exposure_fen = outstanding_fen + sum(i["interest_fen"] + i["charges_fen"] for i in overdue)
    return half_up(exposure_fen * half_up(contract["loss_given_default_ppm"] * rate_ppm))


def half_up(product_ppm: int) -> int:
    return (product_ppm + 500_000) // 1_000_000


def figures_plainly(state: pa.Table, *, terms: CloseTerms) -> dict[str, list[Row]]:
    """Return the tables of a close as rows, each group summed by itself."""
    rows = state.to_pylist()
    owing = [row for row in rows if row["outstanding_principal_fen"] > 0]
    owed = [row for row in rows if row["outstanding_before_fen"] > 0]
    return {
        "by_bucket": groups(owing, ["bucket"], BUCKET_SUMS),
        "by_class": groups(owing, ["classification_scheme", "classification"], CLASS_SUMS),
        "moves": groups(
            [{**row, "bucket": row["bucket"] if row in owing else 8} for row in owed],
            ["bucket_before", "bucket"],
            {
                "outstanding_before_fen": "outstanding_before_fen",
                "outstanding_fen": "outstanding_principal_fen",
            },
        ),
        "vintages": vintages(rows),
        "vintage_curve": groups(
            [
                {**row, "cohort_on": cohort(row), "months_on_book": over_30(row)}
                for row in rows
                if row["first_over_30_on"]
            ],
            ["cohort_on", "months_on_book"],
            {"disbursed_fen": "principal_fen"},
        ),
        "early_defaults": early_defaults(rows, terms.as_of),
        "prepayments": groups(
            [{**row, "cohort_on": cohort(row)} for row in owed],
            ["cohort_on"],
            {
                "outstanding_before_fen": "outstanding_before_fen",
                "scheduled_fen": "scheduled_principal_fen",
                "prepaid_fen": "prepaid_principal_fen",
            },
        ),
    }


CLASS_SUMS = {
    "outstanding_fen": "outstanding_principal_fen",
    "overdue_principal_fen": "overdue_principal_fen",
    "expected_loss_fen": "expected_loss_fen",
}
BUCKET_SUMS = {
    "outstanding_fen": "outstanding_principal_fen",
    "overdue_principal_fen": "overdue_principal_fen",
    "overdue_interest_fen": "overdue_interest_fen",
    "overdue_charges_fen": "overdue_charges_fen",
    "expected_loss_fen": "expected_loss_fen",
}


def groups(rows: list[Row], keys: list[str], sums: dict[str, str]) -> list[Row]:
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        key = tuple(row[name] for name in keys)
        line = found.setdefault(
            key, {**dict(zip(keys, key, strict=True)), "contracts": 0, **dict.fromkeys(sums, 0)}
        )
        line["contracts"] += 1
        for name, column in sums.items():
            line[name] += row[column]
    return [found[key] for key in sorted(found)]


def cohort(row: Row) -> date:
    return row["disbursed_on"].replace(day=1)


def over_30(row: Row) -> int:
    return month_number(row["first_over_30_on"]) - month_number(row["disbursed_on"])


def vintages(rows: list[Row]) -> list[Row]:
    lines = []
    for cohort_on in sorted({cohort(row) for row in rows}):
        members = [row for row in rows if cohort(row) == cohort_on]
        for at_least in range(1, 5):
            current = [row for row in members if row["bucket"] >= at_least]
            ever = [r for r in members if bucket_of(r["worst_days_past_due"]) >= at_least]
            lines.append(
                {
                    "cohort_on": cohort_on,
                    "months_on_book": members[0]["months_on_book"],
                    "bucket_at_least": at_least,
                    "contracts": len(members),
                    "disbursed_fen": sum(row["principal_fen"] for row in members),
                    "current_contracts": len(current),
                    "current_outstanding_fen": sum(r["outstanding_principal_fen"] for r in current),
                    "ever_contracts": len(ever),
                    "ever_disbursed_fen": sum(row["principal_fen"] for row in ever),
                }
            )
    return lines


def early_defaults(rows: list[Row], as_of: date) -> list[Row]:
    lines = []
    for cohort_on in sorted({cohort(row) for row in rows}):
        for number, word in ((1, "first"), (2, "second")):
            for days in (1, 7, 30):
                due = [
                    row
                    for row in rows
                    if cohort(row) == cohort_on
                    and row[f"{word}_due_on"]
                    and (as_of - row[f"{word}_due_on"]).days >= days
                ]
                late = [row for row in due if row[f"{word}_late_days"] >= days]
                if due:
                    lines.append(
                        {
                            "cohort_on": cohort_on,
                            "instalment_number": number,
                            "late_days_at_least": days,
                            "due_contracts": len(due),
                            "late_contracts": len(late),
                        }
                    )
    return lines
