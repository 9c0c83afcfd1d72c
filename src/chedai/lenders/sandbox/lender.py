"""One invented lender at work: every act in one transaction, every key counts once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from pydantic import ValidationError

from chedai.core.dates import add_months
from chedai.lenders.port import (
    Application,
    Capabilities,
    Contract,
    Disbursement,
    Document,
    Eligibility,
    FieldFault,
    LenderEvent,
    Offer,
    Receipt,
    Settlement,
    Status,
    Stipulation,
    StipulationAnswer,
    pack_digest,
)
from chedai.lenders.sandbox import decisions
from chedai.lenders.sandbox.personalities import Personality, needs_of
from chedai.lenders.sandbox.store import Store

SIGN_DAYS: Final = 15
ENDED: Final = frozenset({"refused", "withdrawn", "disbursed"})


class NotNowError(Exception):
    """The application is not where this act belongs; nothing was changed."""


class PackFaultyError(Exception):
    """Fields or documents are missing."""

    def __init__(self, faults: tuple[FieldFault, ...]) -> None:
        super().__init__("；".join(fault.message for fault in faults))
        self.faults = faults


class KeyTakenError(Exception):
    """Another application is held under this reference or key."""


class NobodyKnowsError(Exception):
    """No such application here."""


@dataclass(frozen=True, slots=True)
class SandboxLender:
    """A personality with a memory. ``speed``: how many minutes of its office pass in a real one."""

    code: str
    personality: Personality
    store: Store
    seed: int
    speed: float
    clock: Callable[[], datetime]

    def capabilities(self) -> Capabilities:
        """Say what this lender needs."""
        return needs_of(self.personality)

    def eligibility(self, application: Application) -> Eligibility:
        """Answer a preview; nothing is kept."""
        return decisions.preview(self.personality, application)

    def receive(self, application: Application, *, key: str) -> Receipt:
        """Take an application once; the same again gets the same receipt.

        Raises
        ------
        KeyTakenError
            Another application is held under this reference.
        PackFaultyError
            Fields or documents are missing.
        """
        sha256 = pack_digest(application)
        ref = application.application_ref
        with self.store.transaction() as rows:
            held = self._held(rows, ref)
            if held is not None:
                if held["sha256"] != sha256:
                    raise KeyTakenError(ref)
                return self._receipt(held, is_duplicate=True)
            faults = decisions.faults_of(self.personality, application)
            if faults:
                raise PackFaultyError(faults)
            now = self.clock()
            self._note(rows, key, ref, "receive")
            rows.execute(
                "INSERT INTO application VALUES (?, ?, ?, ?, ?, ?)",
                (
                    self.code,
                    ref,
                    f"{self.code.upper()}-{sha256[:10]}",
                    sha256,
                    application.model_dump_json(),
                    now.isoformat(),
                ),
            )
            self._happen(rows, ref, "received", 0)
            self._happen(rows, ref, "in_review", self._minutes(ref) * 0.1)
            asked = decisions.stipulations_of(
                self.personality, application, seed=self.seed, today=now.date()
            )
            if asked:
                self._happen(rows, ref, "stipulated", self._minutes(ref) * 0.5, stipulations=asked)
            else:
                self._decide(rows, application)
            held = self._held(rows, ref)
            assert held is not None
            return self._receipt(held, is_duplicate=False)

    def status(self, ref: str) -> Status:
        """List what has happened by now."""
        with self.store.transaction() as rows:
            return self._status(rows, ref)

    def answer(self, ref: str, answer: StipulationAnswer, *, key: str) -> Status:
        """Take what was asked for; when nothing is open any more, decide."""

        def act(rows: sqlite3.Connection) -> None:
            asked = {item.code: item for item in self._asked(rows, ref)}
            if answer.code not in asked:
                raise NotNowError(f"没有要求过 {answer.code}")
            if not answer.documents and not answer.words.strip():
                fault = FieldFault(field="documents", message="补件要有文件或说明")
                raise PackFaultyError((fault,))
            done = self._answered(rows, ref) | {answer.code}
            if done >= set(asked):
                self._decide(rows, self._application(rows, ref))

        return self._once(ref, key, f"answer {answer.code}", act)

    def accept(self, ref: str, *, key: str) -> Status:
        """Disclose the costs of the offer on the table."""

        def act(rows: sqlite3.Connection) -> None:
            offer = self._offer(rows, ref, after=("approved", "countered"))
            disclosure = decisions.disclosure_of(self.personality, offer)
            self._happen(rows, ref, "disclosed", 2, disclosure=disclosure)

        return self._once(ref, key, "accept", act)

    def confirm_disclosure(self, ref: str, *, key: str) -> Status:
        """Send the contracts once the customer has signed the disclosure."""

        def act(rows: sqlite3.Connection) -> None:
            self._offer(rows, ref, after=("disclosed",))
            contract = Contract(
                contract_ref=f"HT-{self.code}-{ref}",
                nature=self.personality.nature,
                documents=(Document(type="purchase_contract", sha256="0" * 64, pages=12),),
                sign_before=self.clock().date() + timedelta(days=SIGN_DAYS),
            )
            self._happen(rows, ref, "contract_ready", 5, contract=contract)

        return self._once(ref, key, "confirm_disclosure", act)

    def confirm_signing(self, ref: str, *, key: str) -> Status:
        """Pay out once everything is signed."""

        def act(rows: sqlite3.Connection) -> None:
            offer = self._offer(rows, ref, after=("contract_ready",))
            today = self.clock().date()
            paid = Disbursement(
                amount_fen=offer.principal_fen,
                paid_on=today,
                payee="车行公户（虚构）",
                first_due_on=add_months(today, 1),
            )
            self._happen(rows, ref, "disbursed", 60, disbursement=paid)

        return self._once(ref, key, "confirm_signing", act)

    def withdraw(self, ref: str, *, key: str) -> Status:
        """Close the application; what had not happened yet does not."""

        def act(rows: sqlite3.Connection) -> None:
            happened = self._status(rows, ref).events
            if any(event.kind == "disbursed" for event in happened):
                raise NotNowError("已经放款，不能撤回")
            rows.execute(
                "DELETE FROM event WHERE lender = ? AND ref = ? AND visible_at > ?",
                (self.code, ref, self.clock().timestamp()),
            )
            if not any(event.kind == "withdrawn" for event in happened):
                self._happen(rows, ref, "withdrawn", 0)

        return self._once(ref, key, "withdraw", act)

    def settlement(self, ref: str, *, on: date) -> Settlement:
        """Say what leaving early costs; no charge after a year.

        Raises
        ------
        NotNowError
            Nothing was paid out by that day.
        """
        with self.store.transaction() as rows:
            events = {event.kind: event for event in self._status(rows, ref).events}
            paid = events["disbursed"].disbursement if "disbursed" in events else None
            if paid is None or on < paid.paid_on:
                raise NotNowError("还没有放款，没有结清金额")
            offer = self._offer(rows, ref, after=("disbursed",))
        return decisions.settlement_of(offer, paid_on=paid.paid_on, on=on)

    # --- Below: one row at a time -----------------------------------------------------------

    def _once(
        self, ref: str, key: str, act: str, run: Callable[[sqlite3.Connection], None]
    ) -> Status:
        with self.store.transaction() as rows:
            self._application(rows, ref)
            seen = rows.execute(
                "SELECT ref, act FROM act WHERE lender = ? AND key = ?", (self.code, key)
            ).fetchone()
            if seen is not None:
                if (seen["ref"], seen["act"]) != (ref, act):
                    raise KeyTakenError(key)
                return self._status(rows, ref)
            run(rows)
            self._note(rows, key, ref, act)
            return self._status(rows, ref)

    def _note(self, rows: sqlite3.Connection, key: str, ref: str, act: str) -> None:
        try:
            rows.execute("INSERT INTO act VALUES (?, ?, ?, ?)", (self.code, key, ref, act))
        except sqlite3.IntegrityError as error:
            raise KeyTakenError(key) from error

    def _decide(self, rows: sqlite3.Connection, application: Application) -> None:
        verdict = decisions.decide(
            self.personality, application, seed=self.seed, today=self.clock().date()
        )
        ref = application.application_ref
        minutes = self._minutes(ref)
        if verdict.refusal is not None:
            self._happen(rows, ref, "refused", minutes, refusal=verdict.refusal)
            return
        kind = "countered" if verdict.is_counter else "approved"
        self._happen(rows, ref, kind, minutes, offer=verdict.offer)

    def _minutes(self, ref: str) -> float:
        """Draw how long this lender takes; half are at most its p50, nine in ten its p90."""
        mind, chance = self.personality, decisions.draw(self.seed, "minutes", ref)
        if chance < 0.5:
            return mind.answer_minutes_p50 * (0.4 + 1.2 * chance)
        share = (chance - 0.5) / 0.4
        return mind.answer_minutes_p50 + share * (mind.answer_minutes_p90 - mind.answer_minutes_p50)

    def _happen(
        self, rows: sqlite3.Connection, ref: str, kind: str, after_minutes: float, **carried: Any
    ) -> None:
        count = rows.execute(
            "SELECT COALESCE(MAX(sequence), 0) AS n, COALESCE(MAX(visible_at), 0) AS latest"
            " FROM event WHERE lender = ? AND ref = ?",
            (self.code, ref),
        ).fetchone()
        sequence = count["n"] + 1
        seconds = after_minutes * 60 / self.speed
        visible = max(self.clock().timestamp() + seconds, count["latest"])
        held = self._held(rows, ref)
        assert held is not None
        event = LenderEvent(
            event_id=f"{self.code}-{ref}-{sequence}",
            application_ref=ref,
            lender_ref=held["lender_ref"],
            sequence=sequence,
            kind=kind,  # type: ignore[arg-type]
            occurred_at=datetime.fromtimestamp(visible, tz=self.clock().tzinfo),
            **carried,
        )
        rows.execute(
            "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?)",
            (
                self.code,
                ref,
                sequence,
                event.event_id,
                kind,
                event.model_dump_json(),
                visible,
                visible,
            ),
        )

    def _held(self, rows: sqlite3.Connection, ref: str) -> sqlite3.Row | None:
        found: sqlite3.Row | None = rows.execute(
            "SELECT * FROM application WHERE lender = ? AND ref = ?", (self.code, ref)
        ).fetchone()
        return found

    def _application(self, rows: sqlite3.Connection, ref: str) -> Application:
        held = self._held(rows, ref)
        if held is None:
            raise NobodyKnowsError(ref)
        return Application.model_validate_json(held["body"])

    def _status(self, rows: sqlite3.Connection, ref: str) -> Status:
        held = self._held(rows, ref)
        if held is None:
            raise NobodyKnowsError(ref)
        found = rows.execute(
            "SELECT body FROM event WHERE lender = ? AND ref = ? AND visible_at <= ?"
            " ORDER BY sequence",
            (self.code, ref, self.clock().timestamp()),
        )
        events = tuple(LenderEvent.model_validate_json(row["body"]) for row in found)
        return Status(application_ref=ref, lender_ref=held["lender_ref"], events=events)

    def _asked(self, rows: sqlite3.Connection, ref: str) -> tuple[Stipulation, ...]:
        events = self._status(rows, ref).events
        if any(event.kind in ENDED for event in events):
            raise NotNowError("这一单已经结束")
        return tuple(item for event in events for item in event.stipulations)

    def _answered(self, rows: sqlite3.Connection, ref: str) -> set[str]:
        found = rows.execute(
            "SELECT act FROM act WHERE lender = ? AND ref = ? AND act LIKE 'answer %'",
            (self.code, ref),
        )
        return {row["act"].removeprefix("answer ") for row in found}

    def _offer(self, rows: sqlite3.Connection, ref: str, *, after: tuple[str, ...]) -> Offer:
        events = self._status(rows, ref).events
        if not events or events[-1].kind not in after:
            raise NotNowError("现在还不到这一步")
        return next(event.offer for event in reversed(events) if event.offer is not None)

    def _receipt(self, held: sqlite3.Row, *, is_duplicate: bool) -> Receipt:
        return Receipt(
            application_ref=held["ref"],
            lender_ref=held["lender_ref"],
            received_at=datetime.fromisoformat(held["received_at"]),
            pack_sha256=held["sha256"],
            is_duplicate=is_duplicate,
        )


def read_application(body: bytes) -> Application:
    """Read a pack as it came over the wire.

    Raises
    ------
    PackFaultyError
        It is no application; every field is named.
    """
    try:
        return Application.model_validate_json(body)
    except ValidationError as error:
        faults = tuple(
            FieldFault(
                field=".".join(str(part) for part in found["loc"]) or "body",
                message=f"读不懂：{found['msg']}"[:500],
            )
            for found in error.errors()[:20]
        )
        raise PackFaultyError(faults) from error
