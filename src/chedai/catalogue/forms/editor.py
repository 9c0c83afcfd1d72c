"""The editor's form: typed values to product terms with every fault at its field, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from chedai.catalogue.forms.entries import READERS, WRITERS, UnreadableEntryError, plain
from chedai.catalogue.forms.fields import FIELDS, ROWS, YES_NO_FIELDS, EditorField, EditorRows
from chedai.core.plans.product import MalformedTermsError, ProductTerms, mandatory_gaps

ROWS_MAX: Final = 40
TYPED_LENGTH_MAX: Final = 400
CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,58}[a-z0-9]")
Values = dict[str, Any]


@dataclass(frozen=True)
class EditedTerms:
    """What was typed, what it means if it means anything, and what is wrong with it.

    ``values`` holds typed text by input name, rows numbered without gaps; ``row_counts`` says how
    many rows each list has; ``errors`` are keyed like ``values``.
    """

    values: Values
    row_counts: Mapping[str, int]
    errors: Mapping[str, str]
    terms: ProductTerms | None
    effective_from: date | None


def read_editor(typed: Any, *, lender: Any, code: str | None = None) -> EditedTerms:
    """Read a sent form (a QueryDict).

    Parameters
    ----------
    lender
        Anything with ``code``, ``name`` and ``kind``.
    code
        The code of the product a further version is written for; None = a new product.
    """
    values, counts = _typed_values(typed)
    if code is not None:
        values["code"] = code
    errors: dict[str, str] = {}
    document = _document(values, counts, errors)
    document |= {"lender_code": lender.code, "lender_name": lender.name, "lender_kind": lender.kind}
    effective_from = _effective_from(values, errors)
    if code is None and not CODE.fullmatch(str(values.get("code", ""))):
        errors["code"] = "用小写字母、数字和连字符，3 到 60 位，如 yunling-direct"
    terms = _terms(document, errors)
    is_sound = not errors
    return EditedTerms(
        values=values,
        row_counts=counts,
        errors=errors,
        terms=terms if is_sound else None,
        effective_from=effective_from,
    )


def values_of(terms: ProductTerms, *, effective_from: date) -> tuple[Values, dict[str, int]]:
    """Give the form's values for terms that are being edited."""
    document = terms.to_json()
    values: Values = {"effective_from": effective_from.isoformat()}
    for field in FIELDS:
        values[field.name] = _written(field, _at(document, field.name))
    counts = {}
    for rows in ROWS.values():
        items = _at(document, rows.name) or []
        counts[rows.name] = len(items)
        for i, item in enumerate(items):
            for field in rows.fields:
                values[f"{rows.name}[{i}].{field.name}"] = _written(field, item.get(field.name))
    return values, counts


def blank_values(*, effective_from: date) -> tuple[Values, dict[str, int]]:
    """Give the form's values for a new product."""
    values: Values = {"effective_from": effective_from.isoformat()}
    values |= {field.name: field.start for field in FIELDS}
    counts = {"offers": 3, "subventions": 0, "fees": 1, "add_ons": 0, "prepayment.charge_steps": 1}
    for name, count in counts.items():
        for i in range(count):
            values |= blank_row(ROWS[name], i)
    return values, counts


def blank_row(rows: EditorRows, i: int) -> Values:
    """Give the values of a row nobody has typed in."""
    return {f"{rows.name}[{i}].{field.name}": field.start for field in rows.fields}


def _typed_values(typed: Any) -> tuple[Values, dict[str, int]]:
    values: Values = {"effective_from": typed.get("effective_from", "")[:TYPED_LENGTH_MAX]}
    for field in FIELDS:
        values[field.name] = _typed(field, typed, field.name)
    counts = {}
    for rows in ROWS.values():
        kept = [row for row in _typed_rows(rows, typed) if not _is_blank(rows, row)]
        counts[rows.name] = len(kept)
        for i, row in enumerate(kept):
            values |= {f"{rows.name}[{i}].{name}": value for name, value in row.items()}
    return values, counts


def _typed(field: EditorField, typed: Any, name: str) -> Any:
    if field.kind == "several":
        return tuple(value[:40] for value in typed.getlist(name)[:40])
    if field.kind == "flag":
        return typed.get(name) == "true"
    return typed.get(name, "")[:TYPED_LENGTH_MAX]


def _typed_rows(rows: EditorRows, typed: Any) -> list[Values]:
    row_name = re.compile(re.escape(rows.name) + r"\[(\d{1,9})\]\.[a-z_]+")
    numbers = dict.fromkeys(
        found.group(1) for name in typed if (found := row_name.fullmatch(name)) is not None
    )
    return [
        {
            field.name: _typed(field, typed, f"{rows.name}[{i}].{field.name}")
            for field in rows.fields
        }
        for i in list(numbers)[:ROWS_MAX]
    ]


def _is_blank(rows: EditorRows, row: Values) -> bool:
    return not any(row[field.name].strip() for field in rows.fields if field.kind != "choice")


def _document(values: Values, counts: Mapping[str, int], errors: dict[str, str]) -> Values:
    document: Values = {}
    for field in FIELDS:
        _put(document, field, field.name, values, errors)
    for rows in ROWS.values():
        items: list[Values] = []
        for i in range(counts[rows.name]):
            item: Values = {}
            for field in rows.fields:
                _put(item, field, f"{rows.name}[{i}].{field.name}", values, errors, at=field.name)
            items.append(item)
        _place(document, rows.name, items)
    _drop_empty_campaign(document)
    _drop_empty_options(document)
    return document


def _put(
    into: Values,
    field: EditorField,
    name: str,
    values: Values,
    errors: dict[str, str],
    at: str | None = None,
) -> None:
    value = values.get(name, "")
    at = at or name
    if field.kind == "flag":
        _place(into, at, value is True)
    elif field.kind == "several":
        _place(into, at, list(value))
    elif not str(value).strip():
        if field.blank == "null":
            _place(into, at, None)
    elif field.name in YES_NO_FIELDS:
        _place(into, at, value == "true")
    else:
        try:
            _place(into, at, READERS[field.kind](str(value)))
        except UnreadableEntryError as error:
            errors[name] = f"{field.label}:{error}"


def _place(document: Values, path: str, value: Any) -> None:
    *parents, name = path.split(".")
    for parent in parents:
        document = document.setdefault(parent, {})
    document[name] = value


def _drop_empty_campaign(document: Values) -> None:
    campaign = document.get("campaign", {})
    if not campaign.get("starts_on") and not campaign.get("ends_on") and not campaign.get("note"):
        document.pop("campaign", None)


def _drop_empty_options(document: Values) -> None:
    # A choice always says something: without a way to end, there are no options.
    options = document.get("balloon_options", {})
    if not options.keys() - {"residual_risk"}:
        document.pop("balloon_options", None)


def _terms(document: Values, errors: dict[str, str]) -> ProductTerms | None:
    terms: ProductTerms | None = None
    try:
        terms = ProductTerms.from_json(document)
        faults = mandatory_gaps(terms)
    except MalformedTermsError as error:
        faults = error.errors
    for fault in faults:
        # What could not be read is missing as well: the reader's own word is the clearer one.
        errors.setdefault(fault.path, fault.message)
    return terms


def _effective_from(values: Values, errors: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(plain(values["effective_from"]))
    except ValueError:
        errors["effective_from"] = "填生效日，如 2026-12-01"
        return None


def _at(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _written(field: EditorField, value: Any) -> Any:
    if field.kind == "flag":
        return bool(value)
    if field.kind == "several":
        return tuple(value or ())
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return WRITERS[field.kind](value) if field.kind in WRITERS else str(value)
