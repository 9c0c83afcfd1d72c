from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.portfolio.builders import BANK, CARD, LOSS_RATES_PPM, SIXTY

from chedai.policy.book import PolicyBook
from chedai.policy.day import PolicyNumberAbsentError
from chedai.portfolio.terms import TermsRefusedError
from chedai.portfolio.terms_of_policy import _rates_ppm, terms_on

BOOK = PolicyBook.load()
DAY = date(2026, 6, 30)


def test_the_book_has_the_ladders_of_the_three_kinds_of_lenders():
    assert terms_on(DAY, book=BOOK).schemes == (BANK, CARD, SIXTY)


def test_the_book_has_the_observation_of_non_performing_and_restructured_loans():
    terms = terms_on(DAY, book=BOOK)

    assert (terms.observation_months, terms.observation_instalments) == (6, 2)
    assert terms.restructured_observation_months == 12
    assert terms.book_version == BOOK.version


def test_loss_rates_are_those_of_the_method():
    assert terms_on(DAY, book=BOOK).loss_rates_ppm == LOSS_RATES_PPM
    assert terms_on(DAY, book=BOOK, loss_method="pd_lgd").loss_rates_ppm[:2] == (12_000, 120_000)


def test_a_day_before_the_policy_is_closed_by_the_policy_of_another_day():
    with pytest.raises(PolicyNumberAbsentError):
        terms_on(date(2020, 1, 31), book=BOOK)

    assert terms_on(date(2020, 1, 31), book=BOOK, policy_on=DAY).as_of == date(2020, 1, 31)


def test_fields_that_are_told_replace_the_usual_ones():
    terms = terms_on(DAY, book=BOOK, compared_on=date(2026, 1, 31))

    assert terms.compared_on == date(2026, 1, 31)


@pytest.mark.parametrize(
    "ratios",
    [
        {"M0": Decimal("0.1")},
        {f"M{n}": Decimal("0.0000001") for n in range(8)},
        {f"M{n}": Decimal(0) for n in range(7, -1, -1)},
    ],
)
def test_rates_of_other_buckets_or_too_many_decimals_are_refused(ratios):
    with pytest.raises(TermsRefusedError):
        _rates_ppm(ratios)
