"""Every field of the product editor: its place in the terms, its words, its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chedai.catalogue.queries.labels import (
    AMORTISATION_LABELS,
    CHARGE_BASE_LABELS,
    CONDITION_LABELS,
    CREDIT_LABELS,
    DAY_COUNT_LABELS,
    FORM_LABELS,
    INCOME_LABELS,
    INVOICE_LABELS,
    LPR_TENOR_LABELS,
    METHOD_LABELS,
    PAYER_LABELS,
    POWER_LABELS,
    REPRICING_LABELS,
    RESIDUAL_RISK_LABELS,
    ROUNDING_LABELS,
    SEGMENT_BASE_LABELS,
    TIMING_LABELS,
    USE_LABELS,
)
from chedai.core.plans.product import CONTRACT_NATURE_LABELS, FAMILY_LABELS
from chedai.policy.scope import PROVINCES


@dataclass(frozen=True)
class EditorField:
    """One input. ``kind`` names its reader; ``blank`` is what an empty one means.

    ``blank`` ``"omit"`` leaves the key out (its default holds, or it is reported as missing);
    ``"null"`` says None.
    """

    name: str
    label: str
    kind: str
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""
    blank: str = "omit"
    start: Any = ""


def _percent(name: str, label: str, **more: Any) -> EditorField:
    return EditorField(name, label, "percent", unit="%", **more)


def _yuan(name: str, label: str, **more: Any) -> EditorField:
    return EditorField(name, label, "yuan", unit="元", **more)


def _count(name: str, label: str, unit: str, **more: Any) -> EditorField:
    return EditorField(name, label, "count", unit=unit, **more)


def _choice(name: str, label: str, choices: Mapping[Any, str], start: str = "") -> EditorField:
    return EditorField(name, label, "choice", choices=choices, start=start)


def _several(
    name: str, label: str, choices: Mapping[Any, str], start: tuple[str, ...] = ()
) -> EditorField:
    return EditorField(name, label, "several", choices=choices, start=start)


def _flag(name: str, label: str, *, start: bool = False) -> EditorField:
    return EditorField(name, label, "flag", start=start)


@dataclass(frozen=True)
class EditorRows:
    """A list in the terms, edited row by row."""

    name: str
    title: str
    fields: tuple[EditorField, ...]
    add_label: str


@dataclass(frozen=True)
class EditorGroup:
    """Fields that belong together on the page, and the lists under them."""

    title: str
    fields: tuple[EditorField, ...]
    rows: tuple[EditorRows, ...] = ()


_YES_NO: Final = {"true": "是", "false": "否"}

OFFERS: Final = EditorRows(
    "offers",
    "每个期限的价格（年利率、总费率、分段利率三选一）",
    (
        _count("term_months", "期限", "期"),
        _percent("nominal_rate_annual", "年利率"),
        _percent("flat_fee_rate_total", "总费率"),
        EditorField("segments", "分段利率", "segments", hint="24:0, 36:4.25"),
        _choice("segment_base", "分段计息基数", SEGMENT_BASE_LABELS, "outstanding"),
        _percent("balloon_ratio", "尾款"),
        _count("interest_only_months", "只还息", "期"),
        _choice("rent_timing", "租金", {"arrears": "期末付", "advance": "期初付"}, "arrears"),
        EditorField("slack_months_of_year", "淡季月份", "months", unit="月", hint="1、2、7"),
        _percent("slack_principal_ratio", "淡季还本"),
        _choice("lpr_tenor", "随 LPR", {"": "不随"} | LPR_TENOR_LABELS),
        _percent("lpr_rate_annual", "约定时 LPR"),
        EditorField("spread_bp", "加点", "basis_points", unit="基点", hint="60 或 -20"),
        _choice("repricing", "重定价日", REPRICING_LABELS, "anniversary"),
    ),
    "加一个期限",
)
SUBVENTIONS: Final = EditorRows(
    "subventions",
    "贴息",
    (
        _choice("payer", "出钱方", PAYER_LABELS, "oem"),
        _choice("form", "方式", FORM_LABELS, "rate_included"),
        _percent("nominal_rate_annual_before", "贴息前年利率"),
        _yuan("amount_fen", "金额"),
        _percent("rate_points", "每年返还"),
        _percent("max_rate_share", "不超过利率的"),
        _yuan("cap_fen", "最多"),
        EditorField("condition", "条件", "text"),
    ),
    "加一项贴息",
)
FEES: Final = EditorRows(
    "fees",
    "费用（没有收款方的费用存不进来）",
    (
        EditorField("code", "代码", "text"),
        EditorField("name", "名称", "text"),
        EditorField("payee", "收款方全称", "text"),
        _choice("basis", "计费", {"fixed": "固定", "ratio_of_principal": "按贷款额"}, "fixed"),
        _yuan("amount_fen", "金额"),
        _percent("ratio", "比例"),
        _choice("timing", "何时付", TIMING_LABELS, "upfront"),
        _choice("is_condition_of_loan", "放款条件", _YES_NO, "false"),
        _choice("is_refundable", "可退", _YES_NO, "false"),
        _choice("invoice", "票据", INVOICE_LABELS, "invoice"),
    ),
    "加一项费用",
)
ADD_ONS: Final = EditorRows(
    "add_ons",
    "搭售项目",
    (
        EditorField("code", "代码", "text"),
        EditorField("name", "名称", "text"),
        EditorField("payee", "收款方全称", "text"),
        _yuan("amount_fen", "金额"),
        _choice("is_condition_of_loan", "放款条件", _YES_NO, "false"),
    ),
    "加一项",
)
CHARGE_STEPS: Final = EditorRows(
    "prepayment.charge_steps",
    "违约金分档",
    (_count("up_to_month", "到第几期", "期"), _percent("ratio", "收取")),
    "加一档",
)

GROUPS: Final = (
    EditorGroup(
        "产品",
        (
            EditorField("code", "产品代码", "text", hint="小写字母、数字和连字符，定了不改"),
            EditorField("name", "产品名称", "text"),
            _choice("family", "产品类型", FAMILY_LABELS),
            _choice("contract_nature", "合同性质", CONTRACT_NATURE_LABELS),
            _choice("method", "还款方式", METHOD_LABELS),
            EditorField("campaign.starts_on", "活动开始", "date"),
            EditorField("campaign.ends_on", "活动结束", "date", blank="null"),
            EditorField("campaign.note", "活动说明", "text"),
        ),
    ),
    EditorGroup(
        "价格",
        (
            _yuan("lost_cash_discount_fen", "放弃的现金优惠", hint="付全款有、贷款没有"),
            _yuan("loan_only_discount_fen", "贷款专享优惠"),
        ),
        (OFFERS, SUBVENTIONS),
    ),
    EditorGroup(
        "气球贷到期",
        (
            _count("balloon_options.refinance_term_months", "尾款再贷", "期"),
            _percent("balloon_options.refinance_rate_annual", "再贷年利率"),
            _percent("balloon_options.guaranteed_value_ratio", "还车保值（车价的）"),
            _yuan("balloon_options.return_fee_fen", "还车费用"),
            _choice(
                "balloon_options.residual_risk", "跌价由谁承担", RESIDUAL_RISK_LABELS, "customer"
            ),
            EditorField("balloon_options.condition", "还车条件", "text"),
        ),
    ),
    EditorGroup(
        "额度与还款日",
        (
            _yuan("principal_min_fen", "贷款额至少"),
            _yuan("principal_max_fen", "贷款额至多"),
            _yuan("principal_step_fen", "每档"),
            _percent("max_loan_to_value", "贷款成数上限"),
            _percent("min_down_payment_ratio", "首付比例至少"),
            _percent("financed_extras_max_ratio", "附加品融资上限"),
            _yuan("financed_extras_max_fen", "附加品融资最多"),
            _choice("rounding", "月供取整", ROUNDING_LABELS, "half_up"),
            _yuan("rounding_unit_fen", "取整到", start="0.01"),
            _choice("interest_rounding", "利息取整", ROUNDING_LABELS, "half_up"),
            _choice("day_count", "各期按天计息", {"": "按月"} | DAY_COUNT_LABELS),
            _choice("first_period_day_count", "首期零头天数", {"": "不计"} | DAY_COUNT_LABELS),
            _choice(
                "first_due.kind",
                "首期还款日",
                {"same_day_next_month": "次月同一天", "fixed_day": "固定日"},
                "same_day_next_month",
            ),
            _count("first_due.day_of_month", "固定日", "日"),
            _count("first_due.minimum_gap_days", "距放款至少", "天"),
        ),
    ),
    EditorGroup("费用与搭售", (), (FEES, ADD_ONS)),
    EditorGroup(
        "提前还款",
        (
            _choice("prepayment.amortisation", "息费摊还", AMORTISATION_LABELS),
            _choice("prepayment.charge_base", "违约金基数", CHARGE_BASE_LABELS),
            _count(
                "prepayment.free_after_months",
                "几期后免违约金",
                "期",
                hint="0 = 随时免；留空 = 一直收",
                blank="null",
            ),
            _count("prepayment.minimum_months", "至少还满", "期"),
            _yuan("prepayment.charge_min_fen", "违约金至少"),
            _count("prepayment.notice_days", "提前几天申请", "天"),
            _flag("prepayment.is_partial_allowed", "可以部分提前还"),
            _flag("prepayment.refunds_upfront_fee", "退还剩余的一次性费用"),
        ),
        (CHARGE_STEPS,),
    ),
    EditorGroup(
        "准入",
        (
            _several("eligibility.vehicle_conditions", "新旧", CONDITION_LABELS, ("new",)),
            _several("eligibility.powers", "动力", POWER_LABELS, tuple(POWER_LABELS)),
            _several("eligibility.uses", "用途", USE_LABELS, ("private",)),
            _several("eligibility.credit_histories_accepted", "信用：接受", CREDIT_LABELS),
            _several("eligibility.credit_histories_referred", "信用：转人工", CREDIT_LABELS),
            _several("eligibility.income_kinds", "收入来源（不选 = 不限）", INCOME_LABELS),
            _several("eligibility.provinces", "地区（不选 = 不限）", PROVINCES),
            EditorField("eligibility.brands", "品牌", "words", hint="用顿号隔开，空 = 不限"),
            EditorField("eligibility.vehicle_codes", "车型代码", "words", hint="空 = 不限"),
            _yuan("eligibility.vehicle_price_min_fen", "车价不低于"),
            _yuan("eligibility.vehicle_price_max_fen", "车价不高于"),
            _count("eligibility.max_vehicle_age_months", "车龄不超过", "月"),
            _count("eligibility.max_vehicle_age_months_at_end", "到期时车龄不超过", "月"),
            _count("eligibility.max_mileage_km", "里程不超过", "公里"),
            _count("eligibility.age_years_min", "年满", "岁"),
            _count("eligibility.age_years_max_at_end", "到期时不超过", "岁"),
            _yuan("eligibility.monthly_income_min_fen", "月收入不低于"),
            _percent("eligibility.max_instalment_to_income", "月供不超过收入的"),
            _count("eligibility.max_hard_inquiry_count_3m", "近 3 月硬查询不超过", "次"),
            _flag("eligibility.needs_mortgage_registration", "要办抵押登记", start=True),
            _flag("eligibility.needs_gps", "要装 GPS"),
            _flag("eligibility.needs_local_residence", "要本地户籍或居住证明"),
            _flag("eligibility.needs_co_borrower", "要有共借人"),
        ),
    ),
)
ROWS: Final = {rows.name: rows for group in GROUPS for rows in group.rows}
FIELDS: Final = tuple(each for group in GROUPS for each in group.fields)
YES_NO_FIELDS: Final = frozenset({"is_condition_of_loan", "is_refundable"})
