"""A definition with a fault is refused with the place of the fault."""

from __future__ import annotations

import pytest
from tests.core.process.builders import plain_definition, short_definition

from chedai.core.process.checking import problems_of
from chedai.policy.processes.reading import definition_from

ROLES = frozenset({"advisor", "manager", "back_office"})
TASK = {"owner": "advisor", "house": {"working_days": 1}}


def changed(stage: int, task: int, **changes):
    plain = plain_definition()
    plain["stages"][stage]["tasks"][task] |= changes
    return definition_from(plain)


def said(definition) -> list[str]:
    return [str(problem) for problem in problems_of(definition, roles=ROLES)]


def test_a_sound_definition_has_no_problems():
    assert said(short_definition()) == []


@pytest.mark.parametrize(
    ("definition", "place", "message"),
    [
        (changed(0, 0, after=["papers"]), "stages[0].tasks[0]（开始 › 问清）.after", "绕成了圈"),
        (changed(0, 0, after=["ask"]), "stages[0].tasks[0]（开始 › 问清）.after", "绕成了圈"),
        (changed(0, 1, owner="pilot"), "stages[0].tasks[1]（开始 › 看车）.owner", "“pilot”"),
        (changed(1, 0, after=["lost"]), "stages[1].tasks[0]（资金方 › 进件）.after[0]", "lost"),
        (changed(0, 2, code="ask"), "stages[0].tasks[2]（开始 › 收资料）.code", "用了两次"),
        (changed(1, 0, four_eyes="x"), "stages[1].tasks[0]（资金方 › 进件）.four_eyes", "“x”"),
        (
            changed(1, 0, four_eyes="manager", completed_by=["sent"]),
            "stages[1].tasks[0]（资金方 › 进件）.completed_by",
            "第二人",
        ),
        (
            changed(1, 0, skip={"roles": ["pilot"], "reasons": ["急"]}),
            "stages[1].tasks[0]（资金方 › 进件）.skip.roles[0]",
            "pilot",
        ),
        (
            changed(0, 2, outcomes=[{"code": "on", "label": "走"},
                                    {"code": "off", "label": "跳", "returns_to": "send"}]),
            "stages[0].tasks[2]（开始 › 收资料）.outcomes[1].returns_to",
            "不在这个任务之前",
        ),
        (
            changed(1, 1, outcomes=[{"code": "no", "label": "拒绝", "ends": True}]),
            "stages[1].tasks[1]（资金方 › 答复）.outcomes",
            "往下走",
        ),
        (
            changed(1, 1, outcomes=[{"code": "a", "label": "甲"}, {"code": "a", "label": "乙"}]),
            "stages[1].tasks[1]（资金方 › 答复）.outcomes",
            "重复",
        ),
        (
            changed(0, 0, reopened_by={"signal": "changed", "until": "nowhere"}),
            "stages[0].tasks[0]（开始 › 问清）.reopened_by.until",
            "nowhere",
        ),
        (
            changed(0, 2, house={"working_days": 1, "counted_from": "nowhere"}),
            "stages[0].tasks[2]（开始 › 收资料）.house.counted_from",
            "nowhere",
        ),
        (short_definition(stages=[]), "stages", "至少要有一个阶段"),
        (
            short_definition(escalations=[{"to_role": "pilot"}]),
            "escalations[0].to_role",
            "pilot",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(definition, place, message):
    found = problems_of(definition, roles=ROLES)

    assert any(p.place == place and message in p.message for p in found), said(definition)


def with_stage(*tasks):
    plain = plain_definition()
    plain["stages"].append({"code": "lost", "label": "孤岛", "tasks": list(tasks)})
    return definition_from(plain)


def test_a_stage_nothing_leads_to_and_from_is_an_orphan():
    island = with_stage({"code": "alone", "label": "独自", "after": [], **TASK})

    assert said(island) == [
        "stages[2]（孤岛）：孤立阶段：它的任务既不接在别的阶段之后，也没有别的阶段接在它之后"
    ]


def test_a_task_that_can_never_open_is_named_and_so_is_its_stage():
    knot = with_stage(
        {"code": "hen", "label": "鸡", "after": ["egg"], **TASK},
        {"code": "egg", "label": "蛋", "after": ["hen"], **TASK},
    )

    found = said(knot)

    assert "stages[2]（孤岛）：孤立阶段：从流程起点走不到这里的任何任务" in found
    assert "stages[2].tasks[0]（孤岛 › 鸡）：任务走不到：它的前置任务永远不会都完成" in found


def test_a_stage_without_tasks_and_a_repeated_stage_are_named():
    plain = plain_definition()
    plain["stages"].append({"code": "lender", "label": "又一个", "tasks": []})

    found = said(definition_from(plain))

    assert "stages[2]（又一个）.code：阶段代码“lender”用了两次" in found
    assert "stages[2]（又一个）.tasks：阶段里没有任务" in found
