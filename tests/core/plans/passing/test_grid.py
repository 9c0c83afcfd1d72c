from decimal import Decimal
from random import Random

from tests.core.plans.passing.brute import make_case, random_case

from chedai.core.plans.bounds import financing_of, refusal_of
from chedai.core.plans.passing.grid import grids, principals_of_any_price, within_limits


def test_the_limits_are_those_of_one_plan_at_a_time():
    random = Random(7)
    for _ in range(60):
        case = random_case(random)
        for grid in grids(case, add_ons=case.inputs.add_ons, moves_price=True, moves_down=True):
            kept = within_limits(grid)
            pairs = set(zip(kept.price_fen.tolist(), kept.down_fen.tolist(), strict=True))
            for price_fen, down_fen, extras_fen in zip(
                grid.price_fen.tolist(),
                grid.down_fen.tolist(),
                grid.extras_fen.tolist(),
                strict=True,
            ):
                assert ((price_fen, down_fen) in pairs) == _allowed(
                    case, price_fen, down_fen, extras_fen
                )


def _allowed(case, price_fen, down_fen, extras_fen):
    from dataclasses import replace

    car = replace(case.inputs.car, vehicle_price_fen=price_fen)
    financing = financing_of(
        terms=case.terms, car=car, down_payment_fen=down_fen, financed_extras_fen=extras_fen
    )
    most_fen = case.terms.eligibility.vehicle_price_max_fen
    is_taken = most_fen is None or price_fen <= most_fen
    return is_taken and refusal_of(case.terms, financing) is None


def test_a_lever_that_is_not_moved_stays_where_it_is():
    (grid,) = grids(make_case(), add_ons=(), moves_price=False, moves_down=False)

    assert (grid.price_fen.tolist(), grid.down_fen.tolist()) == ([150_000_00], [50_000_00])


def test_a_moved_lever_takes_whole_steps_and_never_the_place_it_has():
    case = make_case(price_min_fen=149_700_00)

    (prices,) = grids(case, add_ons=(), moves_price=True, moves_down=False)
    (downs,) = grids(case, add_ons=(), moves_price=False, moves_down=True)

    assert prices.price_fen.tolist() == [149_900_00, 149_800_00, 149_700_00]
    assert downs.down_fen.tolist() == [
        fen for fen in range(0, 150_000_00 + 1, 100_00) if fen != 50_000_00
    ]


def test_a_principal_step_is_met_beside_an_odd_down_payment():
    case = make_case(
        product={"principal_step_fen": 1_000_00}, inputs={"down_payment_fen": 50_030_00}
    )

    (grid,) = grids(case, add_ons=(), moves_price=False, moves_down=True)
    kept = within_limits(grid)

    assert 51_000_00 in kept.down_fen.tolist()
    assert all(fen % 1_000_00 == 0 for fen in kept.principal_fen.tolist())


def test_every_allowed_principal_is_among_those_of_any_price():
    random = Random(3)
    for _ in range(60):
        case = random_case(random)
        every = principals_of_any_price(case, add_ons=case.inputs.add_ons)
        if every is None:
            assert case.costs_of is not None
            continue
        known = set(every.principal_fen.tolist())
        for grid in grids(case, add_ons=case.inputs.add_ons, moves_price=True, moves_down=True):
            assert set(within_limits(grid).principal_fen.tolist()) <= known


def test_a_share_of_a_ratio_with_many_digits_is_still_exact():
    case = make_case(product={"min_down_payment_ratio": Decimal("0.200000000000000001")})

    (grid,) = grids(case, add_ons=(), moves_price=False, moves_down=True)

    assert int(within_limits(grid).down_fen.min()) == 30_100_00
