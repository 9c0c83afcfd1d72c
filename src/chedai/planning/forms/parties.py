from __future__ import annotations

import re
import unicodedata

from django import forms

MOBILE = re.compile(r"^1[3-9]\d{9}$")


class PartyForm(forms.Form):
    """Who the customer is, once the customer agreed."""

    name = forms.CharField(
        max_length=40, error_messages={"required": "填客户的姓名", "max_length": "姓名最多 40 个字"}
    )
    phone = forms.CharField(
        max_length=20, error_messages={"required": "填客户的手机号", "max_length": "手机号太长"}
    )
    agreed = forms.BooleanField(error_messages={"required": "客户同意以后才能存，请当面说明后打勾"})

    def clean_phone(self) -> str:
        """Take a mainland mobile number, spaces and full-width digits forgiven."""
        plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", self.cleaned_data["phone"]))
        if not MOBILE.match(plain):
            raise forms.ValidationError("手机号要 11 位、1 开头")
        return plain


class RevealForm(forms.Form):
    """Why somebody needs to see what is masked."""

    reason = forms.CharField(
        min_length=4,
        max_length=80,
        error_messages={
            "required": "写明为什么要看",
            "min_length": "写得具体一点，至少 4 个字",
            "max_length": "最多 80 个字",
        },
    )
