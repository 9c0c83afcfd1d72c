"""Every template and every picture of ours is used by something."""

from __future__ import annotations

from pathlib import Path

from tests.house.tree import SRC, files_in, report, shown, text_of

# Found by a library under a name it composes itself.
FOUND_BY_NAME = (
    "allauth/",
    "account/",
    "mfa/",
    "400.html",
    "403.html",
    "404.html",
    "500.html",
)


def unused(names: dict[str, Path], texts: dict[Path, str]) -> list[str]:
    """List the names no other file speaks of."""
    return [
        name
        for name, path in names.items()
        if not any(name in text for other, text in texts.items() if other != path)
    ]


def template_names() -> dict[str, Path]:
    """Return the name each template is asked for by, and its file."""
    pages = {p.as_posix().split("/templates/", 1)[1]: p for p in files_in(SRC, ".html")}
    sheets = {path.name: path for path in files_in(SRC, ".typ")}
    return pages | sheets


def test_every_template_is_used():
    texts = {path: text_of(path) for path in files_in(SRC, ".py", ".html", ".typ")}
    found = [name for name in unused(template_names(), texts) if not name.startswith(FOUND_BY_NAME)]

    assert texts
    assert not found, report(found, "Render it, include it, or delete it:")


def test_every_file_served_to_browsers_is_used():
    static = [p for p in files_in(SRC, ".css", ".js", ".svg") if "/static/" in p.as_posix()]
    names = {path.name: path for path in static}
    texts = {path: text_of(path) for path in files_in(SRC, ".py", ".html", ".css", ".js", ".typ")}

    found = [f"{name} ({shown(names[name])})" for name in unused(names, texts)]

    assert not found, report(found, "Load it from a template, or delete it:")


def test_an_unused_template_is_found():
    page, part, orphan = Path("page.html"), Path("part.html"), Path("orphan.html")
    texts = {
        page: '{% include "desk/part.html" %}',
        Path("views.py"): 'page(request, "desk/page.html")',
        orphan: "orphan.html speaks of itself: desk/orphan.html",
    }

    found = unused(
        {"desk/page.html": page, "desk/part.html": part, "desk/orphan.html": orphan}, texts
    )

    assert found == ["desk/orphan.html"]
