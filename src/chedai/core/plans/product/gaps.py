"""What must be settled before a product version may be published.

``mandatory_gaps`` finds contradictions that a well-formed document can still carry.
One check per function; CHECKS is the visible list, in the order in which faults are shown.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from chedai.core.loans.repricing import LPR_METHODS
from chedai.core.loans.terms import METHODS_BY_DAYS
from chedai.core.plans.product.reading import FieldError
from chedai.core.plans.product.terms import FeeRule, ProductTerms, Subvention, TermOffer

Gaps = Iterator[FieldError]


def mandatory_gaps(terms: ProductTerms) -> tuple[FieldError, ...]:
    """Every gap or contradiction, with the field it sits in; empty = may be published."""
    return tuple(gap for check in CHECKS for gap in check(terms))


def _offers_exist_once(terms: ProductTerms) -> Gaps:
    if not terms.offers:
        yield FieldError("offers", "至少要有一个期限的价格")
    counted = Counter(offer.term_months for offer in terms.offers)
    for term_months, count in counted.items():
        if count > 1:
            yield FieldError("offers", f"{term_months} 期写了 {count} 次，只能写一次")


def _offers_have_one_price(terms: ProductTerms) -> Gaps:
    for i, offer in enumerate(terms.offers):
        stated = [
            name
            for name, is_stated in (
                ("年利率", offer.nominal_rate_annual is not None),
                ("总费率", offer.flat_fee_rate_total is not None),
                ("分段利率", bool(offer.segments)),
            )
            if is_stated
        ]
        if len(stated) != 1:
            said = "、".join(stated) or "都没写"
            message = f"年利率、总费率、分段利率要写且只写一个（现在：{said}）"
            yield FieldError(f"offers[{i}]", message)


def _offers_suit_the_method(terms: ProductTerms) -> Gaps:
    for i, offer in enumerate(terms.offers):
        for field, is_stated, methods, label in (
            ("flat_fee_rate_total", offer.flat_fee_rate_total is not None, {"flat_fee"}, "总费率"),
            ("segments", bool(offer.segments), {"stepped"}, "分段利率"),
            ("balloon_ratio", offer.balloon_ratio > 0, {"balloon", "lease_rent"}, "尾款比例"),
            (
                "interest_only_months",
                offer.interest_only_months > 0,
                {"interest_first"},
                "只还息期数",
            ),
            (
                "slack_months_of_year",
                bool(offer.slack_months_of_year or offer.slack_principal_ratio),
                {"seasonal"},
                "淡季月份",
            ),
        ):
            if is_stated and terms.method not in methods:
                message = f"{label}不适用于还款方式 {terms.method}"
                yield FieldError(f"offers[{i}].{field}", message)


def _offers_say_what_the_method_needs(terms: ProductTerms) -> Gaps:
    field, label = _NEEDED_BY_METHOD.get(terms.method, ("nominal_rate_annual", "年利率"))
    for i, offer in enumerate(terms.offers):
        if not getattr(offer, field) and getattr(offer, field) != 0:
            message = f"还款方式是 {terms.method}，必须写{label}"
            yield FieldError(f"offers[{i}].{field}", message)
        if terms.method == "balloon" and offer.balloon_ratio == 0:
            yield FieldError(f"offers[{i}].balloon_ratio", "气球贷必须写尾款比例")
        if terms.method == "seasonal" and not offer.slack_months_of_year:
            yield FieldError(f"offers[{i}].slack_months_of_year", "按淡旺季还款必须写淡季月份")


_NEEDED_BY_METHOD: Final = {
    "flat_fee": ("flat_fee_rate_total", "总费率"),
    "stepped": ("segments", "分段利率"),
}


def _segments_fill_the_term(terms: ProductTerms) -> Gaps:
    for i, offer in enumerate(terms.offers):
        covered = sum(segment.months for segment in offer.segments)
        if offer.segments and covered != offer.term_months:
            message = f"各段合计 {covered} 个月，与期限 {offer.term_months} 个月不符"
            yield FieldError(f"offers[{i}].segments", message)


def _interest_only_is_shorter(terms: ProductTerms) -> Gaps:
    for i, offer in enumerate(terms.offers):
        if offer.interest_only_months > offer.term_months:
            yield FieldError(f"offers[{i}].interest_only_months", "只还息的期数不能超过期限")


def _principal_range_holds(terms: ProductTerms) -> Gaps:
    if terms.principal_max_fen <= 0:
        yield FieldError("principal_max_fen", "最高贷款额必须大于 0")
    if terms.principal_min_fen > terms.principal_max_fen:
        yield FieldError("principal_min_fen", "起贷额高于最高贷款额")
    if terms.principal_step_fen < 1:
        yield FieldError("principal_step_fen", "贷款额的最小单位至少为 1 分")


def _shares_agree(terms: ProductTerms) -> Gaps:
    if terms.max_loan_to_value <= 0:
        yield FieldError("max_loan_to_value", "贷款成数必须大于 0")
    if terms.max_loan_to_value + terms.min_down_payment_ratio > 1:
        message = (
            f"贷款成数上限 {terms.max_loan_to_value} 与首付比例下限 "
            f"{terms.min_down_payment_ratio} 相加超过 1，互相矛盾"
        )
        yield FieldError("min_down_payment_ratio", message)


def _fees_are_priced_once(terms: ProductTerms) -> Gaps:
    for code, count in Counter(fee.code for fee in terms.fees).items():
        if count > 1:
            yield FieldError("fees", f"费用代码 {code} 重复 {count} 次")
    for i, fee in enumerate(terms.fees):
        if not _is_priced_once(fee):
            message = "按固定金额收就只写 amount_fen，按贷款额比例收就只写 ratio"
            yield FieldError(f"fees[{i}]", message)


def _is_priced_once(fee: FeeRule) -> bool:
    is_fixed = fee.basis == "fixed"
    return (fee.amount_fen is not None) == is_fixed and (fee.ratio is None) == is_fixed


def _charge_steps_ascend(terms: ProductTerms) -> Gaps:
    rule = terms.prepayment
    months = [step.up_to_month for step in rule.charge_steps]
    if months != sorted(set(months)):
        yield FieldError("prepayment.charge_steps", "违约金各档的期数必须递增且不重复")
    if not months and rule.free_after_months != 0:
        yield FieldError("prepayment.charge_steps", "没有写违约金，就应写明 0 期后免（随时免）")
    free_after = rule.free_after_months
    if free_after is not None and any(month > free_after for month in months):
        yield FieldError("prepayment.free_after_months", "已写明免违约金的期数之后仍有违约金")


def _subventions_are_complete(terms: ProductTerms) -> Gaps:
    for i, subvention in enumerate(terms.subventions):
        field = _SUBVENTION_FIELDS[subvention.form]
        if getattr(subvention, field) is None:
            yield FieldError(f"subventions[{i}].{field}", "这种贴息必须写明这一项")
        elif _is_no_help(subvention, terms.offers):
            yield FieldError(f"subventions[{i}].{field}", "贴息前的利率不高于贴息后的利率")


_SUBVENTION_FIELDS: Final = {
    "rate_included": "nominal_rate_annual_before",
    "upfront_cash": "amount_fen",
    "interest_refund": "rate_points",
}


def _is_no_help(subvention: Subvention, offers: tuple[TermOffer, ...]) -> bool:
    before = subvention.nominal_rate_annual_before
    rates = [offer.nominal_rate_annual for offer in offers]
    return before is not None and any(rate is not None and rate >= before for rate in rates)


def _nature_suits_the_lender(terms: ProductTerms) -> Gaps:
    is_lease = terms.contract_nature.startswith("finance_lease")
    may_lease = terms.lender_kind in {"leasing_company", "auto_finance_company"}
    if is_lease and not may_lease:
        yield FieldError("contract_nature", "这类机构不能做融资租赁")
    if not is_lease and terms.lender_kind == "leasing_company":
        yield FieldError("contract_nature", "融资租赁公司的合同不是贷款，应写直租或售后回租")
    if terms.contract_nature == "card_instalment" and terms.lender_kind not in {
        "bank",
        "card_centre",
    }:
        yield FieldError("contract_nature", "只有银行或信用卡中心能做信用卡分期")


def _eligibility_is_consistent(terms: ProductTerms) -> Gaps:
    rules = terms.eligibility
    for field in ("vehicle_conditions", "powers", "uses", "credit_histories_accepted"):
        if not getattr(rules, field):
            yield FieldError(f"eligibility.{field}", "至少写一项")
    both = set(rules.credit_histories_accepted) & set(rules.credit_histories_referred)
    if both:
        message = f"{'、'.join(sorted(both))} 既写了接受又写了转人工"
        yield FieldError("eligibility.credit_histories_referred", message)
    low, high = rules.vehicle_price_min_fen, rules.vehicle_price_max_fen
    if low is not None and high is not None and low > high:
        yield FieldError("eligibility.vehicle_price_min_fen", "车价下限高于上限")


def _days_are_consistent(terms: ProductTerms) -> Gaps:
    campaign = terms.campaign
    if campaign and campaign.ends_on and campaign.ends_on < campaign.starts_on:
        yield FieldError("campaign.ends_on", "结束日早于开始日")
    needs_day = terms.first_due.kind == "fixed_day"
    if needs_day != (terms.first_due.day_of_month is not None):
        yield FieldError("first_due.day_of_month", "固定还款日要写几号，顺延一个月则不写")


def _seasons_leave_usual_months(terms: ProductTerms) -> Gaps:
    for i, offer in enumerate(terms.offers):
        slack = set(offer.slack_months_of_year)
        if len(slack) != len(offer.slack_months_of_year):
            yield FieldError(f"offers[{i}].slack_months_of_year", "同一个月写了两次")
        # Whatever month it begins in, a term longer than its slack months has a usual one.
        if slack and offer.term_months <= len(slack):
            yield FieldError(f"offers[{i}].slack_months_of_year", "不能整个期限都是淡季")


def _lpr_makes_the_rate(terms: ProductTerms) -> Gaps:
    for i, offer in enumerate(terms.offers):
        if offer.lpr_tenor is None:
            if offer.lpr_rate_annual is not None or offer.spread_bp:
                yield FieldError(
                    f"offers[{i}].lpr_tenor", "写了 LPR 或加点，就要写是 1 年期还是 5 年期"
                )
            continue
        if terms.method not in LPR_METHODS:
            yield FieldError(f"offers[{i}].lpr_tenor", f"还款方式 {terms.method} 不能跟 LPR 浮动")
        if offer.lpr_rate_annual is None:
            yield FieldError(f"offers[{i}].lpr_rate_annual", "跟 LPR 浮动，必须写约定时的 LPR")
        elif offer.nominal_rate_annual != offer.lpr_rate_annual + Decimal(offer.spread_bp) / 10_000:
            yield FieldError(f"offers[{i}].nominal_rate_annual", "年利率应等于 LPR 加点之和")


def _days_suit_the_method(terms: ProductTerms) -> Gaps:
    if terms.day_count is None and terms.first_period_day_count is None:
        return
    if terms.day_count and terms.first_period_day_count:
        message = "各期都按天计息时，首期也按同一口径，不另写"
        yield FieldError("first_period_day_count", message)
    is_by_days = terms.method in METHODS_BY_DAYS and all(
        offer.rent_timing == "arrears"
        and (offer.segment_base == "outstanding" or not offer.segments)
        for offer in terms.offers
    )
    if not is_by_days:
        yield FieldError("day_count", "这种还款方式不按天计息")


def _balloon_options_are_complete(terms: ProductTerms) -> Gaps:
    options = terms.balloon_options
    if options is None:
        return
    if terms.method != "balloon":
        yield FieldError("balloon_options", "只有气球贷才有尾款的选择")
    if (options.refinance_term_months > 0) != (options.refinance_rate_annual is not None):
        yield FieldError(
            "balloon_options.refinance_rate_annual",
            "尾款再贷要同时写期限和年利率，不能再贷就都不写",
        )


CHECKS: Final[tuple[Callable[[ProductTerms], Gaps], ...]] = (
    _offers_exist_once,
    _offers_have_one_price,
    _offers_suit_the_method,
    _offers_say_what_the_method_needs,
    _segments_fill_the_term,
    _interest_only_is_shorter,
    _principal_range_holds,
    _shares_agree,
    _fees_are_priced_once,
    _charge_steps_ascend,
    _subventions_are_complete,
    _nature_suits_the_lender,
    _eligibility_is_consistent,
    _days_are_consistent,
    _seasons_leave_usual_months,
    _lpr_makes_the_rate,
    _days_suit_the_method,
    _balloon_options_are_complete,
)
