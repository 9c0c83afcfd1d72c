"""Where a policy number applies: lender, contract, province, use, condition, power, channel."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from chedai.core.rules.facts import (
    ContractNature,
    Facts,
    LenderKind,
    Power,
    VehicleCondition,
    VehicleUse,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

INTERNET_ASSISTED: Final = "internet_assisted"

#: GB/T 2260 codes of the provincial level; the first two digits open an ID-card number.
PROVINCES: Final[Mapping[str, str]] = {
    "110000": "北京",
    "120000": "天津",
    "130000": "河北",
    "140000": "山西",
    "150000": "内蒙古",
    "210000": "辽宁",
    "220000": "吉林",
    "230000": "黑龙江",
    "310000": "上海",
    "320000": "江苏",
    "330000": "浙江",
    "340000": "安徽",
    "350000": "福建",
    "360000": "江西",
    "370000": "山东",
    "410000": "河南",
    "420000": "湖北",
    "430000": "湖南",
    "440000": "广东",
    "450000": "广西",
    "460000": "海南",
    "500000": "重庆",
    "510000": "四川",
    "520000": "贵州",
    "530000": "云南",
    "540000": "西藏",
    "610000": "陕西",
    "620000": "甘肃",
    "630000": "青海",
    "640000": "宁夏",
    "650000": "新疆",
}

#: Every scope key and the words it may take; anything else is refused on loading.
SCOPE_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "lender_kind": frozenset(LenderKind),
    "contract_nature": frozenset(ContractNature),
    "province": frozenset(PROVINCES),
    "vehicle_use": frozenset(VehicleUse),
    "vehicle_condition": frozenset(VehicleCondition),
    "power": frozenset(Power),
    "channel": frozenset({INTERNET_ASSISTED}),
}


class UnknownScopeWordError(ValueError):
    """A scope names a word that no policy knows, such as a province by name instead of code."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What the question is about; ``None`` means unknown, so scoped values do not match."""

    lender_kind: str | None = None
    contract_nature: str | None = None
    province: str | None = None
    vehicle_use: str | None = None
    vehicle_condition: str | None = None
    power: str | None = None
    channel: str | None = None

    def __post_init__(self) -> None:
        for key, word in self.words().items():
            if word not in SCOPE_WORDS[key]:
                raise UnknownScopeWordError(
                    f"{key}={word!r} 不是规则库认识的取值，可用：{sorted(SCOPE_WORDS[key])}"
                )

    def words(self) -> dict[str, str]:
        """Return the known keys with their words."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {key: str(word) for key, word in pairs if word is not None}


def scope_of(facts: Facts) -> Scope:
    """Return the scope of a plan's facts."""
    return Scope(
        lender_kind=facts.lender_kind,
        contract_nature=facts.contract_nature,
        province=facts.province,
        vehicle_use=facts.vehicle_use,
        vehicle_condition=facts.vehicle_condition,
        power=facts.power,
        channel=INTERNET_ASSISTED if facts.is_internet_assisted else None,
    )
