"""The lender protocol as an OpenAPI document, built from the messages themselves."""

from __future__ import annotations

from typing import Any, Final

from pydantic.json_schema import models_json_schema

from chedai.lenders.port.messages import (
    PROTOCOL_VERSION,
    Application,
    Capabilities,
    Eligibility,
    FieldFault,
    LenderEvent,
    Message,
    Receipt,
    Settlement,
    Status,
    StipulationAnswer,
)
from chedai.lenders.port.signing import MOMENT, NONCE, REPLAY_WINDOW_SECONDS, SIGNATURE

MESSAGES: Final[tuple[type[Message], ...]] = (
    Application,
    Capabilities,
    Eligibility,
    FieldFault,
    LenderEvent,
    Receipt,
    Settlement,
    Status,
    StipulationAnswer,
)
REF: Final = "/v1/applications/{application_ref}"
# Method, path, what it does, what it takes, what it gives, whether it carries a key.
ACTS: Final[tuple[tuple[str, str, str, str, str, bool], ...]] = (
    ("get", "/v1/capabilities", "What the lender needs and can do", "", "Capabilities", False),
    ("post", "/v1/eligibility", "A preview without a query", "Application", "Eligibility", False),
    (
        "put",
        REF,
        "Submit; sent again, the same receipt",
        "Application",
        "Receipt",
        True,
    ),
    ("get", REF, "Everything that happened so far, in order", "", "Status", False),
    ("post", f"{REF}/stipulations", "Send what was asked for", "StipulationAnswer", "Status", True),
    ("post", f"{REF}/acceptance", "Accept the offer on the table", "", "Status", True),
    ("post", f"{REF}/disclosure-confirmation", "The cost disclosure is signed", "", "Status", True),
    ("post", f"{REF}/signing-confirmation", "The contracts are signed", "", "Status", True),
    ("post", f"{REF}/withdrawal", "Take the application back", "", "Status", True),
    ("get", f"{REF}/settlement", "What leaving early costs on a day", "", "Settlement", False),
)
FAILURES: Final = {
    "401": "Unsigned, wrongly signed, too old, or a nonce seen before",
    "404": "No such application",
    "409": "Another pack under this key, or not now",
    "422": "Fields or documents are missing; all of them are named",
    "503": "Nothing was done; send again",
}
INTRODUCTION: Final = (
    "Amounts are whole fen, rates ratios as decimal strings, moments ISO 8601 with offset. "
    f"Both directions sign with HMAC-SHA256 over version, {MOMENT}, {NONCE}, method, path and the "
    f"SHA-256 of the body, in {SIGNATURE}; a moment lives {REPLAY_WINDOW_SECONDS} seconds and a "
    "nonce is taken once. Every act carries an Idempotency-Key: sent again it counts once. Events "
    "are numbered within an application; they may arrive twice and in any order."
)


def openapi_document() -> dict[str, Any]:
    """Build the document; the same messages give the same document."""
    _, schemas = models_json_schema(
        [(message, "validation") for message in MESSAGES],
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, Any] = {}
    for method, path, summary, takes, gives, has_key in ACTS:
        paths.setdefault(path, {})[method] = _operation(summary, takes, gives, path, has_key)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Chedai lender protocol",
            "version": PROTOCOL_VERSION,
            "description": INTRODUCTION,
        },
        "paths": paths,
        "webhooks": {
            "event": {
                "post": {
                    "summary": "Tell the desk what happened; sent again until a 2xx comes back",
                    "requestBody": _content("LenderEvent"),
                    "responses": {"204": {"description": "Taken; now or before"}},
                }
            }
        },
        "components": {"schemas": schemas["$defs"]},
    }


def _operation(summary: str, takes: str, gives: str, path: str, has_key: bool) -> dict[str, Any]:
    parameters = [_parameter("application_ref", "path")] if "{" in path else []
    parameters += [_parameter("Idempotency-Key", "header")] if has_key else []
    parameters += [_parameter("on", "query")] if path.endswith("/settlement") else []
    operation: dict[str, Any] = {
        "summary": summary,
        "responses": {
            "200": {"description": gives, **_content(gives)},
            **{status: {"description": said} for status, said in FAILURES.items()},
        },
    }
    if parameters:
        operation["parameters"] = parameters
    if takes:
        operation["requestBody"] = _content(takes)
    return operation


def _parameter(name: str, place: str) -> dict[str, Any]:
    return {"name": name, "in": place, "required": True, "schema": {"type": "string"}}


def _content(message: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{message}"}
    return {"content": {"application/json": {"schema": schema}}}
