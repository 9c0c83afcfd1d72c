"""The menu, by role: at most seven entries for anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu."""

    label: str
    icon: str
    url_name: str
    roles: frozenset[str]
    keys: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one user sees it on one page."""

    label: str
    icon: str
    href: str
    is_current: bool
    keys: str


ADVISING: Final = frozenset({"advisor", "manager", "front_desk"})
ENTRIES: Final = (
    Entry("今日", "sun", "reception:today", ADVISING, "G T"),
    Entry("日程", "clock", "reception:day", ADVISING, "G D"),
    Entry("排队预约", "chat", "reception:queue", ADVISING, "G Q"),
    Entry(
        "客户",
        "users",
        "reception:deal_list",
        ADVISING | {"reviewer", "compliance", "back_office"},
        "G C",
    ),
    Entry(
        "流程",
        "flow",
        "applications:pipeline",
        ADVISING | {"reviewer", "compliance", "back_office"},
        "G L",
    ),
    Entry("产品库", "book", "catalogue:product_list", ADVISING | {"reviewer", "compliance"}, "G P"),
    Entry(
        "规则手册", "scale", "planning:policy_book", ADVISING | {"reviewer", "compliance"}, "G R"
    ),
    Entry("审计", "shield", "audit:event_list", frozenset({"compliance"}), "G A"),
    Entry("人员", "id", "staff:user_list", frozenset({"administrator"}), "G U"),
)


def navigation_for(request: HttpRequest) -> list[Link]:
    """Entries the signed-in user may open, the current one marked."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    roles = set(user.roles)
    links = []
    for entry in ENTRIES:
        if not roles & entry.roles:
            continue
        try:
            href = reverse(entry.url_name)
        except NoReverseMatch:  # the step that owns it is not installed
            continue
        links.append(
            Link(entry.label, entry.icon, href, _is_current(request.path, href), entry.keys)
        )
    return links


def _is_current(path: str, href: str) -> bool:
    return path == href if href == "/" else path.startswith(href)
