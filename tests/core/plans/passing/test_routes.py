from random import Random

import pytest
from tests.core.plans.passing.brute import brute, random_case

from chedai.core.plans.passing.case import PassRoute
from chedai.core.plans.passing.routes import find_pass


@pytest.mark.parametrize("seed", range(10))
def test_every_route_is_the_one_that_trying_everything_finds(seed: int):
    random = Random(seed)

    for _ in range(100):
        case = random_case(random)
        found, expected = find_pass(case), brute(case)

        if expected is None:
            assert not isinstance(found, PassRoute)
            continue
        assert isinstance(found, PassRoute)
        moved = tuple((change.lever, change.amount) for change in found.changes)
        assert (len(found.changes), found.cost_fen) == expected[:2]
        assert moved == expected[-1]
