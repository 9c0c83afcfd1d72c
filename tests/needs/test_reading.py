import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.needs.hearing import WAN, heard

from chedai.needs.reading import SENTENCE_CHARS_MAX, SentenceTooLongError, read_sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("首付给6万5", [("down_payment", 65 * WAN // 10, 65 * WAN // 10)]),
        ("六万五首付", [("down_payment", 65 * WAN // 10, 65 * WAN // 10)]),
        ("首付加保险一共6万", [("down_payment", 6 * WAN, 6 * WAN)]),
        ("总共15万落地", [("on_road_price", 15 * WAN, 15 * WAN)]),
        ("月供 2,800 块", [("monthly_target", 280_000, 280_000)]),
        ("车价１６万８", [("vehicle_price", 168 * WAN // 10, 168 * WAN // 10)]),
        ("全办下来17万", [("on_road_price", 17 * WAN, 17 * WAN)]),
        ("一共准备花12万", [("total_budget", 12 * WAN, 12 * WAN)]),
        ("首付款:五万", [("down_payment", 5 * WAN, 5 * WAN)]),
        ("首付呢,四万", [("down_payment", 4 * WAN, 4 * WAN)]),
        ("首付是车价的三成", [("down_payment_ratio", 3_000, 3_000)]),
        ("零首付", [("down_payment_ratio", 0, 0)]),
        ("首付五万或者", [("down_payment", 5 * WAN, 5 * WAN)]),
        (
            "13万的车首付4万",
            [
                ("vehicle_price", 13 * WAN, 13 * WAN, "ambiguous"),
                ("down_payment", 4 * WAN, 4 * WAN),
            ],
        ),
        (
            "三千月供五万首付",
            [("monthly_target", 300_000, 300_000), ("down_payment", 5 * WAN, 5 * WAN)],
        ),
    ],
)
def test_a_word_beside_an_amount_says_what_it_is(text: str, expected: list[object]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "low", "high", "certainty"),
    [
        ("首付4万左右", 3_600_000, 4_400_000, "roughly"),
        ("首付大概4万的样子", 3_600_000, 4_400_000, "roughly"),
        ("首付4万出头", 4_000_000, 4_400_000, "roughly"),
        ("首付4万不到", 3_600_000, 4_000_000, "roughly"),
        ("首付快4万", 3_600_000, 4_000_000, "roughly"),
        ("首付小十万", 9_000_000, 10_000_000, "roughly"),
        ("首付4万多", 4_000_000, 5_000_000, "roughly"),
        ("首付三四万左右", 3_000_000, 4_000_000, "roughly"),
        ("首付别超过4万", None, 4_000_000, "said"),
        ("首付4万以内", None, 4_000_000, "said"),
        ("首付大概4万以内", None, 4_000_000, "roughly"),
        ("首付4万封顶", None, 4_000_000, "said"),
        ("首付至少4万", 4_000_000, None, "said"),
        ("首付不低于4万", 4_000_000, None, "said"),
        ("首付4万以上", 4_000_000, None, "said"),
        ("首付最少3万最多5万", 3_000_000, 5_000_000, "said"),
        ("首付8", 8_000_000, 8_000_000, "ambiguous"),
        ("首付8个", 8_000_000, 8_000_000, "said"),
        ("首付3万还是5万", 3_000_000, 5_000_000, "ambiguous"),
    ],
)
def test_fuzzy_and_limit_words_bound_the_amount(
    text: str, low: int | None, high: int | None, certainty: str
) -> None:
    (chip,) = read_sentence(text)
    assert (chip.slot, chip.low, chip.high, chip.certainty) == (
        "down_payment",
        low,
        high,
        certainty,
    )


@pytest.mark.parametrize(
    ("text", "slot", "strength"),
    [
        ("月供不能超3000", "monthly_max", "hard"),
        ("月供尽量不超3000", "monthly_max", "soft"),
        ("月供最好3000以内", "monthly_max", "soft"),
        ("月供最好降到2600", "monthly_max", "soft"),
        ("月供降至2600", "monthly_max", "hard"),
        ("每月能承受3000", "monthly_max", "soft"),
        ("每月能承受3000左右", "monthly_target", "hard"),
        ("首付能出到5万", "down_payment", "soft"),
    ],
)
def test_limits_are_hard_unless_a_soft_word_is_said(text: str, slot: str, strength: str) -> None:
    (chip,) = read_sentence(text)
    assert (chip.slot, chip.strength) == (slot, strength)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("首付不是5万是6万", [("down_payment", 6 * WAN, 6 * WAN)]),
        ("首付5万不行,6万", [("down_payment", 6 * WAN, 6 * WAN)]),
        ("不要五年,三年就行", [("term_months", 36, 36)]),
        ("贷四年,说错了,五年", [("term_months", 60, 60)]),
        ("落地14万,不对,15万", [("on_road_price", 15 * WAN, 15 * WAN)]),
        ("不要SUV,轿车", [("body_type", "sedan")]),
        ("油车开腻了,换纯电", [("power", "battery_electric")]),
        ("不全款", []),
        ("月供2900嫌高,2300以内", [("monthly_max", None, 230_000)]),
        ("首付5万,首付还是6万吧", [("down_payment", 6 * WAN, 6 * WAN)]),
    ],
)
def test_only_the_last_word_counts(text: str, expected: list[object]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "轿车还是SUV没想好",
            [("body_type", "sedan", "ambiguous"), ("body_type", "suv", "ambiguous")],
        ),
        ("二手也行", [("vehicle_condition", "used", "ambiguous")]),
        ("全款还是分期", [("cash_only", "yes", "ambiguous")]),
        ("贷两年或者三年", [("term_months", 24, 36)]),
    ],
)
def test_alternatives_are_left_open(text: str, expected: list[object]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("贷三年", [("term_months", 36, 36)]),
        ("分六十期", [("term_months", 60, 60)]),
        ("五年免两年的", [("term_months", 60, 60, "ambiguous")]),
        ("满一年就还清", [("prepayment_month", 12, 12)]),
        ("贷五年,两年就能还清", [("term_months", 60, 60), ("prepayment_month", 24, 24)]),
        ("过两年一次性结清", [("prepayment_month", 24, 24)]),
        ("三天内提车", [("delivery_within_days", None, 3)]),
        ("后天要提车", [("delivery_within_days", None, 2)]),
        ("中秋前提车", [("delivery_time", "中秋前")]),
        ("下周来看车", []),
        ("车开了五年了", []),
        ("质保三年", []),
        ("四年就四年吧", [("term_months", 48, 48)]),
        ("二手的,四年以内", [("vehicle_condition", "used")]),
        ("近三个月查了几次", []),
    ],
)
def test_time_is_a_term_only_when_it_is_about_paying(text: str, expected: list[object]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "隔壁给的月供2500,四年",
            [("competitor_monthly", 250_000, 250_000), ("competitor_term_months", 48, 48)],
        ),
        ("别家年化4.5%", [("competitor_rate", 450, 450)]),
        ("他家利率4个点", [("competitor_rate", 400, 400, "ambiguous")]),
        ("朋友月供才2000", []),
        ("我老公工资一万", []),
        ("我老婆征信花了", []),
        ("我哥帮我担保,他征信干净", [("co_borrower", "other")]),
        ("两口子一个月收入一万五", [("income_monthly", 1_500_000, 1_500_000, "ambiguous")]),
        ("我一个月八千", [("monthly_target", 800_000, 800_000, "ambiguous")]),
    ],
)
def test_other_peoples_numbers_are_no_needs(text: str, expected: list[object]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("年薪24万", [("income_kind", "salary"), ("income_monthly", 2 * WAN, 2 * WAN)]),
        ("房贷每月3500", [("debt_monthly", 350_000, 350_000)]),
        (
            "网贷还没还完,每月还800",
            [("credit_history", "online_loans"), ("debt_monthly", 80_000, 80_000)],
        ),
        ("没有负债", [("debt_monthly", 0, 0)]),
        ("网贷欠了3万", []),
        ("我自己开个小店", [("income_kind", "business")]),
        ("买个车跑滴滴用", [("vehicle_use", "ride_hailing")]),
        ("我是跑滴滴的", [("vehicle_use", "ride_hailing", "ambiguous"), ("income_kind", "gig")]),
        ("旧车能抵三万", [("trade_in", "yes", 3 * WAN, 3 * WAN)]),
    ],
)
def test_incomes_debts_and_jobs_are_told_apart(text: str, expected: list[object]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "电话13800000000,下午三点见",
        "2026款5座2.0T,18寸轮毂,3号门",
        "有没有手续费",
        "收不收违约金",
        "要装GPS吗",
        "总共多少钱",
        "首付最低多少",
        "有没有逾期都能做吗",
        "订金五千",
        "优惠两万",
        "电动尾门有吗",
        "开面包店的隔壁",
        "你好",
        "",
        "   ",
        ",。!?",
    ],
)
def test_what_only_looks_like_a_need_gives_no_chip(text: str) -> None:
    assert [c for c in read_sentence(text) if c.certainty == "said"] == []


