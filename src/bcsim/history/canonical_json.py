"""JSON that has one form: canonical writing, strict parsing, reading that names every problem."""

from __future__ import annotations

import dataclasses
import difflib
import json
import types
import typing
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from bcsim import limits
from bcsim.errors import HistoryError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Rules: TypeAlias = Mapping[str, Any]

T = TypeVar("T")

_INT64_MAX = 2**63 - 1


def canonical(data: Mapping[str, object]) -> str:
    """JSON with sorted keys and no spaces; equal data gives equal text."""
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def parse(text: str) -> object:
    """Parse JSON without repeated keys, NaN or boundless nesting; raises ValueError."""
    try:
        return cast("object", _DECODER.decode(text))
    except RecursionError as error:
        message = "nested too deeply"
        raise ValueError(message) from error


def decode(cls: type[T], text: str, file: str = "") -> T:
    """Read one frozen dataclass from JSON; raises HistoryError with every problem found."""
    if len(text) > limits.FILE_BYTES_MAX:
        raise HistoryError(
            Problem(
                "the profile is too large",
                file=file,
                value=f"{len(text)} characters",
                expected=f"at most {limits.FILE_BYTES_MAX}",
            )
        )
    try:
        data = parse(text)
    except ValueError as error:
        message = "the profile is not JSON"
        raise HistoryError(Problem(message, file=file, hint=str(error))) from error
    reader = _Reader(file)
    value = reader.read(data, cls, "profile", {})
    if reader.problems:
        raise HistoryError(reader.problems)
    return cast("T", value)


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = sorted({name for name in names if names.count(name) > 1})
        message = f"repeated keys {', '.join(repeated)}"
        raise ValueError(message)
    return data


def _no_constant(name: str) -> object:
    message = f"{name} is not a number of JSON"
    raise ValueError(message)


_DECODER = json.JSONDecoder(object_pairs_hook=_without_repeats, parse_constant=_no_constant)


class _Reader:
    """Turns parsed JSON into what a type annotation asks for, and collects problems.

    A field's metadata may state ``choices`` (the values allowed) or ``bounds`` (least, most).
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def read(self, data: object, annotation: Any, place: str, rules: Rules) -> object:  # noqa: ANN401 - annotations have no common type
        """Return the value; what does not hold is noted, and then the value is of no use."""
        if isinstance(annotation, types.UnionType):
            if data is None:
                return None
            (annotation,) = (a for a in annotation.__args__ if a is not types.NoneType)
        if typing.get_origin(annotation) is tuple:
            return self._read_list(data, typing.get_args(annotation)[0], place, rules)
        if dataclasses.is_dataclass(annotation):
            return self._read_object(data, cast("type[object]", annotation), place)
        return self._read_scalar(data, annotation, place, rules)

    def _read_list(
        self, data: object, annotation: object, place: str, rules: Rules
    ) -> tuple[object, ...]:
        if not isinstance(data, list):
            self._note(place, data, "a list")
            return ()
        return tuple(
            self.read(item, annotation, f"{place}[{i}]", rules) for i, item in enumerate(data)
        )

    def _read_object(self, data: object, cls: type[Any], place: str) -> object:
        if not isinstance(data, dict):
            self._note(place, data, "an object")
            return None
        noted = len(self.problems)
        fields = {field.name: field for field in dataclasses.fields(cls)}
        for key in sorted(set(data) - set(fields)):
            expected = f"one of {', '.join(fields)}"
            self._note(f"{place}.{key}", key, expected, nearest(key, fields))
        annotations = typing.get_type_hints(cls)
        values: dict[str, object] = {}
        for name, field in fields.items():
            if name in data:
                where = f"{place}.{name}"
                values[name] = self.read(data[name], annotations[name], where, field.metadata)
            elif field.default is dataclasses.MISSING:
                self._note(f"{place}.{name}", None, "a value; the key is missing")
        return cls(**values) if len(self.problems) == noted else None

    def _read_scalar(self, data: object, annotation: type, place: str, rules: Rules) -> object:
        if annotation is float and type(data) is int:
            data = float(data)
        choices = rules.get("choices", ())
        least, most = rules.get("bounds", (-_INT64_MAX, _INT64_MAX))
        if type(data) is not annotation:
            self._note(place, data, _NAMES[annotation])
        elif choices and data not in choices:
            expected = f"one of {', '.join(map(str, choices))}"
            self._note(place, data, expected, nearest(str(data), map(str, choices)))
        elif isinstance(data, int | float) and not least <= data <= most:
            self._note(place, data, f"from {least} to {most}")
        elif isinstance(data, str) and not is_unicode(data):
            self._note(place, data, "text in Unicode, without lone surrogates")
        return data

    def _note(self, place: str, data: object, expected: str, hint: str = "") -> None:
        problem = Problem(
            f"{place} does not hold", file=self.file, value=repr(data), expected=expected, hint=hint
        )
        self.problems.append(problem)


_NAMES: dict[type, str] = {
    str: "a text",
    int: "an integer",
    float: "a number",
    bool: "true or false",
}


def nearest(word: str, words: Iterable[str]) -> str:
    """Write a hint that names the word most like ``word``; empty if none is."""
    near = difflib.get_close_matches(word, sorted(map(str, words)), 1)
    return f"did you mean {near[0]!r}?" if near else ""


def is_unicode(text: str) -> bool:
    """Whether a text can be written in UTF-8 (JSON can escape half a surrogate pair)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
