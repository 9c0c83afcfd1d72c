from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.apps.catalogue.conftest import QINGHE, TODAY
from tests.core.plans.builders import make_offers, make_prepayment, make_terms
from tests.factories import MOMENT

from chedai.audit.models import AuditEvent
from chedai.catalogue.models import Lender, ProductVersion, Publication, Rejection, Submission
from chedai.catalogue.operations import (
    DraftLockedError,
    GapsInTermsError,
    NotSubmittedError,
    OwnWorkError,
    ProductCodeTakenError,
    ProductWithdrawnError,
    StaleDraftError,
    VersionOverlapError,
    amend_draft,
    approve_version,
    draft_version,
    export_pack,
    import_pack,
    register_lender,
    reject_version,
    submit_version,
    withdraw_product,
)
from chedai.catalogue.packs.products import write_products
from chedai.catalogue.packs.records import LenderRecord
from chedai.catalogue.packs.text import FaultyPackError
from chedai.staff.models import Organisation, User

Make = Callable[..., ProductVersion]


def days(version: ProductVersion) -> tuple[Any, Any]:
    effective = Publication.objects.get(version=version).effective
    return effective.lower, effective.upper


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


def test_a_version_passes_from_draft_to_publication_with_one_event_each(
    submitted: Make, compliance: User
) -> None:
    version = submitted()

    approve_version(version=version, expected_revision=1, by=compliance, at=MOMENT)

    assert days(version) == (TODAY, None)
    assert actions() == [
        "lender.register",
        "product_version.draft",
        "product_version.submit",
        "product_version.publish",
    ]


def test_the_lenders_own_name_replaces_what_the_terms_say(draft: Make) -> None:
    assert draft(lender_name="别的名字").terms["lender_name"] == "清禾银行"


def test_terms_with_a_contradiction_are_not_drafted(lender: Lender, draft: Make) -> None:
    with pytest.raises(GapsInTermsError) as refused:
        draft(offers=make_offers("0.0388", 36, 36))

    assert [error.path for error in refused.value.errors] == ["offers"]
    assert ProductVersion.objects.count() == 0


def test_a_code_of_another_lender_is_taken(
    draft: Make, acting: Organisation, manager: User
) -> None:
    draft()
    other, _ = register_lender(
        organisation_id=acting.pk,
        lender=LenderRecord(code="other", name="他行", kind="bank", legal_name="他行（虚构）"),
        by=manager,
        at=MOMENT,
    )

    with pytest.raises(ProductCodeTakenError, match="qinghe-standard"):
        draft_version(
            lender=other,
            terms=make_terms(),
            effective_from=TODAY,
            form_key=uuid.uuid4(),
            by=manager,
            at=MOMENT,
        )


def test_an_amendment_on_an_older_revision_is_refused(draft: Make, manager: User) -> None:
    version = draft()
    changed = {"version": version, "effective_from": TODAY, "by": manager, "at": MOMENT}
    amend_draft(terms=make_terms(name="新名字"), expected_revision=1, **changed)

    with pytest.raises(StaleDraftError) as refused:
        amend_draft(terms=make_terms(name="又一个"), expected_revision=1, **changed)

    assert refused.value.revision == 2


def test_the_same_amendment_sent_twice_counts_once(draft: Make, manager: User) -> None:
    version = draft()

    for _ in range(2):
        amended = amend_draft(
            version=version,
            terms=make_terms(name="新名字"),
            effective_from=TODAY,
            expected_revision=1,
            by=manager,
            at=MOMENT,
        )

    assert amended.revision == 2
    assert version.amendments.count() == 2


def test_a_submitted_version_is_locked_until_it_is_sent_back(
    submitted: Make, manager: User, compliance: User
) -> None:
    version = submitted()
    change = {
        "version": version,
        "terms": make_terms(name="新名字"),
        "effective_from": TODAY,
        "expected_revision": 1,
        "by": manager,
        "at": MOMENT,
    }
    with pytest.raises(DraftLockedError):
        amend_draft(**change)

    reject_version(version=version, reason="改名", expected_revision=1, by=compliance, at=MOMENT)
    amend_draft(**change)
    submit_version(version=version, expected_revision=2, by=manager, at=MOMENT)

    assert Submission.objects.count() == 2
    assert Rejection.objects.count() == 1


def test_submitting_twice_is_one_submission(draft: Make, manager: User) -> None:
    version = draft()

    for _ in range(2):
        submit_version(version=version, expected_revision=1, by=manager, at=MOMENT)

    assert Submission.objects.count() == 1


def test_a_draft_that_moved_on_is_not_submitted(draft: Make, manager: User) -> None:
    with pytest.raises(StaleDraftError):
        submit_version(version=draft(), expected_revision=2, by=manager, at=MOMENT)


def test_nobody_approves_what_they_wrote_submitted_or_touched_in_between(
    draft: Make, manager: User, second_manager: User, compliance: User
) -> None:
    version = draft(by=manager)
    for by, name, revision in ((second_manager, "甲", 1), (manager, "乙", 2)):
        amend_draft(
            version=version,
            terms=make_terms(name=name),
            effective_from=TODAY,
            expected_revision=revision,
            by=by,
            at=MOMENT,
        )
    submit_version(version=version, expected_revision=3, by=manager, at=MOMENT)

    for by in (manager, second_manager):
        with pytest.raises(OwnWorkError):
            approve_version(version=version, expected_revision=3, by=by, at=MOMENT)

    assert approve_version(version=version, expected_revision=3, by=compliance, at=MOMENT)


