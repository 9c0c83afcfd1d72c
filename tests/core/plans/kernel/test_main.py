from dataclasses import replace

import pytest

from chedai.core.plans.kernel import __main__ as warm
from chedai.core.plans.kernel import sweeping
from chedai.core.plans.kernel.pricing import price_by_kernel


def test_warming_up_compares_every_variant_with_the_oracle(monkeypatch):
    priced = []

    def watched(loans, *, with_schedules):
        priced.append((int(loans.principal_fen[0]), with_schedules))
        return price_by_kernel(loans, with_schedules=with_schedules)

    monkeypatch.setattr(warm, "price_by_kernel", watched)

    warm.warm_up()

    assert priced == [
        (100_000_00, False),
        (100_000_00, True),
        (10**10, False),
        (10**10, True),
    ]


@pytest.mark.parametrize(("column", "off"), [("last_fen", 1), ("irr_monthly", 2e-10)])
def test_a_kernel_that_disagrees_is_refused(monkeypatch, column, off):
    def wrong(loans, *, with_schedules):
        quotes = price_by_kernel(loans, with_schedules=with_schedules)
        return replace(quotes, **{column: getattr(quotes, column) + off})

    monkeypatch.setattr(warm, "price_by_kernel", wrong)

    with pytest.raises(warm.KernelDisagreesError, match="不一致"):
        warm.warm_up()


def test_a_kernel_that_sweeps_rows_away_is_refused(monkeypatch):
    monkeypatch.setattr(sweeping, "sweep", lambda ranked, order, kept: 0)

    with pytest.raises(warm.KernelDisagreesError, match="逐个比较不一致"):
        warm.warm_up(with_schedules=())


def test_searches_alone_need_no_schedules(monkeypatch):
    kept = []

    def watched(loans, *, with_schedules):
        kept.append(with_schedules)
        return price_by_kernel(loans, with_schedules=with_schedules)

    monkeypatch.setattr(warm, "price_by_kernel", watched)

    warm.warm_up(with_schedules=(False,))

    assert set(kept) == {False}
