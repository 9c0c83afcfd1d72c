"""Purchase tax and capped subsidies, rates and caps from outside."""

from decimal import Decimal

import pytest
from tests.core.loans.vectors import read

from chedai.core.loans.purchase import capped_subsidy_fen, purchase_tax_fen
from chedai.core.money import fen_from_yuan

TAX = read("golden_tables.json")["purchase_tax"]


def tax_fen(invoice: str, relief: str, cap_fen: int | None) -> int:
    return purchase_tax_fen(
        invoice_price_fen=fen_from_yuan(invoice),
        vat_rate=Decimal("0.13"),
        tax_rate=Decimal("0.10"),
        relief_ratio=Decimal(relief),
        relief_cap_fen=cap_fen,
    )


@pytest.mark.parametrize(TAX["columns"], TAX["rows"])
def test_the_tax_follows_the_law_of_the_year(
    invoice_yuan: str, combustion_yuan: str, new_energy_2026_yuan: str, new_energy_2025_yuan: str
) -> None:
    assert tax_fen(invoice_yuan, "0", None) == fen_from_yuan(combustion_yuan)
    assert tax_fen(invoice_yuan, "0.5", 1_500_000) == fen_from_yuan(new_energy_2026_yuan)
    assert tax_fen(invoice_yuan, "1", 3_000_000) == fen_from_yuan(new_energy_2025_yuan)


def test_one_yuan_above_the_break_even_price_the_cap_bites() -> None:
    # 339 001 / 1.13 x 10 % = 30 000.09; half would be 15 000.04, the cap gives 15 000.
    assert tax_fen("339001", "0.5", 1_500_000) == 1_500_009


@pytest.mark.parametrize(
    ("ratio", "cap_yuan", "full_at_yuan"),
    [("0.12", 20_000, 166_667), ("0.10", 15_000, 150_000), ("0.08", 15_000, 187_500),
     ("0.06", 13_000, 216_667)],
)  # fmt: skip
def test_a_subsidy_reaches_its_cap_at_the_published_price(
    ratio: str, cap_yuan: int, full_at_yuan: int
) -> None:
    def subsidy_fen(price_yuan: int) -> int:
        return capped_subsidy_fen(
            price_fen=price_yuan * 100, ratio=Decimal(ratio), cap_fen=cap_yuan * 100
        )

    assert subsidy_fen(full_at_yuan) == cap_yuan * 100
    assert subsidy_fen(full_at_yuan - 1) < cap_yuan * 100
    assert subsidy_fen(full_at_yuan * 2) == cap_yuan * 100
