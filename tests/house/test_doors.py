"""Every address says which methods it answers; every namespace says who may enter."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.house.tree import SRC, python_files, report, shown, text_of, tree_of

from chedai.staff.roles import AREAS

METHODS = {"require_GET", "require_POST", "require_safe", "require_http_methods"}
NAMESPACE = re.compile(r'^app_name = "(\w+)"', re.M)


def routed(tree: ast.Module) -> set[str]:
    """Return the names of the functions the addresses of this file lead to."""
    return {
        node.args[1].attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "path"
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Attribute)
    }


def without_method(tree: ast.Module, names: set[str]) -> list[str]:
    """List the functions of these names that do not say which methods they answer."""
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name in names
        if not METHODS & decorators_of(node)
    ]


def decorators_of(view: ast.FunctionDef) -> set[str]:
    """Return the names of the decorators, called or not."""
    called = [d.func if isinstance(d, ast.Call) else d for d in view.decorator_list]
    return {ast.unparse(decorator).split(".")[-1] for decorator in called}


def is_of(path: Path, kind: str) -> bool:
    return path.stem == kind or path.parent.name == kind


def test_every_address_says_which_methods_it_answers():
    urls = [path for path in python_files(SRC) if is_of(path, "urls")]
    names = {name for path in urls for name in routed(tree_of(path))}
    views = [path for path in python_files(SRC) if is_of(path, "views")]
    found = [
        f"{shown(path)}: {name}" for path in views for name in without_method(tree_of(path), names)
    ]

    assert len(names) > 20
    assert not found, report(found, "Add @require_GET or @require_POST:")


def test_every_namespace_says_who_may_enter():
    named = {name for path in python_files(SRC) for name in NAMESPACE.findall(text_of(path))}
    found = sorted(named - AREAS.keys())

    assert named
    assert not found, report(found, "Add the namespace to AREAS in staff/roles.py:")


def test_an_address_without_method_is_found():
    urls = ast.parse('urlpatterns = [path("", views.today), path("visits/", views.visits)]')
    views = ast.parse(
        "@require_GET\n@require_role('advisor')\ndef today(request): ...\n"
        "@require_role('advisor')\ndef visits(request): ...\n"
        "def part_of_a_page(request): ...\n"
    )

    assert routed(urls) == {"today", "visits"}
    assert without_method(views, routed(urls)) == ["visits"]
