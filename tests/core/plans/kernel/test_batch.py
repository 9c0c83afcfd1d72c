import numpy as np
import pytest
from tests.core.plans.kernel.agreement import assert_agrees
from tests.core.plans.kernel.contracts import equal_instalment

from chedai.core.plans.kernel.batch import price_batch
from chedai.core.plans.kernel.columns import LoanColumns


@pytest.mark.parametrize(("principal_fen", "dtype"), [(100_000_00, np.int32), (10**10, np.int64)])
def test_schedules_take_the_smallest_integers_that_hold_them(principal_fen, dtype):
    loans = LoanColumns.of_terms([equal_instalment(principal_fen, 36, "0.0588")])

    schedules = price_batch(loans, threads=1, with_schedules=True).schedules

    assert schedules is not None
    assert schedules.instalment_fen.dtype == schedules.principal_fen.dtype == dtype
    assert int(schedules.principals_of(0).sum()) == principal_fen


def test_columns_that_may_not_be_written_or_are_strided_are_read_all_the_same():
    principal = np.arange(1_000_000, 1_000_400)[::2]
    principal.flags.writeable = False
    loans = LoanColumns.of(
        conditions=[equal_instalment(1, 36, "0.0588")],
        condition_index=np.zeros(200, dtype=np.int64),
        principal_fen=principal,
        taken_at_start_fen=np.broadcast_to(np.int64(20_000), 200),
    )

    assert_agrees(loans)
