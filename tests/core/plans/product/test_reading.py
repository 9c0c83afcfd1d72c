import json
from datetime import date
from decimal import Decimal

import pytest
from tests.core.plans.builders import make_terms

from chedai.core.plans.product import (
    Campaign,
    FeeRule,
    MalformedTermsError,
    ProductTerms,
    RateSegment,
    Subvention,
    TermOffer,
)

FEE = FeeRule(
    code="appraisal",
    name="评估费",
    payee="云岭评估公司（虚构）",
    basis="fixed",
    amount_fen=300_00,
    timing="upfront",
    is_condition_of_loan=True,
    is_refundable=False,
)


def errors_of(document: object) -> dict[str, str]:
    with pytest.raises(MalformedTermsError) as caught:
        ProductTerms.from_json(document)
    return {error.path: error.message for error in caught.value.errors}


@pytest.mark.parametrize(
    "terms",
    [
        make_terms(),
        make_terms(fees=(FEE,), campaign=Campaign(date(2026, 1, 1), date(2026, 12, 31), "年底")),
        make_terms(
            offers=(
                TermOffer(
                    term_months=84,
                    segments=(RateSegment(36, Decimal(0)), RateSegment(48, Decimal("0.025"))),
                    segment_base="original",
                ),
            ),
            subventions=(
                Subvention(
                    payer="oem", form="upfront_cash", amount_fen=3_000_00, condition="限新车"
                ),
            ),
        ),
    ],
)
def test_terms_survive_the_round_trip_through_json_text(terms: ProductTerms):
    text = json.dumps(terms.to_json(), ensure_ascii=False)

    assert ProductTerms.from_json(json.loads(text)) == terms


def test_decimals_are_written_as_plain_strings():
    document = make_terms().to_json()

    assert document["offers"][0]["nominal_rate_annual"] == "0.0388"
    assert document["max_loan_to_value"] == "0.80"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("3.88%", "不要写百分号，3.88 % 写作 0.0388"),
        ("3.88 %", "不要写百分号，3.88 % 写作 0.0388"),
        ("3.88", "应在 0 到 1 之间，比例写成小数：3.88 % 写作 0.0388"),
        (0.0388, '应为带引号的小数，如 "0.0388"'),
        ("1e-2", '应为带引号的小数，如 "0.0388"'),
        ("NaN", '应为带引号的小数，如 "0.0388"'),
    ],
)
def test_a_rate_that_is_not_a_decimal_ratio_is_refused(value: object, message: str):
    document = make_terms().to_json()
    document["offers"][1]["nominal_rate_annual"] = value

    assert errors_of(document) == {"offers[1].nominal_rate_annual": message}


def test_every_fault_is_named_at_once():
    document = make_terms(fees=(FEE,)).to_json()
    document["commission_fen"] = 5
    document["fees"][0]["payee"] = None
    document["lender_kind"] = "consumer_finance"
    document["principal_min_fen"] = True
    document["offers"][0]["term_months"] = 0
    document["campaign"] = {"starts_on": "23/11/2026"}
    del document["prepayment"]

    assert errors_of(document) == {
        "commission_fen": "不认识的字段，请核对拼写",
        "fees[0].payee": "应为文字",
        "lender_kind": "只能是 bank、auto_finance_company、leasing_company、card_centre 之一",
        "principal_min_fen": "应为整数（金额以分为单位）",
        "offers[0].term_months": "应在 1 到 120 之间",
        "campaign.starts_on": "应为日期，如 2026-11-23",
        "prepayment": "缺少，必须写明",
    }


def test_a_blank_payee_is_refused():
    document = make_terms(fees=(FEE,)).to_json()
    document["fees"][0]["payee"] = "  "

    assert errors_of(document) == {"fees[0].payee": "不能为空"}


@pytest.mark.parametrize(
    ("document", "expected"),
    [(None, {"（根）": "应为一组字段"}), ([], {"（根）": "应为一组字段"})],
)
def test_a_document_that_is_no_record_is_refused(document: object, expected: dict[str, str]):
    assert errors_of(document) == expected


def test_a_list_written_as_text_is_refused():
    document = make_terms().to_json()
    document["offers"] = "36"

    assert errors_of(document) == {"offers": "应为列表"}
