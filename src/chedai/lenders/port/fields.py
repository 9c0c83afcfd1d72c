"""The dictionary of fields and documents lenders may ask for: one name, one meaning, one check.

A lender names what it needs from here; the form of a deal shows the union over the lenders
chosen, each field once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "fen", "count", "months", "date", "choice"]
Value = str | int
FEN_MAX: Final = 100_000_000 * 100
COUNT_MAX: Final = 1_200
DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: what it is called, of whom it is asked, and which values it may take."""

    label: str
    kind: Kind
    group: Literal["person", "work", "car", "money"]
    choices: Mapping[str, str] | None = None
    is_sensitive: bool = False

    def fault(self, value: object) -> str | None:
        """Say in Chinese what is wrong with a value; None when nothing is."""
        if self.kind in ("fen", "count", "months"):
            most = FEN_MAX if self.kind == "fen" else COUNT_MAX
            if isinstance(value, bool) or not isinstance(value, int):
                return f"{self.label}要填整数"
            return None if 0 <= value <= most else f"{self.label}超出了可能的范围"
        if not isinstance(value, str) or not value.strip():
            return f"{self.label}还没填"
        if self.kind == "date" and not DATE.fullmatch(value):
            return f"{self.label}要写成 2026-11-24 这样的日期"
        if self.choices is not None and value not in self.choices:
            return f"{self.label}只能选：{'、'.join(self.choices.values())}"
        return None if len(value) <= 200 else f"{self.label}太长，最多 200 字"


EMPLOYMENT: Final = {
    "salaried": "上班",
    "self_employed": "做生意",
    "ride_hailing": "跑车",
    "retired": "退休",
    "other": "其他",
}
MARITAL: Final = {"married": "已婚", "single": "未婚", "divorced": "离异", "widowed": "丧偶"}
CREDIT: Final = {
    "clean": "没问题",
    "thin": "没有记录",
    "many_inquiries": "查询多",
    "past_overdue": "有过逾期，已还清",
    "current_overdue": "现在有逾期",
}

FIELDS: Final[Mapping[str, FieldSpec]] = {
    "name": FieldSpec("姓名", "text", "person", is_sensitive=True),
    "id_number": FieldSpec("身份证号", "text", "person", is_sensitive=True),
    "phone": FieldSpec("手机号", "text", "person", is_sensitive=True),
    "address": FieldSpec("居住地址", "text", "person", is_sensitive=True),
    "age_years": FieldSpec("年龄", "count", "person"),
    "marital_status": FieldSpec("婚姻", "choice", "person", MARITAL),
    "residence_city": FieldSpec("居住城市", "text", "person"),
    "residence_months": FieldSpec("住了几个月", "months", "person"),
    "employment": FieldSpec("工作", "choice", "work", EMPLOYMENT),
    "employer": FieldSpec("单位", "text", "work"),
    "employed_months": FieldSpec("干了几个月", "months", "work"),
    "monthly_income_fen": FieldSpec("月收入", "fen", "money"),
    "monthly_debt_fen": FieldSpec("每月还别的贷款", "fen", "money"),
    "credit_history": FieldSpec("征信自述", "choice", "money", CREDIT),
    "hard_inquiries_6m": FieldSpec("半年内查询次数", "count", "money"),
    "repayment_account": FieldSpec("还款卡号", "text", "money", is_sensitive=True),
    "vehicle_description": FieldSpec("车型", "text", "car"),
    "vehicle_condition": FieldSpec("新旧", "choice", "car", {"new": "新车", "used": "二手车"}),
    "vehicle_use": FieldSpec("用途", "choice", "car", {"private": "自用", "commercial": "营运"}),
    "vehicle_price_fen": FieldSpec("车价", "fen", "car"),
    "vin": FieldSpec("车架号", "text", "car"),
    "plate_city": FieldSpec("上牌城市", "text", "car"),
}

DOCUMENTS: Final[Mapping[str, str]] = {
    "id_card": "身份证（正反面）",
    "driving_licence": "驾驶证",
    "credit_authorisation": "征信授权书",
    "bank_statement": "银行流水",
    "income_proof": "收入证明",
    "credit_report": "本人信用报告",
    "marriage_certificate": "结婚证",
    "business_licence": "营业执照",
    "purchase_contract": "购车合同",
    "down_payment_proof": "首付凭证",
    "vehicle_registration": "登记证书",
    "appraisal_report": "评估报告",
    "social_security": "社保缴纳记录",
}


def unmet(
    required: Iterable[str], values: Mapping[str, Value], *, person: str = ""
) -> dict[str, str]:
    """Say which required fields are missing or wrong, by field name, in Chinese.

    ``person`` is put before the name: ``co_borrower.phone``.
    """
    before = f"{person}." if person else ""
    faults: dict[str, str] = {}
    for name in required:
        spec = FIELDS[name]
        fault = spec.fault(values[name]) if name in values else f"{spec.label}还没填"
        if fault:
            faults[f"{before}{name}"] = fault
    return faults
