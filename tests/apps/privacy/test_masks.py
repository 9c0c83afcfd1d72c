"""What is shown until somebody gives a reason."""

import pytest

from chedai.privacy.masks import FILTERS, mask_all, mask_card, mask_id, mask_name, mask_phone
from chedai.privacy.sealed import seal


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (mask_name, "", ""),
        (mask_name, "王", "*"),
        (mask_name, "王明", "王*"),
        (mask_name, "王小明", "王*明"),
        (mask_name, "欧阳小明", "欧**明"),
        (mask_phone, "18612341402", "186****1402"),
        (mask_phone, "1861234140", "****40"),
        (mask_phone, "12345", "****45"),
        (mask_phone, "1234", "******"),
        (mask_id, "110101199001011234", "110************234"),
        (mask_id, "H1234567890", "******"),
        (mask_id, "H12345678901", "H12******901"),
        (mask_card, "6222 0212 3456 7890", "**** 7890"),
        (mask_card, "62220212", "**** 0212"),
        (mask_card, "6222021", "******"),
        (mask_all, "任何内容", "******"),
        (mask_all, "", ""),
    ],
)
def test_a_mask_shows_no_more_than_it_may(mask, text, shown):
    assert mask(text) == shown


def test_filters_take_plain_text_and_sealed_values(settings):
    settings.CHEDAI_TESTING = True
    sealed = seal("王小明", place="t.name", organisation_id=1)

    assert FILTERS["mask_name"]("王小明") == "王*明"
    assert FILTERS["mask_name"](sealed) == "王*明"
    assert FILTERS["mask_phone"](None) == ""
