"""What people type about products, turned into product terms."""

from chedai.catalogue.forms.decisions import (
    PackForm,
    RejectionForm,
    ReviewForm,
    WithdrawalForm,
)
from chedai.catalogue.forms.editor import EditedTerms, blank_values, read_editor, values_of
from chedai.catalogue.forms.fields import GROUPS, ROWS

__all__ = [
    "GROUPS",
    "ROWS",
    "EditedTerms",
    "PackForm",
    "RejectionForm",
    "ReviewForm",
    "WithdrawalForm",
    "blank_values",
    "read_editor",
    "values_of",
]
