"""How a number came about (怎么算的): a tree of values, formulas, inputs and roundings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from chedai.core.loans.cost import (
    CostOfCredit,
    Subsidy,
    cash_flows,
    cost_of_plan,
    discount_label,
)
from chedai.core.loans.methods import METHOD_LABELS
from chedai.core.money import format_yuan
from chedai.core.notebook import tree_html

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from chedai.core.loans.schedules import Schedule
    from chedai.core.loans.terms import Fee, LoanTerms

ROUNDING_LABELS: Final = {
    "half_up": "四舍五入到分",
    "half_even": "四舍六入五成双到分",
    "up": "进位到分",
    "down": "舍去不足一分",
}
_UNIT_NAMES: Final = {10: "一角", 100: "一元"}

INSTALMENT_FORMULAS: Final = {
    "equal_instalment": "月供 = P × i ÷ (1 − (1 + i)^−n), i = 年利率 ÷ 12",
    "equal_principal": "首期 = P ÷ n + P × i, 以后每期利息按剩余本金递减",
    "interest_first": "只还息期间：月供 = P × i",
    "bullet": "到期一次还 P + P × 年利率 × n ÷ 12，之前不还款",
    "balloon": "月供 = (P − B ÷ (1 + i)^n) × i ÷ (1 − (1 + i)^−n)，末期另还尾款 B",
    "stepped": "每段按该段利率和计息基数计算月供",
    "seasonal": "月供 = P × i + P ÷ S，S 为旺季各期与淡季还本比例折算的年金终值；淡季按比例还本",
    "flat_fee": "月供 = P × (1 + 总费率) ÷ n",
    "lease_rent": "租金 = (P − 残值 ÷ (1 + i)^n) × i ÷ (1 − (1 + i)^−n)；先付再除以 (1 + i)",
}

APR_SIMPLE_SOURCE: Final = "中国人民银行公告〔2021〕第3号（单利口径）"
APR_COMPOUND_SOURCE: Final = "中国人民银行公告〔2021〕第3号（复利口径）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """One number and where it comes from.

    Attributes
    ----------
    value
        Fen for ``unit`` "fen"; a ratio for "ratio"; a count for "months"; text for "text".
    formula
        In words and symbols; empty for what was given.
    inputs
        The numbers that went in, each a derivation.
    rounding
        How the value was rounded; empty when it was not.
    source
        Contract, law or convention behind the formula.
    """

    label_zh: str
    value: int | float | str
    unit: str
    formula: str = ""
    inputs: tuple[Derivation, ...] = ()
    rounding: str = ""
    source: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the tree as plain dicts and lists."""
        return {
            "label": self.label_zh,
            "value": self.value,
            "text": self.text,
            "unit": self.unit,
            "formula": self.formula,
            "inputs": [child.as_json() for child in self.inputs],
            "rounding": self.rounding,
            "source": self.source,
        }

    @property
    def text(self) -> str:
        """The value as people read it."""
        if self.unit == "fen":
            return format_yuan(int(self.value), always_fen=True)
        if self.unit == "ratio":
            return f"{float(self.value) * 100:.2f}%"
        if self.unit == "months":
            return f"{self.value} 个月"
        return str(self.value)

    def _repr_html_(self) -> str:
        """The tree as nested lists, for notebooks."""
        return tree_html(
            label=f"{self.label_zh} {self.text}",
            notes=(self.formula, self.rounding, self.source),
            branches=(child._repr_html_() for child in self.inputs),
        )


def derive_instalment(terms: LoanTerms, schedule: Schedule, *, month: int = 1) -> Derivation:
    """Explain the instalment of one month: the formula, and its parts in that month."""
    index = month - 1
    parts = (
        fen_given("本期本金", schedule.principal_fen[index]),
        Derivation(
            label_zh="本期利息",
            value=schedule.interest_fen[index],
            unit="fen",
            formula=_interest_formula(terms, month),
            inputs=(
                fen_given("期初剩余本金", schedule.outstanding_after(index)),
                *_days_of(terms, month),
            ),
            rounding=ROUNDING_LABELS[terms.interest_rounding],
        ),
        fen_given("本期手续费", schedule.fee_fen[index]),
    )
    is_last = month == schedule.term_months
    return Derivation(
        label_zh=f"第 {month} 期月供",
        value=schedule.instalment_fen[index],
        unit="fen",
        formula="剩余本金 + 本期息费（末期轧差）" if is_last else INSTALMENT_FORMULAS[terms.method],
        inputs=(*_inputs_of(terms), *(part for part in parts if part.value)),
        rounding=rounding_text(terms.rounding, unit_fen=terms.rounding_unit_fen),
        source=f"还款方式：{METHOD_LABELS[terms.method]}",
    )


def rounding_text(rounding: str, *, unit_fen: int) -> str:
    """Say how an instalment is rounded, and to what: ``四舍五入到元``."""
    said = ROUNDING_LABELS[rounding]
    if unit_fen == 1:
        return said
    unit = _UNIT_NAMES.get(unit_fen) or f" {format_yuan(unit_fen)}"
    if rounding == "down":
        return f"舍去不足{unit}"
    return said.removesuffix("分") + unit.removeprefix("一")


def derive_total_interest(terms: LoanTerms, schedule: Schedule) -> Derivation:
    """Explain the sum of interest and flat fee over the whole contract."""
    return Derivation(
        label_zh="总息费",
        value=schedule.total_interest_fen + schedule.total_fee_fen,
        unit="fen",
        formula="各期应还合计 + 放款时已付 − 贷款本金",
        inputs=(
            fen_given("各期应还合计", sum(schedule.instalment_fen)),
            fen_given("放款时已付", schedule.paid_at_start_fen),
            fen_given("贷款本金", schedule.total_principal_fen),
            derive_instalment(terms, schedule),
        ),
    )


