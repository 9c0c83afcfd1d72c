"""Product versions as entries of a pack: what is written out, and how it is read back."""

from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Final

from chedai.catalogue.packs.text import FaultyPackError, Pack, PackError, write_pack
from chedai.core.plans.product import MalformedTermsError, ProductTerms, mandatory_gaps
from chedai.core.plans.product.reading import to_plain

LENDER_FIELDS: Final = ("lender_code", "lender_name", "lender_kind")
"""Written once at the head of a pack, not in every product."""


@dataclass(frozen=True)
class PackedVersion:
    """One product version of a pack, with the line its entry starts on."""

    terms: ProductTerms
    effective_from: date
    line: int


@dataclass(frozen=True)
class PackLender:
    """Who the products of a pack belong to."""

    code: str
    name: str
    kind: str


def packed_versions(pack: Pack, *, lender: PackLender) -> tuple[PackedVersion, ...]:
    """Every product version of a pack, complete and free of contradictions.

    Raises
    ------
    FaultyPackError
        With every fault of every entry, each on its own line.
    """
    errors: list[PackError] = []
    versions = [
        _packed_version(pack, i, entry, lender, errors) for i, entry in enumerate(pack.entries)
    ]
    if not errors:
        errors += _repeated(versions)
    if errors:
        raise FaultyPackError(tuple(errors))
    return tuple(version for version in versions if version is not None)


def write_products(lender_code: str, versions: list[tuple[date, ProductTerms]]) -> str:
    """Text of a pack with these product versions of one lender."""
    entries = [
        {"effective_from": effective_from.isoformat(), "terms": terms_entry(terms)}
        for effective_from, terms in versions
    ]
    return write_pack("products/1", {"lender_code": lender_code}, entries)


def terms_entry(terms: ProductTerms) -> dict[str, Any]:
    """Plain value of the terms without what goes without saying (defaults, the lender)."""
    written: dict[str, Any] = _without_defaults(terms)
    return {name: value for name, value in written.items() if name not in LENDER_FIELDS}


def _packed_version(
    pack: Pack, i: int, entry: Any, lender: PackLender, errors: list[PackError]
) -> PackedVersion | None:
    at = f"products[{i}]"
    if not isinstance(entry, dict) or set(entry) != {"effective_from", "terms"}:
        message = "每个产品要写且只写 effective_from(生效日)和 terms(产品内容)"
        errors.append(PackError(pack.line_of(at), at, message))
        return None
    effective_from = _day(entry["effective_from"])
    if effective_from is None:
        path = f"{at}.effective_from"
        errors.append(PackError(pack.line_of(path), path, "应为日期,如 2026-11-23"))
    terms = _terms(pack, f"{at}.terms", entry["terms"], lender, errors)
    if terms is None or effective_from is None:
        return None
    return PackedVersion(terms=terms, effective_from=effective_from, line=pack.line_of(at))


def _terms(
    pack: Pack, at: str, written: Any, lender: PackLender, errors: list[PackError]
) -> ProductTerms | None:
    if not isinstance(written, dict):
        errors.append(PackError(pack.line_of(at), at, "应为一组字段"))
        return None
    for name in LENDER_FIELDS:
        if name in written:
            path = f"{at}.{name}"
            errors.append(PackError(pack.line_of(path), path, "资金方写在包的开头,这里不要写"))
    of_lender = {
        "lender_code": lender.code,
        "lender_name": lender.name,
        "lender_kind": lender.kind,
    }
    try:
        terms = ProductTerms.from_json({**written, **of_lender})
    except MalformedTermsError as error:
        faults = error.errors
    else:
        faults = mandatory_gaps(terms)
        if not faults:
            return terms
    errors += [
        PackError(pack.line_of(f"{at}.{fault.path}"), f"{at}.{fault.path}", fault.message)
        for fault in faults
    ]
    return None


def _repeated(versions: list[PackedVersion | None]) -> list[PackError]:
    seen: dict[tuple[str, date], int] = {}
    errors = []
    for version in versions:
        assert version is not None
        key = (version.terms.code, version.effective_from)
        if key in seen:
            message = f"{key[0]} 从 {key[1]} 起的版本在第 {seen[key]} 行已写过"
            errors.append(PackError(version.line, "effective_from", message))
        seen.setdefault(key, version.line)
    return errors


def _day(written: object) -> date | None:
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        return None


def _without_defaults(value: Any) -> Any:
    if is_dataclass(value):
        return {
            part.name: _without_defaults(getattr(value, part.name))
            for part in fields(value)
            if part.default is MISSING or getattr(value, part.name) != part.default
        }
    if isinstance(value, tuple):
        return [_without_defaults(item) for item in value]
    return to_plain(value)
