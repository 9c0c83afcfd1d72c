"""A page as a tree, read with the standard library."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

VOID = frozenset({"meta", "link", "input", "br", "img", "hr", "line", "use", "path"})


@dataclass
class Node:
    """An element with its attributes, children and own texts in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def all(self, attribute: str, value: str | None = None) -> list[Node]:
        """Elements that have the attribute (with that value)."""
        return [
            node
            for node in self.walk()
            if attribute in node.attributes and value in {None, node.attributes[attribute]}
        ]

    def tags(self, *tags: str) -> list[Node]:
        return [node for node in self.walk() if node.tag in tags]

    @property
    def text(self) -> str:
        """All text without white space."""
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return re.sub(r"\s+", "", "".join(parts))


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("root")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open[-1].tag == tag, f"<{self.open[-1].tag}> closed by </{tag}>"
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read_dom(html: str) -> Node:
    """Parse a page; an element left open or closed out of turn fails the test."""
    builder = _Builder()
    builder.feed(html)
    assert builder.open == [builder.root], [node.tag for node in builder.open]
    return builder.root
