"""What a log writes around each message: when it was logged, and in which direction it went.

Both mostly stand before a message. Words behind it, up to the end of its line, are about it and
not about the next one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix import values, words
from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.fix.framing import Framed, Places

_STAMP: Final = re.compile(
    rb"(?<!\d)(\d{4})[-/]?(\d\d)[-/]?(\d\d)[T _-](\d\d):(\d\d):(\d\d)([.,]\d{1,9})?"
    rb"\s?(Z|UTC|[+-]\d\d:?\d\d(?!\d))?"
)
_OUTWARDS: Final = re.compile(
    rb"(?i)\b(out|outgoing|outbound|sent|send|sending|tx|toapp|toadmin)\b"
)
_INWARDS: Final = re.compile(
    rb"(?i)\b(in|incoming|inbound|recv|rcvd|received|receiving|rx|fromapp|fromadmin)\b"
)
SAMPLES: Final = 200
"""Messages of a file whose prefixes are looked at to learn the layout."""

_PREFIX_BYTES_MAX: Final = 400
"""Longest prefix that is searched for a timestamp."""

_MINUTE_NS: Final = 60_000_000_000


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a file's lines have their timestamp.

    Parameters
    ----------
    from_line
        Whether ``offset`` counts from the line's beginning; else back from the header.
    offset
        Place of the year.
    parts
        Places of year, month, day, hour, minute, second and fraction behind the year.
    fraction_bytes
        Bytes of the fraction, its point included; 0 without one.
    zone_ns
        Stated difference to UTC; None where the log states none.
    """

    from_line: bool
    offset: int
    parts: tuple[int, ...]
    fraction_bytes: int
    zone_ns: int | None


def prefix_text(framed: Framed, message: int) -> bytes:
    """Text between the message before and a message's header, as far as it may matter.

    What stands on the line of the message before is left out.
    """
    header = int(framed.headers[message])
    first = int(framed.prefix_begins[message])
    begin = max(first, header - _PREFIX_BYTES_MAX)
    text = framed.data[begin:header].tobytes()
    if first == begin and message:
        text = text[text.find(b"\n") + 1 :]
    return text


def _suffix_text(framed: Framed, message: int) -> bytes:
    """Text behind a message on its line, as far as it may matter."""
    begin = int(framed.ends[message])
    is_mended = framed.begins[message] != framed.headers[message]
    if is_mended:
        return b""
    is_last = message + 1 == len(framed.headers)
    next_header = len(framed.data) if is_last else int(framed.headers[message + 1])
    text = framed.data[begin : min(begin + _PREFIX_BYTES_MAX, next_header)].tobytes()
    line, newline, _ = text.partition(b"\n")
    return line if newline or is_last else b""


def _stamp_in(text: bytes) -> re.Match[bytes] | None:
    """The timestamp that is nearest to the header."""
    found = None
    for found in _STAMP.finditer(text):  # noqa: B007 - the last one counts
        pass
    return found


def layout_of(framed: Framed) -> Layout | None:
    """Learn from a file's first messages where the timestamps stand; None if there are none."""
    found = []
    for message in range(min(len(framed.headers), SAMPLES)):
        text = prefix_text(framed, message)
        match = _stamp_in(text)
        if match is not None:
            found.append((match, len(text), text.rfind(b"\n") + 1))
    if not found:
        return None
    match, size, line = found[0]
    in_line = {one.start() - begin for one, _, begin in found}
    from_header = {length - one.start() for one, length, _ in found}
    by_line = min(in_line) >= 0 and len(in_line) <= len(from_header)
    offset = match.start() - line if by_line else size - match.start()
    parts = tuple(match.start(group) - match.start() for group in range(1, 7))
    fraction = len(match.group(7) or b"")
    return Layout(
        by_line, offset, (*parts, match.end(6) - match.start()), fraction, _zone_ns(match.group(8))
    )


def log_times(framed: Framed, layout: Layout) -> NDArray[np.int64]:
    """Time at which each message was logged, ns since 1970 in the log's zone; null if unread."""
    if layout.from_line:
        places = _line_begins(framed) + layout.offset
    else:
        places = framed.headers - layout.offset
    end = places + layout.parts[6] + layout.fraction_bytes
    is_within = (places >= framed.prefix_begins) & (end <= framed.headers)
    stamps = _parsed(framed, np.where(is_within, places, 0), layout)
    stamps[~is_within] = NULL
    for message in np.flatnonzero(stamps == NULL).tolist():
        stamps[message] = _searched(prefix_text(framed, message), layout)
    zone_ns = layout.zone_ns or 0
    return np.where(stamps == NULL, NULL, stamps - zone_ns)


