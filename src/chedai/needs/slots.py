"""The slots a customer's need is made of: a closed, visible list."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["money", "ratio", "months", "days", "choice", "words", "rate"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing a need may say.

    ``kind`` gives the unit of a chip's ``low`` and ``high``: money in whole fen,
    months and days as counts, ratios and rates in basis points (0.0001).
    """

    label: str
    kind: Kind
    choices: Mapping[str, str] = field(default_factory=dict)


def _choice(label: str, **choices: str) -> Slot:
    return Slot(label, "choice", MappingProxyType(choices))


SLOTS: Final[Mapping[str, Slot]] = MappingProxyType(
    {
        "vehicle_price": Slot("车价", "money"),
        "on_road_price": Slot("全办下来", "money"),
        "total_budget": Slot("总预算", "money"),
        "down_payment": Slot("首付", "money"),
        "down_payment_ratio": Slot("首付成数", "ratio"),
        "monthly_max": Slot("月供上限", "money"),
        "monthly_target": Slot("月供想在", "money"),
        "term_months": Slot("期限", "months"),
        "body_type": _choice(
            "车型",
            suv="SUV",
            sedan="轿车",
            mpv="MPV",
            pickup="皮卡",
            hatchback="两厢",
            van="面包车",
        ),
        "power": _choice(
            "动力",
            combustion="燃油",
            battery_electric="纯电",
            plug_in_hybrid="插混",
            range_extender="增程",
            new_energy="新能源",
        ),
        "vehicle_condition": _choice("新旧", new="新车", used="二手车"),
        "vehicle_use": _choice("用途", private="自用", ride_hailing="跑网约车", commercial="营运"),
        "brand_model": Slot("品牌车型", "words"),
        "trade_in": _choice("旧车", yes="置换", scrap="报废换新"),
        "credit_history": _choice(
            "征信自述",
            clean="没问题",
            many_inquiries="查询多",
            past_overdue="有过逾期",
            current_overdue="现有逾期",
            severe_overdue="连三累六",
            thin="白户",
            online_loans="网贷多",
            blacklisted_self="自称黑户",
        ),
        "income_monthly": Slot("月收入", "money"),
        "income_kind": _choice(
            "收入类型",
            salary="工资",
            business="做生意",
            gig="跑单零工",
            retired="退休金",
            none="暂无收入",
        ),
        "debt_monthly": Slot("每月要还", "money"),
        "prepayment_month": Slot("打算提前还", "months"),
        "objective": _choice(
            "最在意",
            lowest_total="总共花得少",
            lowest_monthly="月供轻",
            most_flexible="随时能提前还",
            fastest="提车快",
            lowest_cash="首付少",
        ),
        "refusal": _choice(
            "不接受",
            gps="装 GPS",
            lease="融资租赁",
            bundled_insurance="捆绑保险",
            mortgage="抵押",
            service_fee="服务费",
        ),
        "delivery_within_days": Slot("几天内提车", "days"),
        "delivery_time": Slot("提车时间", "words"),
        "plate_city": Slot("上牌城市", "words"),
        "co_borrower": _choice("共借人", spouse="配偶", parent="父母", other="其他人"),
        "competitor_monthly": Slot("别家月供", "money"),
        "competitor_rate": Slot("别家利率", "rate"),
        "competitor_term_months": Slot("别家期限", "months"),
        "cash_only": _choice("付款", yes="全款"),
    }
)

# A need may hold several chips of these; of all others the latest said stands.
REPEATABLE: Final = frozenset(
    {"objective", "refusal", "credit_history", "co_borrower", "debt_monthly"}
)
