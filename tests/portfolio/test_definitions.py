from __future__ import annotations

import re
from pathlib import Path

import pytest

from chedai.portfolio.columns import STATE
from chedai.portfolio.definitions import DEFINITIONS

PAGE = Path(__file__).parents[2] / "docs" / "domain" / "portfolio_definitions.md"


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=lambda d: d.id)
def test_the_page_says_what_the_register_says(definition):
    places = ", ".join(f"`{column}`" for column in definition.columns)
    row = f"| `{definition.id}` | {definition.label} | {definition.meaning} | {places} |"

    assert row in PAGE.read_text("utf-8")


def test_the_page_has_no_definition_beyond_the_register():
    listed = re.findall(r"^\| `([\w.]+)` \|", PAGE.read_text("utf-8"), re.M)

    assert listed == list(DEFINITIONS)


def test_every_id_is_a_name_with_a_version():
    assert all(re.fullmatch(r"[a-z_0-9]+\.\d+", id_) for id_ in DEFINITIONS)


def test_every_figure_of_the_state_has_a_definition():
    of_the_contract = {"contract_id", "disbursed_on", "classification_scheme", "principal_fen"}
    of_the_contract |= {"months_on_book", "first_due_on", "second_due_on"}
    defined = {column for d in DEFINITIONS.values() for column in d.columns}

    assert set(STATE.names) - of_the_contract <= defined
