"""Whose words and whose money: debts, quotes, corrections, early payoff, other shops."""

import time

import pytest
from tests.needs.hearing import WAN, heard

from chedai.needs.reading import read_sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我前年买的房,每月还三千八", [("debt_monthly", 380_000, 380_000)]),
        ("我哥前年买的房,每月还三千八", []),
        ("房子月供三千一", [("debt_monthly", 310_000, 310_000)]),
        (
            "按揭两千六,车贷一千一",
            [("debt_monthly", 260_000, 260_000), ("debt_monthly", 110_000, 110_000)],
        ),
        ("再背个两千二的车贷怕吃紧", [("monthly_target", 220_000, 220_000)]),
        ("还有个两千二的车贷每月在还", [("debt_monthly", 220_000, 220_000)]),
        ("刚贷了六万,每月还1700", [("debt_monthly", 170_000, 170_000)]),
    ],
)
def test_what_is_paid_already_is_a_debt_and_no_wish(text: str, expected: list[object]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "销售上次说首付一成就够",
        "听说月供一千五就行",
        "你们报的月供2900",
        "有人说我征信花了",
        "我同事在这买的,首付才一万,月供两千",
        "我妈退休了,退休金五千",
        "我老婆逾期过,征信也花了",
        "隔壁说手续费不收",
        "GPS装不装都行",
        "全款买得起,就是想贷款",
        "本来想全款的",
        "说好首付两万的怎么变三万了",
    ],
)
def test_words_of_others_and_open_choices_are_never_certain(text: str) -> None:
    assert [c for c in read_sentence(text) if c.certainty == "said"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("首付原来说7万,现在只有5万", [("down_payment", 5 * WAN, 5 * WAN)]),
        ("首付再加2万,8万吧", [("down_payment", 8 * WAN, 8 * WAN)]),
        ("预算从12万加到14万", [("total_budget", 14 * WAN, 14 * WAN)]),
        ("本来想贷五年,现在三年就行", [("term_months", 36, 36)]),
        ("首付三成,不,四成", [("down_payment_ratio", 4_000, 4_000)]),
        ("油车吧,不对,还是插混", [("power", "plug_in_hybrid")]),
        ("首付两成和三成差多少", [("down_payment_ratio", 2_000, 3_000, "ambiguous")]),
    ],
)
def test_a_correction_puts_the_newer_value_in_place(text: str, expected: list[object]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "税前一万二,到手九千五",
            [("income_monthly", 950_000, 950_000)],
        ),
        ("在厂里上班一个月六千", [("income_kind", "salary"), ("income_monthly", 600_000, 600_000)]),
        (
            "送外卖的,油钱去掉剩七千",
            [("income_kind", "gig"), ("income_monthly", 700_000, 700_000)],
        ),
        ("税前一万二", [("income_monthly", 12 * WAN // 10, 12 * WAN // 10, "ambiguous")]),
        ("月供一千九百八", [("monthly_target", 198_000, 198_000)]),
        (
            "首付一万五月供一千五",
            [("down_payment", 1_500_000, 1_500_000), ("monthly_target", 150_000, 150_000)],
        ),
        ("满两年能还吗", [("prepayment_month", 24, 24)]),
        ("后天得把车提了", [("delivery_within_days", None, 2)]),
        ("三千以内是极限,月供别再高了", [("monthly_max", None, 300_000)]),
    ],
)
def test_net_income_and_sums_said_in_one_breath_are_heard(
    text: str, expected: list[object]
) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("一年后还清", 12, 12),
        ("打算提前还,两年以后吧", 24, 24),
        ("用满一年,提前结清", 12, 12),
        ("开一年就把贷款还清", 12, 12),
        ("半年就还清", 6, 6),
        ("贷三年,一年半就还完", 18, 18),
        ("供一年就还掉", 12, 12),
        ("两年内提前结清", None, 24),
    ],
)
def test_early_payoff_is_told_from_the_term(text: str, low: int | None, high: int) -> None:
    found = [(c.low, c.high) for c in read_sentence(text) if c.slot == "prepayment_month"]
    assert found == [(low, high)]


@pytest.mark.parametrize("text", ["三年还清", "三年内还完", "不提前还,慢慢还三年", "还有三年还完"])
def test_paying_over_the_whole_term_is_no_early_payoff(text: str) -> None:
    assert "prepayment_month" not in [c.slot for c in read_sentence(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上家算的月供2450", [("competitor_monthly", 245_000, 245_000)]),
        (
            "我问了一家,四年月供2150",
            [("competitor_term_months", 48, 48), ("competitor_monthly", 215_000, 215_000)],
        ),
        ("开发区那家店比你便宜,月供1930", [("competitor_monthly", 193_000, 193_000)]),
        ("建行给我批了年化3.3", [("competitor_rate", 330, 330)]),
        ("那家月供比你低两百", []),
    ],
)
def test_what_another_shop_offers_is_its_own(text: str, expected: list[object]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全办妥十二万六", [("on_road_price", 126 * WAN // 10, 126 * WAN // 10)]),
        ("算上税和保险十六万以内", [("on_road_price", None, 16 * WAN)]),
        ("25万预算以内", [("total_budget", None, 25 * WAN)]),
        ("旧车评估价2万8", [("trade_in", "yes", 28 * WAN // 10, 28 * WAN // 10)]),
        ("老车折给你们,大概两万", [("trade_in", "yes", 18 * WAN // 10, 22 * WAN // 10, "roughly")]),
        ("首付0元", [("down_payment_ratio", 0, 0)]),
        ("月供两千零五十", [("monthly_target", 205_000, 205_000)]),
        ("首付四万改成五万", [("down_payment", 5 * WAN, 5 * WAN)]),
        ("首付我出四万,我妈再给两万,一共六万", [("down_payment", 6 * WAN, 6 * WAN)]),
        ("首付三万五?差不多吧", [("down_payment", 3_150_000, 3_850_000, "roughly")]),
        ("我卡里有二十万额度", []),
        ("保险一个月三百", []),
        ("家里盖房花了三十万", []),
    ],
)
def test_sums_find_their_place_or_none(text: str, expected: list[object]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "报废期限是几年",
        "电车充电桩免费装吗",
        "二手平台靠谱吗",
        "个体户要什么材料",
        "置换流程怎么走",
    ],
)
def test_a_general_question_wants_nothing_for_certain(text: str) -> None:
    assert [c for c in read_sentence(text) if c.certainty == "said"] == []


def test_several_things_are_refused_with_one_word() -> None:
    assert heard("我不接受GPS和绿本抵押") == [("refusal", "gps"), ("refusal", "mortgage")]


def test_a_thousand_characters_take_little_processor_time() -> None:
    said = "首付5万左右,月供别超过3000,想买个15万的SUV,征信花了,贷三年,房贷每月三千二,"
    text = (said * 30)[:1_000]
    read_sentence(text)
    spent = []
    for _ in range(5):
        started = time.process_time()
        read_sentence(text)
        spent.append(time.process_time() - started)
    assert min(spent) < 0.06
