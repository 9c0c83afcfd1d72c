from __future__ import annotations

import pytest
from tests.policy.plans import findings_of, make_facts, severities_of


@pytest.mark.parametrize(
    ("principal_fen", "severities"), [(10_000_000, []), (10_000_001, ["blocks"])]
)
def test_a_principal_equal_to_the_price_passes_and_one_fen_more_blocks(
    book, principal_fen, severities
):
    facts = make_facts(principal_fen=principal_fen)

    assert severities_of("principal_within_price", facts, book) == severities


def test_the_block_is_labelled_as_a_house_rule_not_as_law(book):
    (finding,) = findings_of("principal_within_price", make_facts(principal_fen=10_000_001), book)

    assert finding.citation.is_house_rule
    assert "本系统内部规则" in finding.message
    assert "非法规" in finding.citation.text_zh()
