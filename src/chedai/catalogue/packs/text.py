"""The text of a pack: strict YAML with line numbers on the way in, one tidy layout on the way out.

Only plain values are allowed: no anchors, no tags, no repeated keys, no floats (``0.0388`` stays
the text it was written as, so nothing is rounded on the way). Whole numbers may be grouped with
underscores: ``20_000_00`` is twenty thousand yuan in fen.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

PACK_BYTES_MAX: Final = 1_048_576
DEPTH_MAX: Final = 24
PACK_KINDS: Final[Mapping[str, str]] = {
    "lenders/1": "lenders",
    "products/1": "products",
    "vehicles/1": "vehicles",
}
"""What a pack may hold, by its first line, and the key its entries are under."""


@dataclass(frozen=True)
class PackError:
    """One fault of a pack: ``line`` counts from 1; 0 = the file as a whole."""

    line: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"第 {self.line} 行" if self.line else "整个文件"
        return f"{where}({self.path}):{self.message}" if self.path else f"{where}:{self.message}"


class FaultyPackError(ValueError):
    """The pack cannot be imported; ``errors`` names every fault with its line."""

    def __init__(self, errors: tuple[PackError, ...]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


@dataclass(frozen=True)
class Pack:
    """A pack as read: plain values, and the line on which each path stands."""

    kind: str
    header: Mapping[str, Any]
    entries: tuple[Any, ...]
    lines: Mapping[str, int]

    def line_of(self, path: str) -> int:
        """Line of a path, or of the nearest parent that is written out."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path, 0)


def decode_pack(content: bytes) -> str:
    """Text of an uploaded file, written as UTF-8 or GB18030.

    Raises
    ------
    FaultyPackError
        Too large, empty, or in neither encoding.
    """
    if len(content) > PACK_BYTES_MAX:
        raise FaultyPackError(_whole("文件超过 1 MB。请拆成几个包分别导入"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.strip():
            raise FaultyPackError(_whole("文件是空的"))
        return text
    raise FaultyPackError(_whole("文件既不是 UTF-8 也不是 GB18030 编码。请在编辑器里另存为 UTF-8"))


def read_pack(text: str) -> Pack:
    """Read a pack; what its entries mean is the importer's business.

    Raises
    ------
    FaultyPackError
        Not YAML, or not a pack; with every fault that could be found.
    """
    node = _composed(text)
    errors: list[PackError] = []
    lines: dict[str, int] = {}
    document = _plain(node, "", errors, lines)
    if errors:
        raise FaultyPackError(tuple(errors))
    if not isinstance(document, dict):
        raise FaultyPackError(_whole("开头应写 pack: products/1"))
    kind = document.get("pack")
    if not isinstance(kind, str) or kind not in PACK_KINDS:
        known = "、".join(PACK_KINDS)
        message = f"不认识的包类型,只能是 {known}"
        raise FaultyPackError((PackError(lines.get("pack", 1), "pack", message),))
    entries_key = PACK_KINDS[kind]
    entries = document.get(entries_key)
    if not isinstance(entries, list) or not entries:
        message = f"{entries_key} 应为列表,至少一项"
        raise FaultyPackError((PackError(lines.get(entries_key, 1), entries_key, message),))
    header = {key: value for key, value in document.items() if key not in {"pack", entries_key}}
    return Pack(kind=kind, header=header, entries=tuple(entries), lines=lines)


def write_pack(kind: str, header: Mapping[str, Any], entries: list[dict[str, Any]]) -> str:
    """Text of a pack; ``read_pack`` gives the same plain values back."""
    parts = [f"pack: {kind}"]
    parts += [f"{key}: {_scalar(value)}" for key, value in header.items()]
    parts.append(f"{PACK_KINDS[kind]}:")
    for entry in entries:
        first, *rest = _block(entry)
        parts += [f"  - {first}", *(f"    {line}" for line in rest)]
    return "\n".join(parts) + "\n"


def _whole(message: str) -> tuple[PackError, ...]:
    return (PackError(0, "", message),)


class _PackLoader(yaml.SafeLoader):
    """Composes plain nodes only; depth is bounded because composing recurses."""

    depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if self.check_event(yaml.events.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(
                problem="不支持锚点和引用(& 和 *),请把内容写全", problem_mark=event.start_mark
            )
        if self.depth >= DEPTH_MAX:
            raise yaml.MarkedYAMLError(problem="嵌套层数过多", problem_mark=event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


_PackLoader.yaml_implicit_resolvers = {}
_PackLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"[+-]?[0-9][0-9_]{0,19}$"), list("+-0123456789")
)
_PackLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"(?:true|false)$"), list("tf")
)
_PackLoader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"(?:null|~|)$"), ["n", "~", ""]
)

