from __future__ import annotations

from dataclasses import replace

import pytest
from tests.documents.printing.sheets import make_sheet

from chedai.core.plans.product.reading import MalformedTermsError
from chedai.documents.printing.sheet import ProposalSheet


def test_a_sheet_read_back_from_its_json_is_equal_and_has_the_same_digest() -> None:
    sheet = make_sheet()

    read = ProposalSheet.from_json(sheet.to_json())

    assert read == sheet
    assert read.digest() == sheet.digest()


def test_one_fen_changes_the_digest() -> None:
    sheet = make_sheet()
    dearer = replace(sheet.car, vehicle_price_fen=sheet.car.vehicle_price_fen + 1)

    assert replace(sheet, car=dearer).digest() != sheet.digest()


@pytest.mark.parametrize("field", ["lender_name", "contract_nature", "last_due_on"])
def test_a_plan_without_lender_nature_or_end_cannot_be_read(field: str) -> None:
    document = make_sheet().to_json()
    document["plans"][0][field] = " "

    with pytest.raises(MalformedTermsError, match=field):
        ProposalSheet.from_json(document)


def test_a_fee_without_payee_cannot_be_read() -> None:
    document = make_sheet().to_json()
    document["plans"][1]["fees"][0]["payee"] = ""

    with pytest.raises(MalformedTermsError, match=r"fees\[0\]\.payee"):
        ProposalSheet.from_json(document)
