from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from chedai.staff.models import Store, User
from chedai.staff.roles import ROLE_LABELS


class StoreField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A store by its name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class PlaceForm(forms.Form):
    """Roles and store of an account."""

    roles = forms.MultipleChoiceField(
        label="角色",
        choices=[(str(role), label) for role, label in ROLE_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    store = StoreField(
        label="门店", queryset=Store.objects.none(), required=False, empty_label="全部门店"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["store"]
        assert isinstance(field, StoreField)
        field.queryset = Store.objects.order_by("code")


class AccountForm(PlaceForm):
    """A new account."""

    username = forms.CharField(label="用户名", max_length=64)
    display_name = forms.CharField(label="姓名", max_length=40)
    email = forms.EmailField(label="邮箱（可不填）", required=False)
    password = forms.CharField(
        label="初始密码（至少 10 位）",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ("username", "display_name", "email", "password", "roles", "store")

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"].lower()
        User._meta.get_field("username").run_validators(username)
        return username

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class PasswordForm(forms.Form):
    """A new password for somebody who lost theirs."""

    password = forms.CharField(
        label="新密码（至少 10 位）",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
