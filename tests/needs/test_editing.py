import pytest
from hypothesis import given
from hypothesis import strategies as st

from chedai.needs.chips import Chip
from chedai.needs.editing import ChipInputError, chip_from_input, merge
from chedai.needs.slots import SLOTS
from chedai.needs.wording import chip_in_words


@pytest.mark.parametrize(
    ("slot", "typed", "low", "high"),
    [
        ("down_payment", "5万", 5_000_000, 5_000_000),
        ("down_payment", "50000", 5_000_000, 5_000_000),
        ("down_payment", "５万", 5_000_000, 5_000_000),
        ("down_payment", "4.5 万到5.5 万", 4_500_000, 5_500_000),
        ("vehicle_price", "15万以上", 15_000_000, None),
        ("vehicle_price", "15到18万", 15_000_000, 18_000_000),
        ("monthly_max", "2,600", None, 260_000),
        ("monthly_max", "3000以内", None, 300_000),
        ("monthly_max", "3,000 元以内(不能超)", None, 300_000),
        ("monthly_target", "3000左右", 270_000, 330_000),
        ("debt_monthly", "0", 0, 0),
        ("term_months", "36期", 36, 36),
        ("term_months", "3年", 36, 36),
        ("term_months", "36", 36, 36),
        ("term_months", "3 年(36 期)", 36, 36),
        ("term_months", "2 年(24 期)到3 年(36 期)", 24, 36),
        ("term_months", "10年", 120, 120),
        ("down_payment_ratio", "三成", 3_000, 3_000),
        ("down_payment_ratio", "30%", 3_000, 3_000),
        ("down_payment_ratio", "30", 3_000, 3_000),
        ("down_payment_ratio", "3", 3_000, 3_000),
        ("down_payment_ratio", "0.3", 3_000, 3_000),
        ("down_payment_ratio", "零", 0, 0),
        ("competitor_rate", "3.5", 350, 350),
        ("competitor_rate", "3.5%", 350, 350),
        ("delivery_within_days", "一周", None, 7),
        ("delivery_within_days", "7天内", None, 7),
        ("prepayment_month", "不提前还", None, None),
    ],
)
def test_what_advisors_type_is_understood(
    slot: str, typed: str, low: int | None, high: int | None
) -> None:
    chip = chip_from_input(slot, typed)
    assert (chip.low, chip.high) == (low, high)
    assert (chip.certainty, chip.start, chip.end) == ("confirmed", -1, -1)


@pytest.mark.parametrize(
    ("slot", "typed", "value"),
    [
        ("body_type", "suv", "suv"),
        ("body_type", "SUV", "suv"),
        ("body_type", "轿车", "sedan"),
        ("power", "电车", "battery_electric"),
        ("credit_history", "有过逾期", "past_overdue"),
        ("refusal", "装 GPS", "gps"),
        ("plate_city", "成都", "成都"),
        ("brand_model", " 凯美瑞 ", "凯美瑞"),
        ("down_payment", "5 万,含税费保险", "including_cost"),
        ("down_payment", "5 万,不含税费保险", "excluding_cost"),
    ],
)
def test_choices_and_words_are_understood(slot: str, typed: str, value: str) -> None:
    assert chip_from_input(slot, typed).value == value


@pytest.mark.parametrize(
    ("slot", "typed", "says"),
    [
        ("down_payment", "", "还没填"),
        ("down_payment", "   ", "还没填"),
        ("down_payment", "-5万", "负数"),
        ("down_payment", "负五万", "负数"),
        ("down_payment", "2亿", "1 亿元"),
        ("down_payment", "100000001", "1 亿元"),
        ("down_payment", "99999999999", "1 亿元"),
        ("down_payment", "😀", "没读懂"),
        ("down_payment", "5万😀", "没读懂"),
        ("down_payment", "5", "单位"),
        ("down_payment", "三成", "没读懂"),
        ("down_payment", "5万和车", "没读懂"),
        ("down_payment", "随便", "没读懂"),
        ("vehicle_price", "0", "大于 0"),
        ("term_months", "121期", "120 期"),
        ("term_months", "0期", "大于 0"),
        ("term_months", "3", "没读懂"),
        ("down_payment_ratio", "11成", "10 成"),
        ("down_payment_ratio", "150%", "10 成"),
        ("delivery_within_days", "400天", "365 天"),
        ("body_type", "飞机", "请选"),
        ("plate_city", "😀", "文字"),
        ("plate_city", "、、", "文字"),
        ("no_such_slot", "5万", "没有"),
    ],
)
def test_impossible_input_is_refused_in_plain_words(slot: str, typed: str, says: str) -> None:
    with pytest.raises(ChipInputError, match=says):
        chip_from_input(slot, typed)


