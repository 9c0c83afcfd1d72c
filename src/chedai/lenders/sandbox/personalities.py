"""How each invented lender thinks, what it asks for and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from chedai.lenders.port import PROTOCOL_VERSION, Capabilities

PRODUCTS: Final = ("standard",)
Nature = Literal["loan", "card_instalment", "finance_lease_direct", "finance_lease_sale_back"]
PERSON: Final = ("name", "id_number", "phone", "residence_city", "employment")
MONEY: Final = ("monthly_income_fen", "monthly_debt_fen", "credit_history")
CAR: Final = ("vehicle_description", "vehicle_condition", "vehicle_price_fen")
USUAL_DOCUMENTS: Final = ("id_card", "driving_licence", "credit_authorisation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Personality:
    """One invented lender. Ratios of loan to price and of instalments to income decide.

    ``leniency`` moves the score (0 = as the others); above ``approve_from`` it approves, above
    ``counter_from`` it offers less, below it refuses.
    """

    name: str
    nature: Nature
    required_fields: tuple[str, ...]
    required_documents: tuple[str, ...]
    answer_minutes_p50: int
    answer_minutes_p90: int
    max_loan_to_value: Decimal
    max_debt_to_income: Decimal
    inquiries_max: int
    leniency: float = 0.0
    approve_from: float = 0.55
    counter_from: float = 0.35
    stipulation_share: float = 0.3
    asks_for: tuple[tuple[str, str], ...] = ()
    fees: tuple[tuple[str, int, str], ...] = ()


PERSONALITIES: Final[Mapping[str, Personality]] = {
    "xinghe": Personality(
        name="星河汽车金融（沙盒）",
        nature="loan",
        required_fields=(*PERSON, *MONEY, *CAR),
        required_documents=USUAL_DOCUMENTS,
        answer_minutes_p50=15,
        answer_minutes_p90=90,
        max_loan_to_value=Decimal("0.85"),
        max_debt_to_income=Decimal("0.60"),
        inquiries_max=8,
        leniency=0.08,
        stipulation_share=0.2,
        asks_for=(("income_proof", "请补一份加盖公章的收入证明"),),
    ),
    "yunling": Personality(
        name="云岭银行（沙盒）",
        nature="loan",
        required_fields=(*PERSON, *MONEY, *CAR, "employer", "employed_months", "marital_status"),
        required_documents=(*USUAL_DOCUMENTS, "bank_statement", "income_proof"),
        answer_minutes_p50=1_440,
        answer_minutes_p90=4_320,
        max_loan_to_value=Decimal("0.80"),
        max_debt_to_income=Decimal("0.50"),
        inquiries_max=6,
        leniency=-0.05,
        stipulation_share=0.5,
        asks_for=(
            ("social_security", "请补近 6 个月社保缴纳记录"),
            ("marriage_certificate", "请补结婚证或单身声明"),
        ),
    ),
    "hengzhou": Personality(
        name="衡州银行（沙盒）",
        nature="loan",
        required_fields=(*PERSON, *MONEY, *CAR, "employer"),
        required_documents=(*USUAL_DOCUMENTS, "bank_statement"),
        answer_minutes_p50=240,
        answer_minutes_p90=1_440,
        max_loan_to_value=Decimal("0.80"),
        max_debt_to_income=Decimal("0.55"),
        inquiries_max=6,
        stipulation_share=0.35,
        asks_for=(("bank_statement", "流水最近一个月不全，请补到昨天"),),
        fees=(("抵押登记代办费", 30_000, "衡州车务（虚构）"),),
    ),
    "linxi_card": Personality(
        name="临溪信用卡中心（沙盒）",
        nature="card_instalment",
        required_fields=(*PERSON, *MONEY, "vehicle_price_fen", "hard_inquiries_6m"),
        required_documents=("id_card", "credit_authorisation"),
        answer_minutes_p50=8,
        answer_minutes_p90=30,
        max_loan_to_value=Decimal("0.70"),
        max_debt_to_income=Decimal("0.55"),
        inquiries_max=4,
        leniency=-0.08,
        stipulation_share=0.1,
        asks_for=(("credit_report", "请提供本人 30 天内的信用报告"),),
    ),
    "qiyue": Personality(
        name="栖岳融资租赁（沙盒）",
        nature="finance_lease_direct",
        required_fields=(*PERSON, *MONEY, *CAR, "address", "repayment_account"),
        required_documents=(*USUAL_DOCUMENTS, "purchase_contract"),
        answer_minutes_p50=45,
        answer_minutes_p90=240,
        max_loan_to_value=Decimal("0.95"),
        max_debt_to_income=Decimal("0.70"),
        inquiries_max=14,
        leniency=0.18,
        counter_from=0.25,
        stipulation_share=0.25,
        asks_for=(("down_payment_proof", "请补首付款付到车行公户的凭证"),),
        fees=(("定位服务费", 98_000, "栖岳融资租赁（虚构）"),),
    ),
}


def needs_of(personality: Personality) -> Capabilities:
    """Say what this lender needs and can do."""
    return Capabilities(
        lender=personality.name,
        protocol=PROTOCOL_VERSION,
        products=PRODUCTS,
        required_fields=personality.required_fields,
        required_documents=personality.required_documents,
        answer_minutes_p50=personality.answer_minutes_p50,
        answer_minutes_p90=personality.answer_minutes_p90,
    )
