"""Quantities as people write them: durations, clock times, Thai dates.

Run time knows integers only; files know texts with a unit. All
arithmetic here is exact. Everything unusable raises :class:`UnitError`, a ``ValueError``.
"""

from __future__ import annotations

import difflib
import itertools
import re
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from bcsim.limits import TIME_NS_MAX

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

Lang: TypeAlias = Literal["en", "th"]
"""The two languages in which bcsim speaks."""

NS_PER_US: Final = 1_000
NS_PER_MS: Final = 1_000_000
NS_PER_S: Final = 1_000_000_000
NS_PER_MIN: Final = 60 * NS_PER_S
NS_PER_H: Final = 60 * NS_PER_MIN
NS_PER_DAY: Final = 24 * NS_PER_H
NS_PER_WEEK: Final = 7 * NS_PER_DAY

DURATION_FORMS: Final = "a duration with a unit, such as 150 ms, 30 s, 5 min, 4 h, 1 d or PT5M"
CLOCK_FORMS: Final = "a time of day HH:MM or HH:MM:SS, 00:00 to 24:00"
_LONGEST: Final = f"{TIME_NS_MAX // NS_PER_DAY} d"

_TEXT_CHARS_MAX: Final = 80
"""Longest quantity that anybody writes; keeps integers small before they are made."""

_UNIT_WORDS: Final = {
    1: "ns nanosecond nanoseconds นาโนวินาที",
    NS_PER_US: "us µs μs microsecond microseconds ไมโครวินาที",
    NS_PER_MS: "ms millisecond milliseconds มิลลิวินาที",
    NS_PER_S: "s sec secs second seconds วินาที",
    NS_PER_MIN: "min mins minute minutes นาที",
    NS_PER_H: "h hr hrs hour hours ชั่วโมง ชม.",
    NS_PER_DAY: "d day days วัน",
    NS_PER_WEEK: "w wk week weeks สัปดาห์",
}
UNITS: Final[Mapping[str, int]] = MappingProxyType(
    {word: unit_ns for unit_ns, words in _UNIT_WORDS.items() for word in words.split()}
)
"""Every unit word and its length in nanoseconds."""

_CALENDAR_WORDS: Final = frozenset("y yr yrs year years mo mon month months เดือน ปี".split())

# Longest first, for the first unit that fits.
_SHOWN: Final[Mapping[Lang, tuple[tuple[int, str], ...]]] = MappingProxyType(
    {
        "en": tuple(
            zip(
                (NS_PER_DAY, NS_PER_H, NS_PER_MIN, NS_PER_S, NS_PER_MS, NS_PER_US, 1),
                ("d", "h", "min", "s", "ms", "µs", "ns"),
                strict=True,
            )
        ),
        "th": tuple(
            zip(
                (NS_PER_DAY, NS_PER_H, NS_PER_MIN, NS_PER_S, NS_PER_MS, NS_PER_US, 1),
                "วัน ชั่วโมง นาที วินาที มิลลิวินาที ไมโครวินาที นาโนวินาที".split(),
                strict=True,
            )
        ),
    }
)

# The month names of CLDR's th locale.
_THAI_MONTHS: Final = (
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม"
).split()
BUDDHIST_ERA_OFFSET_YEARS: Final = 543

THAI_DIGITS: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
"""For ``str.translate``: quantities may be written in Thai digits."""

_NUMBER: Final = r"[0-9]+(?:\.[0-9]+)?"
_BARE_NUMBER = re.compile(rf"[+-]?{_NUMBER}(?:[eE][+-]?[0-9]+)?")
_CLOCK_LIKE = re.compile(r"[0-9]+:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?")
_PART = re.compile(rf"\s*({_NUMBER})\s*([^\s0-9,;:+-]+)")
_ISO = re.compile(
    rf"P(?:({_NUMBER})W)?(?:({_NUMBER})D)?"
    rf"(?:T(?:({_NUMBER})H)?(?:({_NUMBER})M)?(?:({_NUMBER})S)?)?"
)
_ISO_UNITS_NS: Final = (NS_PER_WEEK, NS_PER_DAY, NS_PER_H, NS_PER_MIN, NS_PER_S)
_ISO_CALENDAR = re.compile(r"P[0-9.YMWD]*[YM][0-9.YMWDTHS]*")
_CLOCK = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?")


class UnitError(ValueError):
    """A text is not a quantity.

    ``code`` names the reason (a key of message tables), ``reason`` says it in English,
    ``detail`` is the offending part, ``expected`` the forms that are read and ``suggestion`` a
    text that was probably meant; ``key`` is the entry of a mapping that it is about. ``""``
    stands where there is nothing to say.
    """

    def __init__(
        self, code: str, reason: str, detail: str = "", *, expected: str = "", suggestion: str = ""
    ) -> None:
        expectation = f"; expected {expected}" if expected else ""
        hint = f"; did you mean {suggestion!r}?" if suggestion else ""
        offender = f": {detail!r}" if detail else ""
        super().__init__(reason + offender + expectation + hint)
        self.code = code
        self.reason = reason
        self.detail = detail
        self.expected = expected
        self.suggestion = suggestion
        self.key = ""


