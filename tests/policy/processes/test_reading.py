"""Definitions from text: strict, with the place of every slip."""

from __future__ import annotations

import pytest
import yaml
from tests.core.process.builders import plain_definition

from chedai.policy.book import PolicyBook
from chedai.policy.processes import shipped_names, shipped_text
from chedai.policy.processes.reading import (
    DefinitionRefusedError,
    definition_from,
    read_definition,
)

ROLES = frozenset({"advisor", "manager", "back_office", "compliance", "front_desk", "reviewer"})
SOURCES = frozenset(PolicyBook.load().sources)


def read(text: str):
    return read_definition(text, roles=ROLES, source_ids=SOURCES)[0]


def refusal(plain) -> str:
    with pytest.raises(DefinitionRefusedError) as refused:
        read(yaml.safe_dump(plain, allow_unicode=True))
    return str(refused.value)


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_definition_may_be_published_and_is_named_after_its_version(name):
    definition = read(shipped_text(name))

    assert name == f"{definition.code}_{definition.version}"
    assert all(task.outputs or task.outcomes for task in definition.tasks.values())


def test_the_shipped_process_has_the_fourteen_stages_and_cites_the_ten_day_clock():
    definition = read(shipped_text())

    assert len(definition.stages) == 14
    statutory = definition.tasks["register_mortgage"].statutory
    assert statutory is not None
    assert (statutory.span.amount, statutory.clause) == (10, "第四百一十六条")
    assert statutory.counted_from == "deliver_car"


def test_every_cited_clause_of_the_shipped_process_is_in_the_book():
    sources = PolicyBook.load().sources
    cited = [
        (control.source_id, control.clause)
        for task in read(shipped_text()).tasks.values()
        for control in task.controls
    ]

    assert len(cited) > 15
    assert all(clause in sources[source].articles for source, clause in cited)


def test_without_after_a_task_follows_the_one_written_before_it():
    tasks = definition_from(plain_definition()).tasks

    assert tasks["ask"].after == ()
    assert tasks["answer"].after == ("send",)


def slip(stage: int, task: int, **changes):
    plain = plain_definition()
    plain["stages"][stage]["tasks"][task] |= changes
    return plain


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        ([], "文件：缺少这一部分"),
        (plain_definition(version=0), "version：版本须为从 1 开始的整数"),
        (plain_definition(colour="red"), "文件.colour：不认识这一项"),
        (plain_definition(label=" "), "label：须填文字"),
        (plain_definition(stages={}), "stages：须是列表"),
        (slip(0, 0, house={"moons": 1}), "stages[0].tasks[0].house.moons：不认识这一项"),
        (slip(0, 0, house={"working_days": 0}), "stages[0].tasks[0].house：期限须是"),
        (slip(0, 0, house=None), "stages[0].tasks[0].house：缺少这一部分"),
        (slip(0, 0, move="moon"), "stages[0].tasks[0].move：“moon”不是"),
        (slip(0, 0, after=[1]), "stages[0].tasks[0].after：每一项都须是文字"),
        (slip(0, 0, skip={"roles": ["advisor"]}), "stages[0].tasks[0].skip：略过规则要写明"),
        (slip(0, 0, statutory={"natural_days": 10}), "statutory：法定期限须写明出处"),
        (
            slip(
                0,
                0,
                statutory={"natural_days": 10, "source": "x", "clause": "一", "ends_at": "五点"},
            ),
            "statutory.ends_at：须写成 17:00",
        ),
        (
            slip(0, 0, statutory={"natural_days": 10, "source": "nowhere", "clause": "一"}),
            "stages[0].tasks[0]（开始 › 问清）.statutory.source：法定期限的出处“nowhere”",
        ),
        (
            slip(0, 0, controls=[{"text": "看", "source": "nowhere", "clause": "一"}]),
            "controls[0].source：出处“nowhere”不在法规库里",
        ),
        (
            slip(0, 0, outcomes=[{"code": "a", "label": "甲", "ends": True, "returns_to": "ask"}]),
            "outcomes[0]：一种结果不能既退回又结束",
        ),
        (slip(0, 0, applies_when={"use": "private"}), "applies_when.use：须是列表"),
        (plain_definition(escalations=[{}]), "escalations[0].to_role：须填文字"),
    ],
)
def test_a_slip_is_refused_with_its_place(plain, said):
    assert said in refusal(plain)


def test_text_that_is_no_yaml_is_refused_with_line_and_column():
    with pytest.raises(DefinitionRefusedError, match="第 2 行"):
        read("code: a\n  label: [")
