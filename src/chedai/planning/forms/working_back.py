from __future__ import annotations

from typing import Any

from django import forms

from chedai.core.plans.search import PlanNeeds
from chedai.core.plans.unknowns import NO_LIMIT_FEN
from chedai.web.fields import YuanField


class LimitsForm(forms.Form):
    """What the customer will not go beyond, together; empty = not said."""

    payment = YuanField(required=False)
    cash = YuanField(required=False)
    extra = YuanField(required=False)
    on = forms.DateField(required=False, error_messages={"invalid": "填日期，例如 2029-06-30"})

    def clean(self) -> dict[str, Any]:
        """Ask for at least one limit: without any there is nothing to work back from."""
        cleaned = super().clean() or {}
        if not self.errors and all(value is None for value in cleaned.values()):
            self.add_error("payment", "四样里至少填一样")
        return cleaned

    @property
    def needs(self) -> PlanNeeds:
        """The limits, once the form is valid."""
        said = self.cleaned_data
        return PlanNeeds(
            cash_fen=NO_LIMIT_FEN if said["cash"] is None else said["cash"],
            payment_max_fen=said["payment"],
            extra_max_fen=said["extra"],
            last_due_on_max=said["on"],
        )
