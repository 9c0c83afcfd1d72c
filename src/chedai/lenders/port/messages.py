"""What is said between Chedai and a lender: version 1 of the lender protocol.

Amounts are whole fen, rates are ratios written as decimal strings, days are ISO dates, moments
ISO with offset. A field nobody here knows is passed over; one that is missing or of another kind
makes the whole message unreadable, so that a lender who changes its answers is noticed.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

PROTOCOL_VERSION: Final = "1"

Code = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.\-]+$")]
Words = Annotated[str, Field(min_length=1, max_length=500)]
Fen = Annotated[int, Field(strict=True, ge=0, le=100_000_000 * 100)]
Months = Annotated[int, Field(strict=True, ge=1, le=360)]
Ratio = Annotated[Decimal, Field(ge=0, le=10)]
EventKind = Literal[
    "received",
    "in_review",
    "stipulated",
    "approved",
    "countered",
    "refused",
    "disclosed",
    "contract_ready",
    "disbursed",
    "withdrawn",
]
EVENT_KINDS: Final[tuple[str, ...]] = get_args(EventKind)


class Message(BaseModel):
    """Frozen: what was said stays said."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Fee(Message):
    """A charge of an offer; one without a payee is no message."""

    name: Words
    amount_fen: Fen
    payee: Words
    timing: Literal["before_disbursement", "with_instalments", "at_disbursement"]


class Document(Message):
    """A document of the pack, by what it is and what its bytes are."""

    type: Code
    person: Literal["borrower", "co_borrower", "guarantor"] = "borrower"
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    pages: Annotated[int, Field(ge=1, le=500)] = 1


class CreditAuthorisation(Message):
    """The customer's written consent for this lender alone."""

    reference: Code
    purpose: Words
    signed_at: datetime
    expires_on: date


class Application(Message):
    """Everything a lender is given of one deal, once."""

    application_ref: Code
    product_code: Code
    store: Words
    principal_fen: Fen
    down_payment_fen: Fen
    term_months: Months
    nominal_rate_annual: Ratio
    monthly_payment_fen: Fen
    borrower: dict[str, str | int]
    co_borrower: dict[str, str | int] | None = None
    documents: tuple[Document, ...] = ()
    authorisation: CreditAuthorisation


class Capabilities(Message):
    """What a lender needs and can do."""

    lender: Words
    protocol: Literal["1"]
    products: tuple[Code, ...]
    required_fields: tuple[Code, ...]
    co_borrower_fields: tuple[Code, ...] = ()
    required_documents: tuple[Code, ...]
    callbacks: bool = True
    answer_minutes_p50: Annotated[int, Field(ge=0)]
    answer_minutes_p90: Annotated[int, Field(ge=0)]


class FieldFault(Message):
    """A field the lender does not accept, with its own words."""

    field: Annotated[str, Field(min_length=1, max_length=80)]
    message: Words


class Eligibility(Message):
    """A preview without a query: never a promise."""

    outcome: Literal["eligible", "refer", "not_eligible"]
    reasons: tuple[Words, ...] = ()
    principal_max_fen: Fen | None = None


class Receipt(Message):
    """The lender has it; sent again, the same receipt with ``is_duplicate``."""

    application_ref: Code
    lender_ref: Code
    received_at: datetime
    pack_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    is_duplicate: bool = False


class Stipulation(Message):
    """One thing asked for before the decision or the money."""

    code: Code
    type: Code
    text: Words
    person: Literal["borrower", "co_borrower", "guarantor"] = "borrower"
    due_on: date | None = None


class StipulationAnswer(Message):
    """What was sent for a stipulation."""

    code: Code
    documents: tuple[Document, ...] = ()
    words: Annotated[str, Field(max_length=1000)] = ""


class Offer(Message):
    """An approval or a counter-offer."""

    principal_fen: Fen
    term_months: Months
    nominal_rate_annual: Ratio
    monthly_payment_fen: Fen
    fees: tuple[Fee, ...] = ()
    conditions: tuple[Words, ...] = ()
    expires_on: date


class RefusalReason(Message):
    """A reason as the lender gives it."""

    code: Code
    text: Words


class Refusal(Message):
    """A refusal, in the lender's own words."""

    reasons: tuple[RefusalReason, ...]
    retry_on: date | None = None


class CostItem(Message):
    """A line of the cost disclosure."""

    name: Words
    method: Words
    standard: Words
    payee: Words
    annualised: Ratio | None = None
    amount_fen: Fen | None = None
    is_contingent: bool = False


class CostDisclosure(Message):
    """综合融资成本明示表: every cost, its payee, its yearly level, and nothing besides."""

    form_version: Code
    principal_fen: Fen
    term_months: Months
    monthly_payment_fen: Fen
    apr_simple: Ratio
    items: tuple[CostItem, ...]
    statement: Words


class Contract(Message):
    """The contracts to sign, by digest."""

    contract_ref: Code
    nature: Literal["loan", "card_instalment", "finance_lease_direct", "finance_lease_sale_back"]
    documents: tuple[Document, ...]
    sign_before: date


class Disbursement(Message):
    """The money went out."""

    amount_fen: Fen
    paid_on: date
    payee: Words
    first_due_on: date


class Settlement(Message):
    """What leaving early costs on one day."""

    on: date
    principal_fen: Fen
    interest_fen: Fen
    charge_fen: Fen
    total_fen: Fen
    valid_until: date


class LenderEvent(Message):
    """One thing that happened at the lender; ``sequence`` counts from 1 within an application."""

    event_id: Code
    application_ref: Code
    lender_ref: Code
    sequence: Annotated[int, Field(ge=1)]
    kind: EventKind
    occurred_at: datetime
    stipulations: tuple[Stipulation, ...] = ()
    offer: Offer | None = None
    refusal: Refusal | None = None
    disclosure: CostDisclosure | None = None
    contract: Contract | None = None
    disbursement: Disbursement | None = None
    words: Annotated[str, Field(max_length=1000)] = ""

    def model_post_init(self, _context: Any) -> None:
        """Refuse an event that lacks what its kind is about.

        Raises
        ------
        ValueError
            The kind carries something and it is not there.
        """
        needed = _CARRIES.get(self.kind)
        if needed and not getattr(self, needed):
            msg = f"event {self.kind} without {needed}"
            raise ValueError(msg)


class Status(Message):
    """Everything that happened so far, in order."""

    application_ref: Code
    lender_ref: Code
    events: tuple[LenderEvent, ...]


_CARRIES: Final = {
    "stipulated": "stipulations",
    "approved": "offer",
    "countered": "offer",
    "refused": "refusal",
    "disclosed": "disclosure",
    "contract_ready": "contract",
    "disbursed": "disbursement",
}


def pack_digest(application: Application) -> str:
    """Give the SHA-256 of an application's canonical JSON: what the lender receipts."""
    plain = application.model_dump(mode="json")
    canonical = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