def test_what_was_never_submitted_cannot_be_approved_or_sent_back(
    draft: Make, compliance: User
) -> None:
    version = draft()
    answer = {"version": version, "expected_revision": 1, "by": compliance, "at": MOMENT}

    with pytest.raises(NotSubmittedError):
        approve_version(**answer)
    with pytest.raises(NotSubmittedError):
        reject_version(reason="无", **answer)


def test_approving_twice_is_one_publication(submitted: Make, compliance: User) -> None:
    version = submitted()
    answer = {"version": version, "expected_revision": 1, "by": compliance, "at": MOMENT}

    assert approve_version(**answer) == approve_version(**answer)


@pytest.mark.parametrize(
    ("wished_days_ahead", "gets_days_ahead"), [(-30, 0), (0, 0), (1, 1), (60, 60)]
)
def test_a_version_holds_from_its_day_but_never_from_before_its_approval(
    wished_days_ahead: int, gets_days_ahead: int, published: Make
) -> None:
    version = published(effective_from=TODAY + timedelta(days=wished_days_ahead))

    assert days(version) == (TODAY + timedelta(days=gets_days_ahead), None)


def test_versions_follow_one_another_without_gap_or_overlap(published: Make) -> None:
    now = published(effective_from=TODAY)
    far = published(effective_from=TODAY + timedelta(days=60))
    near = published(effective_from=TODAY + timedelta(days=30))

    assert days(now) == (TODAY, TODAY + timedelta(days=30))
    assert days(near) == (TODAY + timedelta(days=30), TODAY + timedelta(days=60))
    assert days(far) == (TODAY + timedelta(days=60), None)


def test_two_versions_cannot_begin_on_the_same_day(published: Make) -> None:
    published()

    with pytest.raises(VersionOverlapError):
        published()


def test_a_withdrawn_product_gets_no_new_version(published: Make, manager: User) -> None:
    product = published().product
    for reason in ("停办", "再说一次"):
        withdrawal = withdraw_product(
            product=product, withdrawn_from=TODAY, reason=reason, by=manager, at=MOMENT
        )

    assert withdrawal.reason == "停办"
    with pytest.raises(ProductWithdrawnError):
        published(effective_from=TODAY + timedelta(days=3))


def test_a_dry_run_finds_what_the_import_does_and_leaves_nothing(
    lender: Lender, manager: User
) -> None:
    text = write_products("qinghe", [(TODAY, make_terms()), (TODAY, make_terms(code="qinghe-b"))])
    take = {"organisation_id": lender.organisation_id, "text": text, "by": manager, "at": MOMENT}

    looked = import_pack(is_dry_run=True, **take)
    left = ProductVersion.objects.count()
    done = import_pack(**take)
    again = import_pack(**take)

    assert left == 0
    assert [item.outcome for item in looked.items] == ["new", "new"]
    assert [(item.code, item.line) for item in done.items] == [
        (item.code, item.line) for item in looked.items
    ]
    assert again.changed_count == 0
    assert ProductVersion.objects.count() == 2


def test_an_import_with_one_fault_takes_nothing(lender: Lender, manager: User) -> None:
    text = write_products("qinghe", [(TODAY, make_terms()), (TODAY, make_terms(code="qinghe-b"))])
    faulty = text.replace("family: bank_car_loan", "family: bank_loan", 1)

    with pytest.raises(FaultyPackError) as refused:
        import_pack(organisation_id=lender.organisation_id, text=faulty, by=manager, at=MOMENT)

    [error] = refused.value.errors
    assert error.path == "products[0].terms.family"
    assert faulty.splitlines()[error.line - 1].strip() == "family: bank_loan"
    assert ProductVersion.objects.count() == 0


def test_a_pack_of_an_unknown_lender_is_refused_at_its_line(lender: Lender, manager: User) -> None:
    text = write_products("nobody", [(TODAY, make_terms())])

    with pytest.raises(FaultyPackError, match=r"第 2 行.*没有代码为 nobody 的资金方"):
        import_pack(organisation_id=lender.organisation_id, text=text, by=manager, at=MOMENT)


def test_an_export_holds_today_and_the_future_and_is_on_record(
    lender: Lender, published: Make, draft: Make, manager: User
) -> None:
    published()
    published(effective_from=TODAY + timedelta(days=5), prepayment=make_prepayment(notice_days=30))
    draft(name="只是草稿")

    text = export_pack(lender=lender, day=TODAY, by=manager, at=MOMENT)

    assert text.count("effective_from:") == 2
    assert "notice_days: 30" in text
    assert "只是草稿" not in text
    assert actions()[-1] == "pack.export"


def test_registering_a_lender_again_changes_only_what_differs(
    lender: Lender, manager: User
) -> None:
    def register(**changes: str) -> bool:
        record = LenderRecord(**{**QINGHE.__dict__, **changes})
        return register_lender(
            organisation_id=lender.organisation_id, lender=record, by=manager, at=MOMENT
        )[1]

    assert register() is False
    assert register(service_phone="400-000-0000") is True
