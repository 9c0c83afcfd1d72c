from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from chedai.core.rules import Citation, Finding, Severity

CIVIL_CODE = Citation(
    source_id="civil-code",
    instrument="中华人民共和国民法典",
    issuer="全国人民代表大会",
    number=None,
    dated_on=date(2020, 5, 28),
    article="第六百七十条",
    was_text_read=True,
)
NOTICE = Citation(
    source_id="some-notice",
    instrument="某通知",
    issuer="某机关",
    number="某发〔2026〕1号",
    dated_on=None,
    article="第一条",
    was_text_read=False,
)


@pytest.mark.parametrize(
    ("citation", "text"),
    [
        (CIVIL_CODE, "《中华人民共和国民法典》第六百七十条，全国人民代表大会，2020-05-28"),
        (NOTICE, "《某通知》（某发〔2026〕1号）第一条，某机关；原文未核"),
    ],
)
def test_a_citation_names_instrument_number_article_issuer_and_day(citation, text):
    assert citation.text_zh() == text


def test_a_finding_keeps_its_main_text_in_front_of_the_others():
    finding = Finding(
        rule_id="some_rule",
        severity=Severity.WARNS,
        message="年化成本偏高",
        remedy="核对收费依据",
        citation=CIVIL_CODE,
        also_cited=(NOTICE,),
    )

    assert finding.citations == (CIVIL_CODE, NOTICE)


def test_a_finding_cannot_be_changed_after_it_was_made():
    with pytest.raises(FrozenInstanceError):
        CIVIL_CODE.was_text_read = False


@pytest.mark.parametrize("severity", Severity)
def test_every_severity_has_its_own_word_for_the_advisor(severity):
    others = {other.label_zh for other in Severity if other is not severity}

    assert severity.label_zh not in others
