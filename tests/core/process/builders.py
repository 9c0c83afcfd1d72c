"""A short process with a loop, a parallel pair, a sleeper and a task for used cars only."""

from __future__ import annotations

from typing import Any

from chedai.core.process.definition import Definition
from chedai.policy.processes.reading import definition_from


def plain_definition(**changes: Any) -> dict[str, Any]:
    day = {"working_days": 1}
    return {
        "code": "short",
        "version": 1,
        "label": "短流程",
        "escalations": [{"to_role": "manager"}],
        "stages": [
            {
                "code": "start",
                "label": "开始",
                "tasks": [
                    {"code": "ask", "label": "问清", "owner": "advisor", "house": day,
                     "reopened_by": {"signal": "changed", "until": "send"}},
                    {"code": "look", "label": "看车", "owner": "advisor", "house": day,
                     "after": ["ask"], "applies_when": {"vehicle_condition": ["used"]}},
                    {"code": "papers", "label": "收资料", "owner": "advisor", "house": day,
                     "after": ["ask"], "move": "customer"},
                ],
            },
            {
                "code": "lender",
                "label": "资金方",
                "tasks": [
                    {"code": "send", "label": "进件", "owner": "advisor", "house": day,
                     "after": ["look", "papers"]},
                    {"code": "answer", "label": "答复", "owner": "advisor", "house": day,
                     "move": "lender",
                     "outcomes": [
                         {"code": "yes", "label": "通过"},
                         {"code": "more", "label": "补件", "returns_to": "papers"},
                         {"code": "no", "label": "拒绝", "ends": True},
                     ]},
                    {"code": "release", "label": "解押", "owner": "advisor", "house": day,
                     "waits_for": "settled"},
                ],
            },
        ],
        **changes,
    }  # fmt: skip


def short_definition(**changes: Any) -> Definition:
    return definition_from(plain_definition(**changes))
