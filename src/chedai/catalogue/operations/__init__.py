"""Acts on the catalogue: each in one transaction, with one audit event, the moment passed in."""

from chedai.catalogue.operations.drafts import (
    DraftLockedError,
    GapsInTermsError,
    ProductCodeTakenError,
    StaleDraftError,
    amend_draft,
    draft_version,
    submit_version,
)
from chedai.catalogue.operations.packs import (
    PackItem,
    PackPreview,
    export_pack,
    import_pack,
)
from chedai.catalogue.operations.publication import (
    NotSubmittedError,
    OwnWorkError,
    ProductWithdrawnError,
    VersionOverlapError,
    approve_version,
    reject_version,
    withdraw_product,
)
from chedai.catalogue.operations.registers import (
    register_lender,
    register_vehicle,
)

__all__ = [
    "DraftLockedError",
    "GapsInTermsError",
    "NotSubmittedError",
    "OwnWorkError",
    "PackItem",
    "PackPreview",
    "ProductCodeTakenError",
    "ProductWithdrawnError",
    "StaleDraftError",
    "VersionOverlapError",
    "amend_draft",
    "approve_version",
    "draft_version",
    "export_pack",
    "import_pack",
    "register_lender",
    "register_vehicle",
    "reject_version",
    "submit_version",
    "withdraw_product",
]
