"""The policy book as a page shows it: what held on one day, by which text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from chedai.policy.book import PolicyBook
from chedai.policy.dated import DatedValue
from chedai.policy.scope import PROVINCES
from chedai.policy.units import Band, ByWord, RatioByMonths

SCOPE_LABELS: Final[Mapping[str, str]] = {
    "bank": "银行",
    "auto_finance_company": "汽车金融公司",
    "leasing_company": "融资租赁公司",
    "card_centre": "信用卡中心",
    "consumer_finance_company": "消费金融公司",
    "microloan_company": "小额贷款公司",
    "private_lender": "民间出借人",
    "car_loan": "汽车贷款",
    "consumer_loan": "个人消费贷款",
    "card_instalment": "信用卡分期",
    "card_cash_instalment": "预借现金分期",
    "finance_lease": "融资租赁",
    "sale_and_leaseback": "售后回租",
    "dealer_floor_plan": "经销商库存融资",
    "private_loan": "民间借贷",
    "private": "自用",
    "commercial": "营运",
    "new": "新车",
    "used": "二手车",
    "combustion": "燃油",
    "new_energy": "新能源",
    "internet_assisted": "互联网助贷",
    **PROVINCES,
}


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One number with what it was on the day, in words."""

    label: str
    scope: str
    value: str
    since: date
    until: date | None
    source: str
    was_text_read: bool
    is_verified: bool
    note: str


def policy_rows(book: PolicyBook, *, on: date) -> list[PolicyRow]:
    """List every number in force on the day, by label and scope."""
    rows = [
        _row(value)
        for parameter_id in book.parameters
        for value in book.all_values(parameter_id)
        if value.in_force_from <= on
        and (value.in_force_until is None or on <= value.in_force_until)
    ]
    return sorted(rows, key=lambda row: (row.label, row.scope))


def _row(value: DatedValue) -> PolicyRow:
    words = [SCOPE_LABELS.get(word, word) for group in value.scope.values() for word in group]
    citation = value.citation
    number = f"（{citation.number}）" if citation.number else ""
    article = f" {citation.article}" if citation.article else ""
    return PolicyRow(
        label=value.label,
        scope="、".join(words) or "全部",
        value=value_in_words(value),
        since=value.in_force_from,
        until=value.in_force_until,
        source=f"{citation.issuer}《{citation.instrument.strip('《》')}》{number}{article}",
        was_text_read=citation.was_text_read,
        is_verified=value.is_verified,
        note=value.note,
    )


def value_in_words(value: DatedValue) -> str:
    """Give the value with its unit, as a person reads it."""
    return _words_of(value.value, value.unit)


def _words_of(plain: Any, unit: str) -> str:
    if isinstance(plain, bool):
        return "是" if plain else "否"
    if isinstance(plain, Decimal):
        return (
            f"{plain.normalize():f} 倍" if unit == "multiple" else f"{(plain * 100).normalize():f}%"
        )
    if isinstance(plain, int):
        return _count_in_words(plain, unit)
    if isinstance(plain, date):
        return plain.isoformat()
    if isinstance(plain, RatioByMonths):
        return "；".join(
            f"{months} 期 {(ratio * 100).normalize():f}%" for months, ratio in plain.ratios
        )
    if isinstance(plain, ByWord):
        inner = unit.removesuffix("_by_word")
        return "；".join(f"{word} {_words_of(number, inner)}" for word, number in plain.pairs)
    if isinstance(plain, tuple):
        return "、".join(_band_in_words(p) if isinstance(p, Band) else str(p) for p in plain)
    return str(plain)


def _count_in_words(plain: int, unit: str) -> str:
    if unit == "fen":
        return f"{plain // 100:,} 元"
    names = {"months": "个月", "days": "天", "minutes": "分钟", "instalments": "期", "cc": "毫升"}
    return f"{plain} {names.get(unit, '')}".strip()


def _band_in_words(band: Band) -> str:
    upper = f"{band.up_to} 以内" if band.up_to is not None else "以上"
    low, high = band.low_fen // 100, band.high_fen // 100
    return f"{upper} {low:,} 元" if low == high else f"{upper} {low:,}–{high:,} 元"
