"""Strict reading and writing of frozen dataclasses as plain JSON values.

The type annotations are the schema: ``Literal`` is a closed list, ``Decimal`` is a JSON string,
``X | None`` may be null, unknown keys are refused. All faults of a document are reported at once,
each with the path of its field and a sentence in Chinese.
"""

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")

PLAIN_DECIMAL: Final = re.compile(r"-?\d{1,12}(\.\d{1,12})?")


@dataclass(frozen=True)
class Between:
    """Both bounds belong to the range; ints and Decimals alike."""

    lowest: int
    highest: int


@dataclass(frozen=True)
class NotBlank:
    """A text that must say something."""


@dataclass(frozen=True)
class FieldError:
    """One fault: where (``offers[0].term_months``) and what to do about it, in Chinese."""

    path: str
    message: str


class MalformedTermsError(ValueError):
    """The document does not say a product's terms; ``errors`` names every faulty field."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__("; ".join(f"{error.path}: {error.message}" for error in errors))
        self.errors = errors


WRITTEN_WHEN_SET: Final[Mapping[str, bool]] = {"is_written_when_set": True}
"""Metadata of a field that came later: left out at its default, so that old documents stay."""


def to_plain(value: object) -> Any:
    """Plain JSON value of a frozen dataclass: Decimals and dates as strings, tuples as lists."""
    if is_dataclass(value):
        return {
            part.name: to_plain(getattr(value, part.name))
            for part in fields(value)
            if not (part.metadata and getattr(value, part.name) == part.default)
        }
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def from_plain(kind: type[T], document: object) -> T:
    """Read a dataclass back from its plain JSON value.

    Raises
    ------
    MalformedTermsError
        With every fault found, not only the earliest.
    """
    errors: list[FieldError] = []
    value = _read(kind, document, "", errors)
    if errors:
        raise MalformedTermsError(tuple(errors))
    return cast(T, value)


def _read(kind: Any, value: object, path: str, errors: list[FieldError]) -> Any:
    if is_dataclass(kind):
        return _read_record(cast(type, kind), value, path, errors)
    reader = _READERS_BY_ORIGIN.get(_origin(kind))
    if reader is not None:
        return reader(kind, value, path, errors)
    return _read_scalar(kind, value, path, errors)


def _origin(kind: Any) -> Any:
    return "annotated" if hasattr(kind, "__metadata__") else get_origin(kind)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _read_record(kind: type, value: object, path: str, errors: list[FieldError]) -> Any:
    if not isinstance(value, Mapping):
        errors.append(FieldError(path or "（根）", "应为一组字段"))
        return None
    known = {part.name: part for part in fields(cast(Any, kind))}
    errors += [
        FieldError(_join(path, str(key)), "不认识的字段，请核对拼写")
        for key in value
        if key not in known
    ]
    found_before = len(errors)
    read = {
        name: _read(_hints(kind)[name], value[name], _join(path, name), errors)
        for name in known
        if name in value
    }
    errors += [
        FieldError(_join(path, name), "缺少，必须写明")
        for name, part in known.items()
        if name not in value and _is_mandatory(part)
    ]
    return kind(**read) if len(errors) == found_before else None


def _is_mandatory(part: Field[Any]) -> bool:
    return part.default is MISSING and part.default_factory is MISSING


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _read_annotated(kind: Any, value: object, path: str, errors: list[FieldError]) -> Any:
    base, *bounds = get_args(kind)
    found_before = len(errors)
    read = _read(base, value, path, errors)
    if len(errors) == found_before:
        errors += [FieldError(path, said) for bound in bounds if (said := _complaint(bound, read))]
    return read


def _complaint(bound: object, value: Any) -> str:
    if isinstance(bound, NotBlank):
        return "" if value.strip() else "不能为空"
    if isinstance(bound, Between) and not bound.lowest <= value <= bound.highest:
        hint = "，比例写成小数：3.88 % 写作 0.0388" if isinstance(value, Decimal) else ""
        return f"应在 {bound.lowest} 到 {bound.highest} 之间{hint}"
    return ""


def _read_optional(kind: Any, value: object, path: str, errors: list[FieldError]) -> Any:
    if value is None:
        return None
    (inner,) = (arm for arm in get_args(kind) if arm is not types.NoneType)
    return _read(inner, value, path, errors)


def _read_tuple(kind: Any, value: object, path: str, errors: list[FieldError]) -> Any:
    if not isinstance(value, list):
        errors.append(FieldError(path, "应为列表"))
        return ()
    inner = get_args(kind)[0]
    return tuple(_read(inner, item, f"{path}[{i}]", errors) for i, item in enumerate(value))


def _read_literal(kind: Any, value: object, path: str, errors: list[FieldError]) -> Any:
    allowed = get_args(kind)
    if not isinstance(value, str) or value not in allowed:
        errors.append(FieldError(path, "只能是 " + "、".join(allowed) + " 之一"))
    return value


def _read_scalar(kind: Any, value: object, path: str, errors: list[FieldError]) -> Any:
    if kind is Decimal:
        return _read_decimal(value, path, errors)
    if kind is date:
        return _read_date(value, path, errors)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        errors.append(FieldError(path, _SCALAR_COMPLAINTS[kind]))
    return value


def _read_decimal(value: object, path: str, errors: list[FieldError]) -> Decimal:
    if isinstance(value, str) and PLAIN_DECIMAL.fullmatch(value):
        return Decimal(value)
    is_percent = isinstance(value, str) and value.strip().endswith(("%", "‰", "%"))
    message = "不要写百分号，3.88 % 写作 0.0388" if is_percent else '应为带引号的小数，如 "0.0388"'
    errors.append(FieldError(path, message))
    return Decimal(0)


def _read_date(value: object, path: str, errors: list[FieldError]) -> date | None:
    try:
        return date.fromisoformat(cast(str, value))
    except (TypeError, ValueError):
        errors.append(FieldError(path, "应为日期，如 2026-11-23"))
        return None


_SCALAR_COMPLAINTS: Final[Mapping[type, str]] = {
    str: "应为文字",
    int: "应为整数（金额以分为单位）",
    bool: "应为 true 或 false",
}

_READERS_BY_ORIGIN: Final[Mapping[Any, Callable[[Any, object, str, list[FieldError]], Any]]] = {
    "annotated": _read_annotated,
    Union: _read_optional,
    types.UnionType: _read_optional,
    tuple: _read_tuple,
    Literal: _read_literal,
}
