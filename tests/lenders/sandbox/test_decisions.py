"""What invented lenders decide: repeatable, sensible, and never more than asked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from tests.lenders.packs import MOMENT, make_application

from chedai.lenders.sandbox.decisions import decide, disclosure_of, draw, preview, stipulations_of
from chedai.lenders.sandbox.personalities import PERSONALITIES

if TYPE_CHECKING:
    from chedai.lenders.sandbox.decisions import Verdict

TODAY = MOMENT.date()
EVERY = sorted(PERSONALITIES)


def verdict(code: str, ref: str = "P1", *, seed: int = 1, **changes: Any) -> Verdict:
    application = make_application(ref, **changes)
    return decide(PERSONALITIES[code], application, seed=seed, today=TODAY)


@pytest.mark.parametrize("code", EVERY)
def test_the_same_seed_and_application_get_the_same_answer(code: str):
    assert verdict(code) == verdict(code)


def test_a_draw_is_between_nought_and_one_and_differs():
    drawn = [draw(1, "x", str(number)) for number in range(1_000)]

    assert all(0 <= each < 1 for each in drawn)
    assert 0.45 < sum(drawn) / len(drawn) < 0.55
    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize("code", EVERY)
def test_somebody_overdue_today_is_refused_with_the_reason(code: str):
    found = verdict(code, borrower={"credit_history": "current_overdue"})

    assert found.refusal is not None
    assert found.refusal.reasons[0].code == "R03"
    assert 1 <= len(found.refusal.reasons) <= 4
    assert (
        preview(
            PERSONALITIES[code], make_application(borrower={"credit_history": "current_overdue"})
        ).outcome
        == "not_eligible"
    )


@pytest.mark.parametrize("code", EVERY)
def test_nobody_is_lent_more_than_was_asked_or_than_the_car_allows(code: str):
    mind = PERSONALITIES[code]
    for number in range(60):
        found = verdict(code, f"P{number}", principal_fen=140_000_00, monthly_payment_fen=4_126_00)
        if found.offer:
            assert found.offer.principal_fen <= 140_000_00
            assert found.offer.principal_fen <= mind.max_loan_to_value * 150_000_00
            assert found.is_counter == (found.offer.principal_fen < 140_000_00)


def test_lenders_differ_and_each_knows_more_than_one_answer():
    answers = {
        code: Counter(
            "refused" if found.refusal else "countered" if found.is_counter else "approved"
            for number in range(200)
            for found in [
                verdict(
                    code,
                    f"P{number}",
                    borrower={
                        "monthly_income_fen": 4_000_00 + number * 60_00,
                        "credit_history": ("clean", "thin", "many_inquiries")[number % 3],
                    },
                )
            ]
        )
        for code in EVERY
    }

    assert all(len(counted) >= 2 for counted in answers.values())
    assert answers["qiyue"]["refused"] < answers["linxi_card"]["refused"]


@pytest.mark.parametrize("code", EVERY)
def test_a_worse_burden_is_never_better_received(code: str):
    ranks = []
    for debt_fen in (0, 3_000_00, 6_000_00, 9_000_00, 12_000_00):
        found = verdict(code, borrower={"monthly_debt_fen": debt_fen})
        ranks.append(0 if found.refusal else 1 if found.is_counter else 2)

    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize("code", EVERY)
def test_every_line_of_a_disclosure_has_a_payee_and_the_fees_are_all_there(code: str):
    mind = PERSONALITIES[code]
    offer = next(
        found.offer for number in range(40) if (found := verdict(code, f"P{number}")).offer
    )

    disclosed = disclosure_of(mind, offer)

    assert {fee.name for fee in offer.fees} <= {item.name for item in disclosed.items}
    assert all(item.payee for item in disclosed.items)
    assert disclosed.apr_simple >= offer.nominal_rate_annual
    assert "不再收取" in disclosed.statement


def test_what_is_asked_for_is_asked_of_some_and_not_of_all():
    mind = PERSONALITIES["yunling"]
    asked = [
        bool(stipulations_of(mind, make_application(f"P{n}"), seed=1, today=TODAY))
        for n in range(200)
    ]

    assert 0.35 < sum(asked) / len(asked) < 0.65
