"""The examples of docs/library.md are run; what the page shows is what comes out."""

from __future__ import annotations

import doctest
import re

from tests.house.tree import DOCS, text_of

PAGE = "library.md"
EXAMPLES = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)


def failures(text: str) -> list[str]:
    """Run the examples of a page in turn, one name space for all; say which come out otherwise."""
    blocks = EXAMPLES.findall(text)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, PAGE, None, None)
    told: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF).run(test, out=told.append)
    assert test.examples
    return told


def test_every_example_gives_what_the_page_shows():
    found = failures(text_of(DOCS / PAGE))

    assert not found, "".join(found)


def test_an_example_that_gives_something_else_is_found():
    assert failures("```python\n>>> 1 + 1\n3\n\n```\n")
