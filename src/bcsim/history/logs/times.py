"""Times as logs write them, to nanoseconds since 1970: in SQL by the column, never as floats.

A time without an offset belongs to a time zone that the mapping must name. A local time that
occurs twice, or never, because clocks were changed is an error: nobody can tell what it means.
"""

from __future__ import annotations

import datetime
import re
from functools import cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from bcsim.history.logs.mapping import FIX, ISO, UNIX
from bcsim.history.schema import NULL
from bcsim.units import NS_PER_H, NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NO_ZONE: Final = "no time zone"
UNREADABLE: Final = "not a time"
TWICE: Final = "local time that occurs twice"
NEVER: Final = "local time that never occurs"

_OFFSET: Final = r"(Z|z|UTC|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)?"
_ISO: Final = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,]([0-9]{1,9}))?\s*"
    + _OFFSET
    + "$"
)
_FIX: Final = r"^([0-9]{8})-([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?" + _OFFSET + "$"
_UNIX: Final = r"^([0-9]{1,19})(?:[.,]([0-9]+))?$"

_BUDDHIST: Final = re.compile(r"(?<!\d)25[4-9]\d(?!\d)")
"""Years of the Buddhist era from 1997 on, four digits."""

_YEARS: Final = (1700, 2250)
"""First and last year whose nanoseconds since 1970 fit into 64 bits."""

_NS_DIGITS: Final = 9
_EPOCH: Final = datetime.datetime(1970, 1, 1)  # noqa: DTZ001 - local times have no zone yet


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    return _zone(name) is not None


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def matched(text: str, form: str) -> str:
    """Write the SQL of a time taken apart, so that one regular expression is run a row."""
    if form not in (ISO, FIX):
        return text
    pattern = _ISO if form == ISO else _FIX
    return f"regexp_extract({text}, '{pattern}', ['day', 'clock', 'fraction', 'zone'])"


def parts(match: str, form: str) -> tuple[str, str, str]:
    """Write the SQL of a time's parts.

    Parameters
    ----------
    match
        SQL of what :func:`matched` gives; null where there is no time.
    form
        ``iso``, ``fix``, ``unix …`` or a pattern of strptime.

    Returns
    -------
    tuple of str
        SQL of whole seconds since 1970 by the clock that the text is written in (null if it is
        not a time), of nanoseconds beside them, and of the offset from UTC in seconds (null if
        the text states none).
    """
    if form in UNIX:
        return _unix_parts(match, UNIX[form])
    if form not in (ISO, FIX):
        return _pattern_parts(match, form)
    day = f"{match}.day"
    if form == FIX:
        day = f"({day}[1:4] || '-' || {day}[5:6] || '-' || {day}[7:8])"
    seconds = f"epoch_us(try_cast({day} || ' ' || {match}.clock as timestamp)) // 1000000"
    nanoseconds = f"rpad({match}.fraction, {_NS_DIGITS}, '0')::bigint"
    return seconds, nanoseconds, _offset(f"{match}.zone")


def _unix_parts(text: str, unit_digits: int) -> tuple[str, str, str]:
    """Seconds since 1970 in a smaller unit: the last digits before the point go behind it."""
    rest = _NS_DIGITS - unit_digits
    whole = f"try_cast(regexp_extract({text}, '{_UNIX}', 1) as hugeint)"
    below = f"rpad(regexp_extract({text}, '{_UNIX}', 2)[1:{rest}], {rest}, '0')::hugeint"
    total_ns = f"({whole} * {10**rest} + {below if rest else 0})"
    return f"({total_ns} // {NS_PER_S})::bigint", f"({total_ns} % {NS_PER_S})::bigint", "0"


def _pattern_parts(text: str, pattern: str) -> tuple[str, str, str]:
    """Times by a pattern of strptime; DuckDB reads fractions of a second with ``%n`` or ``%f``."""
    quoted = pattern.replace("'", "''")
    stamp = f"try_strptime({text}, '{quoted}')"
    has_offset = re.search(r"%[zZ]", pattern) is not None
    first, last = _YEARS
    nanoseconds = f"(case when year({stamp}) between {first} and {last} then epoch_ns({stamp}) end)"
    seconds = f"({nanoseconds} // {NS_PER_S})"
    return seconds, f"({nanoseconds} - {seconds} * {NS_PER_S})", "0" if has_offset else "null::int"


def _offset(offset: str) -> str:
    digits = f"replace({offset}, ':', '')"
    hours, minutes = f"({digits}[2:3])::int", f"coalesce(try_cast({digits}[4:5] as int), 0)"
    sign = f"(case when {digits}[1:1] = '-' then -1 else 1 end)"
    return (
        f"(case when {offset} = '' then null when {offset} in ('Z', 'z', 'UTC') then 0 "
        f"else {sign} * ({hours} * 3600 + {minutes} * 60) end)"
    )