# -- durations -------------------------------------------------------------------------------


def parse_duration(text: str) -> int:
    """Read a duration such as ``150 ms``, ``1 h 30 min``, ``PT5M`` or ``5 นาที``.

    Parts go from the longest unit to the shortest; only the last may have decimals. ISO 8601
    forms have no years or months, whose length is not fixed.

    Returns
    -------
    int
        Nanoseconds, 0 to ``TIME_NS_MAX``.

    Raises
    ------
    UnitError
        No unit, an unknown unit, a clock form, a negative or too long duration, or more
        decimals than a nanosecond holds.

    Examples
    --------
    >>> parse_duration("1 h 30 min")
    5400000000000
    """
    plain = text.strip().translate(THAI_DIGITS)
    _refuse_other_quantities(plain)
    parts = _iso_parts(plain) if plain.startswith("P") else _unit_parts(plain)
    duration_ns = sum(_part_ns(number, unit_ns, plain) for number, unit_ns in parts)
    if duration_ns > TIME_NS_MAX:
        reason = "longer than the longest time that bcsim counts"
        raise UnitError("too_long", reason, plain, expected=f"at most {_LONGEST}")
    return duration_ns


def _refuse_other_quantities(plain: str) -> None:
    """Refuse what is recognisably something else than a duration, and say what."""
    if not plain:
        raise UnitError("empty", "an empty text", expected=DURATION_FORMS)
    if len(plain) > _TEXT_CHARS_MAX:
        reason = f"a text of {len(plain)} characters"
        raise UnitError("too_long", reason, plain[:20], expected=DURATION_FORMS)
    if _BARE_NUMBER.fullmatch(plain):
        raise UnitError("no_unit", "no unit", plain, expected=DURATION_FORMS)
    if _CLOCK_LIKE.fullmatch(plain):
        reason = "a clock form, which could count hours or minutes"
        raise UnitError("clock_form", reason, plain, expected=DURATION_FORMS)
    if plain.startswith(("-", "−")):
        raise UnitError("negative", "negative", plain, expected=DURATION_FORMS)
    if _ISO_CALENDAR.fullmatch(plain):
        reason = "years or months, whose length is not fixed"
        raise UnitError("calendar_unit", reason, plain, expected="days or weeks")


def _iso_parts(plain: str) -> list[tuple[str, int]]:
    """The ``(number, unit_ns)`` pairs of an ISO 8601 duration."""
    match = _ISO.fullmatch(plain)
    pairs = zip(match.groups(), _ISO_UNITS_NS, strict=True) if match else ()
    parts = [(number, unit_ns) for number, unit_ns in pairs if number]
    if not parts or plain.endswith("T"):
        reason = "not an ISO 8601 duration"
        raise UnitError("malformed", reason, plain, expected=DURATION_FORMS)
    _refuse_inner_decimals(parts, plain)
    return parts


def _unit_parts(plain: str) -> list[tuple[str, int]]:
    """The ``(number, unit_ns)`` pairs of ``1 h 30 min``, longest unit first."""
    parts: list[tuple[str, int]] = []
    start = 0
    while start < len(plain):
        match = _PART.match(plain, start)
        if match is None:
            raise UnitError("malformed", "not a duration", plain, expected=DURATION_FORMS)
        parts.append((match[1], _unit_ns(match[2], match[1])))
        start = match.end()
    units = [unit_ns for _, unit_ns in parts]
    if any(later >= earlier for earlier, later in itertools.pairwise(units)):
        reason = "parts that do not go from the longest unit to the shortest"
        raise UnitError("unit_order", reason, plain, expected="for example 1 h 30 min")
    _refuse_inner_decimals(parts, plain)
    return parts


def _refuse_inner_decimals(parts: list[tuple[str, int]], plain: str) -> None:
    if any("." in number for number, _ in parts[:-1]):
        reason = "decimals before the last part"
        raise UnitError("inner_decimals", reason, plain, expected="for example 1 h 30.5 min")


def _unit_ns(word: str, number: str) -> int:
    """The length of the unit ``word``, or an error that names the nearest unit."""
    unit_ns = UNITS.get(word)
    if unit_ns is not None:
        return unit_ns
    if word in _CALENDAR_WORDS:
        reason = "a unit whose length is not fixed"
        raise UnitError("calendar_unit", reason, word, expected="days or weeks")
    near = "min" if word in {"m", "M"} else _nearest_unit(word)
    suggestion = f"{number} {near}" if near else ""
    raise UnitError(
        "unknown_unit", "unknown unit", word, expected=DURATION_FORMS, suggestion=suggestion
    )


def _nearest_unit(word: str) -> str:
    """The unit that ``word`` probably means, ``""`` where a guess would be silly."""
    if word.lower() in UNITS:
        return word.lower()
    length_slack = 2  # "parsecs" is not a misspelt "secs"
    candidates = [unit for unit in UNITS if abs(len(unit) - len(word)) <= length_slack]
    near = difflib.get_close_matches(word.lower(), candidates, n=1, cutoff=0.75)
    return near[0] if near else ""