_SCALARS: Final[Mapping[str, Any]] = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:int": lambda text: int(text.replace("_", "")),
    "tag:yaml.org,2002:bool": lambda text: text == "true",
    "tag:yaml.org,2002:null": lambda _text: None,
}


def _composed(text: str) -> Node:
    try:
        # Composes values only: nothing of the text is ever constructed as a Python object.
        node = yaml.compose(text, Loader=_PackLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = error.problem or "写法有误"
        is_ours = not message.isascii()
        said = message if is_ours else f"YAML 写法有误,请核对缩进、冒号和引号({message})"
        raise FaultyPackError((PackError(mark.line + 1 if mark else 0, "", said),)) from error
    except yaml.YAMLError as error:
        raise FaultyPackError(_whole("文件里有 YAML 不允许的字符")) from error
    if node is None:
        raise FaultyPackError(_whole("文件是空的"))
    return node


def _plain(node: Node, path: str, errors: list[PackError], lines: dict[str, int]) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if isinstance(node, MappingNode) and node.tag == "tag:yaml.org,2002:map":
        return _plain_mapping(node, path, errors, lines)
    if isinstance(node, SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
        return [
            _plain(item, f"{path}[{i}]", errors, lines)
            for i, item in enumerate(cast(list[Node], node.value))
        ]
    if isinstance(node, ScalarNode) and node.tag in _SCALARS:
        return _SCALARS[node.tag](node.value)
    errors.append(PackError(line, path, f"不支持的标签 {node.tag}"))
    return None


def _plain_mapping(
    node: MappingNode, path: str, errors: list[PackError], lines: dict[str, int]
) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for key_node, value_node in cast(list[tuple[Node, Node]], node.value):
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            errors.append(PackError(line, path, "字段名应为文字"))
            continue
        key = str(key_node.value)
        inner = f"{path}.{key}" if path else key
        if key in read:
            errors.append(PackError(line, inner, f"字段 {key} 写了两次"))
        lines[inner] = line
        read[key] = _plain(value_node, inner, errors, lines)
    return read


_PLAIN_TEXT: Final = re.compile(
    # Letters of any script, full-width punctuation, and what YAML leaves alone inside a line.
    r"[\w\uff08(](?:[\w().%/+\-\u3001\uff0c\u3002\uff08\uff09\uff1a\uff1b\u201c\u201d]| (?=\w))*"
)
_LINE_WIDTH: Final = 96


def _scalar(value: object, name: str = "") -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _grouped(value) if name.endswith("_fen") and value >= 100 else str(value)
    text = str(value)
    is_plain = _PLAIN_TEXT.fullmatch(text) and _reads_as_text(text)
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _reads_as_text(text: str) -> bool:
    return text not in {"true", "false", "null", "~"} and not re.fullmatch(r"[+-]?[\d_]+", text)


def _grouped(fen: int) -> str:
    yuan, cents = divmod(fen, 100)
    return f"{yuan:_}_{cents:02d}"


def _block(record: Mapping[str, Any]) -> Iterator[str]:
    for key, value in record.items():
        if isinstance(value, dict) and value:
            flow = f"{key}: {_flow(value)}"
            if len(value) <= 3 and len(flow) <= _LINE_WIDTH:
                yield flow
            else:
                yield f"{key}:"
                yield from (f"  {line}" for line in _block(value))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{key}:"
            yield from _block_items(value)
        else:
            yield f"{key}: {_flow(value, key)}"


def _block_items(items: list[Any]) -> Iterator[str]:
    for item in items:
        flow = f"  - {_flow(item)}"
        if len(flow) <= _LINE_WIDTH:
            yield flow
            continue
        first, *rest = _block(item)
        yield f"  - {first}"
        yield from (f"    {line}" for line in rest)


def _flow(value: object, name: str = "") -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(part, key)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(part) for part in value) + "]"
    return _scalar(value, name)
