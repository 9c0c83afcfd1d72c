"""Form fields that read money the way people type it."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django import forms

FEN_PER_YUAN: Final = 100
# Above any car and any budget of this trade; beyond it a digit was typed twice.
YUAN_MAX: Final = 100_000_000
_MONEY = re.compile(r"^([+-]?\d+(?:\.\d+)?)(万|w|千|k)?(?:元|块|块钱)?$", re.IGNORECASE)
_TIMES: Final = {"": 1, "万": 10_000, "w": 10_000, "千": 1_000, "k": 1_000}


class YuanField(forms.CharField):
    """Money typed in yuan (``5万``, ``2,600``, full-width digits), cleaned to whole fen."""

    def __init__(
        self, *, min_fen: int = 0, max_fen: int = YUAN_MAX * FEN_PER_YUAN, **options: Any
    ) -> None:
        options.setdefault("max_length", 24)
        options.setdefault("error_messages", {"required": "请填金额，例如 50000 或 5万"})
        options["error_messages"].setdefault(
            "max_length", "金额太长了，请只填数字，例如 50000 或 5万"
        )
        super().__init__(**options)
        self.min_fen, self.max_fen = min_fen, max_fen

    def clean(self, value: Any) -> int | None:
        """Give whole fen, or None for an empty optional field."""
        text = super().clean(value)
        if not text:
            return None
        fen = fen_from_text(text)
        if fen < self.min_fen:
            raise forms.ValidationError(f"金额不能小于 {self.min_fen // FEN_PER_YUAN:,} 元")
        if fen > self.max_fen:
            raise forms.ValidationError(
                f"金额超过 {self.max_fen // FEN_PER_YUAN:,} 元，请检查是不是多打了零"
            )
        return fen


def fen_from_text(text: str) -> int:
    """Whole fen from typed money.

    Raises
    ------
    ValidationError
        Not an amount, or with more than two decimals of yuan.
    """
    plain = re.sub(r"[\s,,¥¥]", "", unicodedata.normalize("NFKC", text))
    match = _MONEY.match(plain)
    if match is None:
        raise forms.ValidationError("看不懂这个金额，请填数字，例如 50000 或 5万")
    try:
        fen = Decimal(match[1]) * _TIMES[(match[2] or "").lower()] * FEN_PER_YUAN
    except InvalidOperation as error:
        raise forms.ValidationError("看不懂这个金额，请填数字，例如 50000 或 5万") from error
    if fen != fen.to_integral_value():
        raise forms.ValidationError("金额最多到分，小数点后两位")
    return int(fen)
