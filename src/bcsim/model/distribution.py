"""How files write a distribution of durations, and how that is read.

A distribution is a short text (``exponential 20 ms``), a mapping
(``{kind: exponential, mean: 20 ms}``) or a bare duration, which is constant.
"""

from __future__ import annotations

import difflib
import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final, TypeAlias

from bcsim.limits import SUBDRAWS_MAX
from bcsim.streams import (
    CONSTANT,
    EMPIRICAL,
    ERLANG,
    EXPONENTIAL,
    LOGNORMAL,
    TRIANGULAR,
    UNIFORM,
    WEIBULL,
    Distribution,
)
from bcsim.units import UnitError, format_duration, parse_duration

DISTRIBUTION_FORMS: Final = (
    "a duration (20 ms), constant 5 ms, exponential 20 ms (its mean), uniform 1 ms..3 ms, "
    "triangular 1 ms, 2 ms, 5 ms, erlang 3, 20 ms (stages, mean), "
    "lognormal median 20 ms sigma 0.5, weibull scale 10 h shape 1.5, "
    "or a mapping such as {kind: empirical, quantiles: [1 ms, 2 ms, 9 ms]}"
)

Parameter: TypeAlias = int | float | tuple[int, ...]
Parameters: TypeAlias = Mapping[str, Parameter]

_SPREAD_MAX: Final = 10.0
"""Largest sigma of a lognormal: its 84 % quantile is then 22 000 times its median."""

_SHAPE_MIN: Final = 0.05
"""Smallest Weibull shape; below it the mean is beyond any time that bcsim counts."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of distribution: its parameters in order, its text form, its constructor."""

    parameters: tuple[str, ...]
    form: str
    pattern: re.Pattern[str]
    make: Callable[..., Distribution]


def _kind(parameters: str, form: str, pattern: str, make: Callable[..., Distribution]) -> _Kind:
    return _Kind(tuple(parameters.split()), form, re.compile(pattern), make)


_KINDS: Final[Mapping[str, _Kind]] = MappingProxyType(
    {
        "constant": _kind("value", "constant 5 ms", r"(.+)", Distribution.constant),
        "uniform": _kind(
            "low high", "uniform 1 ms..3 ms", r"(.+?)\s*\.\.\s*(.+)", Distribution.uniform
        ),
        "triangular": _kind(
            "low mode high",
            "triangular 1 ms, 2 ms, 5 ms",
            r"([^,]+),\s*([^,]+),\s*([^,]+)",
            Distribution.triangular,
        ),
        "exponential": _kind(
            "mean", "exponential 20 ms", r"(?:mean\s+)?(.+)", Distribution.exponential
        ),
        "erlang": _kind("stages mean", "erlang 3, 20 ms", r"([^,]+),\s*(.+)", Distribution.erlang),
        "lognormal": _kind(
            "median sigma",
            "lognormal median 20 ms sigma 0.5",
            r"median\s+(.+?)\s+sigma\s+(.+)",
            Distribution.lognormal,
        ),
        "weibull": _kind(
            "scale shape",
            "weibull scale 10 h shape 1.5",
            r"scale\s+(.+?)\s+shape\s+(.+)",
            Distribution.weibull,
        ),
        "empirical": _kind(
            "quantiles",
            "{kind: empirical, quantiles: [1 ms, 2 ms, 9 ms]}",
            r"(?!)",
            Distribution.empirical,
        ),
    }
)
KINDS: Final = tuple(_KINDS)
"""The closed set of distributions, by name."""


def parse_distribution(source: object) -> Distribution:
    """Read a distribution from a text or a mapping of plain data.

    Raises
    ------
    UnitError
        With the form that was expected of this kind, or all forms if the kind is unknown.
    """
    if isinstance(source, str):
        kind, texts = _split_text(source.strip())
    elif isinstance(source, Mapping):
        kind, texts = _split_mapping(source)
    else:
        raise UnitError("no_unit", "no unit", str(source)[:40], expected=DISTRIBUTION_FORMS)
    parameters: dict[str, Parameter] = {}
    for name in _KINDS[kind].parameters:
        try:
            parameters[name] = _parameter(kind, name, texts[name])
        except UnitError as error:
            error.key = name
            raise
    _check_order(kind, parameters)
    return _KINDS[kind].make(*parameters.values())


def _split_text(text: str) -> tuple[str, dict[str, object]]:
    """The kind and its parameters' texts; a text that starts with a number is constant."""
    word, _, rest = text.partition(" ")
    if word not in _KINDS:
        if not word.isalpha() or word.startswith("P"):
            return "constant", {"value": text}
        raise _unknown_kind(word)
    match = _KINDS[word].pattern.fullmatch(rest.strip())
    if match is None:
        reason = f"not written like a distribution of kind {word}"
        raise UnitError("malformed", reason, text[:80], expected=_KINDS[word].form)
    return word, dict(zip(_KINDS[word].parameters, match.groups(), strict=True))


