"""Plans with boring defaults: a private new car on a bank's car loan, in order in every way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from chedai.core.rules import (
    ContractNature,
    Facts,
    Fee,
    LenderKind,
    PayeeKind,
    Power,
    VehicleCondition,
    VehicleUse,
)
from chedai.policy.evaluation import policy_day_for
from chedai.policy.rule import weighed
from chedai.policy.rules import RULES

if TYPE_CHECKING:
    from chedai.policy.book import PolicyBook

ORDERLY = Facts(
    vehicle_price_fen=10_000_000,
    list_price_fen=10_000_000,
    principal_fen=5_000_000,
    term_months=36,
    vehicle_use=VehicleUse.PRIVATE,
    vehicle_condition=VehicleCondition.NEW,
    power=Power.COMBUSTION,
    lender_kind=LenderKind.BANK,
    contract_nature=ContractNature.CAR_LOAN,
    decided_on=date(2026, 11, 23),
    apr_simple=Decimal("0.0500"),
    apr_compound=Decimal("0.0512"),
)

GPS_FEE = Fee(
    code="gps",
    name_zh="GPS 费",
    amount_fen=100_000,
    payee_name="晨星汽贸有限公司",
    payee_kind=PayeeKind.DEALER,
    is_on_disclosure_form=True,
)


def make_facts(**changes):
    return replace(ORDERLY, **changes)


def make_fee(**changes):
    return replace(GPS_FEE, **changes)


def findings_of(rule_id: str, facts: Facts, book: PolicyBook):
    """Only this rule's findings, weighed as in an evaluation."""
    return [weighed(item) for item in RULES[rule_id].check(facts, policy_day_for(facts, book))]


def severities_of(rule_id: str, facts: Facts, book: PolicyBook):
    return [finding.severity.value for finding in findings_of(rule_id, facts, book)]
