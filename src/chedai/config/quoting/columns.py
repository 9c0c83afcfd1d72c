"""The columns of a file of offers; the same names are the keys of JSON and, short, the options."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chedai.config.quoting import cells


@dataclass(frozen=True, kw_only=True)
class Column:
    """One entry of an offer.

    Attributes
    ----------
    name
        Heading of the file and key in JSON, the unit last.
    option
        What it is called on the command line.
    labels
        Chinese headings that mean the same; the first is shown to people.
    """

    name: str
    option: str
    labels: tuple[str, ...]
    told: str
    read: Callable[[str], Any]


COLUMNS: Final = (
    Column(name="id", option="--id", labels=("编号",), told="原样带到结果里", read=cells.name),
    Column(
        name="method",
        option="--method",
        labels=("还款方式",),
        told="等额本息（默认）、等额本金、先息后本、尾款、手续费分期……",
        read=cells.method,
    ),
    Column(
        name="principal_yuan",
        option="--principal",
        labels=("贷款额", "贷款本金", "贷款金额"),
        told="120000 或 12万",
        read=cells.fen,
    ),
    Column(
        name="term_months",
        option="--term",
        labels=("期数", "期限"),
        told="1 到 360",
        read=cells.months,
    ),
    Column(
        name="nominal_rate_annual",
        option="--rate",
        labels=("年利率", "名义年利率"),
        told="5.88% 或 0.0588",
        read=cells.rate,
    ),
    Column(
        name="flat_fee_rate_total",
        option="--flat-fee-rate",
        labels=("分期总费率", "总费率"),
        told="整个期限的费率，按原贷款额收",
        read=cells.rate,
    ),
    Column(
        name="flat_fee_timing",
        option="--flat-fee-timing",
        labels=("手续费收取时间",),
        told="分摊（默认）或 一次性",
        read=cells.flat_fee_timing,
    ),
    Column(name="balloon_yuan", option="--balloon", labels=("尾款",), told="元", read=cells.fen),
    Column(
        name="interest_only_months",
        option="--interest-only",
        labels=("只还息月数",),
        told="先息后本用；不填就是到期还本",
        read=cells.months,
    ),
    Column(
        name="segments",
        option="--segments",
        labels=("分段利率",),
        told="12x3.99%+24x5.99%",
        read=cells.segments,
    ),
    Column(
        name="segment_base",
        option="--segment-base",
        labels=("分段计息基数",),
        told="剩余本金（默认）、段初本金、原始本金",
        read=cells.segment_base,
    ),
    Column(
        name="slack_months",
        option="--slack-months",
        labels=("淡季月份",),
        told="合同每年的第几期，6+7",
        read=cells.slack_months,
    ),
    Column(
        name="slack_principal_ratio",
        option="--slack-ratio",
        labels=("淡季还本比例",),
        told="0 到 1",
        read=cells.rate,
    ),
    Column(
        name="rent_timing",
        option="--rent-timing",
        labels=("租金支付时间",),
        told="期末（默认）或 期初",
        read=cells.rent_timing,
    ),
    Column(
        name="deposit_yuan",
        option="--deposit",
        labels=("保证金",),
        told="到期退还",
        read=cells.fen,
    ),
    Column(
        name="fees_yuan",
        option="--fees",
        labels=("放款时收的费用", "费用"),
        told="不付就不能贷的费用，合计",
        read=cells.fen,
    ),
    Column(
        name="monthly_fee_yuan",
        option="--monthly-fee",
        labels=("每月另收",),
        told="月供以外每月收的",
        read=cells.fen,
    ),
    Column(
        name="lost_discount_yuan",
        option="--lost-discount",
        labels=("放弃的现金优惠",),
        told="付全款才有的优惠",
        read=cells.fen,
    ),
    Column(
        name="rebate_yuan",
        option="--rebate",
        labels=("贴息或返现", "返现", "贷款才有的优惠"),
        told="贷款才有、当天给的",
        read=cells.fen,
    ),
)
LABELS: Final[Mapping[str, str]] = {column.name: column.labels[0] for column in COLUMNS}
PASSED_OVER: Final = frozenset({"line", "field", "message", "note", "备注"})
"""Headings of rejected rows and of people's own notes: read over, not refused."""


def heading(text: str) -> str:
    """Bring a heading into the form it is known by."""
    return unicodedata.normalize("NFKC", text).strip().lower()


KNOWN: Final[Mapping[str, Column]] = {
    heading(alias): column
    for column in COLUMNS
    for alias in (column.name, *column.labels, f"{column.labels[0]}（元）")
}