# -- local times -----------------------------------------------------------------------------


def to_utc_ns(
    seconds: NDArray[np.int64],
    fraction_ns: NDArray[np.int64],
    offset_s: NDArray[np.int64],
    zone: str,
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Turn local times into nanoseconds since 1970 in UTC.

    Parameters
    ----------
    seconds, fraction_ns, offset_s
        As of :func:`parts`, int64 ``(rows,)``, null is ``schema.NULL``.
    zone
        IANA name for the times without an offset; empty: there must be none.

    Returns
    -------
    tuple
        int64 ``(rows,)``, and what is wrong with each row: an object array of text or None.
    """
    wrong = np.full(len(seconds), None, dtype=object)
    wrong[seconds == NULL] = UNREADABLE
    is_local = (offset_s == NULL) & (seconds != NULL)
    offsets = np.where(offset_s == NULL, 0, offset_s)
    if is_local.any():
        if not zone:
            wrong[is_local] = NO_ZONE
        else:
            found, faults = _offsets_of(seconds[is_local], zone)
            offsets[is_local] = found
            wrong[is_local] = faults
    known = np.where(seconds == NULL, 0, seconds)
    beyond = np.abs(known) > np.iinfo(np.int64).max // (2 * NS_PER_S)
    wrong[beyond] = UNREADABLE
    known = np.where(beyond, 0, known)
    return (known - offsets) * NS_PER_S + np.where(seconds == NULL, 0, fraction_ns), wrong


def _offsets_of(
    seconds: NDArray[np.int64], zone: str
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Offset from UTC of each local time, by the hour where no clock was changed in it."""
    hour_s = NS_PER_H // NS_PER_S
    hours, place = np.unique(seconds // hour_s, return_inverse=True)
    first = [_offsets_at(int(hour) * hour_s, zone) for hour in hours]
    last = [_offsets_at(int(hour) * hour_s + hour_s - 1, zone) for hour in hours]
    steady = np.array(
        [a == b and len(set(a)) == 1 for a, b in zip(first, last, strict=True)], dtype=np.bool_
    )
    offsets = np.array([pair[0] for pair in first], dtype=np.int64)[place]
    wrong = np.full(len(seconds), None, dtype=object)
    for row in np.flatnonzero(~steady[place]):  # a few hours a year
        early, late = _offsets_at(int(seconds[row]), zone)
        offsets[row] = early
        if early != late:
            wrong[row] = TWICE if early > late else NEVER
    return offsets, wrong


def _offsets_at(seconds: int, zone: str) -> tuple[int, int]:
    """Offsets in seconds of a local time read as before and as after a change of clocks."""
    try:
        local = _EPOCH + datetime.timedelta(seconds=seconds)
    except OverflowError:
        return 0, 0
    info = _zone(zone)
    assert info is not None, f"zone={zone!r} is not known"
    pair = [local.replace(tzinfo=info, fold=fold).utcoffset() for fold in (0, 1)]
    first, second = (0 if offset is None else round(offset.total_seconds()) for offset in pair)
    return first, second


def instant(text: str, zone: str) -> int | None:
    """One ISO time as nanoseconds since 1970; None if it is no time, or its zone is not known."""
    try:
        stamp = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    if stamp.tzinfo is None:
        seconds = int((stamp - _EPOCH) // datetime.timedelta(seconds=1))
        if not zone or not is_zone(zone) or len(set(_offsets_at(seconds, zone))) != 1:
            return None
        stamp = stamp.replace(tzinfo=_zone(zone))
    since = stamp - _EPOCH.replace(tzinfo=datetime.UTC)
    return (since // datetime.timedelta(microseconds=1)) * 1000


def is_buddhist(text: str) -> bool:
    """Whether a text seems to name a year of the Buddhist era, 543 ahead of the common one."""
    return _BUDDHIST.search(text) is not None


def problem_words(reasons: Sequence[str | None], zone: str) -> dict[str, str]:
    """What to do about each kind of fault that occurs."""
    hints = {
        UNREADABLE: "see form in the mapping: iso, fix, unix s, or a pattern",
        NO_ZONE: 'write zone = "Area/City" in the mapping, or offsets in the log',
        TWICE: f"clocks were put back in {zone}; write offsets such as +02:00 in the log",
        NEVER: f"clocks were put forward in {zone}; the log's clock was in another zone",
    }
    return {reason: hints[reason] for reason in dict.fromkeys(reasons) if reason}
