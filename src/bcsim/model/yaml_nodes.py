"""YAML text as a tree of nodes that know where they stand.

The reading is narrower than YAML: scalars by the core schema of YAML 1.2.2 (``no`` and
``12:30:00`` are texts, §10.3.2), one document, keys that are texts and differ, no tags, no
merge keys, few aliases. JSON passes as the YAML that it is.

Scanning and parsing are PyYAML's (libyaml's, where it was built); composing is our own, since
PyYAML's composer recurses without a bound, lets the last of two equal keys win and forgets
where an alias was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn

import yaml

from bcsim.errors import LimitError, ModelError
from bcsim.limits import ALIASES_MAX, YAML_DEPTH_MAX, YAML_NODES_MAX
from bcsim.model.nodes import Document, Entry, Node, Scalar, Span, collection, problem_at
from bcsim.model.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.errors import Problem
    from bcsim.units import Lang

_PARSER: Final = getattr(yaml, "CLoader", yaml.Loader)

# YAML 1.2.2 §5.1 (c-printable) and the line breaks by which PyYAML counts lines.
_UNPRINTABLE: Final = re.compile(
    "[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_LINE_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")

# YAML 1.2.2 §10.3.2.
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL: Final = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_NUMBER_CHARS_MAX: Final = 60
"""Longest number; a longer one is nobody's quantity and slow to read."""

_JSON_PAIR: Final = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def compose(text: str, file: str, lang: Lang = "en") -> Document:
    """Compose one YAML document.

    Parameters
    ----------
    text
        The document; a byte-order mark at its start is ignored.
    file
        Name for places; a name that ends in ``.json`` lets JSON's surrogate pairs pass.
    lang
        Language of the problems.

    Raises
    ------
    ModelError
        The text is not YAML, is empty, or holds several documents.
    LimitError
        More aliases, nodes or nesting than ``limits`` allows.
    """
    text = text.removeprefix("\ufeff")
    if file.endswith(".json"):
        text = _JSON_PAIR.sub(_joined_pair, text)
    composer = _Composer(file, lang, tuple(_LINE_BREAK.split(text)))
    unprintable = _UNPRINTABLE.search(text)
    if unprintable:
        composer.fail_at_index(text, unprintable.start())
    root = composer.compose(text)
    return Document(root, {file: composer.lines}, tuple(composer.problems))


def _joined_pair(match: re.Match[str]) -> str:
    """Two JSON escapes of UTF-16 as YAML's one escape of the character."""
    high, low = int(match[2], 16), int(match[3], 16)
    return f"{match[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"


def resolve(text: str) -> Scalar:
    """The value of a plain scalar by YAML 1.2's core schema.

    Raises
    ------
    ValueError
        A number of absurd length.
    """
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    is_int = _INT.fullmatch(text)
    if not is_int and not _FLOAT.fullmatch(text):
        return text
    if len(text) > _NUMBER_CHARS_MAX:
        msg = "number too long"
        raise ValueError(msg)
    if is_int:
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))


