from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.portfolio.builders import BANK, LOSS_RATES_PPM, make_terms

from chedai.portfolio.days import whole_months
from chedai.portfolio.terms import Classification, TermsRefusedError, bucket_of


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        *[(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (120, 4)],
        *[(121, 5), (150, 5), (151, 6), (180, 6), (181, 7), (10_000, 7)],
    ],
)
def test_buckets_have_these_edges(days, bucket):
    assert bucket_of(days) == bucket


def test_a_close_is_compared_with_the_end_of_the_month_before_unless_told():
    assert make_terms(date(2026, 6, 30)).compared_on == date(2026, 5, 31)
    assert make_terms(date(2026, 6, 1)).compared_on == date(2026, 5, 31)
    assert make_terms(compared_on=date(2026, 1, 31)).compared_on == date(2026, 1, 31)


@pytest.mark.parametrize("as_of", [date(2026, 6, 30), date(2028, 2, 29), date(2026, 3, 31)])
@pytest.mark.parametrize("months", [6, 12])
def test_observation_of_a_restructured_loan_ends_with_its_whole_months(as_of, months):
    terms = make_terms(as_of, restructured_observation_months=months)
    latest_free = terms.restructured_after

    assert whole_months(latest_free, as_of) >= months
    assert whole_months(date.fromordinal(latest_free.toordinal() + 1), as_of) < months


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"compared_on": date(2026, 6, 30)}, "早于关账日"),
        ({"as_of": date(9001, 1, 1)}, "超出可处理范围"),
        ({"compared_on": date(1899, 12, 31)}, "超出可处理范围"),
        ({"loss_rates_ppm": LOSS_RATES_PPM[:7]}, "共 8 个"),
        ({"loss_rates_ppm": (1_000_001, *LOSS_RATES_PPM[1:])}, "在 0 与 1 之间"),
        ({"loss_rates_ppm": (-1, *LOSS_RATES_PPM[1:])}, "在 0 与 1 之间"),
        ({"schemes": ()}, "不能为空"),
        ({"schemes": (BANK, BANK)}, "不能重名"),
    ],
)
def test_terms_that_contradict_themselves_are_refused(changed, said):
    with pytest.raises(TermsRefusedError, match=said):
        make_terms(**{"as_of": date(2026, 6, 30), **changed})


@pytest.mark.parametrize("changed", [{"substandard_over_days": 270}, {"loss_over_days": 100}])
def test_a_ladder_that_does_not_rise_is_refused(changed):
    with pytest.raises(TermsRefusedError, match="逐级递增"):
        replace(BANK, **changed)


def test_the_categories_are_five_in_this_order():
    assert [c.name.lower() for c in Classification] == [
        *("normal", "special_mention", "substandard", "doubtful", "loss")
    ]