def test_a_bare_row_is_price_down_payment_and_instalment() -> None:
    assert heard("14万,4万,2800") == [
        ("vehicle_price", 14 * WAN, 14 * WAN, "ambiguous"),
        ("down_payment", 4 * WAN, 4 * WAN, "ambiguous"),
        ("monthly_target", 280_000, 280_000, "ambiguous"),
    ]


def test_the_example_of_the_design_is_heard_whole() -> None:
    assert heard("首付5万左右,月供别超过3000,想买个15万的SUV,征信花了") == [
        ("down_payment", 4_500_000, 5_500_000, "roughly"),
        ("monthly_max", None, 300_000),
        ("vehicle_price", 15 * WAN, 15 * WAN, "ambiguous"),
        ("body_type", "suv"),
        ("credit_history", "many_inquiries", "ambiguous"),
    ]


WORDS = """
首付 月供 落地 预算 五万 5万 3000 三成 30% 三年 36期 左右 以内 别超过 至少 不是 是 , 。 ?
征信花 SUV 二手 提前还 提车 一年后 隔壁 工资 房贷 每月 还 的 或者 不要 GPS 上海 牌 全款
老婆 担保 ８ 亿 万 十 几 来 多 半 个 点
"""
LIKELY = st.lists(st.sampled_from(WORDS.split()), max_size=40).map("".join)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=300), LIKELY))
def test_any_text_is_read_and_every_chip_quotes_it(text: str) -> None:
    for chip in read_sentence(text):
        assert 0 <= chip.start < chip.end <= len(text)
        assert chip.text == text[chip.start : chip.end]
        assert chip.low is None or chip.high is None or chip.low <= chip.high
        assert chip.certainty in {"said", "roughly", "ambiguous"}


@settings(deadline=None)
@given(LIKELY)
def test_the_same_words_are_always_heard_the_same(text: str) -> None:
    assert read_sentence(text) == read_sentence(text)


def test_more_than_anybody_says_at_once_is_refused() -> None:
    assert read_sentence("好" * SENTENCE_CHARS_MAX) == ()
    with pytest.raises(SentenceTooLongError, match="2,001"):
        read_sentence("好" * (SENTENCE_CHARS_MAX + 1))


@pytest.mark.parametrize(
    "unit",
    [
        "首付",
        "五",
        "5",
        "万",
        "不",
        "月供3000,",
        "的",
        "5万",
        " ",
        "一年后",
        "贷",
        "征信",
        "a",
        "大概",
        "提前还",
        "别超过",
        "((",
        "到",
        "旧车",
        "不装",
        "利息",
        "首付5万左右,月供别超过3000,",
    ],
)
def test_hostile_repetition_does_not_hang(unit: str) -> None:
    text = (unit * SENTENCE_CHARS_MAX)[:SENTENCE_CHARS_MAX]
    started = time.perf_counter()
    read_sentence(text)
    assert time.perf_counter() - started < 2