def _split_mapping(mapping: Mapping[object, object]) -> tuple[str, dict[str, object]]:
    """The kind and its parameters, exactly those that the kind has."""
    kind = mapping.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise _unknown_kind(kind)
    wanted = _KINDS[kind].parameters
    expected = f"{{kind: {kind}, {', '.join(f'{name}: …' for name in wanted)}}}"
    rest = {str(name): value for name, value in mapping.items() if name != "kind"}
    for name in (name for name in rest if name not in wanted):
        near = difflib.get_close_matches(name[:40], wanted, n=1)
        reason = f"unknown key of a distribution of kind {kind}"
        suggestion = near[0] if near else ""
        error = UnitError("unknown_key", reason, name, expected=expected, suggestion=suggestion)
        error.key = name
        raise error
    for name in wanted:
        if name not in rest:
            reason = f"missing key of a distribution of kind {kind}"
            raise UnitError("missing_key", reason, name, expected=expected)
    return kind, rest


def _unknown_kind(kind: object) -> UnitError:
    """The error for a kind that does not exist, with the nearest one that does."""
    if kind is None:
        expected = "one of " + ", ".join(KINDS)
        return UnitError("missing_key", "missing key of a distribution", "kind", expected=expected)
    word = str(kind)[:40]
    near = difflib.get_close_matches(word.lower(), KINDS, n=1, cutoff=0.7)
    suggestion = near[0] if near else ""
    error = UnitError(
        "unknown_kind",
        "unknown distribution",
        word,
        expected=DISTRIBUTION_FORMS,
        suggestion=suggestion,
    )
    error.key = "kind"
    return error


def _parameter(kind: str, name: str, value: object) -> Parameter:
    """One parameter read: a duration in ns, a count of stages, or a plain number."""
    if name == "quantiles":
        return _quantiles(value)
    if name == "stages":
        return _stages(value)
    if name in {"sigma", "shape"}:
        low, high = (0.0, _SPREAD_MAX) if name == "sigma" else (_SHAPE_MIN, 1000.0)
        return _number(name, value, low, high)
    if not isinstance(value, str):
        raise UnitError("no_unit", "no unit", str(value)[:40], expected=_KINDS[kind].form)
    duration_ns = parse_duration(value)
    if not duration_ns and name in {"median", "scale"}:
        raise UnitError("out_of_range", f"zero {name}", value, expected="more than zero")
    return duration_ns


def _quantiles(value: object) -> tuple[int, ...]:
    expected = "a list of two or more durations, smallest first"
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) < 2:  # noqa: PLR2004
        raise UnitError("malformed", "not a list of quantiles", str(value)[:40], expected=expected)
    if not all(isinstance(item, str) for item in value):
        raise UnitError("no_unit", "a quantile without a unit", str(value)[:40], expected=expected)
    return tuple(parse_duration(item) for item in value)


def _stages(value: object) -> int:
    text = str(value).strip()
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= SUBDRAWS_MAX:
        expected = f"a whole number from 1 to {SUBDRAWS_MAX}"
        raise UnitError("out_of_range", "no count of stages", text[:40], expected=expected)
    return int(text)


def _number(name: str, value: object, low: float, high: float) -> float:
    text = "" if isinstance(value, bool) else str(value).strip()
    number = float(text) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,40})?", text) else math.nan
    if not low <= number <= high:
        expected = f"a plain number from {low:g} to {high:g}"
        raise UnitError("out_of_range", f"unusable {name}", text[:40], expected=expected)
    return number


def _check_order(kind: str, parameters: Parameters) -> None:
    """Uniform, triangular and empirical go from low to high."""
    if kind not in {"uniform", "triangular", "empirical"}:
        return
    values: tuple[int, ...] = ()
    for parameter in parameters.values():
        assert not isinstance(parameter, float), f"a parameter of {kind} is no time"
        values += parameter if isinstance(parameter, tuple) else (parameter,)
    if any(later < earlier for earlier, later in itertools.pairwise(values)):
        reason = "durations that do not go from small to large"
        raise UnitError("unit_order", reason, expected=_KINDS[kind].form)


def distribution_text(distribution: Distribution) -> str | dict[str, str | list[str]]:
    """Write a distribution in a form that :func:`parse_distribution` reads back."""
    if distribution.kind == EMPIRICAL:
        quantiles = [_time(value) for value in distribution.quantiles]
        return {"kind": "empirical", "quantiles": quantiles}
    a, b, c = distribution.a, distribution.b, distribution.c
    forms: Mapping[int, Callable[[], str]] = {
        CONSTANT: lambda: _time(a),
        UNIFORM: lambda: f"uniform {_time(a)}..{_time(b)}",
        TRIANGULAR: lambda: f"triangular {_time(a)}, {_time(b)}, {_time(c)}",
        EXPONENTIAL: lambda: f"exponential {_time(a)}",
        ERLANG: lambda: f"erlang {int(a)}, {_time(b)}",
        LOGNORMAL: lambda: f"lognormal median {_time(a)} sigma {_plain(b)}",
        WEIBULL: lambda: f"weibull scale {_time(a)} shape {_plain(b)}",
    }
    return forms[distribution.kind]()


def _time(time_ns: float) -> str:
    return format_duration(round(time_ns), exact=True)


def _plain(number: float) -> str:
    """A number without an exponent, every digit kept."""
    return format(Decimal(repr(number)), "f")
