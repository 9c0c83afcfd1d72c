"""A product version in words, and what differs between two of them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

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
from chedai.core.plans.product import (
    CONTRACT_NATURE_LABELS,
    FAMILY_LABELS,
    LENDER_KIND_LABELS,
    BalloonOptions,
    Eligibility,
    FeeRule,
    PrepaymentRule,
    ProductTerms,
    Subvention,
    TermOffer,
)
from chedai.policy.scope import PROVINCES


@dataclass(frozen=True)
class Line:
    """One statement of the sheet; ``key`` stays the same from version to version."""

    section: str
    key: str
    label: str
    text: str


@dataclass(frozen=True)
class Change:
    """A statement that differs; an empty side means it was not there."""

    section: str
    label: str
    before: str
    after: str


def sheet_of(terms: ProductTerms) -> tuple[Line, ...]:
    """Everything the version says, statement by statement, in the order a person reads it."""
    return tuple(line for part in SECTIONS for line in part(terms))


def changes_between(before: ProductTerms | None, after: ProductTerms) -> tuple[Change, ...]:
    """Statements that differ; against nothing (a new product) there are none."""
    if before is None:
        return ()
    old = {line.key: line for line in sheet_of(before)}
    new = {line.key: line for line in sheet_of(after)}
    changed = [
        Change(line.section, line.label, old[key].text if key in old else "", line.text)
        for key, line in new.items()
        if key not in old or old[key].text != line.text
    ]
    changed += [
        Change(line.section, line.label, line.text, "")
        for key, line in old.items()
        if key not in new
    ]
    return tuple(changed)


def percent(ratio: Decimal) -> str:
    """``0.0388`` → ``3.88%``; as many decimals as were written."""
    text = format((ratio * 100).normalize(), "f")
    return f"{text}%"


def yuan(fen: int) -> str:
    """``30000`` → ``300 元``."""
    whole, part = divmod(fen, 100)
    return f"{whole:,}" + (f".{part:02d}" if part else "") + " 元"


def offer_in_words(offer: TermOffer) -> str:
    """Say the price of one term."""
    parts = []
    if offer.nominal_rate_annual is not None:
        parts.append(f"年利率 {percent(offer.nominal_rate_annual)}")
    if offer.flat_fee_rate_total is not None:
        parts.append(f"总费率 {percent(offer.flat_fee_rate_total)}")
    if offer.segments:
        stretches = "、".join(
            f"{part.months} 期 {percent(part.nominal_rate_annual)}" for part in offer.segments
        )
        parts.append(f"依次 {stretches}，{SEGMENT_BASE_LABELS[offer.segment_base]}")
    if offer.balloon_ratio:
        parts.append(f"尾款 {percent(offer.balloon_ratio)}")
    if offer.interest_only_months:
        parts.append(f"前 {offer.interest_only_months} 期只还息")
    if offer.rent_timing == "advance":
        parts.append("期初付租金")
    parts += _seasons_in_words(offer)
    parts += _lpr_in_words(offer)
    return "，".join(parts)


def _seasons_in_words(offer: TermOffer) -> list[str]:
    share = offer.slack_principal_ratio
    less = f"还本 {percent(share)}" if share else "只还息"
    months = _joined(map(str, offer.slack_months_of_year))
    return [f"每年 {months} 月{less}"] if months else []


def _lpr_in_words(offer: TermOffer) -> list[str]:
    if offer.lpr_tenor is None or offer.lpr_rate_annual is None:
        return []
    base = f"{LPR_TENOR_LABELS[offer.lpr_tenor]} {percent(offer.lpr_rate_annual)}"
    spread = f"{'减' if offer.spread_bp < 0 else '加'} {abs(offer.spread_bp)} 个基点"
    return [base + spread, f"{REPRICING_LABELS[offer.repricing]}重新定价"]


def balloon_options_in_words(options: BalloonOptions) -> str:
    """Say what may be done instead of paying the balloon."""
    rate, value = options.refinance_rate_annual, options.guaranteed_value_ratio
    parts = [options.condition] if options.condition else []
    if value is not None:
        risk = RESIDUAL_RISK_LABELS[options.residual_risk]
        fee = f"，还车费用 {yuan(options.return_fee_fen)}" if options.return_fee_fen else ""
        parts.insert(0, f"可还车，按车价的 {percent(value)} 抵尾款，跌价由{risk}承担{fee}")
    if rate is not None:
        months = options.refinance_term_months
        parts.insert(0, f"可再贷 {months} 期，年利率 {percent(rate)}")
    return "，".join(parts)


def fee_in_words(fee: FeeRule) -> str:
    """Say a fee with who receives it, when, and whether the loan depends on it."""
    amount = (
        yuan(fee.amount_fen)
        if fee.amount_fen is not None
        else f"贷款额的 {percent(fee.ratio or Decimal(0))}"
    )
    return "，".join(
        [
            amount,
            f"由{fee.payee}收",
            TIMING_LABELS[fee.timing],
            "是放款条件" if fee.is_condition_of_loan else "不是放款条件",
            "到期退还" if fee.is_refundable else "不退",
            INVOICE_LABELS[fee.invoice],
        ]
    )


def prepayment_in_words(rule: PrepaymentRule) -> tuple[str, ...]:
    """Say what settling early costs, one sentence each."""
    base = CHARGE_BASE_LABELS[rule.charge_base]
    said = []
    since = 1
    for step in rule.charge_steps:
        said.append(
            f"第 {since} 至 {step.up_to_month} 期结清，收{base}的 {percent(step.ratio)} 作违约金"
        )
        since = step.up_to_month + 1
    said.append(_freedom(rule))
    if rule.minimum_months:
        said.append(f"至少还满 {rule.minimum_months} 期才能申请结清")
    if rule.charge_min_fen:
        said.append(f"违约金至少 {yuan(rule.charge_min_fen)}")
    if rule.notice_days:
        said.append(f"提前 {rule.notice_days} 天申请")
    said.append("可以部分提前还" if rule.is_partial_allowed else "不接受部分提前还")
    said.append(f"结清时{AMORTISATION_LABELS[rule.amortisation]}")
    if rule.refunds_upfront_fee:
        said.append("一次性收取的费用按剩余期数退还")
    return tuple(said)


def eligibility_in_words(rules: Eligibility) -> tuple[tuple[str, str, str], ...]:
    """(key, label, text) of every condition that is set."""
    said = [
        ("vehicle", "车辆", _vehicle_in_words(rules)),
        ("credit", "信用", _credit_in_words(rules)),
        ("person", "客户", _person_in_words(rules)),
        ("provinces", "地区", _joined(PROVINCES.get(code, code) for code in rules.provinces)),
        ("brands", "品牌", _joined(rules.brands)),
        ("vehicle_codes", "车型", _joined(rules.vehicle_codes)),
        ("demands", "手续", _demands_in_words(rules)),
    ]
    return tuple((key, label, text) for key, label, text in said if text)


def subvention_in_words(subvention: Subvention) -> str:
    """Say who pays what for the customer, and on which condition."""
    parts = [f"{PAYER_LABELS[subvention.payer]}贴息，{FORM_LABELS[subvention.form]}"]
    if subvention.nominal_rate_annual_before is not None:
        parts.append(f"贴息前年利率 {percent(subvention.nominal_rate_annual_before)}")
    if subvention.amount_fen is not None:
        parts.append(yuan(subvention.amount_fen))
    if subvention.rate_points is not None:
        parts.append(f"每年 {percent(subvention.rate_points)}")
    if subvention.max_rate_share is not None:
        parts.append(f"不超过合同利率的 {percent(subvention.max_rate_share)}")
    if subvention.cap_fen is not None:
        parts.append(f"最多 {yuan(subvention.cap_fen)}")
    if subvention.condition:
        parts.append(subvention.condition)
    return "，".join(parts)


def _freedom(rule: PrepaymentRule) -> str:
    if rule.free_after_months is None:
        return "任何时候结清都要付违约金"
    if rule.free_after_months == 0:
        return "随时结清，不收违约金"
    return f"满 {rule.free_after_months} 期后结清，不收违约金"


def _joined(words: Iterable[str]) -> str:
    return "、".join(words)


def _between(low: str, high: str) -> str:
    if low and high:
        return f"{low} 至 {high}"
    return f"{low} 以上" if low else (f"{high} 以内" if high else "")


def _vehicle_in_words(rules: Eligibility) -> str:
    price = _between(
        yuan(rules.vehicle_price_min_fen) if rules.vehicle_price_min_fen else "",
        yuan(rules.vehicle_price_max_fen) if rules.vehicle_price_max_fen else "",
    )
    parts = [
        _joined(CONDITION_LABELS[word] for word in rules.vehicle_conditions),
        _joined(POWER_LABELS[word] for word in rules.powers),
        _joined(USE_LABELS[word] for word in rules.uses),
        f"车价 {price}" if price else "",
        _at_most("车龄", rules.max_vehicle_age_months, "个月"),
        _at_most("到期时车龄", rules.max_vehicle_age_months_at_end, "个月"),
        _at_most("里程", rules.max_mileage_km, "公里"),
    ]
    return "，".join(part for part in parts if part)


def _at_most(label: str, limit: int | None, unit: str) -> str:
    return f"{label}不超过 {limit:,} {unit}" if limit is not None else ""


def _credit_in_words(rules: Eligibility) -> str:
    parts = ["接受：" + _joined(CREDIT_LABELS[word] for word in rules.credit_histories_accepted)]
    if rules.credit_histories_referred:
        referred = _joined(CREDIT_LABELS[word] for word in rules.credit_histories_referred)
        parts.append(f"转人工：{referred}")
    if rules.max_hard_inquiry_count_3m is not None:
        parts.append(f"近 3 个月硬查询不超过 {rules.max_hard_inquiry_count_3m} 次")
    return "；".join(parts)


def _person_in_words(rules: Eligibility) -> str:
    parts = [
        f"年满 {rules.age_years_min} 岁" if rules.age_years_min is not None else "",
        f"到期时不超过 {rules.age_years_max_at_end} 岁"
        if rules.age_years_max_at_end is not None
        else "",
        "收入来源：" + _joined(INCOME_LABELS[word] for word in rules.income_kinds)
        if rules.income_kinds
        else "",
        f"月收入 {yuan(rules.monthly_income_min_fen)}以上" if rules.monthly_income_min_fen else "",
        f"月供不超过收入的 {percent(rules.max_instalment_to_income)}"
        if rules.max_instalment_to_income is not None
        else "",
    ]
    return "，".join(part for part in parts if part)


def _demands_in_words(rules: Eligibility) -> str:
    demands = [
        ("办抵押登记", rules.needs_mortgage_registration),
        ("装 GPS", rules.needs_gps),
        ("本地户籍或居住证明", rules.needs_local_residence),
        ("要有共借人", rules.needs_co_borrower),
    ]
    return _joined(label for label, is_needed in demands if is_needed)


Lines = Iterator[Line]
_UNUSUAL_ROUNDINGS: Final = {k: v for k, v in ROUNDING_LABELS.items() if k != "half_up"}


def _about(terms: ProductTerms) -> Lines:
    nature = CONTRACT_NATURE_LABELS[terms.contract_nature]
    kind = LENDER_KIND_LABELS[terms.lender_kind]
    for key, label, text in (
        ("name", "名称", terms.name),
        ("lender", "放款机构", f"{terms.lender_name}（{kind}）"),
        ("family", "产品类型", FAMILY_LABELS[terms.family]),
        ("nature", "合同性质", nature),
        ("method", "还款方式", METHOD_LABELS[terms.method]),
    ):
        yield Line("产品", key, label, text)
    if terms.campaign:
        ends = terms.campaign.ends_on.isoformat() if terms.campaign.ends_on else "不限"
        text = f"{terms.campaign.starts_on} ～ {ends}"
        note = f",{terms.campaign.note}" if terms.campaign.note else ""
        yield Line("产品", "campaign", "活动期", text + note)


def _prices(terms: ProductTerms) -> Lines:
    for offer in terms.offers:
        months = offer.term_months
        yield Line("价格", f"offer-{months}", f"{months} 期", offer_in_words(offer))
    if terms.balloon_options:
        text = balloon_options_in_words(terms.balloon_options)
        yield Line("价格", "balloon_options", "尾款到期", text)
    for i, subvention in enumerate(terms.subventions):
        yield Line("价格", f"subvention-{i}", "贴息", subvention_in_words(subvention))
    if terms.lost_cash_discount_fen:
        text = f"{yuan(terms.lost_cash_discount_fen)}（付全款有、贷款没有，计入对比成本）"
        yield Line("价格", "lost_cash_discount", "放弃的现金优惠", text)
    if terms.loan_only_discount_fen:
        text = f"{yuan(terms.loan_only_discount_fen)}（车价优惠，仅限贷款客户）"
        yield Line("价格", "loan_only_discount", "贷款专享优惠", text)


def _amounts(terms: ProductTerms) -> Lines:
    amount = f"{yuan(terms.principal_min_fen)} 至 {yuan(terms.principal_max_fen)}"
    yield Line(
        "额度", "principal", "贷款额", f"{amount}，以 {yuan(terms.principal_step_fen)}为一档"
    )
    yield Line("额度", "ltv", "贷款成数上限", percent(terms.max_loan_to_value))
    yield Line("额度", "down_payment", "首付比例至少", percent(terms.min_down_payment_ratio))
    if terms.financed_extras_max_ratio or terms.financed_extras_max_fen:
        text = f"车价的 {percent(terms.financed_extras_max_ratio)}"
        cap = yuan(terms.financed_extras_max_fen)
        yield Line("额度", "extras", "附加品融资", f"{text}，最多 {cap}")
    unit = f"，取整到 {yuan(terms.rounding_unit_fen)}" if terms.rounding_unit_fen > 1 else "到分"
    yield Line("额度", "rounding", "月供取整", ROUNDING_LABELS[terms.rounding] + unit)
    for key, label, said in (
        ("interest_rounding", "利息取整", _UNUSUAL_ROUNDINGS.get(terms.interest_rounding)),
        ("day_count", "各期按天计息", DAY_COUNT_LABELS.get(terms.day_count or "")),
        ("first_period", "首期零头天数", DAY_COUNT_LABELS.get(terms.first_period_day_count or "")),
    ):
        if said:
            yield Line("额度", key, label, said)
    yield Line("额度", "first_due", "首期还款日", _first_due(terms))


def _first_due(terms: ProductTerms) -> str:
    rule = terms.first_due
    if rule.kind == "same_day_next_month":
        return "放款次月同一天"
    return f"每月 {rule.day_of_month} 日，距放款至少 {rule.minimum_gap_days} 天"


def _fees(terms: ProductTerms) -> Lines:
    for fee in terms.fees:
        yield Line("费用", f"fee-{fee.code}", fee.name, fee_in_words(fee))
    if not terms.fees:
        yield Line("费用", "fees", "费用", "没有利息以外的费用")
    for item in terms.add_ons:
        amount = yuan(item.amount_fen) if item.amount_fen is not None else "金额另议"
        needed = "是放款条件" if item.is_condition_of_loan else "不选也能贷"
        text = f"{amount}，由{item.payee}收，{needed}"
        yield Line("费用", f"add-on-{item.code}", item.name, text)


def _prepayment(terms: ProductTerms) -> Lines:
    text = "；".join(prepayment_in_words(terms.prepayment))
    yield Line("提前还款", "prepayment", "提前还款", text)


def _eligibility(terms: ProductTerms) -> Lines:
    for key, label, text in eligibility_in_words(terms.eligibility):
        yield Line("准入", f"eligibility-{key}", label, text)


SECTIONS: Final[tuple[Callable[[ProductTerms], Lines], ...]] = (
    _about,
    _prices,
    _amounts,
    _fees,
    _prepayment,
    _eligibility,
)
