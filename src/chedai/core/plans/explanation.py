"""Sentences built from the numbers of plans; every word of praise is banned, every number exact."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from chedai.core.loans.cost import cost_of_plan
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import LoanTerms
from chedai.core.money import format_yuan
from chedai.core.plans.dominance import free_from_month
from chedai.core.plans.plan import FEN_PER_YUAN, Plan, whole_yuan_up
from chedai.core.plans.repricing import floating_text
from chedai.core.plans.solver import Goal, Solution, Trade

BANNED_WORDS: Final = (
    "最低",
    "最划算",
    "推荐",
    "无任何费用",
    "包过",
    "秒批",
    "不看征信",
)
FREE_OF_INTEREST: Final = "免息"
NEAR_LIMIT_RATIO: Final = Decimal("0.05")
FEN_PER_WAN: Final = 10_000 * FEN_PER_YUAN
CIRCLED: Final = "①②③④⑤"


def banned_words_in(text: str, *, has_fees: bool) -> tuple[str, ...]:
    """Return the words that may not be shown; 免息 only where any fee is charged."""
    banned = (*BANNED_WORDS, FREE_OF_INTEREST) if has_fees else BANNED_WORDS
    return tuple(word for word in banned if word in text)


def yuan(fen: int) -> str:
    """Write a difference in whole yuan, half up: ``1,846 元``."""
    return f"{(fen + FEN_PER_YUAN // 2) // FEN_PER_YUAN:,} 元"


def in_wan(fen: int) -> str:
    """Write 1.75 万 for whole hundreds of yuan from ten thousand on, else yuan."""
    if fen >= FEN_PER_WAN and fen % (100 * FEN_PER_YUAN) == 0:
        return f"{(Decimal(fen) / FEN_PER_WAN).normalize():f} 万"
    return yuan(fen)


def percent_text(ratio: float) -> str:
    """Write an annual cost as shown everywhere, two decimals: ``3.88%``."""
    return f"{ratio * 100:.2f}%"


def give_ups(
    plan: Plan, *, others: Sequence[Plan], payment_max_fen: int | None = None
) -> tuple[str, ...]:
    """Say what a customer forgoes with this plan against the others shown, in numbers."""
    said = [sentence for sentence in _against_others(plan, others) if sentence]
    said += [sentence for sentence in _by_itself(plan, payment_max_fen) if sentence]
    if not said:
        said = [f"比付全款多付 {yuan(plan.extra_over_cash_fen)}"]
    return tuple(said)


def _against_others(plan: Plan, others: Sequence[Plan]) -> list[str]:
    every = (plan, *others)
    extra_fen = plan.extra_over_cash_fen - min(other.extra_over_cash_fen for other in every)
    payment_fen = plan.payment_fen - min(other.payment_fen for other in every)
    months = plan.term_months - min(other.term_months for other in every)
    cash_fen = plan.cash_at_delivery_fen - min(other.cash_at_delivery_fen for other in every)
    is_slower = free_from_month(plan) > min(free_from_month(other) for other in every)
    return [
        f"总共多付 {yuan(extra_fen)}" if extra_fen >= FEN_PER_YUAN else "",
        f"每月多还 {yuan(payment_fen)}" if payment_fen >= FEN_PER_YUAN else "",
        f"多还 {months} 个月" if months else "",
        f"提车当天多拿 {yuan(cash_fen)}" if cash_fen >= FEN_PER_YUAN else "",
        prepayment_text(plan) if is_slower else "",
    ]


def _by_itself(plan: Plan, payment_max_fen: int | None) -> list[str]:
    return [
        _limit_text(plan, payment_max_fen),
        "还清之前车不归您所有" if plan.contract_nature.startswith("finance_lease") else "",
        _first_payment_text(plan),
        _last_payment_text(plan),
        floating_text(plan),
    ]


def _limit_text(plan: Plan, payment_max_fen: int | None) -> str:
    if payment_max_fen is None:
        return ""
    room_fen = payment_max_fen - plan.payment_fen
    if room_fen < 0:
        return f"月供超过上限 {whole_yuan_up(-room_fen):,} 元"
    if room_fen <= payment_max_fen * NEAR_LIMIT_RATIO:
        return f"月供离上限只差 {room_fen // FEN_PER_YUAN:,} 元"
    return ""


def _first_payment_text(plan: Plan) -> str:
    if plan.first_payment_fen <= plan.payment_fen:
        return ""
    first, later = whole_yuan_up(plan.first_payment_fen), whole_yuan_up(plan.payment_fen)
    return f"第一个月要还 {first:,} 元，以后每月 {later:,} 元"


def _last_payment_text(plan: Plan) -> str:
    if plan.last_payment_fen <= 2 * plan.payment_fen:
        return ""
    return f"最后一期要一次还 {whole_yuan_up(plan.last_payment_fen):,} 元"


def prepayment_text(plan: Plan) -> str:
    """Say from when settling early costs no charge."""
    month = free_from_month(plan)
    if month == 0:
        return "提前还款随时免违约金"
    if month >= plan.term_months:
        return "到期之前提前还款都要付违约金"
    return f"提前还款要满 {month} 期才免违约金"


def headline(plan: Plan) -> tuple[str, ...]:
    """Four numbers and a day, in their fixed order, never split."""
    return (
        f"每月还 ¥{whole_yuan_up(plan.payment_fen):,} ×{plan.term_months} 期",
        f"一共还 ¥{whole_yuan_up(plan.total_paid_fen):,}",
        f"比付全款多 ¥{whole_yuan_up(plan.extra_over_cash_fen):,}",
        f"综合年化成本 {percent_text(plan.apr_simple)}（单利）",
        f"最后一期 {plan.last_due_on.isoformat()}",
    )


def solution_text(solution: Solution) -> str:
    """Say the ways to a goal as trades, numbered, each with its price."""
    goal = _goal_text(solution.base, solution.goal)
    if solution.is_met:
        return f"{goal}，现在的方案已经做到。"
    if not solution.trades:
        return f"{goal}，只动首付、期数、车价中的一样做不到。"
    ways = "".join(f"{CIRCLED[i]}{trade_text(trade)}" for i, trade in enumerate(solution.trades))
    return f"{goal}有 {len(solution.trades)} 条路：{ways}。"


def _goal_text(base: Plan, goal: Goal) -> str:
    if goal.kind == "last_due":
        return f"在 {goal.on} 之前还清"
    now_fen = {
        "payment": base.payment_fen,
        "cash": base.cash_at_delivery_fen,
        "extra": base.extra_over_cash_fen,
    }[goal.kind]
    label = {"payment": "月供", "cash": "提车现金", "extra": "比全款多付"}[goal.kind]
    return f"{label}从 {whole_yuan_up(now_fen):,} 降到 {goal.limit_fen // FEN_PER_YUAN:,} 以内"


def trade_text(trade: Trade) -> str:
    """Say one way with what it costs and how long it lasts."""
    if trade.lever == "term":
        before, after = trade.base.term_months, trade.plan.term_months
        months = f"{'多' if trade.change_months > 0 else '少'}还 {abs(trade.change_months)} 个月"
        return f"期数 {before}→{after}（{_more_or_less(trade.extra_change_fen)}、{months}）"
    way = "加" if trade.change_fen > 0 else "减" if trade.lever == "down_payment" else "降"
    label = "首付" if trade.lever == "down_payment" else "车价"
    said = f"{label}{way} {in_wan(abs(trade.change_fen))}"
    if trade.lever == "price" and trade.plan.down_payment_fen < trade.base.down_payment_fen:
        said += f"，首付减到 {format_yuan(trade.plan.down_payment_fen)}"
    if trade.extra_change_fen >= FEN_PER_YUAN:
        said += f"（{_more_or_less(trade.extra_change_fen)}）"
    return said


def _more_or_less(fen: int) -> str:
    return f"{'多' if fen >= 0 else '少'}付 {yuan(abs(fen))}"


@dataclass(frozen=True)
class FlatRateLesson:
    """Why a flat monthly fee rate is not twelve times itself a year, with the customer's numbers.

    Attributes
    ----------
    outstanding_fen, charge_base_fen
        Two lines over months 0 … term: what is still owed, and what the fee is charged on.
    month, outstanding_at_month_fen
        The month spoken of (halfway) and what is owed then.
    steps
        Three short sentences.
    """

    flat_fee_rate_monthly: Decimal
    apr_simple: float
    total_fee_fen: int
    outstanding_fen: tuple[int, ...]
    charge_base_fen: tuple[int, ...]
    month: int
    outstanding_at_month_fen: int
    steps: tuple[str, str, str]


def flat_rate_lesson(
    *, principal_fen: int, term_months: int, flat_fee_rate_monthly: Decimal
) -> FlatRateLesson:
    """Lay out the lesson “为什么 0.3 % 不等于 3.6 %” for one loan."""
    schedule = build_schedule(
        LoanTerms(
            method="flat_fee",
            principal_fen=principal_fen,
            term_months=term_months,
            flat_fee_rate_total=flat_fee_rate_monthly * term_months,
        )
    )
    apr_simple = cost_of_plan(schedule).apr_simple
    month = max(term_months // 2, 1)
    left_fen = schedule.outstanding_after(month)
    quoted = f"{(flat_fee_rate_monthly * 100).normalize():f}%"
    yearly = f"{(flat_fee_rate_monthly * 1200).normalize():f}%"
    return FlatRateLesson(
        flat_fee_rate_monthly=flat_fee_rate_monthly,
        apr_simple=apr_simple,
        total_fee_fen=schedule.total_fee_fen,
        outstanding_fen=(principal_fen, *schedule.outstanding_principal_fen),
        charge_base_fen=(principal_fen,) * (term_months + 1),
        month=month,
        outstanding_at_month_fen=left_fen,
        steps=(
            f"您借 {in_wan(principal_fen)}，每个月都在还本金。",
            f"第 {month} 个月只欠 {yuan(left_fen)}，手续费却一直按 {in_wan(principal_fen)}收。",
            f"按真正还欠着的钱算，一年是 {percent_text(apr_simple)}，不是 {quoted}×12 = {yearly}。",
        ),
    )
