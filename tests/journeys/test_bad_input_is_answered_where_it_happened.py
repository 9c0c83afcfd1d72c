"""What fingers, pasted text and old pages send: a clear answer, nothing lost, nothing stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys import stage
    from tests.journeys.conftest import Doors
    from tests.journeys.screens import Printed
    from tests.journeys.visitor import Visitor

SAID = "首付5万,月供别超过3000,想买个15万的SUV,征信没问题,三年还清"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
LONG = "车" * 100_000


@pytest.fixture(scope="module")
def deal(doors: Doors) -> str:
    """One deal for all that is refused: what is refused changes nothing."""
    advisor = doors.window("lin.yue")
    number = advisor.meets(SAID)
    advisor.confirms()
    return number


@pytest.fixture
def at_desk(visit: Callable[..., Visitor], deal: str) -> Visitor:
    advisor = visit("lin.yue")
    advisor.open(f"/deals/{deal}/desk/")
    return advisor


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("down_payment", "200000", "首付比车价还多"),
        ("down_payment", "-1", "不能小于"),
        ("down_payment", "", "请填金额"),
        ("down_payment", "🚗🚗", "看不懂"),
        ("down_payment", SCRIPT, "太长"),
        ("vehicle_price", "1000000000000", "多打了零"),
        ("vehicle_price", "0", "不能小于"),
        ("vehicle_price", "1" * 60, "太长"),
        ("vehicle_price", "十五万吧", "看不懂"),
        ("down_payment_step", "0.001", "小数点后两位"),
        ("prepayment_month", "0", "至少 1 个月"),
        ("prepayment_month", "９９９", "最多 84 个月"),
        ("prepayment_month", "两年", "填月数"),
        ("vehicle", "no-such-car", "没有这个车型"),
    ],
)
def test_a_number_that_cannot_be_is_refused_at_its_field(
    at_desk: Visitor, database: stage.Database, field: str, typed: str, said: str
) -> None:
    before = database.rows()

    with at_desk.page.expect_response(lambda answer: "/setup/" in answer.url) as answer:
        at_desk.fill(f"#{field}", typed)
        at_desk.press("Tab")

    assert answer.value.status == 422
    error = at_desk.page.locator(f"#{field}-error")
    error.wait_for()
    assert said in error.inner_text()
    assert at_desk.page.locator(f"#{field}").get_attribute("aria-invalid") == "true"
    assert at_desk.page.locator(f"#{field}").input_value() == typed[:60]
    assert database.rows() == before


@pytest.mark.parametrize("typed", ["６００００", "6万", "60,000", "￥60000元", " 60000 "])
def test_money_is_read_as_people_write_it(at_desk: Visitor, typed: str) -> None:
    with at_desk.page.expect_response(lambda answer: "/setup/" in answer.url) as answer:
        at_desk.fill("#down_payment", typed)
        at_desk.press("Tab")

    assert answer.value.status == 200
    at_desk.page.wait_for_function(
        "() => document.querySelector('#down_payment').value === '60000'"
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "客户说的话"), ("   ", "客户说的话"), (LONG, "最多"), ("首付5万\x00", "控制字符")],
    ids=["nothing", "blanks", "100,000 characters", "a null byte"],
)
def test_a_sentence_that_cannot_be_kept_is_refused_with_what_was_typed(
    visit: Callable[..., Visitor], database: stage.Database, typed: str, said: str
) -> None:
    advisor = visit("lin.yue")
    advisor.open("/visits/new/")
    fields = {
        name: advisor.page.locator(f"main [name={name}]").input_value()
        for name in ("csrfmiddlewaretoken", "form_key")
    }
    before = database.rows()

    answer = advisor.page.request.post(
        "/visits/", form={**fields, "call_name": "王先生", "sentence": typed}
    )

    assert 400 <= answer.status < 500
    if answer.status == 422:
        assert said in answer.text()
        assert "王先生" in answer.text()
    assert database.rows() == before


@pytest.mark.parametrize(
    "said", [SCRIPT, "🚗想要一台车💰", "{{ 7*7 }} {% x %}", "'; DROP TABLE deals_deal; --"]
)
def test_what_the_customer_says_is_shown_and_never_run(
    visit: Callable[..., Visitor], said: str
) -> None:
    advisor = visit("lin.yue")
    opened: list[str] = []
    advisor.page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))

    deal = advisor.meets(said, call_name=said[:20])

    assert said in advisor.reads(".sentence-read")
    advisor.open(f"/deals/{deal}/")
    advisor.open("/deals/")
    assert said[:20] in advisor.reads("tbody")
    assert not opened
    assert not advisor.troubles


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"principal": "", "term_months": "36", "monthly": "3000"}, "principal", "请填金额"),
        ({"principal": "1e12", "term_months": "36", "monthly": "1"}, "principal", "看不懂"),
        ({"principal": "100000", "term_months": "0", "monthly": "1"}, "term_months", "至少 1 期"),
        ({"principal": "100000", "term_months": "一", "monthly": "1"}, "term_months", "填月数"),
        ({"principal": "100000", "term_months": "36", "monthly": "10"}, "monthly", "还少"),
        ({"principal": "100000", "term_months": "36", "flat_rate": "-1"}, "flat_rate", "负数"),
        ({"principal": "100000", "term_months": "36", "flat_rate": "abc"}, "flat_rate", "百分数"),
        ({"principal": "100000", "term_months": "36", "flat_rate": "NaN"}, "flat_rate", "百分数"),
    ],
)
def test_another_stores_offer_that_cannot_be_is_refused_at_its_field(
    at_desk: Visitor, database: stage.Database, typed: dict[str, str], field: str, said: str
) -> None:
    at_desk.open(f"/deals/{at_desk.deal_number}/competitor/")
    before = database.rows()
    at_desk.fill("#principal", "")
    for name, text in typed.items():
        at_desk.fill(f"#{name}", text)

    with at_desk.page.expect_navigation() as answer:
        at_desk.click(at_desk.button("算真实成本"))

    assert answer.value is not None
    assert answer.value.status == 422
    assert said in at_desk.reads(f"#{field}-error")
    assert at_desk.page.locator(f"#{field}").input_value() == typed[field]
    assert database.rows() == before


@pytest.mark.parametrize(
    "path",
    [
        "/deals/D999999/",
        "/deals/%F0%9F%9A%97/desk/",
        "/deals/" + "9" * 500 + "/",
        "/proposals/P999999/",
        "/proposals/..%2F..%2Fetc.pdf",
        "/catalogue/products/no-such-product/",
        "/catalogue/versions/9223372036854775808/",
        "{deal}/plans/1/36/5000000/derivation/x",
        "/verify/zzzz/",
    ],
)
def test_an_address_that_leads_nowhere_says_so(
    visit: Callable[..., Visitor], printed: Printed, path: str
) -> None:
    answer = visit("lin.yue").page.request.get(printed.path(path))

    assert answer.status == 404
    assert any(word in answer.text() for word in ("没有找到", "没有查到"))


@pytest.mark.parametrize(
    "path",
    [
        "{deal}/plans/999999999999/36/5000000/derivation/",
        "{deal}/plans/1/999/5000000/derivation/",
        "{deal}/plans/1/36/99999999999999/derivation/",
    ],
)
def test_a_plan_that_cannot_be_is_not_explained(
    visit: Callable[..., Visitor], printed: Printed, path: str
) -> None:
    answer = visit("lin.yue").page.request.get(printed.path(path))

    assert answer.status == 422
    assert "现在算不出来" in answer.text()