def _part_ns(number: str, unit_ns: int, plain: str) -> int:
    """``number`` times ``unit_ns``, exact.

    NOTE: Decimal multiplication would round to the context's 28 digits; a scaled integer
    does not.
    """
    _, digits, exponent = Decimal(number).as_tuple()
    assert isinstance(exponent, int), "the pattern admits finite numbers only"
    scaled = int("".join(map(str, digits))) * unit_ns
    whole_ns, rest = divmod(scaled, int(10**-exponent))
    if rest:
        reason = "finer than a nanosecond"
        raise UnitError("sub_nanosecond", reason, plain, expected="whole nanoseconds")
    return whole_ns


def format_duration(duration_ns: int, lang: Lang = "en", *, exact: bool = False) -> str:
    """Write a duration for people: ``12.4 ms``, ``4 min 58 s``, ``2 d 4 h``.

    Unless ``exact``, a duration of a minute or more is rounded to whole seconds and a shorter
    one to three decimals of its unit. :func:`parse_duration` reads the result back.

    Examples
    --------
    >>> format_duration(5_400_000_000_000)
    '1 h 30 min'
    """
    if duration_ns < 0:
        return "-" + format_duration(-duration_ns, lang, exact=exact)
    if not exact:
        duration_ns = _rounded(duration_ns)
    shown = _SHOWN[lang]
    if duration_ns < NS_PER_MIN:
        return _one_part(duration_ns, *next((u for u in shown if duration_ns >= u[0]), shown[3]))
    parts: list[str] = []
    rest = duration_ns
    for unit_ns, word in shown[:3]:
        count, rest = divmod(rest, unit_ns)
        if count:
            parts.append(f"{count} {word}")
    if rest:
        parts.append(_one_part(rest, *shown[3]))
    return " ".join(parts)


def _rounded(duration_ns: int) -> int:
    """``duration_ns`` to the precision in which people read it."""
    quantum = NS_PER_S
    if duration_ns < NS_PER_MIN:
        fitting = (u for u in (NS_PER_S, NS_PER_MS, NS_PER_US) if duration_ns >= u)
        quantum = max(next(fitting, 1) // 1000, 1)
    return (duration_ns + quantum // 2) // quantum * quantum


def _one_part(duration_ns: int, unit_ns: int, word: str) -> str:
    whole, rest = divmod(duration_ns, unit_ns)
    decimals = f"{rest:0{len(str(unit_ns)) - 1}d}".rstrip("0") if rest else ""
    return f"{whole}.{decimals} {word}" if decimals else f"{whole} {word}"


# -- times of day ----------------------------------------------------------------------------


def parse_clock(text: str) -> int:
    """Read a time of day, ``10:05`` or ``10:05:30``; ``24:00`` is the end of the day.

    Returns
    -------
    int
        Nanoseconds since midnight, 0 to ``NS_PER_DAY``.

    Raises
    ------
    UnitError
        Any other form, with the form that was probably meant.
    """
    plain = text.strip().translate(THAI_DIGITS)
    match = _CLOCK.fullmatch(plain)
    if match is None:
        near = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})(?:\s*(?:น\.|h|hrs))?", plain)
        suggestion = f"{near[1]:>02}:{near[2]}" if near and int(near[1]) < 24 else ""  # noqa: PLR2004
        detail = plain[:_TEXT_CHARS_MAX]
        reason = "not a time of day"
        raise UnitError("malformed", reason, detail, expected=CLOCK_FORMS, suggestion=suggestion)
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    fraction_ns = int((match[4] or "").ljust(9, "0"))
    clock_ns = hours * NS_PER_H + minutes * NS_PER_MIN + seconds * NS_PER_S + fraction_ns
    if max(minutes, seconds) > 59 or clock_ns > NS_PER_DAY:  # noqa: PLR2004
        reason = "beyond the day"
        raise UnitError("out_of_range", reason, plain, expected=CLOCK_FORMS)
    return clock_ns


def format_clock(clock_ns: int) -> str:
    """Write nanoseconds since midnight as ``10:05``, with seconds only where there are any."""
    assert 0 <= clock_ns <= NS_PER_DAY, f"clock_ns={clock_ns} is not within a day"
    minutes, rest_ns = divmod(clock_ns, NS_PER_MIN)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    if not rest_ns:
        return text
    seconds, fraction_ns = divmod(rest_ns, NS_PER_S)
    decimals = f".{fraction_ns:09d}".rstrip("0") if fraction_ns else ""
    return f"{text}:{seconds:02d}{decimals}"


# -- dates --------- -------------------------------------------------------------------------


def thai_date(date: datetime.date) -> str:
    """Write a date in Thai with its Buddhist-era year: ``22 พฤศจิกายน พ.ศ. 2569``."""
    month = _THAI_MONTHS[date.month - 1]
    return f"{date.day} {month} พ.ศ. {date.year + BUDDHIST_ERA_OFFSET_YEARS}"
