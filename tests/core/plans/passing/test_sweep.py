from tests.core.plans.passing.brute import make_case

from chedai.core.plans.passing.case import PassNeeds
from chedai.core.plans.passing.sweep import Sweep, drops_of
from chedai.core.plans.plan import CostLine


def test_the_cheapest_candidate_moves_exactly_the_levers_named():
    sweep = Sweep(make_case(needs=PassNeeds(payment_max_fen=2_500_00)))

    by_down, by_term = sweep.best(("down_payment",), 0), sweep.best(("term",), 1)
    by_both = sweep.best(("down_payment", "term"), 2)

    assert sweep.best((), 0) is None
    assert by_down is not None
    assert (by_down.price_fen, by_down.offer.term_months) == (150_000_00, 36)
    assert by_down.down_fen > 50_000_00
    assert by_term is not None
    assert (by_term.down_fen, by_term.offer.term_months) == (50_000_00, 48)
    assert by_both is not None
    assert by_both.down_fen != 50_000_00
    assert by_both.offer.term_months != 36


def test_the_nearest_miss_names_what_the_candidate_that_breaks_least_breaks():
    case = make_case(
        needs=PassNeeds(payment_max_fen=2_500_00), product={"principal_min_fen": 95_000_00}
    )

    missed = Sweep(case).nearest_miss(["down_payment"])

    assert {reason.code for reason in missed} == {"payment_max"}


def test_add_ons_are_left_out_alone_before_they_are_left_out_together():
    lines = tuple(
        CostLine(code=code, name=code, amount_fen=fen, payee="本店")
        for code, fen in (("film", 100), ("care", 200), ("gift", 0))
    )
    film, care, _ = lines

    assert drops_of(make_case(inputs={"add_ons": lines})) == [(film,), (care,), (film, care)]
