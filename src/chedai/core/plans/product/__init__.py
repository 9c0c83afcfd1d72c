"""One product version: its terms, how they are read and written, what keeps them unpublished."""

from chedai.core.plans.product.gaps import mandatory_gaps
from chedai.core.plans.product.reading import FieldError, MalformedTermsError
from chedai.core.plans.product.terms import (
    CONTRACT_NATURE_LABELS,
    FAMILY_LABELS,
    LENDER_KIND_LABELS,
    AddOnCondition,
    BalloonOptions,
    Campaign,
    ChargeStep,
    Eligibility,
    FeeRule,
    FirstDueRule,
    PrepaymentRule,
    ProductTerms,
    ProductVersion,
    RateSegment,
    Subvention,
    TermOffer,
    ownership_banner,
)

__all__ = [
    "CONTRACT_NATURE_LABELS",
    "FAMILY_LABELS",
    "LENDER_KIND_LABELS",
    "AddOnCondition",
    "BalloonOptions",
    "Campaign",
    "ChargeStep",
    "Eligibility",
    "FeeRule",
    "FieldError",
    "FirstDueRule",
    "MalformedTermsError",
    "PrepaymentRule",
    "ProductTerms",
    "ProductVersion",
    "RateSegment",
    "Subvention",
    "TermOffer",
    "mandatory_gaps",
    "ownership_banner",
]
