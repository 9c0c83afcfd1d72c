"""Acts of reception: open a visit, amend a need, confirm it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from chedai.audit.operations import record
from chedai.deals.models import Deal
from chedai.deals.operations import open_deal
from chedai.deals.operations.processes import signal
from chedai.needs.chips import Chip
from chedai.needs.reading import read_sentence
from chedai.reception.models import NeedConfirmation, NeedVersion, NeedVoice
from chedai.staff.models import Store, User


class StaleNeedError(Exception):
    """Somebody else amended the need since this form was opened; nothing was stored."""


@transaction.atomic
def open_visit(
    *,
    store: Store,
    advisor: User,
    call_name: str,
    sentence: str,
    form_key: UUID,
    opened_at: datetime,
) -> NeedVersion:
    """Open a deal for a customer who just sat down, with the first version of the need.

    The same form sent twice gives the same deal: ``form_key`` is unique.
    """
    deal, is_new = open_deal(
        store=store, advisor=advisor, call_name=call_name, form_key=form_key, opened_at=opened_at
    )
    if not is_new:
        return NeedVersion.objects.get(deal=deal, number=1)
    signal(deal=deal, name="visit_opened", by=advisor, at=opened_at)
    return _add_version(
        deal=deal,
        number=1,
        sentence=sentence,
        chips=read_sentence(sentence),
        answered=(),
        channel=NeedVersion.Channel.DESK,
        author=advisor,
        recorded_at=opened_at,
    )


@transaction.atomic
def amend_need(
    *,
    deal: Deal,
    base_number: int,
    sentence: str,
    chips: Sequence[Chip],
    answered: Sequence[str],
    channel: str,
    author: User,
    recorded_at: datetime,
) -> NeedVersion:
    """Add the next version of the need.

    Raises
    ------
    StaleNeedError
        ``base_number`` is not the latest version any more.
    """
    Deal.objects.select_for_update().get(pk=deal.pk)
    current = NeedVersion.objects.filter(deal=deal).latest("number")
    if current.number != base_number:
        msg = f"需求已被改到第 {current.number} 版，您手上的是第 {base_number} 版"
        raise StaleNeedError(msg)
    signal(deal=deal, name="need_amended", by=author, at=recorded_at)
    return _add_version(
        deal=deal,
        number=base_number + 1,
        sentence=sentence,
        chips=chips,
        answered=answered,
        channel=channel,
        author=author,
        recorded_at=recorded_at,
    )


@transaction.atomic
def confirm_need(
    *, need: NeedVersion, read_back: str, confirmed_by: User, confirmed_at: datetime
) -> NeedConfirmation:
    """Record that the customer agreed with the need read back; a second time changes nothing."""
    confirmation, is_new = NeedConfirmation.objects.get_or_create(
        need=need,
        defaults={
            "organisation_id": need.organisation_id,
            "read_back": read_back,
            "confirmed_at": confirmed_at,
            "confirmed_by": confirmed_by,
        },
    )
    if is_new:
        signal(deal=need.deal, name="need_confirmed", by=confirmed_by, at=confirmed_at)
        record(
            organisation_id=need.organisation_id,
            actor=confirmed_by,
            action="need.confirm",
            subject_type="need",
            subject_id=f"{need.deal.number} v{need.number}",
            after={"chips": need.chips, "read_back": read_back},
            at=confirmed_at,
        )
    return confirmation


@transaction.atomic
def record_voice(
    *, deal: Deal, speaker: str, sentence: str, author: User, recorded_at: datetime
) -> NeedVoice:
    """Keep what one of two buyers said, read into chips; the need itself does not move."""
    plain = [chip.to_json() for chip in read_sentence(sentence)]
    voice = NeedVoice.objects.create(
        organisation_id=deal.organisation_id,
        deal=deal,
        speaker=speaker,
        sentence=sentence,
        chips=plain,
        recorded_at=recorded_at,
        recorded_by=author,
    )
    record(
        organisation_id=deal.organisation_id,
        actor=author,
        action="need.hear",
        subject_type="need_voice",
        subject_id=f"{deal.number} {speaker} {voice.pk}",
        after={"chips": plain},
        at=recorded_at,
    )
    return voice


def _add_version(
    *,
    deal: Deal,
    number: int,
    sentence: str,
    chips: Sequence[Chip],
    answered: Sequence[str],
    channel: str,
    author: User,
    recorded_at: datetime,
) -> NeedVersion:
    plain = [chip.to_json() for chip in chips]
    need = NeedVersion.objects.create(
        organisation_id=deal.organisation_id,
        deal=deal,
        number=number,
        sentence=sentence,
        chips=plain,
        answered=list(answered),
        channel=channel,
        recorded_at=recorded_at,
        recorded_by=author,
    )
    record(
        organisation_id=deal.organisation_id,
        actor=author,
        action="need.record",
        subject_type="need",
        subject_id=f"{deal.number} v{number}",
        after={"chips": plain},
        at=recorded_at,
    )
    return need
