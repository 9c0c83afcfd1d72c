"""Definitions as values: labels, order, what lies downstream."""

from __future__ import annotations

import pytest
from tests.core.process.builders import short_definition

from chedai.core.process.definition import MOVE_LABELS, UNIT_LABELS, Span

SHORT = short_definition()


def test_tasks_keep_the_order_of_the_table_and_know_their_stage():
    assert list(SHORT.tasks) == ["ask", "look", "papers", "send", "answer", "release"]
    assert SHORT.stage_of["answer"].code == "lender"


def test_downstream_is_everything_that_comes_after_however_far():
    assert SHORT.downstream["papers"] == {"send", "answer", "release"}
    assert SHORT.downstream["release"] == frozenset()


@pytest.mark.parametrize(
    ("amount", "unit", "label"),
    [(4, "working_hours", "4 个营业小时"), (10, "natural_days", "10 个自然日")],
)
def test_a_span_is_said_in_words(amount, unit, label):
    assert Span(amount=amount, unit=unit).label == label


def test_every_party_and_unit_has_a_word():
    assert set(MOVE_LABELS) == {"us", "customer", "lender", "registry"}
    assert set(UNIT_LABELS) == {"working_hours", "working_days", "natural_days"}
