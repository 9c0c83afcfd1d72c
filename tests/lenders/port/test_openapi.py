"""The published protocol is the one that is spoken."""

from __future__ import annotations

import json

from tests.lenders.packs import World

from chedai.config.launch.folders import checkout_folder
from chedai.lenders.port.openapi import ACTS, openapi_document

PUBLISHED = checkout_folder() / "docs" / "lender-protocol.openapi.json"


def test_the_published_document_is_of_these_messages():
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == openapi_document(), (
        "run scripts/write_lender_protocol.py"
    )


def test_every_published_address_is_served_and_no_other(world: World):
    served = {(method.lower(), pattern.pattern) for method, pattern, _ in world.sandbox.routes}

    assert len(served) == len(ACTS)
    for method, path, *_ in ACTS:
        plain = path.removeprefix("/v1/").replace("{application_ref}", "P1")
        matched = [each for each, pattern, _ in world.sandbox.routes if pattern.fullmatch(plain)]
        assert method.upper() in matched


def test_every_reference_points_at_a_schema():
    document = openapi_document()
    text = json.dumps(document)

    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in document["components"]["schemas"]
