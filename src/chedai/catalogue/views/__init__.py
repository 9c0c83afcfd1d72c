from chedai.catalogue.views.editing import (
    draft_preview,
    draft_row,
    lender_products,
    product_new,
    product_versions,
    version_draft,
    version_new,
)
from chedai.catalogue.views.packs import lender_pack, pack_import, pack_imports
from chedai.catalogue.views.reading import product, product_list, vehicle_list, version
from chedai.catalogue.views.reviewing import (
    product_withdrawal,
    version_publication,
    version_rejection,
    version_review,
    version_submission,
)

__all__ = [
    "draft_preview",
    "draft_row",
    "lender_pack",
    "lender_products",
    "pack_import",
    "pack_imports",
    "product",
    "product_list",
    "product_new",
    "product_versions",
    "product_withdrawal",
    "vehicle_list",
    "version",
    "version_draft",
    "version_new",
    "version_publication",
    "version_rejection",
    "version_review",
    "version_submission",
]
