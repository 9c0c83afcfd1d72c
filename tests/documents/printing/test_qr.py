from __future__ import annotations

import re

from chedai.documents.printing import qr_svg

ADDRESS = "https://chedai.example/verify/0123456789abcdef/"


def test_the_same_text_gives_the_same_drawing() -> None:
    assert qr_svg(ADDRESS) == qr_svg(ADDRESS)
    assert qr_svg(ADDRESS) != qr_svg(ADDRESS.replace("0123", "0124"))


def test_a_code_for_the_screen_has_the_width_asked_for() -> None:
    assert 'width="200" height="200"' in qr_svg(ADDRESS, width_px=200)
    assert "width=" not in qr_svg(ADDRESS).split(">")[0].replace("stroke-width=", "")


def test_modules_stay_large_enough_to_scan_at_two_centimetres() -> None:
    found = re.search(r'viewBox="0 0 (\d+) (\d+)"', qr_svg(ADDRESS))

    assert found is not None
    modules = int(found[1])
    assert 20 / modules > 0.4  # mm a module
