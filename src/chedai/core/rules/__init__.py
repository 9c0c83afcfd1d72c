"""What a rule looks at (facts) and what it says (findings); no files, no clock."""

from chedai.core.rules.facts import (
    ContractNature,
    Facts,
    Fee,
    LenderKind,
    PayeeKind,
    Power,
    VehicleCondition,
    VehicleUse,
    contract_nature_in_law,
)
from chedai.core.rules.finding import Citation, Finding, Severity

__all__ = [
    "Citation",
    "ContractNature",
    "Facts",
    "Fee",
    "Finding",
    "LenderKind",
    "PayeeKind",
    "Power",
    "Severity",
    "VehicleCondition",
    "VehicleUse",
    "contract_nature_in_law",
]
