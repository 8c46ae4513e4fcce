"""pydantic's errors as problems with a place, in plain words.

pydantic's ``loc`` names keys, list positions, but also union members and discriminator tags
that are in no file; what fits the document's nodes is kept, the rest is passed over.
"""

from __future__ import annotations

import re
import types
import typing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel

from bcsim.model.fields import IDENTIFIER_CHARS_MAX, IDENTIFIER_PATTERN, Entity
from bcsim.model.finding import nearest
from bcsim.model.nodes import child, problem_at
from bcsim.model.wording import Words, has_words, say, say_unit
from bcsim.model.yaml_nodes import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from bcsim.errors import Problem
    from bcsim.model.finding import Path
    from bcsim.model.nodes import Document, Node
    from bcsim.units import Lang

_KEY: Final = "[key]"
_NAMES_SHOWN_MAX: Final = 12
_VALUE_CHARS_MAX: Final = 60
_YES_NO: Final = {
    "yes": "true",
    "on": "true",
    "y": "true",
    "no": "false",
    "off": "false",
    "n": "false",
}
_QUOTED: Final = re.compile(r"'([^']*)'")
_PERCENT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*%")
_FORMAT: Final = re.compile(r"(bcsim-[a-z]+)/([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class _Fault:
    """One error of pydantic: the place in the data, and what it is about.

    ``path`` leads to the value; ``name`` is the key that is missing or unknown.
    """

    kind: str
    path: Path
    words: Words
    name: str = ""
    near: str = ""
    at_key: bool = False


def problems_of(
    error: ValidationError, model_class: type[BaseModel], document: Document, lang: Lang
) -> list[Problem]:
    """Every error of ``error`` as a problem; the members of a union make one problem."""
    teller = _Teller(model_class, document, lang)
    faults: dict[tuple[Path, bool, str], _Fault] = {}
    for details in error.errors(include_url=False, include_input=False):
        fault = teller.fault(details)
        key = (fault.path, fault.at_key, fault.name)
        faults[key] = teller.joined(faults[key], fault) if key in faults else fault
    meant = {(f.path[:-1], f.near) for f in faults.values() if f.kind == "extra_forbidden"}
    return [
        teller.problem(fault)
        for fault in faults.values()
        # A misspelt key is told once, not also as the key that it should have been.
        if fault.kind != "missing" or (fault.path, fault.name) not in meant
    ]


@dataclass(frozen=True, slots=True)
class _Teller:
    """What is needed to tell an error: the model's class, the document, the language."""

    model_class: type[BaseModel]
    document: Document
    lang: Lang

    def fault(self, details: ErrorDetails) -> _Fault:
        """Find the place and the words of one error."""
        kind, loc = details["type"], details["loc"]
        context: Mapping[str, typing.Any] = details.get("ctx", {})
        if kind == "missing":
            return self._missing(loc)
        if kind == "extra_forbidden":
            return self._unknown_key(loc)
        if kind == "union_tag_not_found":
            return self._missing_tag(loc, context["discriminator"].strip("'"))
        if loc and loc[-1] == _KEY:
            path = path_of(self.document.root, loc[:-1])
            return self._value(kind, path, context, details["msg"], at_key=True)
        path = path_of(self.document.root, loc)
        inner = context.get("discriminator", "").strip("'") or context.get("key", "")
        if inner and self.document.node_at((*path, inner)):
            path = (*path, inner)  # a mapping is wrong because of this entry
        at_key = context.get("code") == "unknown_key"
        return self._value(kind, path, context, details["msg"], at_key=at_key)

    def _missing(self, loc: tuple[int | str, ...]) -> _Fault:
        name = str(loc[-1])
        holder = class_at(self.model_class, loc[:-1])
        field = holder.model_fields.get(name) if holder else None
        description = (field.description or "") if field else ""
        description = description[:1].lower() + description[1:].rstrip(".")
        words = say("missing", self.lang, name=name, description=description)
        path = path_of(self.document.root, loc[:-1])
        return _Fault("missing", path, words, name, at_key=True)

    def _unknown_key(self, loc: tuple[int | str, ...]) -> _Fault:
        name = str(loc[-1])
        holder = class_at(self.model_class, loc[:-1])
        names = list(holder.model_fields) if holder else []
        names.sort(key=Entity.model_fields.__contains__)  # what every entity has comes last
        near = nearest(name, names) or ""
        listed = ", ".join(names) if len(names) <= _NAMES_SHOWN_MAX else ""
        words = say("extra_forbidden", self.lang, name=name[:_VALUE_CHARS_MAX], names=listed)
        path = path_of(self.document.root, loc)
        return _Fault("extra_forbidden", path, words, name, near, at_key=True)

    def _missing_tag(self, loc: tuple[int | str, ...], name: str) -> _Fault:
        """A mapping without the key that says what it is, or with that key misspelt."""
        path = path_of(self.document.root, loc)
        node = self.document.node_at(path)
        keys = node.value if node and isinstance(node.value, dict) else {}
        misspelt = nearest(name, keys)
        if misspelt is None:
            return _Fault("missing", path, say("missing_tag", self.lang, name=name), name)
        words = say("extra_forbidden", self.lang, name=misspelt, names="")
        return _Fault("extra_forbidden", (*path, misspelt), words, misspelt, name, at_key=True)

    def _value(
        self,
        kind: str,
        path: Path,
        context: Mapping[str, typing.Any],
        message: str,
        *,
        at_key: bool = False,
    ) -> _Fault:
        """An error about a value, or about a key as a value."""
        node = self.document.node_at(path)
        text = str(path[-1]) if at_key else (node.text if node else "")
        if "code" in context:
            words, near = say_unit(self.lang, context, text), context["suggestion"]
        else:
            code = _row(kind, context, text)
            near = _near(code, context, text)
            words = Words(message)
            if has_words(code):
                words = say(code, self.lang, **_listed(context))
        return _Fault(kind, path, words, near=near, at_key=at_key)

    def joined(self, first: _Fault, second: _Fault) -> _Fault:
        """One fault out of two members of a union that the same value fits neither of."""
        told = first.words.expected
        more = second.words.expected
        if not more or more in told:
            return first
        expected = say("or", self.lang).message.join(filter(None, (told, more)))
        near = first.near or second.near
        return replace(first, words=first.words._replace(expected=expected), near=near)

    def problem(self, fault: _Fault) -> Problem:
        """The fault where it stands."""
        span = self.document.place_of(fault.path, at_key=fault.at_key)
        hint = fault.words.hint
        if fault.near:
            hint = say("did_you_mean", self.lang, near=fault.near).message
        words = fault.words._replace(hint=hint)
        return problem_at(span, words, self.document.source_line(span), self._shown(fault))

    def _shown(self, fault: _Fault) -> str:
        """The value in question as the file has it; nothing where the message names a key."""
        if fault.name:
            return ""
        if fault.at_key:
            return repr(str(fault.path[-1])[:_VALUE_CHARS_MAX])
        node = self.document.node_at(fault.path)
        return shown(node, self.lang) if node else ""


def shown(node: Node, lang: Lang) -> str:
    """A value for a message: texts in quotes, numbers as written, the rest in words."""
    if isinstance(node.value, dict):
        return say("a_mapping", lang, count=len(node.value)).message
    if isinstance(node.value, tuple):
        return say("a_list", lang, count=len(node.value)).message
    if node.value is None:
        return say("nothing", lang).message
    text = node.text[:_VALUE_CHARS_MAX] + ("…" if len(node.text) > _VALUE_CHARS_MAX else "")
    return repr(text) if isinstance(node.value, str) else text


def _row(kind: str, context: Mapping[str, typing.Any], text: str) -> str:
    """The row of the table of words for an error of pydantic."""
    if kind == "string_pattern_mismatch" and context["pattern"] == IDENTIFIER_PATTERN:
        return "identifier" if text else "blank_text"
    if kind in {"string_pattern_mismatch", "string_too_short"} and not text.strip():
        return "blank_text"
    if kind == "literal_error":
        given, known = _FORMAT.fullmatch(text), _FORMAT.search(context["expected"])
        if given and known and given[1] == known[1] and int(given[2]) > int(known[2]):
            return "newer_format"
    return kind


def _listed(context: Mapping[str, typing.Any]) -> dict[str, typing.Any]:
    """The context with pydantic's English enumerations as plain lists."""
    lists = {"expected", "expected_tags"} & context.keys()
    plain = {name: ", ".join(_QUOTED.findall(str(context[name]))) for name in lists}
    return {**context, **{name: text for name, text in plain.items() if text}}


def _near(code: str, context: Mapping[str, typing.Any], text: str) -> str:
    """What was probably meant, in the form in which it is to be written; ``""`` if unknown."""
    if code in {"literal_error", "enum"}:
        return nearest(text, _QUOTED.findall(context["expected"])) or ""
    if code == "union_tag_invalid":
        return nearest(text, _QUOTED.findall(context["expected_tags"])) or ""
    if code == "bool_type":
        return _YES_NO.get(text.lower(), "")
    if code == "identifier":
        slug = re.sub(r"[\s_.]+", "-", text.strip().lower())[:IDENTIFIER_CHARS_MAX]
        return slug if re.fullmatch(IDENTIFIER_PATTERN, slug) else ""
    if code in {"int_type", "float_type", "less_than_equal"}:
        return _near_number(code, context, text)
    return str(context.get("suggestion", ""))


def _near_number(code: str, context: Mapping[str, typing.Any], text: str) -> str:
    """A share for a percentage, a number for a number in quotes."""
    percent = _PERCENT.fullmatch(text.strip())
    if code == "less_than_equal":
        is_share = context["le"] == 1 and re.fullmatch(r"[0-9]{1,3}(\.[0-9]+)?", text)
        return f"{float(text) / 100:g}" if is_share and float(text) <= 100 else ""  # noqa: PLR2004
    if code == "float_type" and percent:
        return f"{float(percent[1]) / 100:g}"
    value = resolve(text) if len(text) <= _VALUE_CHARS_MAX else text
    is_number = isinstance(value, int if code == "int_type" else int | float)
    return text if is_number and not isinstance(value, bool) else ""


# -- from pydantic's loc to the document and to the classes ----------------------------------


def path_of(node: Node, loc: Sequence[int | str]) -> Path:
    """The longest part of ``loc`` that leads somewhere below ``node``; tags are passed over."""
    if not loc:
        return ()
    passed_over = path_of(node, loc[1:])
    below = child(node, loc[0])
    if below is None:
        return passed_over
    followed = (loc[0], *path_of(below, loc[1:]))
    return max(followed, passed_over, key=len)


def class_at(annotation: object, loc: Sequence[int | str]) -> type[BaseModel] | None:
    """The model class that pydantic was validating at ``loc`` under ``annotation``."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return class_at(arguments[0], loc)
    if origin in {typing.Union, types.UnionType}:
        return _member_at(arguments, loc)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not loc:
            return annotation
        field = annotation.model_fields.get(str(loc[0]))
        return class_at(field.annotation, loc[1:]) if field else None
    if loc and arguments and isinstance(origin, type):
        return class_at(arguments[1] if issubclass(origin, dict) else arguments[0], loc[1:])
    return None


def _member_at(members: tuple[object, ...], loc: Sequence[int | str]) -> type[BaseModel] | None:
    """The class at ``loc`` of a union: of the member that a tag names, else of the first."""
    for member in members:
        if loc and loc[0] in _tags(member):
            return class_at(member, loc[1:])
    found = (class_at(member, loc) for member in members)
    return next((member for member in found if member is not None), None)


def _tags(member: object) -> set[object]:
    """What pydantic calls a member of a union: its class's name, or its literal fields' values."""
    if typing.get_origin(member) is typing.Annotated:
        return _tags(typing.get_args(member)[0])
    if not (isinstance(member, type) and issubclass(member, BaseModel)):
        return set()
    literals = (
        typing.get_args(field.annotation)
        for field in member.model_fields.values()
        if typing.get_origin(field.annotation) is typing.Literal
    )
    return {member.__name__}.union(*literals)
