from __future__ import annotations

from typing import Any, Final

from django import forms

from chedai.core.plans.solver import Goal
from chedai.web.fields import YuanField

GOAL_LABELS: Final = {
    "payment": "月供不超过",
    "cash": "提车现金不超过",
    "last_due": "最晚还清的日子",
    "extra": "比全款多付不超过",
}


class TargetForm(forms.Form):
    """What the customer wants to reach: one kind, with an amount or a day."""

    kind = forms.ChoiceField(
        choices=list(GOAL_LABELS.items()), error_messages={"invalid_choice": "请从列出的目标里选"}
    )
    amount = YuanField(required=False)
    on = forms.DateField(required=False, error_messages={"invalid": "填日期，例如 2029-06-30"})

    def clean(self) -> dict[str, Any]:
        """Ask for the day or the amount, whichever the kind needs."""
        cleaned = super().clean() or {}
        name = "on" if cleaned.get("kind") == "last_due" else "amount"
        if name not in self.errors and cleaned.get(name) is None:
            said = "填哪天之前还清" if name == "on" else "请填金额，例如 3000"
            self.add_error(name, said)
        return cleaned

    @property
    def goal(self) -> Goal:
        """The target; only of a form that is valid."""
        cleaned = self.cleaned_data
        return Goal(cleaned["kind"], limit_fen=cleaned["amount"] or 0, on=cleaned["on"])
