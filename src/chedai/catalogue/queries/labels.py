"""The Chinese words for the closed lists of product terms."""

from typing import Final

METHOD_LABELS: Final = {
    "equal_instalment": "等额本息",
    "equal_principal": "等额本金",
    "interest_first": "先息后本",
    "balloon": "尾款（气球贷）",
    "seasonal": "按淡旺季还款",
    "stepped": "分段利率",
    "bullet": "到期一次还本付息",
    "flat_fee": "分期（按总费率）",
    "lease_rent": "租金",
}
CREDIT_LABELS: Final = {
    "clean": "信用良好",
    "thin": "信用记录少",
    "many_inquiries": "近期查询多",
    "past_overdue": "曾经逾期",
    "current_overdue": "当前逾期",
    "severe_overdue": "严重逾期",
    "online_loans": "网贷较多",
    "blacklisted_self": "自称上了黑名单",
}
INCOME_LABELS: Final = {
    "salary": "工资",
    "business": "经营",
    "gig": "零工、网约车、自由职业",
    "retired": "退休金",
    "none": "无收入",
}
CONDITION_LABELS: Final = {"new": "新车", "used": "二手车"}
POWER_LABELS: Final = {"combustion": "传统动力", "new_energy": "新能源"}
USE_LABELS: Final = {"private": "自用", "commercial": "营运"}
TIMING_LABELS: Final = {
    "upfront": "放款时付",
    "spread": "分摊到每期",
    "first_instalment": "随首期付",
    "last": "随末期付",
}
INVOICE_LABELS: Final = {
    "invoice": "开发票",
    "receipt": "开收据",
    "none": "不开票",
    "unknown": "开票情况未知",
}
SEGMENT_BASE_LABELS: Final = {
    "outstanding": "按剩余本金计息",
    "segment_start": "按该段开始时的本金计息",
    "original": "按原始本金计息",
}
ROUNDING_LABELS: Final = {
    "half_up": "四舍五入",
    "half_even": "银行家舍入",
    "up": "向上取整",
    "down": "向下取整",
}
PAYER_LABELS: Final = {"oem": "厂家", "dealer": "经销商", "government": "财政"}
FORM_LABELS: Final = {
    "rate_included": "已含在价格里",
    "upfront_cash": "提车时抵减",
    "interest_refund": "事后返还利息",
}
CHARGE_BASE_LABELS: Final = {"outstanding": "剩余本金", "original": "原始本金"}
AMORTISATION_LABELS: Final = {
    "actuarial": "按实际占用本金和天数计息",
    "straight_line": "息费按期平均分摊",
}
DAY_COUNT_LABELS: Final = {
    "ACT/365": "实际天数 ÷ 365",
    "ACT/360": "实际天数 ÷ 360",
    "30/360": "每月 30 天 ÷ 360",
}
LPR_TENOR_LABELS: Final = {"1Y": "1 年期 LPR", "5Y": "5 年期以上 LPR"}
REPRICING_LABELS: Final = {"anniversary": "放款日对应日", "new_year": "每年 1 月 1 日"}
RESIDUAL_RISK_LABELS: Final = {"customer": "客户", "dealer": "经销商", "lender": "放款机构"}
