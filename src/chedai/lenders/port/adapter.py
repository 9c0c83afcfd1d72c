"""What every lender's adapter can do, whatever its wire looks like."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from chedai.lenders.port.messages import (
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


class LenderUnavailableError(Exception):
    """No answer, or an answer that is none: it is not known whether the message arrived.

    Everything may be sent again: every message carries a key that makes it count once.
    """


class AnswerUnreadableError(Exception):
    """The lender answered in a way the protocol does not know; a person has to look."""


class PackRefusedError(Exception):
    """The lender will not take the application as it is; ``faults`` say which fields, and why."""

    def __init__(self, faults: tuple[FieldFault, ...]) -> None:
        super().__init__("；".join(fault.message for fault in faults))
        self.faults = faults


class ApplicationConflictError(Exception):
    """The lender holds another application under this key; nothing was changed there."""


class UnknownApplicationError(Exception):
    """The lender never received this application."""


class LenderAdapter(Protocol):
    """One lender. Acts take the key that makes sending twice the same as sending once.

    Every method may raise ``LenderUnavailableError`` and ``AnswerUnreadableError``.
    """

    def capabilities(self) -> Capabilities:
        """Say what the lender needs and can do."""

    def eligibility(self, application: Application) -> Eligibility:
        """Ask for a preview: no query, no trace, no promise."""

    def submit(self, application: Application, *, key: str) -> Receipt:
        """Send the application; ``PackRefusedError``, ``ApplicationConflictError``."""

    def status(self, application_ref: str) -> Status:
        """Ask what happened so far; ``UnknownApplicationError``."""

    def answer(self, application_ref: str, answer: StipulationAnswer, *, key: str) -> Status:
        """Send what was asked for; ``UnknownApplicationError``, ``PackRefusedError``."""

    def accept(self, application_ref: str, *, key: str) -> Status:
        """Accept the offer on the table; the lender then discloses its costs."""

    def confirm_disclosure(self, application_ref: str, *, key: str) -> Status:
        """Say that the customer signed the cost disclosure; contracts follow."""

    def confirm_signing(self, application_ref: str, *, key: str) -> Status:
        """Say that the contracts are signed and the conditions met; the money follows."""

    def withdraw(self, application_ref: str, *, key: str) -> Status:
        """Take the application back; a second time changes nothing."""

    def settlement(self, application_ref: str, *, on: date) -> Settlement:
        """Ask what leaving early costs on one day."""

    def read_callback(
        self, *, headers: Mapping[str, str], method: str, path: str, body: bytes
    ) -> tuple[LenderEvent, str]:
        """Read a signed callback: the event and the nonce; ``SignatureRefusedError``."""
