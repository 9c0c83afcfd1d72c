"""The worked examples of docs/domain are computed again, line by line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.house.tree import DOCS, text_of

from chedai.core.loans.cost import cost_of_plan
from chedai.core.loans.prepayment import PrepaymentTerms, early_settlement
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import Fee, LoanTerms
from chedai.core.rules.facts import Power, VehicleCondition, VehicleUse
from chedai.policy.book import PolicyBook
from chedai.policy.purchase import VehicleFacts, cost_of_purchase

BOOK = PolicyBook.load()


def table(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the table of a page whose heading begins like this."""
    lines = text_of(DOCS / "domain" / page).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    body = lines[start + 2 :]
    end = next((i for i, line in enumerate(body) if not line.startswith("|")), len(body))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body[:end]]


@pytest.mark.parametrize("row", table("cost_of_credit.md", "Method"), ids=" ".join)
def test_the_cost_of_credit_is_what_the_page_says(row):
    method, months, ratio, fee_yuan, extra_yuan, simple, compound = row
    is_flat = method == "flat_fee"
    terms = LoanTerms(
        method=method,
        principal_fen=10_000_000,
        term_months=int(months),
        nominal_rate_annual=Decimal(0) if is_flat else Decimal(ratio),
        flat_fee_rate_total=Decimal(ratio) if is_flat else None,
    )
    fees = [Fee(code="fee", name="手续费", amount_fen=int(fee_yuan) * 100, payee="资金方")]

    cost = cost_of_plan(build_schedule(terms), fees if int(fee_yuan) else [])

    assert round(cost.extra_over_cash_fen / 100) == int(extra_yuan)
    assert f"{cost.apr_simple * 100:.2f}" == simple
    assert f"{cost.apr_compound * 100:.2f}" == compound


@pytest.mark.parametrize("row", table("cost_of_purchase.md", "Power"), ids=" ".join)
def test_the_purchase_tax_is_what_the_page_says(row):
    power, price_yuan, tax_yuan = row
    vehicle = VehicleFacts(
        price_fen=int(price_yuan) * 100,
        vehicle_use=VehicleUse.PRIVATE,
        vehicle_condition=VehicleCondition.NEW,
        power=Power(power),
        is_on_relief_catalogue=True,
    )

    cost = cost_of_purchase(vehicle=vehicle, invoice_on=date(2026, 11, 23), policy=BOOK)

    tax = next(line for line in cost.lines if line.code == "purchase_tax")
    assert Decimal(tax.amount_fen) / 100 == Decimal(tax_yuan)


@pytest.mark.parametrize("row", table("prepayment.md", "Amortisation"), ids=" ".join)
def test_settling_early_costs_what_the_page_says(row):
    amortisation, charge, interest_yuan, payoff_yuan, simple = row
    terms = LoanTerms(
        method="flat_fee",
        principal_fen=14_000_000,
        term_months=60,
        flat_fee_rate_total=Decimal("0.15"),
    )
    prepayment = PrepaymentTerms(amortisation=amortisation, charge_steps=((60, Decimal(charge)),))

    settled = early_settlement(build_schedule(terms), terms, prepayment, after_month=24)

    assert round(settled.paid_interest_fen / 100) == int(interest_yuan)
    assert round(settled.payoff_principal_fen / 100) == int(payoff_yuan)
    assert f"{settled.cost.apr_simple * 100:.2f}" == simple


def test_an_instalment_of_the_worked_example_is_what_the_page_says():
    terms = LoanTerms(
        method="flat_fee",
        principal_fen=10_000_000,
        term_months=36,
        flat_fee_rate_total=Decimal("0.09"),
    )

    schedule = build_schedule(terms)

    assert schedule.instalment_fen[0] == 302_778
    assert f"{schedule.outstanding_after(18) / 10_000_000:.2f}" == "0.50"
