"""What is known for lenders, and what each still lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chedai.applications.models import (
    ApplicantSheet,
    DealFile,
    LenderConnection,
    LenderConsent,
    Submission,
)
from chedai.deals.models import Deal
from chedai.lenders.port import DOCUMENTS, FIELDS, Capabilities, FieldSpec
from chedai.reception.queries.scenes import Scene


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field of the joined form: what is in it, and which lenders ask for it."""

    name: str
    spec: FieldSpec
    value: str | int
    is_filled: bool
    asked_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LenderReadiness:
    """One lender for one deal: what it still lacks before anything may be sent."""

    connection: LenderConnection
    needs: Capabilities | None
    missing_fields: tuple[str, ...]
    missing_documents: tuple[str, ...]
    consents: tuple[LenderConsent, ...]
    missing_consents: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        """Whether everything asked for is there."""
        lacks = self.missing_fields or self.missing_documents or self.missing_consents
        return self.needs is not None and not lacks

    @property
    def held_count(self) -> int:
        """How many of the things asked for are there."""
        return (
            self.asked_count
            - len(self.missing_fields)
            - len(self.missing_documents)
            - len(self.missing_consents)
        )

    @property
    def asked_count(self) -> int:
        """How many things this lender asks for."""
        if self.needs is None:
            return 0
        asked = len(self.needs.required_fields) + len(self.needs.required_documents)
        return asked + len(LenderConsent.Kind.values)


def latest_sheet(deal: Deal) -> ApplicantSheet | None:
    """Get the newest version of the sheet."""
    return ApplicantSheet.objects.filter(deal=deal).order_by("-number").first()


def files_of(deal: Deal) -> list[DealFile]:
    """List the papers of a deal without their bytes, newest first."""
    return list(
        DealFile.objects.filter(deal=deal)
        .select_related("recorded_by")
        .defer("content")
        .order_by("-recorded_at", "-pk")[:200]
    )


def valid_consents(deal: Deal, *, on: date) -> list[LenderConsent]:
    """List consents that stand on ``on``, newest first."""
    return list(
        LenderConsent.objects.filter(
            deal=deal, withdrawal__isnull=True, signed_on__lte=on, expires_on__gte=on
        )
        .select_related("lender")
        .order_by("-pk")
    )


def connections_of(organisation_id: int) -> list[LenderConnection]:
    """List the lenders this organisation reaches."""
    return list(
        LenderConnection.objects.filter(organisation_id=organisation_id)
        .select_related("lender")
        .order_by("lender__code")
    )


def needs_of(connection: LenderConnection) -> Capabilities | None:
    """Read what the lender said it needs; None before it was ever asked."""
    if not connection.capabilities:
        return None
    return Capabilities.model_validate(connection.capabilities)


def known_values(sheet: ApplicantSheet | None, scene: Scene | None) -> dict[str, str | int]:
    """Join what was typed with what the desk knows of the car; sealed values are not among it."""
    values: dict[str, str | int] = {}
    if scene is not None:
        vehicle = scene.choice.vehicle
        values = {
            "vehicle_description": vehicle.label if vehicle else "车型还没定",
            "vehicle_condition": scene.car.condition,
            "vehicle_use": scene.car.use,
            "vehicle_price_fen": scene.car.vehicle_price_fen,
        }
        if scene.facts.income_monthly_fen:
            values["monthly_income_fen"] = scene.facts.income_monthly_fen
    return values | (dict(sheet.values) if sheet else {})


def readiness(
    connections: Sequence[LenderConnection],
    *,
    values: Mapping[str, str | int],
    sealed_names: Iterable[str],
    files: Sequence[DealFile],
    consents: Sequence[LenderConsent],
) -> list[LenderReadiness]:
    """Say for every lender what is missing, all of it."""
    filled = set(values) | set(sealed_names)
    held = {file.type for file in files}
    return [
        _ready(connection, filled=filled, held=held, consents=consents)
        for connection in connections
    ]


def joined_fields(
    rows: Sequence[LenderReadiness],
    *,
    values: Mapping[str, str | int],
    sealed_names: Sequence[str],
) -> list[FieldLine]:
    """Give every field any of the lenders asks for, once, in the order of the dictionary."""
    asked: dict[str, list[str]] = {}
    for row in rows:
        for name in row.needs.required_fields if row.needs else ():
            asked.setdefault(name, []).append(row.connection.lender.name)
    return [
        FieldLine(
            name=name,
            spec=spec,
            value=values.get(name, ""),
            is_filled=name in values or name in sealed_names,
            asked_by=tuple(asked[name]),
        )
        for name, spec in FIELDS.items()
        if name in asked
    ]


def submissions_of(deal: Deal) -> list[Submission]:
    """List what was sent of a deal, newest first, with events and messages."""
    return list(
        Submission.objects.filter(deal=deal)
        .select_related("lender", "connection", "created_by")
        .prefetch_related("events", "messages")
        .defer("pack")
        .order_by("-pk")[:50]
    )


def _ready(
    connection: LenderConnection,
    *,
    filled: set[str],
    held: set[str],
    consents: Sequence[LenderConsent],
) -> LenderReadiness:
    needs = needs_of(connection)
    own = tuple(
        consent
        for consent in consents
        if consent.lender_id == connection.lender_id
        and consent.lender_legal_name == connection.lender.legal_name
    )
    kinds = {consent.kind for consent in own}
    return LenderReadiness(
        connection=connection,
        needs=needs,
        missing_fields=tuple(
            FIELDS[name].label
            for name in (needs.required_fields if needs else ())
            if name not in filled
        ),
        missing_documents=tuple(
            DOCUMENTS[name]
            for name in (needs.required_documents if needs else ())
            if name not in held
        ),
        consents=own,
        missing_consents=tuple(
            label for kind, label in LenderConsent.Kind.choices if kind not in kinds
        ),
    )
