from chedai.catalogue.models.products import (
    Amendment,
    CatalogueRevision,
    Lender,
    Product,
    ProductVersion,
    ProductWithdrawal,
    Publication,
    Rejection,
    Submission,
)
from chedai.catalogue.models.vehicles import Vehicle, VehiclePrice

__all__ = [
    "Amendment",
    "CatalogueRevision",
    "Lender",
    "Product",
    "ProductVersion",
    "ProductWithdrawal",
    "Publication",
    "Rejection",
    "Submission",
    "Vehicle",
    "VehiclePrice",
]