NUMBER_SLOTS = {
    "money": st.integers(100, 20_000_000).map(lambda yuan: yuan * 100),
    "months": st.integers(6, 120),
    "ratio": st.integers(1, 100).map(lambda percent: percent * 100),
    "rate": st.integers(1, 3_600),
    "days": st.integers(1, 365),
}


@st.composite
def number_chips(draw: st.DrawFn) -> Chip:
    slot = draw(st.sampled_from([k for k, s in SLOTS.items() if s.kind in NUMBER_SLOTS]))
    ends = draw(st.lists(NUMBER_SLOTS[SLOTS[slot].kind], min_size=2, max_size=2).map(sorted))
    low, high = draw(st.sampled_from([(0, 1), (0, 0), (None, 1), (0, None)]))
    is_ceiling = slot in {"monthly_max", "delivery_within_days"}
    return Chip(
        slot,
        "",
        low=None if low is None or (is_ceiling and ends[0] == ends[1]) else ends[low],
        high=ends[1] if is_ceiling else None if high is None else ends[high],
    )


@given(number_chips())
def test_a_chip_typed_as_it_is_shown_stays_the_same(chip: Chip) -> None:
    if chip.slot in {"monthly_max", "delivery_within_days"} and chip.low == chip.high:
        return
    shown = chip_in_words(chip)[1]
    again = chip_from_input(chip.slot, shown)
    assert (again.low, again.high, again.strength) == (chip.low, chip.high, chip.strength)


@given(st.sampled_from(sorted(SLOTS)), st.text(max_size=80))
def test_any_typing_gives_a_chip_or_a_named_error(slot: str, typed: str) -> None:
    try:
        chip = chip_from_input(slot, typed)
    except ChipInputError as refused:
        assert str(refused)  # noqa: PT017
    else:
        assert chip.slot == slot


def test_a_new_sentence_replaces_chips_of_its_slot() -> None:
    old = [Chip("term_months", "三年", low=36, high=36), Chip("body_type", "SUV", value="suv")]
    new = Chip("term_months", "五年", low=60, high=60)
    assert merge(old, [new]) == (old[1], new)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("down_payment", "down_payment_ratio"),
        ("down_payment_ratio", "down_payment"),
        ("vehicle_price", "on_road_price"),
        ("total_budget", "vehicle_price"),
        ("monthly_max", "monthly_target"),
        ("monthly_target", "monthly_max"),
    ],
)
def test_two_ways_to_say_one_thing_replace_each_other(before: str, after: str) -> None:
    new = Chip(after, "新", low=1, high=1)
    assert merge([Chip(before, "旧", low=2, high=2)], [new]) == (new,)


def test_repeatable_slots_add_without_doubling() -> None:
    gps, lease = Chip("refusal", "不装GPS", value="gps"), Chip("refusal", "租赁", value="lease")
    again = Chip("refusal", "别装定位", value="gps")
    assert merge([gps], [lease]) == (gps, lease)
    assert merge([gps, lease], [again]) == (lease, again)


def test_no_debt_at_all_clears_the_debts_said_before() -> None:
    mortgage = Chip("debt_monthly", "房贷三千", low=300_000, high=300_000)
    none = Chip("debt_monthly", "没有负债", low=0, high=0)
    assert merge([mortgage], [none]) == (none,)


def test_nothing_heard_changes_nothing() -> None:
    old = (Chip("term_months", "三年", low=36, high=36),)
    assert merge(old, []) == old
