"""The lender protocol over HTTP/JSON: signed requests, one key an act, answers read strictly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import ValidationError

from chedai.lenders.port import (
    AnswerUnreadableError,
    Application,
    ApplicationConflictError,
    Capabilities,
    Eligibility,
    FieldFault,
    LenderEvent,
    LenderUnavailableError,
    Message,
    PackRefusedError,
    Receipt,
    Settlement,
    Status,
    StipulationAnswer,
    UnknownApplicationError,
    pack_digest,
    signed_headers,
    verified,
)

TIMEOUT_SECONDS: Final = 10.0
NOT_FOUND: Final = 404
CONFLICT: Final = 409
UNPROCESSABLE: Final = 422
SERVER_FAULT: Final = 500
Said = TypeVar("Said", bound=Message)


@dataclass(frozen=True)
class StandardAdapter:
    """One lender at one address. Network, clock and chance are passed in."""

    base_url: str
    secret: bytes
    client: httpx.Client
    clock: Callable[[], datetime]
    nonce: Callable[[], str]

    def capabilities(self) -> Capabilities:
        """Say what the lender needs and can do."""
        return self._read(Capabilities, self._ask("GET", "/v1/capabilities"))

    def eligibility(self, application: Application) -> Eligibility:
        """Ask for a preview."""
        answer = self._ask("POST", "/v1/eligibility", body=_bytes(application))
        return self._read(Eligibility, answer)

    def submit(self, application: Application, *, key: str) -> Receipt:
        """Send the application.

        Raises
        ------
        AnswerUnreadableError
            The receipt is not of this very pack.
        """
        path = f"/v1/applications/{application.application_ref}"
        receipt = self._read(Receipt, self._ask("PUT", path, body=_bytes(application), key=key))
        if receipt.pack_sha256 != pack_digest(application):
            raise AnswerUnreadableError("资金方的回执不是这一份进件的")
        return receipt

    def status(self, application_ref: str) -> Status:
        """Ask what happened so far."""
        return self._read(Status, self._ask("GET", f"/v1/applications/{application_ref}"))

    def answer(self, application_ref: str, answer: StipulationAnswer, *, key: str) -> Status:
        """Send what was asked for."""
        return self._act(application_ref, "stipulations", key=key, body=_bytes(answer))

    def accept(self, application_ref: str, *, key: str) -> Status:
        """Accept the offer on the table."""
        return self._act(application_ref, "acceptance", key=key)

    def confirm_disclosure(self, application_ref: str, *, key: str) -> Status:
        """Say that the customer signed the cost disclosure."""
        return self._act(application_ref, "disclosure-confirmation", key=key)

    def confirm_signing(self, application_ref: str, *, key: str) -> Status:
        """Say that the contracts are signed."""
        return self._act(application_ref, "signing-confirmation", key=key)

    def withdraw(self, application_ref: str, *, key: str) -> Status:
        """Take the application back."""
        return self._act(application_ref, "withdrawal", key=key)

    def settlement(self, application_ref: str, *, on: date) -> Settlement:
        """Ask what leaving early costs."""
        path = f"/v1/applications/{application_ref}/settlement"
        return self._read(Settlement, self._ask("GET", path, query=f"on={on.isoformat()}"))

    def read_callback(
        self, *, headers: Mapping[str, str], method: str, path: str, body: bytes
    ) -> tuple[LenderEvent, str]:
        """Read a signed callback: the event and its nonce."""
        nonce = verified(
            self.secret, headers, method=method, path=path, body=body, now=self.clock()
        )
        return self._read(LenderEvent, body), nonce

    def _act(self, ref: str, name: str, *, key: str, body: bytes = b"{}") -> Status:
        answer = self._ask("POST", f"/v1/applications/{ref}/{name}", body=body, key=key)
        return self._read(Status, answer)

    def _ask(
        self, method: str, path: str, *, body: bytes = b"", key: str = "", query: str = ""
    ) -> bytes:
        address = f"{self.base_url.rstrip('/')}{path}"
        headers = signed_headers(
            self.secret,
            method=method,
            path=urlsplit(address).path,
            body=body,
            at=self.clock(),
            nonce=self.nonce(),
        )
        headers |= {"content-type": "application/json"}
        headers |= {"idempotency-key": key} if key else {}
        try:
            answer = self.client.request(
                method,
                f"{address}?{query}" if query else address,
                content=body,
                headers=headers,
                timeout=TIMEOUT_SECONDS,
            )
        except httpx.HTTPError as error:
            raise LenderUnavailableError(f"资金方没有回答：{type(error).__name__}") from error
        return _content(answer)

    def _read(self, kind: type[Said], body: bytes) -> Said:
        try:
            return kind.model_validate_json(body)
        except ValidationError as error:
            place = error.errors()[0]["loc"]
            msg = f"资金方的回答和约定不一样：{error.error_count()} 处，例如 {place}"
            raise AnswerUnreadableError(msg) from error


def _bytes(message: Message) -> bytes:
    return message.model_dump_json().encode()


def _content(answer: httpx.Response) -> bytes:
    """Turn a status into the failure it stands for, or give the content.

    Raises
    ------
    UnknownApplicationError
        404.
    ApplicationConflictError
        409.
    PackRefusedError
        422, with the fields.
    LenderUnavailableError
        5xx: it is not known whether the message counted.
    AnswerUnreadableError
        Any other status.
    """
    if answer.is_success:
        return answer.content
    if answer.status_code == NOT_FOUND:
        raise UnknownApplicationError("资金方没有这一单")
    if answer.status_code == CONFLICT:
        raise ApplicationConflictError(_said(answer) or "资金方那边的状态不允许这一步")
    if answer.status_code == UNPROCESSABLE:
        raise PackRefusedError(_faults(answer))
    if answer.status_code >= SERVER_FAULT:
        raise LenderUnavailableError(f"资金方暂时不能用（{answer.status_code}）")
    raise AnswerUnreadableError(f"资金方答了 {answer.status_code}：{_said(answer)}")


def _plain(answer: httpx.Response) -> Mapping[str, object]:
    try:
        plain = answer.json()
    except ValueError:
        return {}
    return plain if isinstance(plain, dict) else {}


def _said(answer: httpx.Response) -> str:
    return str(_plain(answer).get("message", ""))[:200]


def _faults(answer: httpx.Response) -> tuple[FieldFault, ...]:
    found = _plain(answer).get("faults")
    faults = []
    for item in found if isinstance(found, list) else []:
        try:
            faults.append(FieldFault.model_validate(item))
        except ValidationError:
            continue
    return tuple(faults) or (FieldFault(field="body", message=_said(answer) or "没有说明原因"),)
