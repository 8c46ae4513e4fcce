"""The tree of a file's data, in which every key and every value knows where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bcsim.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.model.finding import Path
    from bcsim.model.wording import Words

Scalar: TypeAlias = str | int | float | bool | None
Data: TypeAlias = "Scalar | list[Data] | dict[str, Data]"


class Span(NamedTuple):
    """Where something stands: ``line`` and ``column`` from 1, its end exclusive.

    A collection's span is that of its first character; all of it is not needed by anybody.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Entry(NamedTuple):
    """One entry of a mapping: where its key stands, and its value."""

    key: Span
    node: Node


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place; an aliased node stands in several places of one tree.

    ``size`` counts the nodes below and including this one, each alias followed; ``height`` is
    the number of levels of nesting.
    """

    span: Span
    value: Scalar | tuple[Node, ...] | dict[str, Entry]
    text: str = ""
    size: int = 1
    height: int = 1

    def data(self) -> Data:
        """Plain Python data, equal parts made anew for each alias."""
        if isinstance(self.value, tuple):
            return [item.data() for item in self.value]
        if isinstance(self.value, dict):
            return {key: entry.node.data() for key, entry in self.value.items()}
        return self.value


@dataclass(frozen=True, slots=True)
class Document:
    """A composed file: its tree, its lines for showing, and what was wrong but survivable."""

    root: Node
    lines: Mapping[str, tuple[str, ...]]
    problems: tuple[Problem, ...] = ()

    def node_at(self, path: Path) -> Node | None:
        """The node that a path leads to, if there is one."""
        node = self.root
        for step in path:
            below = child(node, step)
            if below is None:
                return None
            node = below
        return node

    def key_at(self, path: Path) -> Span | None:
        """Where the key of the entry at ``path`` stands; ``None`` for list items and the root."""
        holder = self.node_at(path[:-1]) if path else None
        if holder is None or not isinstance(holder.value, dict):
            return None
        entry = holder.value.get(str(path[-1]))
        return entry.key if entry else None

    def place_of(self, path: Path, *, at_key: bool = False) -> Span:
        """Where ``path`` stands: its value, or its key.

        A path that the file leaves out stands where the nearest enclosing entry's key does.
        """
        known = self.node_at(path)
        if known is not None:
            return (self.key_at(path) if at_key else None) or known.span
        while self.node_at(path) is None:
            path = path[:-1]
        return self.place_of(path, at_key=True)

    def source_line(self, span: Span) -> str:
        """The line that a span begins in, ``""`` if it is beyond the text."""
        lines = self.lines.get(span.file, ())
        return lines[span.line - 1] if 0 < span.line <= len(lines) else ""


def child(node: Node, step: str | int) -> Node | None:
    """The node one step below, if there is one."""
    if isinstance(node.value, dict):
        entry = node.value.get(step) if isinstance(step, str) else None
        return entry.node if entry else None
    if isinstance(node.value, tuple) and isinstance(step, int) and 0 <= step < len(node.value):
        return node.value[step]
    return None


def collection(span: Span, value: tuple[Node, ...] | dict[str, Entry]) -> Node:
    """A sequence's or mapping's node, its size and height counted."""
    below = value if isinstance(value, tuple) else [entry.node for entry in value.values()]
    size = 1 + sum(node.size for node in below)
    height = 1 + max((node.height for node in below), default=0)
    return Node(span, value, size=size, height=height)


def problem_at(span: Span, words: Words, source_line: str = "", value: str = "") -> Problem:
    """Say ``words`` about what stands at ``span``."""
    return Problem(
        words.message,
        file=span.file,
        line=span.line,
        column=span.column,
        value=value,
        expected=words.expected,
        hint=words.hint,
        source_line=source_line,
    )
