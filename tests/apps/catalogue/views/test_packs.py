from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.apps.catalogue.conftest import TODAY
from tests.apps.catalogue.views.pages import Make, SignIn, text_of
from tests.core.plans.builders import make_terms

from chedai.catalogue.models import (
    Lender,
    ProductVersion,
    Publication,
)
from chedai.staff.models import User


def test_a_pack_is_looked_at_and_then_imported(
    lender: Lender, manager: User, client_of: SignIn
) -> None:
    client = client_of(manager)
    text = _pack_text()

    looked = client.post(reverse("catalogue:pack_imports"), {"pack": _file(text)})
    assert ProductVersion.objects.count() == 0
    done = client.post(reverse("catalogue:pack_imports"), {"text": text})

    assert "新建" in text_of(looked)
    assert done.status_code == 302
    assert ProductVersion.objects.count() == 1
    assert Publication.objects.count() == 0


def test_a_pack_in_gb18030_is_read_and_a_faulty_one_names_the_line(
    lender: Lender, manager: User, client_of: SignIn
) -> None:
    client = client_of(manager)
    text = _pack_text()
    faulty = text.replace("method: equal_instalment", "method: equal_installment")
    line = 1 + faulty[: faulty.index("method:")].count("\n")

    good = client.post(reverse("catalogue:pack_imports"), {"pack": _file(text, "gb18030")})
    bad = client.post(reverse("catalogue:pack_imports"), {"pack": _file(faulty)})
    none = client.post(reverse("catalogue:pack_imports"), {})

    assert good.status_code == 200
    assert bad.status_code == 422
    assert f">{line}</td>" in text_of(bad)
    assert none.status_code == 422
    assert "请选一个" in text_of(none)


def test_a_lenders_products_are_downloaded_and_come_in_again_unchanged(
    published: Make, manager: User, client_of: SignIn
) -> None:
    published()
    client = client_of(manager)

    pack = client.post(reverse("catalogue:lender_pack", kwargs={"code": "qinghe"}))
    again = client.post(reverse("catalogue:pack_imports"), {"pack": _file(pack.content.decode())})

    assert "attachment" in pack["Content-Disposition"]
    assert "没有变化，跳过" in text_of(again)


def _pack_text() -> str:
    from chedai.catalogue.packs.products import write_products

    return write_products("qinghe", [(TODAY + timedelta(days=3), make_terms())])


def _file(text: str, encoding: str = "utf-8") -> SimpleUploadedFile:
    return SimpleUploadedFile("products.yaml", text.encode(encoding))
