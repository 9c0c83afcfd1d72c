"""Whether a lender's published rules take this customer and this car; reasons, never a score.

Only declared facts, no identifiers. A fact that is missing turns "eligible" into "refer": it is
never filled in silently. Objections are the customer's own: what they will not accept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from chedai.core.money import format_yuan, round_ratio
from chedai.core.plans.bounds import percent
from chedai.core.plans.plan import CarFacts, Plan, Refusal
from chedai.core.plans.product import ProductTerms
from chedai.core.plans.product.terms import CreditHistory, IncomeKind

Outcome = Literal["eligible", "refer", "not_eligible"]
Objection = Literal["gps", "lease", "bundled_insurance", "mortgage", "service_fee"]

CREDIT_HISTORY_LABELS: Final[dict[str, str]] = {
    "clean": "没有逾期",
    "thin": "白户",
    "many_inquiries": "查询多",
    "past_overdue": "有过逾期",
    "current_overdue": "现有逾期",
    "severe_overdue": "连三累六",
    "online_loans": "网贷多",
    "blacklisted_self": "自称黑户",
}
INCOME_KIND_LABELS: Final[dict[str, str]] = {
    "salary": "工资",
    "business": "做生意",
    "gig": "跑单零工",
    "retired": "退休金",
    "none": "暂无收入",
}
OUTCOME_LABELS: Final[dict[Outcome, str]] = {
    "eligible": "符合公布的条件",
    "refer": "需人工确认",
    "not_eligible": "不符合公布的条件",
}


@dataclass(frozen=True, kw_only=True)
class CustomerFacts:
    """What the customer said about themselves; ``None`` = not said. No name, no number."""

    credit_histories: tuple[CreditHistory, ...] | None = None
    income_kind: IncomeKind | None = None
    monthly_income_fen: int | None = None
    age_years: int | None = None
    hard_inquiry_count_3m: int | None = None
    is_local_resident: bool | None = None
    has_co_borrower: bool | None = None
    objections: tuple[Objection, ...] = ()


@dataclass(frozen=True)
class Reason:
    """One finding: what we know, what the lender asks, and what would satisfy it."""

    code: str
    outcome: Outcome
    value: str
    threshold: str
    remedy: str

    @property
    def message(self) -> str:
        """One sentence for the screen."""
        return f"{self.value}，要求{self.threshold}"


@dataclass(frozen=True)
class Verdict:
    """The outcome is that of the gravest reason."""

    outcome: Outcome
    reasons: tuple[Reason, ...]

    @property
    def refusal(self) -> Refusal | None:
        """The gravest reason as a refusal, when the product is ruled out."""
        for reason in self.reasons:
            if reason.outcome == "not_eligible":
                return Refusal(reason.code, reason.message)
        return None


@dataclass(frozen=True)
class _Case:
    terms: ProductTerms
    customer: CustomerFacts
    car: CarFacts
    on: date
    term_months: int
    payment_fen: int | None


Reasons = Iterator[Reason]


def judge(
    *,
    terms: ProductTerms,
    customer: CustomerFacts,
    car: CarFacts,
    on: date,
    plan: Plan | None = None,
) -> Verdict:
    """Judge a product, or one plan of it, on a day.

    Without a plan, limits at the end of the term are held against the shortest term offered.
    """
    shortest = min((offer.term_months for offer in terms.offers), default=1)
    case = _Case(
        terms,
        customer,
        car,
        on,
        plan.term_months if plan else shortest,
        plan.payment_fen if plan else None,
    )
    reasons = tuple(reason for check in CHECKS for reason in check(case))
    outcomes = {reason.outcome for reason in reasons}
    for outcome in _GRAVEST_FIRST:
        if outcome in outcomes:
            return Verdict(outcome, reasons)
    return Verdict("eligible", reasons)


_GRAVEST_FIRST: Final[tuple[Outcome, ...]] = ("not_eligible", "refer")


def _no(code: str, value: str, threshold: str, remedy: str) -> Reason:
    return Reason(code, "not_eligible", value, threshold, remedy)


def _unknown(code: str, what: str, threshold: str) -> Reason:
    return Reason(code, "refer", f"还不知道{what}", threshold, f"问清{what}")


def _campaign(case: _Case) -> Reasons:
    campaign = case.terms.campaign
    if campaign is None:
        return
    if case.on < campaign.starts_on:
        start = f"{campaign.starts_on} 起"
        yield _no("campaign", f"今天 {case.on}", start, f"{start}再申请")
    elif campaign.ends_on and case.on > campaign.ends_on:
        end = f"{campaign.ends_on} 前申请"
        yield _no("campaign", f"今天 {case.on}", end, "活动已结束，换其他产品")


def _car_kind(case: _Case) -> Reasons:
    rules, car = case.terms.eligibility, case.car
    for code, value, allowed in (
        ("vehicle_condition", car.condition, rules.vehicle_conditions),
        ("power", car.power, rules.powers),
        ("vehicle_use", car.use, rules.uses),
    ):
        if value not in allowed:
            threshold = "、".join(_CAR_LABELS[word] for word in allowed)
            yield _no(code, _CAR_LABELS[value], threshold, "换支持这类车的产品")


_CAR_LABELS: Final = {
    "new": "新车",
    "used": "二手车",
    "combustion": "燃油车",
    "new_energy": "新能源车",
    "private": "自用",
    "commercial": "营运（含网约车）",
}


def _car_lists(case: _Case) -> Reasons:
    rules, car = case.terms.eligibility, case.car
    for code, label, value, allowed in (
        ("vehicle_code", "车型", car.vehicle_code, rules.vehicle_codes),
        ("brand", "品牌", car.brand, rules.brands),
        ("province", "上牌省份", car.province, rules.provinces),
    ):
        if not allowed:
            continue
        threshold = "在指定范围内：" + "、".join(allowed)
        if value is None:
            yield _unknown(code, label, threshold)
        elif value not in allowed:
            yield _no(code, f"{label} {value}", threshold, f"换指定{label}或其他产品")


def _car_price(case: _Case) -> Reasons:
    rules, price_fen = case.terms.eligibility, case.car.vehicle_price_fen
    low, high = rules.vehicle_price_min_fen, rules.vehicle_price_max_fen
    said = f"车价 {format_yuan(price_fen)}"
    if low is not None and price_fen < low:
        yield _no("vehicle_price", said, f"不低于 {format_yuan(low)}", "换其他产品")
    if high is not None and price_fen > high:
        over = format_yuan(price_fen - high)
        yield _no("vehicle_price", said, f"不高于 {format_yuan(high)}", f"车价降 {over}")


def _car_age(case: _Case) -> Reasons:
    rules, car = case.terms.eligibility, case.car
    if car.condition == "new":
        return
    for code, label, value, limit, unit in (
        ("vehicle_age", "车龄", car.age_months, rules.max_vehicle_age_months, "个月"),
        (
            "vehicle_age_at_end",
            "还清时车龄",
            None if car.age_months is None else car.age_months + case.term_months,
            rules.max_vehicle_age_months_at_end,
            "个月",
        ),
        ("mileage", "里程", car.mileage_km, rules.max_mileage_km, "公里"),
    ):
        if limit is None:
            continue
        threshold = f"不超过 {limit:,} {unit}"
        if value is None:
            yield _unknown(code, label, threshold)
        elif value > limit:
            yield _no(code, f"{label} {value:,} {unit}", threshold, "换更新的车或更短的期限")


def _credit(case: _Case) -> Reasons:
    rules = case.terms.eligibility
    accepted = "、".join(CREDIT_HISTORY_LABELS[key] for key in rules.credit_histories_accepted)
    if not case.customer.credit_histories:
        yield _unknown("credit_history", "征信情况", accepted)
        return
    for history in case.customer.credit_histories:
        value = f"征信自述“{CREDIT_HISTORY_LABELS[history]}”"
        if history in rules.credit_histories_accepted:
            continue
        if history in rules.credit_histories_referred:
            remedy = "备好说明材料，由贷款机构人工看"
            yield Reason("credit_history", "refer", value, accepted, remedy)
        else:
            yield _no("credit_history", value, accepted, "先自查一次征信报告再决定")


def _inquiries(case: _Case) -> Reasons:
    limit = case.terms.eligibility.max_hard_inquiry_count_3m
    count = case.customer.hard_inquiry_count_3m
    if limit is None:
        return
    threshold = f"近三个月查询不超过 {limit} 次"
    if count is None:
        yield _unknown("hard_inquiry_count_3m", "近三个月查询次数", threshold)
    elif count > limit:
        value = f"近三个月查询 {count} 次"
        yield _no("hard_inquiry_count_3m", value, threshold, "先停止申请，等查询记录滚出三个月")


def _income(case: _Case) -> Reasons:
    rules, customer = case.terms.eligibility, case.customer
    if rules.income_kinds:
        threshold = "、".join(INCOME_KIND_LABELS[kind] for kind in rules.income_kinds)
        if customer.income_kind is None:
            yield _unknown("income_kind", "收入类型", threshold)
        elif customer.income_kind not in rules.income_kinds:
            value = f"收入类型 {INCOME_KIND_LABELS[customer.income_kind]}"
            yield _no("income_kind", value, threshold, "加共借人或换其他产品")
    least_fen = rules.monthly_income_min_fen
    if least_fen is not None:
        yield from _income_at_least(customer, least_fen)


def _income_at_least(customer: CustomerFacts, least_fen: int) -> Reasons:
    threshold = f"月收入不低于 {format_yuan(least_fen)}"
    income_fen = customer.monthly_income_fen
    if income_fen is None:
        yield _unknown("monthly_income", "月收入", threshold)
    elif income_fen < least_fen:
        value = f"月收入 {format_yuan(income_fen)}"
        yield _no("monthly_income", value, threshold, "加共借人或换其他产品")


def _instalment_share(case: _Case) -> Reasons:
    share = case.terms.eligibility.max_instalment_to_income
    if share is None or case.payment_fen is None:
        return
    threshold = f"月供不超过月收入的 {percent(share)}"
    income_fen = case.customer.monthly_income_fen
    if income_fen is None:
        yield _unknown("instalment_to_income", "月收入", threshold)
        return
    most_fen = round_ratio(income_fen, share, "down")
    if case.payment_fen > most_fen:
        value = f"月供 {format_yuan(case.payment_fen)}"
        remedy = f"月供降到 {format_yuan(most_fen)} 以内"
        yield _no("instalment_to_income", value, threshold, remedy)


def _age(case: _Case) -> Reasons:
    rules, age = case.terms.eligibility, case.customer.age_years
    least, most = rules.age_years_min, rules.age_years_max_at_end
    if age is None and (least is not None or most is not None):
        yield _unknown("age", "年龄", _age_threshold(least, most))
        return
    if age is not None and least is not None and age < least:
        yield _no("age", f"{age} 岁", f"满 {least} 岁", "由符合年龄的家人主贷")
    at_end = (age or 0) + -(-case.term_months // 12)
    if most is not None and at_end > most:
        yield _no("age", f"还清时 {at_end} 岁", f"不超过 {most} 岁", "缩短期限或由家人主贷")


def _age_threshold(least: int | None, most: int | None) -> str:
    parts = [f"满 {least} 岁"] if least is not None else []
    parts += [f"还清时不超过 {most} 岁"] if most is not None else []
    return "，".join(parts)


def _residence_and_co_borrower(case: _Case) -> Reasons:
    rules, customer = case.terms.eligibility, case.customer
    for code, is_needed, has, label, remedy in (
        (
            "residence",
            rules.needs_local_residence,
            customer.is_local_resident,
            "本地居住",
            "办居住证明",
        ),
        ("co_borrower", rules.needs_co_borrower, customer.has_co_borrower, "共借人", "请家人共借"),
    ):
        if is_needed and has is None:
            yield _unknown(code, f"有没有{label}", f"有{label}")
        elif is_needed and not has:
            yield _no(code, f"没有{label}", f"有{label}", remedy)


def _objections(case: _Case) -> Reasons:
    for objection in case.customer.objections:
        said, applies = OBJECTIONS[objection]
        if applies(case.terms):
            yield _no(
                f"objection_{objection}", f"您不接受{said}", f"接受{said}", "换不带这一项的产品"
            )


def _has_required(terms: ProductTerms, word: str) -> bool:
    required = [rule.code for rule in terms.add_ons if rule.is_condition_of_loan]
    required += [rule.code for rule in terms.fees if rule.is_condition_of_loan]
    return any(word in code for code in required)


OBJECTIONS: Final[dict[Objection, tuple[str, Callable[[ProductTerms], bool]]]] = {
    "gps": ("装 GPS", lambda terms: terms.eligibility.needs_gps or _has_required(terms, "gps")),
    "lease": ("融资租赁", lambda terms: terms.contract_nature.startswith("finance_lease")),
    "bundled_insurance": ("捆绑保险", lambda terms: _has_required(terms, "insurance")),
    "mortgage": ("抵押登记", lambda terms: terms.eligibility.needs_mortgage_registration),
    "service_fee": ("服务费", lambda terms: _has_required(terms, "service")),
}

CHECKS: Final[tuple[Callable[[_Case], Reasons], ...]] = (
    _campaign,
    _car_kind,
    _car_lists,
    _car_price,
    _car_age,
    _credit,
    _inquiries,
    _income,
    _instalment_share,
    _age,
    _residence_and_co_borrower,
    _objections,
)