@dataclass(slots=True)
class _Composer:
    """The state of composing one document."""

    file: str
    lang: Lang
    lines: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)
    anchors: dict[str, Node | None] = field(default_factory=dict)  # None: still open
    alias_count: int = 0
    node_count: int = 0

    def compose(self, text: str) -> Node:
        """Compose the one document of ``text``."""
        events = self._events(text)
        next(events)  # the start of the stream
        event = next(events)
        if isinstance(event, yaml.StreamEndEvent):
            raise ModelError(self._problem(self._point(0, 0), "empty_file"))
        root = self._node(next(events), events, 1)
        next(events)  # the end of the document
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise ModelError(self._problem(self._span(after), "several_documents"))
        if root.value is None:
            raise ModelError(self._problem(root.span, "empty_file"))
        return root

    def _events(self, text: str) -> Iterator[yaml.Event]:
        """The parser's events; its errors become ours."""
        try:
            yield from yaml.parse(text, Loader=_PARSER)
        except yaml.MarkedYAMLError as error:
            raise ModelError(self._syntax_problem(error)) from None
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            # NOTE: PyYAML's own parser, used where libyaml is missing, leaves the range of
            # escapes such as "\\UFFFFFFFF" to chr().
            reason = " ".join(str(error).split())
            raise ModelError(self._problem(self._point(0, 0), "syntax", reason=reason)) from None

    def _syntax_problem(self, error: yaml.MarkedYAMLError) -> Problem:
        """The parser's complaint in plain words, where it has a common cause."""
        begun, mark = error.context_mark, error.problem_mark or error.context_mark
        assert mark is not None, "the parser marks what it complains about"
        if begun is not None and mark.line >= self._end_line:
            mark = begun  # something never ends: show where it begins
        span = self._point(mark.line, mark.column)
        if self._end_line and mark.line >= self._end_line:
            span = self._point(self._end_line - 1, len(self.lines[self._end_line - 1]))
        character = self._line(span)[mark.column : mark.column + 1]
        reason = str(error.problem or error.context)
        if character == "\t":
            return self._problem(span, "tab")
        if "cannot start any token" in reason:
            return self._problem(span, "bad_start", character=character)
        if "mapping values are not allowed" in reason:
            return self._problem(span, "stray_colon")
        if begun is not None and str(error.context).startswith("while parsing a block"):
            return self._problem(span, "bad_layout", line=begun.line + 1)
        context = f" {error.context}" if error.context and error.problem else ""
        return self._problem(span, "syntax", reason=f"{reason}{context}")

    @property
    def _end_line(self) -> int:
        """Index of the first line after the last that is not blank."""
        return max((i + 1 for i, line in enumerate(self.lines) if line.strip()), default=0)

    # -- one method for each kind of node --------------------------------------------------

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        """The node that begins with ``event``; its further events are taken from ``events``."""
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, depth)
        span = self._span(event)
        self.node_count += 1
        self._bound("too_many_nodes", self.node_count, YAML_NODES_MAX, span)
        self._bound("too_deep", depth, YAML_DEPTH_MAX, span)
        tag = getattr(event, "tag", None)
        if tag is not None:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self.problems.append(self._problem(span, "tag", tag=shown))
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            self.anchors[anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event, span)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(span, events, depth)
        else:
            assert isinstance(event, yaml.MappingStartEvent), f"no node begins with {event}"
            node = self._mapping(span, events, depth)
        self._bound("too_many_nodes", node.size, YAML_NODES_MAX, span)
        if anchor is not None:
            self.anchors[anchor] = node
        return node

    def _alias(self, event: yaml.AliasEvent, depth: int) -> Node:
        span = self._span(event)
        self.alias_count += 1
        self._bound("too_many_aliases", self.alias_count, ALIASES_MAX, span)
        anchor = str(event.anchor)
        node = self.anchors.get(anchor)
        if node is None:
            code = "recursive_alias" if anchor in self.anchors else "unknown_alias"
            raise ModelError(self._problem(span, code, anchor=anchor))
        self._bound("too_deep", depth - 1 + node.height, YAML_DEPTH_MAX, span)
        return node

    def _scalar(self, event: yaml.ScalarEvent, span: Span) -> Node:
        text: str = event.value
        if event.style:  # quoted or block: always a text
            if _SURROGATE.search(text):
                self.problems.append(self._problem(span, "lone_surrogate"))
                text = _SURROGATE.sub("\ufffd", text)
            return Node(span, text, text)
        try:
            return Node(span, resolve(text), text)
        except ValueError:
            problem = self._problem(span, "long_number", chars_max=_NUMBER_CHARS_MAX)
            self.problems.append(problem)
            return Node(span, 0, text)

    def _sequence(self, span: Span, events: Iterator[yaml.Event], depth: int) -> Node:
        items: list[Node] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, events, depth + 1))
        return collection(span, tuple(items))

    def _mapping(self, span: Span, events: Iterator[yaml.Event], depth: int) -> Node:
        entries: dict[str, Entry] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key_span = self._span(event)
            key = self._key(event, events, depth)
            node = self._node(next(events), events, depth + 1)
            if key is None:
                continue
            if key in entries:
                first = entries[key].key
                problem = self._problem(key_span, "duplicate_key", key=key, line=first.line)
                self.problems.append(problem)
                continue
            entries[key] = Entry(key_span, node)
        return collection(span, entries)

    def _key(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> str | None:
        """The key as it is written, or ``None`` where it is none and that was reported."""
        node = self._node(event, events, depth + 1)
        span = self._span(event)
        if not isinstance(event, yaml.ScalarEvent):
            self.problems.append(self._problem(span, "key_not_text"))
            return None
        if not event.style and node.text == "<<":
            self.problems.append(self._problem(span, "merge_key"))
            return None
        if not node.text:
            self.problems.append(self._problem(span, "empty_key"))
            return None
        return node.text

    # -- places and problems -----------------------------------------------------------------

    def fail_at_index(self, text: str, index: int) -> NoReturn:
        """Refuse an unprintable character."""
        before = _LINE_BREAK.split(text[:index])
        span = self._point(len(before) - 1, len(before[-1]))
        raise ModelError(self._problem(span, "unprintable", number=f"U+{ord(text[index]):04X}"))

    def _bound(self, code: str, count: int, limit: int, span: Span) -> None:
        if count > limit:
            raise LimitError(self._problem(span, code, limit=limit))

    def _span(self, event: yaml.Event) -> Span:
        start, end = event.start_mark, event.end_mark
        assert start is not None, "the parser marks every event"
        assert end is not None, "the parser marks every event"
        return Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _point(self, line: int, column: int) -> Span:
        return Span(self.file, line + 1, column + 1, line + 1, column + 1)

    def _line(self, span: Span) -> str:
        return self.lines[span.line - 1] if span.line <= len(self.lines) else ""

    def _problem(self, span: Span, code: str, **values: object) -> Problem:
        return problem_at(span, say(code, self.lang, **values), self._line(span))
