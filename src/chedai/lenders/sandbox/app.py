"""The sandbox over HTTP: a WSGI application, one prefix for each invented lender."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from chedai.lenders.port import SignatureRefusedError, StipulationAnswer, verified
from chedai.lenders.sandbox import faults
from chedai.lenders.sandbox.lender import (
    KeyTakenError,
    NobodyKnowsError,
    NotNowError,
    PackFaultyError,
    SandboxLender,
    read_application,
)
from chedai.lenders.sandbox.store import Store

BODY_BYTES_MAX: Final = 2_000_000
SLOW_SECONDS: Final = 5.0
KEY: Final = "HTTP_IDEMPOTENCY_KEY"
STATUS_WORDS: Final = {
    200: "OK",
    201: "Created",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    422: "Unprocessable Content",
    502: "Bad Gateway",
    503: "Service Unavailable",
}
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, read."""

    method: str
    path: str
    query: str
    key: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and what is said with it."""

    status: int
    said: BaseModel | Mapping[str, Any]

    def body(self) -> bytes:
        """Give the JSON as bytes."""
        plain = self.said.model_dump(mode="json") if isinstance(self.said, BaseModel) else self.said
        return json.dumps(plain, ensure_ascii=False).encode()


@dataclass(frozen=True)
class SandboxApplication:
    """Routes, signatures and faults around the lenders."""

    lenders: Mapping[str, SandboxLender]
    store: Store
    secret_of: Callable[[str], bytes]
    clock: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep
    routes: tuple[tuple[str, re.Pattern[str], Callable[..., Answer]], ...] = field(init=False)

    def __post_init__(self) -> None:
        """Compile the routes once."""
        object.__setattr__(self, "routes", tuple(_routes()))

    def __call__(self, environ: Mapping[str, Any], start: StartResponse) -> Iterable[bytes]:
        """Answer one request (WSGI)."""
        answer = self._answer(environ)
        body = answer.body()
        headers = [
            ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Length", str(len(body))),
        ]
        start(f"{answer.status} {STATUS_WORDS[answer.status]}", headers)
        return [body]

    def _answer(self, environ: Mapping[str, Any]) -> Answer:
        path = str(environ.get("PATH_INFO", ""))
        if path == "/":
            return Answer(200, {"sandbox": sorted(self.lenders), "protocol": "1"})
        if path.startswith("/_sandbox/"):
            return self._administer(environ, path)
        code, _, rest = path.strip("/").partition("/")
        lender = self.lenders.get(code)
        if lender is None or not rest.startswith("v1/"):
            return Answer(404, {"error": "no_such_lender"})
        return self._for(lender, environ, path, rest.removeprefix("v1/"))

    def _for(
        self, lender: SandboxLender, environ: Mapping[str, Any], path: str, rest: str
    ) -> Answer:
        with self.store.transaction() as rows:
            is_slow = faults.take(rows, lender.code, "slow")
            is_broken = faults.take(rows, lender.code, "server_error")
        if is_slow:
            self.sleep(SLOW_SECONDS)
        if is_broken:
            return Answer(503, {"error": "temporarily_unavailable"})
        body = _read(environ)
        if body is None:
            return Answer(413, {"error": "too_large"})
        asked = Asked(
            method=str(environ["REQUEST_METHOD"]),
            path=path,
            query=str(environ.get("QUERY_STRING", "")),
            key=str(environ.get(KEY, "")),
            body=body,
            headers=_headers(environ),
        )
        refused = self._refused(lender, asked)
        return refused or self._twisted(lender, self._routed(lender, asked, rest))

    def _refused(self, lender: SandboxLender, asked: Asked) -> Answer | None:
        """Turn away what is not signed, or was seen before."""
        now = self.clock()
        try:
            nonce = verified(
                self.secret_of(lender.code),
                asked.headers,
                method=asked.method,
                path=asked.path,
                body=asked.body,
                now=now,
            )
        except SignatureRefusedError as error:
            return Answer(401, {"error": "signature", "message": str(error)})
        with self.store.transaction() as rows:
            seen = rows.execute(
                "INSERT OR IGNORE INTO nonce VALUES (?, ?, ?)",
                (lender.code, nonce, now.timestamp()),
            )
        return None if seen.rowcount else Answer(401, {"error": "replay", "message": "重复的请求"})

    def _routed(self, lender: SandboxLender, asked: Asked, rest: str) -> Answer:
        known = False
        for method, pattern, act in self.routes:
            found = pattern.fullmatch(rest)
            if found is None:
                continue
            known = True
            if method == asked.method:
                return _guarded(act, lender, asked, found.groupdict())
        return Answer(405 if known else 404, {"error": "no_such_address"})

    def _twisted(self, lender: SandboxLender, answer: Answer) -> Answer:
        with self.store.transaction() as rows:
            if answer.status < 300 and faults.take(rows, lender.code, "lost_answer"):
                return Answer(502, {"error": "gateway"})
            if answer.status < 300 and faults.take(rows, lender.code, "schema_drift"):
                return Answer(answer.status, {"answer": "v2", "data": None})
        return answer

    def _administer(self, environ: Mapping[str, Any], path: str) -> Answer:
        """Script the faults: GET or PUT /_sandbox/faults/<lender>."""
        code = path.removeprefix("/_sandbox/faults/")
        if code not in self.lenders:
            return Answer(404, {"error": "no_such_lender"})
        if environ["REQUEST_METHOD"] == "PUT":
            try:
                wanted = json.loads(_read(environ) or b"{}")
                faults.order(self.store, code, wanted)
            except (faults.UnknownFaultError, json.JSONDecodeError, AttributeError) as error:
                return Answer(422, {"error": "fault", "message": str(error)})
        return Answer(200, faults.ordered(self.store, code))


def _guarded(
    act: Callable[..., Answer], lender: SandboxLender, asked: Asked, named: Mapping[str, str]
) -> Answer:
    try:
        return act(lender, asked, **named)
    except PackFaultyError as error:
        said = [fault.model_dump() for fault in error.faults]
        return Answer(422, {"error": "pack", "faults": said})
    except ValidationError as error:
        return Answer(422, {"error": "unreadable", "message": str(error)[:400]})
    except NobodyKnowsError:
        return Answer(404, {"error": "no_such_application"})
    except KeyTakenError as error:
        return Answer(409, {"error": "key_taken", "message": str(error)})
    except NotNowError as error:
        return Answer(409, {"error": "not_now", "message": str(error)})


def _capabilities(lender: SandboxLender, _asked: Asked) -> Answer:
    return Answer(200, lender.capabilities())


def _eligibility(lender: SandboxLender, asked: Asked) -> Answer:
    return Answer(200, lender.eligibility(read_application(asked.body)))


def _receive(lender: SandboxLender, asked: Asked, ref: str) -> Answer:
    application = read_application(asked.body)
    if application.application_ref != ref or not asked.key:
        return Answer(422, {"error": "pack", "faults": [_FAULT]})
    receipt = lender.receive(application, key=asked.key)
    return Answer(200 if receipt.is_duplicate else 201, receipt)


def _status(lender: SandboxLender, _asked: Asked, ref: str) -> Answer:
    return Answer(200, lender.status(ref))


def _answer(lender: SandboxLender, asked: Asked, ref: str) -> Answer:
    answer = StipulationAnswer.model_validate_json(asked.body)
    return Answer(200, lender.answer(ref, answer, key=asked.key))


def _act(name: str) -> Callable[..., Answer]:
    def act(lender: SandboxLender, asked: Asked, ref: str) -> Answer:
        return Answer(200, getattr(lender, name)(ref, key=asked.key))

    return act


def _settlement(lender: SandboxLender, asked: Asked, ref: str) -> Answer:
    found = re.fullmatch(r"on=(\d{4}-\d{2}-\d{2})", asked.query)
    try:
        on = date.fromisoformat(found[1]) if found else None
    except ValueError:
        on = None
    if on is None:
        return Answer(422, {"error": "unreadable", "message": "on=YYYY-MM-DD"})
    return Answer(200, lender.settlement(ref, on=on))


_FAULT: Final = {"field": "application_ref", "message": "地址里的编号、请求键和内容不一致"}
_REF: Final = r"applications/(?P<ref>[A-Za-z0-9_.\-]{1,64})"


def _routes() -> Iterable[tuple[str, re.Pattern[str], Callable[..., Answer]]]:
    for method, pattern, act in (
        ("GET", "capabilities", _capabilities),
        ("POST", "eligibility", _eligibility),
        ("PUT", _REF, _receive),
        ("GET", _REF, _status),
        ("POST", rf"{_REF}/stipulations", _answer),
        ("POST", rf"{_REF}/acceptance", _act("accept")),
        ("POST", rf"{_REF}/disclosure-confirmation", _act("confirm_disclosure")),
        ("POST", rf"{_REF}/signing-confirmation", _act("confirm_signing")),
        ("POST", rf"{_REF}/withdrawal", _act("withdraw")),
        ("GET", rf"{_REF}/settlement", _settlement),
    ):
        yield method, re.compile(pattern), act


def _read(environ: Mapping[str, Any]) -> bytes | None:
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > BODY_BYTES_MAX:
        return None
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    return body


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    return {
        name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
