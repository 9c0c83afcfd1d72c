from __future__ import annotations

from dataclasses import replace

import pytest
from tests.core.rules.test_finding import CIVIL_CODE, NOTICE

from chedai.core.rules import Finding, Severity
from chedai.policy.rule import weighed

FINDING = Finding(
    rule_id="some_rule",
    severity=Severity.BLOCKS,
    message="说明",
    remedy="做法",
    citation=CIVIL_CODE,
)


@pytest.mark.parametrize(
    ("declared", "citation", "also_cited", "weight"),
    [
        (Severity.BLOCKS, CIVIL_CODE, (), Severity.BLOCKS),
        (Severity.BLOCKS, NOTICE, (), Severity.WARNS),
        (Severity.BLOCKS, CIVIL_CODE, (NOTICE,), Severity.WARNS),
        (Severity.BLOCKS, CIVIL_CODE, (CIVIL_CODE,), Severity.BLOCKS),
        (Severity.WARNS, CIVIL_CODE, (), Severity.WARNS),
        (Severity.WARNS, NOTICE, (), Severity.WARNS),
        (Severity.INFORMS, NOTICE, (), Severity.INFORMS),
    ],
)
def test_a_finding_blocks_only_where_every_cited_text_was_read(
    declared, citation, also_cited, weight
):
    finding = replace(FINDING, severity=declared, citation=citation, also_cited=also_cited)

    assert weighed(finding).severity is weight
