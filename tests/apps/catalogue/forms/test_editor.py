from __future__ import annotations

from typing import Any

import pytest
from tests.apps.catalogue.conftest import sent, typed
from tests.catalogue.test_shipped_packs import all_versions
from tests.core.plans.builders import make_terms

from chedai.catalogue.forms.editor import ROWS_MAX, read_editor
from chedai.catalogue.packs.products import PackedVersion


class Qinghe:
    code = "qinghe"
    name = "清禾银行（虚构）"
    kind = "bank"


def edited(**changes: str) -> Any:
    return read_editor(sent(typed(make_terms()) | changes), lender=Qinghe)


@pytest.mark.parametrize(
    "version", all_versions(), ids=lambda v: f"{v.terms.code}@{v.effective_from}"
)
def test_every_shipped_product_survives_the_form(version: PackedVersion) -> None:
    class Lender:
        code = version.terms.lender_code
        name = version.terms.lender_name
        kind = version.terms.lender_kind

    read = read_editor(
        sent(typed(version.terms, effective_from=version.effective_from)),
        lender=Lender,
        code=version.terms.code,
    )

    assert read.errors == {}
    assert read.terms == version.terms
    assert read.effective_from == version.effective_from


@pytest.mark.parametrize(
    ("name", "value", "path"),
    [
        ("offers[0].nominal_rate_annual", "三点八八", "offers[0].nominal_rate_annual"),
        ("offers[0].nominal_rate_annual", "388", "offers[0].nominal_rate_annual"),
        ("offers[0].nominal_rate_annual", "1e1", "offers[0].nominal_rate_annual"),
        ("offers[0].segments", "24期免息", "offers[0].segments"),
        ("offers[0].term_months", "0", "offers[0].term_months"),
        ("principal_max_fen", "五十万", "principal_max_fen"),
        ("principal_max_fen", "0.001", "principal_max_fen"),
        ("principal_max_fen", "-1", "principal_max_fen"),
        ("principal_max_fen", "NaN", "principal_max_fen"),
        ("contract_nature", "gift", "contract_nature"),
        ("contract_nature", "", "contract_nature"),
        ("code", "大写 CODE", "code"),
        ("effective_from", "明天", "effective_from"),
        ("campaign.note", "没有开始日的活动", "campaign.starts_on"),
        ("first_due.kind", "fixed_day", "first_due.day_of_month"),
        ("fees[0].name", "服务费", "fees[0].payee"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(name: str, value: str, path: str) -> None:
    read = edited(**{name: value})

    assert path in read.errors
    assert read.terms is None


@pytest.mark.parametrize(
    ("written", "ratio"),
    [("3.88", "0.0388"), ("3.88%", "0.0388"), ("\uff13\uff0e\uff18\uff18", "0.0388")],
)
def test_a_rate_is_typed_as_a_percent_in_any_width(written: str, ratio: str) -> None:
    read = edited(**{"offers[0].nominal_rate_annual": written})

    assert str(read.terms.offers[0].nominal_rate_annual) == ratio


@pytest.mark.parametrize("written", ["300000", "300,000", "30万", "¥300000元"])
def test_money_is_typed_as_people_write_it(written: str) -> None:
    assert edited(principal_max_fen=written).terms.principal_max_fen == 300_000_00


def test_a_fee_row_is_kept_and_an_empty_row_is_forgotten() -> None:
    fee = {"code": "gps", "name": "GPS", "payee": "鹊桥定位（虚构）", "basis": "fixed"}
    fee |= {"amount_fen": "800", "timing": "upfront", "is_condition_of_loan": "true"}
    fee |= {"is_refundable": "false", "invoice": "invoice"}
    rows = {f"fees[77].{name}": value for name, value in fee.items()}

    read = edited(**{"fees[3].basis": "fixed", "fees[3].timing": "upfront"}, **rows)

    assert read.row_counts["fees"] == 1
    assert read.terms.fees[0].amount_fen == 800_00
    assert read.values["fees[0].payee"] == "鹊桥定位（虚构）"


def test_free_after_left_blank_means_never_free() -> None:
    read = edited(**{"prepayment.free_after_months": ""})

    assert read.terms.prepayment.free_after_months is None


def test_more_rows_than_anybody_needs_are_cut_off() -> None:
    rows = {f"offers[{i}].term_months": str(i % 100 + 1) for i in range(500)}

    assert edited(**rows).row_counts["offers"] == ROWS_MAX
