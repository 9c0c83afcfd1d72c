from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import findings_of, make_facts, make_fee, severities_of

from chedai.core.rules import LenderKind, PayeeKind

SERVICE = {"code": "financial_service", "name_zh": "金融服务费"}
AFC = LenderKind.AUTO_FINANCE_COMPANY


@pytest.mark.parametrize(
    ("lender_kind", "contract_on", "fee", "severities"),
    [
        (AFC, date(2019, 4, 16), SERVICE, ["warns"]),
        (AFC, date(2019, 4, 15), SERVICE, []),
        (LenderKind.BANK, date(2017, 7, 1), SERVICE, ["warns"]),
        (LenderKind.BANK, date(2017, 6, 30), SERVICE, []),
        (AFC, date(2026, 11, 23), SERVICE | {"amount_fen": 0}, []),
        (AFC, date(2026, 11, 23), SERVICE | {"payee_kind": PayeeKind.LENDER}, []),
        (AFC, date(2026, 11, 23), {}, []),
    ],
)
def test_a_dealers_financial_service_fee_is_found(book, lender_kind, contract_on, fee, severities):
    facts = make_facts(lender_kind=lender_kind, contract_on=contract_on, fees=(make_fee(**fee),))

    assert severities_of("financial_service_fee", facts, book) == severities


@pytest.mark.parametrize(
    ("contract_on", "texts"),
    [
        (date(2026, 2, 11), ["mofcom-2017-1", "price-law"]),
        (date(2026, 2, 12), ["mofcom-2017-1", "price-law", "samr-auto-price-2026"]),
    ],
)
def test_the_guideline_is_cited_only_from_its_day(book, contract_on, texts):
    facts = make_facts(contract_on=contract_on, fees=(make_fee(**SERVICE),))

    (finding,) = findings_of("financial_service_fee", facts, book)

    assert [text.source_id for text in finding.citations] == texts
