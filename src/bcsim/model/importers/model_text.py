"""A model as YAML text for people: its sections apart, its assumed values marked by comments."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from bcsim.model.yaml_nodes import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.model.fields import Entity
    from bcsim.model.finding import Path
    from bcsim.model.nodes import Data

FIRST: Final = ("format", "model", "id", "name")
LAST: Final = ("source", "note", "assumptions")

_LINE_CHARS_MAX: Final = 96
_BASIC_PLANE_MAX: Final = 0xFFFF
_PLAIN: Final = re.compile(r"[A-Za-zÀ-ž0-9฀-๿][^:#\[\]{},&*!|>'\"%@`\n]*(?<! )")
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def people_text(entity: Entity, comments: Mapping[Path, str], head: str) -> str:
    """Write a model or scenario as :func:`yaml_text` does: only what was set, remarks last."""
    data = _for_people(json.loads(entity.model_dump_json(exclude_unset=True)))
    assert isinstance(data, dict), "an entity is a mapping"
    return yaml_text(data, comments, head)


def _for_people(value: Data) -> Data:
    """Leave out what is empty, and put remarks behind what they are about."""
    if isinstance(value, list):
        return [_for_people(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {k: _for_people(v) for k, v in value.items() if v is not None and v not in ([], {})}
    first = [key for key in FIRST if key in kept]
    last = [key for key in LAST if key in kept]
    between = [key for key in kept if key not in (*FIRST, *LAST)]
    return {key: kept[key] for key in (*first, *between, *last)}


def yaml_text(data: Mapping[str, Data], comments: Mapping[Path, str], head: str) -> str:
    """Write data as YAML that bcsim reads back as the same data.

    Parameters
    ----------
    data
        The document's sections.
    comments
        What to say beside the value at a path.
    head
        Text of the comment at the beginning, of one or more lines.
    """
    lines = [f"# {line}".rstrip() for line in head.splitlines()]
    for key, value in data.items():
        if isinstance(value, dict | list):
            lines.append("")
        lines += _entry(key, value, (key,), comments, 0)
    return "\n".join(lines) + "\n"


def _entry(
    key: str, value: Data, path: Path, comments: Mapping[Path, str], indent: int
) -> list[str]:
    """A key with its value, on one line where that is short and needs no comment inside."""
    margin = "  " * indent
    comment = f"  # {comments[path]}" if path in comments else ""
    line = f"{margin}{_scalar(key)}: {_flow(value)}"
    is_plain = not isinstance(value, dict | list) or not value
    if is_plain or (_is_simple(value) and len(line) <= _LINE_CHARS_MAX):
        below = {c for p, c in comments.items() if p[: len(path)] == path and p != path}
        if is_plain or not below:
            return [line + comment]
        if len(below) == 1 and not comment:
            return [f"{line}  # {below.pop()}"]
    return [f"{margin}{_scalar(key)}:{comment}", *_block(value, path, comments, indent + 1)]


def _block(value: Data, path: Path, comments: Mapping[Path, str], indent: int) -> list[str]:
    lines: list[str] = []
    if isinstance(value, dict):
        for key, item in value.items():
            lines += _entry(key, item, (*path, key), comments, indent)
        return lines
    assert isinstance(value, list), "scalars are written on their key's line"
    for position, item in enumerate(value):
        lines += _item(item, (*path, position), comments, indent)
    return lines


def _item(item: Data, path: Path, comments: Mapping[Path, str], indent: int) -> list[str]:
    """An item of a list: a scalar, or a mapping whose first key follows the dash."""
    margin = "  " * indent
    comment = f"  # {comments[path]}" if path in comments else ""
    if isinstance(item, dict) and item:
        inner = _block(item, path, comments, indent + 1)
        inner[0] = f"{margin}- {inner[0].lstrip()}{comment}"
        return inner
    return [f"{margin}- {_flow(item)}{comment}"]


def _is_simple(value: Data) -> bool:
    """Whether a collection may stand on one line: it holds scalars, or one level more."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(not isinstance(item, dict) for item in inner)


def _flow(value: Data) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: str | float | bool | None) -> str:  # noqa: FBT001 - a value of the data
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if not isinstance(value, str):
        return repr(value)
    if _PLAIN.fullmatch(value) and value.isprintable() and resolve(value) == value:
        return value
    return '"' + "".join(_ESCAPES.get(c) or _escaped(c) for c in value) + '"'


def _escaped(character: str) -> str:
    """A character inside double quotes; what cannot be shown by its number."""
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number <= _BASIC_PLANE_MAX else f"\\U{number:08x}"
