"""Questions to the catalogue."""

from chedai.catalogue.queries.cursors import UnreadableCursorError
from chedai.catalogue.queries.listing import (
    ProductFilter,
    product_by_code,
    product_page,
    published_before,
    version_by_id,
    versions_of,
)
from chedai.catalogue.queries.products import (
    UnknownVersionError,
    product_terms_on,
    product_versions_on,
    terms_of_versions,
)
from chedai.catalogue.queries.vehicles import (
    VehicleOption,
    search_vehicles,
    vehicle_by_code,
    vehicle_by_id,
    vehicle_options,
    vehicle_page,
)

__all__ = [
    "ProductFilter",
    "UnknownVersionError",
    "UnreadableCursorError",
    "VehicleOption",
    "product_by_code",
    "product_page",
    "product_terms_on",
    "product_versions_on",
    "published_before",
    "search_vehicles",
    "terms_of_versions",
    "vehicle_by_code",
    "vehicle_by_id",
    "vehicle_options",
    "vehicle_page",
    "version_by_id",
    "versions_of",
]