def directions(framed: Framed, most: int = SAMPLES) -> NDArray[np.int8]:
    """1 where the text before a message says that it was sent, -1 received, 0 neither.

    Only the first ``most`` messages of a block are looked at. Where the text before one says
    nothing, that behind it on the same line counts.
    """
    said = np.zeros(min(len(framed.headers), most), dtype=np.int8)
    for message in range(len(said)):
        said[message] = _said(prefix_text(framed, message))
        if not said[message]:
            said[message] = _said(_suffix_text(framed, message))
    return said


def _said(text: bytes) -> int:
    return int(_OUTWARDS.search(text) is not None) - int(_INWARDS.search(text) is not None)


def _line_begins(framed: Framed) -> Places:
    is_newline = framed.data == ord("\n")
    behind = framed.prefix_begins + 1  # a message's last delimiter
    has_line = is_newline[behind] & (behind < framed.headers)
    if np.count_nonzero(is_newline[: framed.headers[-1]]) == np.count_nonzero(has_line):
        begins: Places = framed.prefix_begins + 2 * has_line  # there are no other lines
        return begins
    newlines = np.flatnonzero(is_newline)
    before = np.searchsorted(newlines, framed.headers)
    begins = np.append(newlines, 0)[before - 1] + 1
    return np.maximum(np.where(before > 0, begins, 0), framed.prefix_begins)


def _parsed(framed: Framed, places: Places, layout: Layout) -> NDArray[np.int64]:
    """Timestamps at some places; a log has few different days, which are read one by one."""
    data = framed.data
    width = layout.parts[2] + 2
    key = values.fingerprints(data, places, np.full(len(places), width, dtype=np.int64))
    days, in_row = words.runs_of(key.view(np.uint64))
    first = np.cumsum(in_row) - in_row
    _, some, number = np.unique(days, return_index=True, return_inverse=True)
    begins = np.array(
        [
            _day_ns(data[place : place + width].tobytes(), layout)
            for place in places[first[some]].tolist()
        ],
        dtype=np.int64,
    )
    day_ns = np.repeat(begins[number.reshape(-1)], in_row)
    of_day_ns, is_clock = values.clock(data, places + layout.parts[3])
    at, fraction_bytes = layout.parts[6], layout.fraction_bytes
    fraction, is_fraction = values.fractions(
        data, places + at, np.full(len(places), fraction_bytes, dtype=np.int64)
    )
    behind = data[places + at + fraction_bytes]
    is_whole = (behind < ord("0")) | (behind > ord("9"))
    is_stamp = (day_ns != NULL) & is_clock & is_fraction & is_whole
    return np.where(is_stamp, day_ns + of_day_ns + fraction, NULL)


def _day_ns(text: bytes, layout: Layout) -> int:
    """Beginning of the day that a timestamp names; null if it names none."""
    widths = (4, 2, 2)
    parts = [text[at : at + width] for at, width in zip(layout.parts[:3], widths, strict=True)]
    if not all(part.isdigit() for part in parts):
        return NULL
    zero = np.zeros(1, dtype=np.int64)
    year, month, day = (np.array([int(part)]) for part in parts)
    moment, is_moment = values.moments(year, month, day, zero, zero, zero)
    return int(moment[0]) if is_moment[0] else NULL


def _searched(text: bytes, layout: Layout) -> int:
    """Timestamp anywhere in a prefix, in the layout's zone; null if there is none."""
    match = _stamp_in(text)
    if match is None:
        return NULL
    parts = [np.array([int(match.group(group))]) for group in range(1, 7)]
    moment, is_moment = values.moments(*parts)
    if not is_moment[0]:
        return NULL
    fraction = int((match.group(7) or b".0")[1:].ljust(9, b"0"))
    stated_ns = _zone_ns(match.group(8))
    drift_ns = 0 if stated_ns is None else stated_ns - (layout.zone_ns or 0)
    return int(moment[0]) + fraction - drift_ns


def _zone_ns(zone: bytes | None) -> int | None:
    if not zone:
        return None
    if zone in {b"Z", b"UTC"}:
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return (-minutes if zone[:1] == b"-" else minutes) * _MINUTE_NS
