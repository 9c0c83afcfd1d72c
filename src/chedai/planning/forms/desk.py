from __future__ import annotations

from typing import Any, Final

from django import forms

from chedai.web.fields import FEN_PER_YUAN, YuanField

TERM_SETS: Final = {
    "12-24-36": "1、2、3 年",
    "24-36-48": "2、3、4 年",
    "36-48-60": "3、4、5 年",
    "48-60-72": "4、5、6 年",
    "60-72-84": "5、6、7 年",
}
EXPIRED: Final = dict.fromkeys(("required", "invalid", "min_value"), "页面已过期，请刷新")
UNLISTED: Final = dict.fromkeys(("required", "invalid_choice"), "请从列出的里面选")
CHANGED: Final = dict.fromkeys(("required", "invalid"), "这个方案已经变了，请刷新")


class DeskForm(forms.Form):
    """What the advisor may set on the desk; empty = as the need says."""

    revision = forms.IntegerField(min_value=0, error_messages=EXPIRED)
    vehicle = forms.CharField(
        max_length=60, required=False, error_messages={"max_length": "车型代码最多 60 个字"}
    )
    vehicle_price = YuanField(min_fen=1_000 * FEN_PER_YUAN, max_fen=20_000_000 * FEN_PER_YUAN)
    down_payment = YuanField()
    down_payment_step = YuanField(min_fen=100 * FEN_PER_YUAN)
    terms = forms.ChoiceField(
        choices=list(TERM_SETS.items()),
        error_messages=dict.fromkeys(UNLISTED, "请从列出的期限里选"),
    )
    condition = forms.ChoiceField(
        choices=[("new", "新车"), ("used", "二手车")], error_messages=UNLISTED
    )
    power = forms.ChoiceField(
        choices=[("combustion", "燃油"), ("new_energy", "新能源")], error_messages=UNLISTED
    )
    use = forms.ChoiceField(
        choices=[("private", "自用"), ("commercial", "营运")], error_messages=UNLISTED
    )
    prepayment_month = forms.IntegerField(
        min_value=1,
        max_value=84,
        required=False,
        error_messages={
            "invalid": "填月数，例如 24",
            "min_value": "至少 1 个月",
            "max_value": "最多 84 个月",
        },
    )

    add_ons = YuanField(required=False)
    add_ons_financed = YuanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Hold the down payment against the price, and what is lent for add-ons against theirs."""
        cleaned = super().clean() or {}
        add_ons_fen, lent_fen = cleaned.get("add_ons") or 0, cleaned.get("add_ons_financed") or 0
        if "add_ons" not in self.errors and lent_fen > add_ons_fen:
            said = f"附加品一共才 {add_ons_fen // FEN_PER_YUAN:,} 元，贷的不能比它多"
            self.add_error("add_ons_financed", said)
        price_fen, down_fen = cleaned.get("vehicle_price"), cleaned.get("down_payment")
        if price_fen is not None and down_fen is not None and down_fen > price_fen:
            self.add_error(
                "down_payment", f"首付比车价还多，车价是 {price_fen // FEN_PER_YUAN:,} 元"
            )
        return cleaned


class PinForm(forms.Form):
    """A plan put into place A, B or C, with the reason."""

    letter = forms.ChoiceField(
        choices=[(x, x) for x in "ABC"],
        error_messages=dict.fromkeys(UNLISTED, "位置只有 A、B、C 三个，请选一个"),
    )
    plan = forms.RegexField(r"^\d{1,18}:\d{1,3}:\d{1,13}$", error_messages=CHANGED)
    reason = forms.CharField(
        max_length=120,
        error_messages={"required": "写一句为什么换成它", "max_length": "最多 120 个字"},
    )

    def clean_plan(self) -> tuple[int, int, int]:
        """Read version, months and down payment in fen."""
        version_id, months, down_fen = self.cleaned_data["plan"].split(":")
        return int(version_id), int(months), int(down_fen)


class CompetitorForm(forms.Form):
    """Another store's offer: whatever the customer remembers of it."""

    form_key = forms.UUIDField(error_messages=EXPIRED)
    principal = YuanField(min_fen=FEN_PER_YUAN)
    term_months = forms.IntegerField(
        min_value=1,
        max_value=120,
        error_messages={
            "required": "填多少期，例如 36",
            "invalid": "填月数，例如 36",
            "min_value": "至少 1 期",
            "max_value": "最多 120 期",
        },
    )
    monthly = YuanField(required=False, min_fen=FEN_PER_YUAN)
    fee_upfront = YuanField(required=False)
    rebate = YuanField(required=False)
    flat_rate = forms.DecimalField(
        min_value=0,
        max_value=100,
        max_digits=7,
        decimal_places=4,
        required=False,
        error_messages={
            "invalid": "填百分数，例如 0.3",
            "max_value": "最多 100",
            "min_value": "不能是负数",
        },
    )
    flat_rate_kind = forms.ChoiceField(
        choices=[("monthly", "每月"), ("annual", "每年"), ("total", "总共"), ("nominal", "年利率")],
        required=False,
        error_messages=UNLISTED,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for at least one price."""
        cleaned = super().clean() or {}
        if not self.errors and cleaned.get("monthly") is None and cleaned.get("flat_rate") is None:
            self.add_error("monthly", "月供和费率至少填一个")
        return cleaned
