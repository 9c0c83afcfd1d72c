from __future__ import annotations

import pytest

from chedai.documents.printing.punctuation import full_width


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("还清之前车抵押,还清后解押。", "还清之前车抵押，还清后解押。"),
        ("SUV,新车", "SUV，新车"),
        ("约 3,000 元;再看", "约 3,000 元；再看"),
        ("清禾银行(虚构)", "清禾银行（虚构）"),
        ("综合年化 (单利): 3.88%", "综合年化（单利）：3.88%"),
        ("qinghe-standard@7 (v2), 14:08", "qinghe-standard@7 (v2), 14:08"),
        ("要不要签?", "要不要签？"),
    ],
)
def test_marks_in_chinese_are_widened_and_numbers_left_alone(typed: str, printed: str) -> None:
    assert full_width(typed) == printed


def test_widening_twice_changes_nothing_more() -> None:
    once = full_width("每月还(含费用):3,000 元,可以吗?")

    assert full_width(once) == once