def derive_apr_simple(
    schedule: Schedule,
    fees: Sequence[Fee] = (),
    *,
    lost_cash_discount_fen: int = 0,
    subsidies: Sequence[Subsidy] = (),
) -> Derivation:
    """Explain the simple annual rate from the monthly root and every flow behind it."""
    cost = cost_of_plan(
        schedule, fees, lost_cash_discount_fen=lost_cash_discount_fen, subsidies=subsidies
    )
    flows = _flow_inputs(schedule, fees, lost_cash_discount_fen, subsidies)
    return Derivation(
        label_zh="综合年化成本（单利）",
        value=cost.apr_simple,
        unit="ratio",
        formula="12 × 月内部收益率",
        inputs=(_derive_irr(cost, flows),),
        source=APR_SIMPLE_SOURCE,
    )


def derive_apr_compound(
    schedule: Schedule,
    fees: Sequence[Fee] = (),
    *,
    lost_cash_discount_fen: int = 0,
    subsidies: Sequence[Subsidy] = (),
) -> Derivation:
    """Explain the effective annual rate from the monthly root and every flow behind it."""
    cost = cost_of_plan(
        schedule, fees, lost_cash_discount_fen=lost_cash_discount_fen, subsidies=subsidies
    )
    flows = _flow_inputs(schedule, fees, lost_cash_discount_fen, subsidies)
    return Derivation(
        label_zh="综合年化成本（复利）",
        value=cost.apr_compound,
        unit="ratio",
        formula="(1 + 月内部收益率)^12 − 1",
        inputs=(_derive_irr(cost, flows),),
        source=APR_COMPOUND_SOURCE,
    )


def derive_extra_over_cash(
    schedule: Schedule,
    fees: Sequence[Fee] = (),
    *,
    lost_cash_discount_fen: int = 0,
    subsidies: Sequence[Subsidy] = (),
) -> Derivation:
    """Explain how much more than with cash the customer pays; its inputs add up to its value."""
    cost = cost_of_plan(
        schedule, fees, lost_cash_discount_fen=lost_cash_discount_fen, subsidies=subsidies
    )
    parts = [
        fen_given("利息", schedule.total_interest_fen),
        fen_given("分期手续费", schedule.total_fee_fen),
        *(
            fen_given(f"{fee.name}（{fee.payee}）", fee.amount_fen)
            for fee in fees
            if fee.is_condition_of_loan and not fee.is_refundable
        ),
        fen_given(discount_label(lost_cash_discount_fen), lost_cash_discount_fen),
        *(fen_given(subsidy.name, -subsidy.amount_fen) for subsidy in subsidies),
    ]
    return Derivation(
        label_zh="比付全款多",
        value=cost.extra_over_cash_fen,
        unit="fen",
        formula="利息 + 费用 + 放弃的现金优惠 − 贷款才有的优惠 − 补贴",
        inputs=tuple(part for part in parts if part.value),
    )


def fen_given(label_zh: str, fen: int) -> Derivation:
    """Return a leaf: an amount that was given or is explained elsewhere."""
    return Derivation(label_zh=label_zh, value=fen, unit="fen")


def _interest_formula(terms: LoanTerms, month: int) -> str:
    days = terms.interest_days
    if days is None:
        return "计息本金 × 年利率 ÷ 12"
    odd = "，另计首期零头天数" if month == 1 and days.disbursed_on != days.regular_from else ""
    if not days.is_every_period:
        return f"计息本金 × 年利率 ÷ 12{odd}"
    return f"计息本金 × 年利率 × 天数 ÷ {days.day_count[-3:]}{odd}"


def _days_of(terms: LoanTerms, month: int) -> tuple[Derivation, ...]:
    days = terms.interest_days
    if days is None or not days.is_every_period:
        return ()
    return (Derivation(label_zh="本期天数", value=f"{days.days(month)} 天", unit="text"),)


def _inputs_of(terms: LoanTerms) -> tuple[Derivation, ...]:
    given = [
        fen_given("贷款本金 P", terms.principal_fen),
        Derivation(label_zh="期限 n", value=terms.term_months, unit="months"),
    ]
    if terms.nominal_rate_annual:
        given.append(_rate_given("名义年利率", terms.nominal_rate_annual))
    if terms.flat_fee_rate_total is not None:
        given.append(_rate_given("总费率", terms.flat_fee_rate_total))
    if terms.balloon_fen:
        given.append(fen_given("尾款 B", terms.balloon_fen))
    given += [
        _rate_given(f"{segment.months} 个月利率", segment.nominal_rate_annual)
        for segment in terms.segments
    ]
    return tuple(given)


def _rate_given(label_zh: str, rate: Decimal) -> Derivation:
    return Derivation(label_zh=label_zh, value=str(rate), unit="ratio")


def _flow_inputs(
    schedule: Schedule,
    fees: Sequence[Fee],
    lost_cash_discount_fen: int,
    subsidies: Sequence[Subsidy],
) -> tuple[Derivation, ...]:
    flows = cash_flows(
        schedule, fees, lost_cash_discount_fen=lost_cash_discount_fen, subsidies=subsidies
    )
    return tuple(fen_given(f"第 {flow.month} 月 {flow.label}", flow.amount_fen) for flow in flows)


def _derive_irr(cost: CostOfCredit, flows: tuple[Derivation, ...]) -> Derivation:
    return Derivation(
        label_zh="月内部收益率",
        value=cost.irr_monthly,
        unit="ratio",
        formula="使 Σ 现金流 ÷ (1 + r)^月 = 0 的 r",
        inputs=flows,
    )
