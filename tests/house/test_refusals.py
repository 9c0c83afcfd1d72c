"""docs/refusals.md lists every named refusal of the code, as it is now."""

from __future__ import annotations

import ast

from scripts.list_refusals import PAGE, SRC, failures_in, is_exception, messages, page
from tests.house.tree import report, text_of


def test_the_list_of_refusals_is_the_one_of_the_code():
    assert text_of(PAGE) == page(), "Run: python3 scripts/list_refusals.py"


def test_every_named_failure_says_what_it_means():
    found = [f"{where}: {name}" for name, where, meaning in failures_in(SRC) if not meaning]

    assert not found, report(found, "Say in its docstring what it means:")


def test_exceptions_are_told_from_other_classes_and_messages_are_read():
    error, value = ast.parse("class Late(ValueError): ...\nclass Term(Enum): ...").body
    rule = ast.parse('said = f"期限 {n} 个月" if n else "没有期限"\nFinding(message=said)')
    call = rule.body[1].value

    assert [is_exception(error), is_exception(value)] == [True, False]
    assert messages(call, rule) == ["期限 … 个月", "没有期限"]
