"""Where FIX messages begin and end in raw bytes, and which of them are whole.

A message begins with ``8=FIX``, says its length in tag 9 and ends with its checksum in tag 10
(FIX 4.4 volume 2, 2003-12, "Message format"). Logs put anything between messages, separate the
fields by SOH, ``|`` or ``^A``, break messages over lines and lose the end of the last one.

All work is done by the block of some megabytes with NumPy; only messages whose length does not
fit are looked at one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from bcsim.history.fix import words
from bcsim.history.fix.lists import with_lists_apart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Bytes: TypeAlias = "NDArray[np.uint8]"
Places: TypeAlias = "NDArray[np.int64]"

SOH: Final = 1
PAD_BYTES: Final = 64
"""Zero bytes behind a block, so that a fixed number of bytes may be read at any place."""

_DELIMITED: Final = re.compile(
    rb"8=FIXT?\.[0-9.]{1,7}(?:SP\d)?(?:(\x01|\||\^A|<SOH>|\\x01|\\u0001|;)9="
    rb"|([^0-9=]|[^=]{2,8}?)9=\d{1,7}\2(?=\d{1,4}=))"
)
"""The usual delimiters, or whatever else stands alike behind the version and the length."""
_LENGTH: Final = re.compile(rb"8=[^\x01]*\x019=(\d{1,7})\x01")
_TRAILER: Final = re.compile(rb"\x0110=\d{3}(?!\d)")
_VERSION: Final = int.from_bytes(b"8=FI", "little")
_LENGTH_TAG: Final = int.from_bytes(b"9=", "little")
_SUM_TAG: Final = int.from_bytes(b"\x0110=", "little")
_SUM_DIGITS: Final = np.array(3)
_TRAILER_BYTES: Final = 7
"""Bytes of ``10=nnn`` and its delimiter."""


@dataclass(frozen=True, eq=False)
class Framed:
    """Whole messages of a block; ``data`` is padded with :data:`PAD_BYTES` zeros.

    Parameters
    ----------
    begins, ends
        Place of each message, ``(messages,)``: from its ``8=`` to behind its checksum's digits.
    prefix_begins, headers
        Where the text before each message begins, behind the message before it, and where it
        ends: at the header, also of messages that were put together again elsewhere.
    soh
        Places of all delimiters in ``data``.
    wrong_sums, wrong_lengths, truncated
        Numbers of messages that were left out because they are not whole.
    broken_lines
        Messages that were put together again from several lines.
    """

    data: Bytes
    begins: Places
    ends: Places
    prefix_begins: Places
    headers: Places
    soh: Places
    wrong_sums: int = 0
    wrong_lengths: int = 0
    truncated: int = 0
    broken_lines: int = 0


@dataclass(frozen=True, eq=False)
class _Found:
    """Messages before their checksums are looked at; fields as in :class:`Framed`."""

    begins: Places
    ends: Places
    prefix_begins: Places
    headers: Places
    soh: Places


def delimiter_of(beginning: bytes) -> bytes | None:
    """Delimiter of the first message header in some bytes; None if there is no header."""
    found = _DELIMITED.search(beginning)
    return found[1] or found[2] if found else None


def frame(block: bytes, delimiter: bytes) -> Framed:
    """Find the messages of a block that ends where a message ends, or with the file.

    In the place of a list of orders are the orders.
    """
    if delimiter != b"\x01":
        block = block.replace(delimiter, b"\x01")
    data = np.frombuffer(block + bytes(PAD_BYTES), dtype=np.uint8)
    headers = _headers(data)
    soh = np.flatnonzero(data == SOH).astype(np.int64, copy=False)
    ends, fits = _ends_by_length(data, headers, soh)
    apart = ~_inside_of_another(headers, ends, fits)
    headers, ends, fits = headers[apart], ends[apart], fits[apart]
    prefix_begins = np.append(np.zeros(1, dtype=np.int64), np.where(fits, ends, headers))[:-1]
    found = _Found(headers, ends, prefix_begins[: len(headers)], headers, soh)
    literal = delimiter[0] if len(delimiter) == 1 else SOH
    if fits.all():
        whole = _summed(data, found, {}, literal)
    else:
        whole = _mended(block, data, found, fits, literal)
    return with_lists_apart(whole, PAD_BYTES)


def _headers(data: Bytes) -> Places:
    """Places of ``8=FIX``, but not of the end of another tag such as ``58=FIX``."""
    places = np.flatnonzero(data == ord("X")) - 4  # the rarest character of it
    places = places[np.searchsorted(places, 0) :]
    places = places[words.unaligned(data, 4)[places] == _VERSION]
    before = data[np.maximum(places - 1, 0)]
    headers: Places = places[(places == 0) | (before < ord("0")) | (before > ord("9"))]
    return headers


def _ends_by_length(data: Bytes, begins: Places, soh: Places) -> tuple[Places, NDArray[np.bool_]]:
    """End of each message by its BodyLength, and whether a trailer stands there."""
    if len(soh) < 2:  # noqa: PLR2004 - of the version and of the length
        return begins.copy(), np.zeros(len(begins), dtype=np.bool_)
    first = np.searchsorted(soh, begins)
    is_long = first + 1 < len(soh)
    first = np.minimum(first, len(soh) - 2)
    length_at, length_end = soh[first] + 3, soh[first + 1]
    is_long &= words.unaligned(data, 2)[length_at - 2] == _LENGTH_TAG
    digits = length_end - length_at
    is_long &= (digits > 0) & (digits <= 7)  # noqa: PLR2004 - ten megabytes
    length = words.digits(words.words_at(data, length_at), np.where(is_long, digits, 0))
    trailer = length_end + 1 + length
    is_long &= (length >= 0) & (trailer + _TRAILER_BYTES <= len(data))
    trailer = np.where(is_long, trailer, 1)
    fits = is_long & (words.unaligned(data, 4)[trailer - 1] == _SUM_TAG)
    return trailer + _TRAILER_BYTES - 1, fits


def _inside_of_another(begins: Places, ends: Places, fits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Headers within a whole message: text that quotes a message."""
    reach = np.maximum.accumulate(np.where(fits, ends, 0))
    inside = np.zeros(len(begins), dtype=np.bool_)
    inside[1:] = begins[1:] < reach[:-1]
    return inside


def _summed(data: Bytes, found: _Found, counts: Mapping[str, int], literal: int) -> Framed:
    """Leave out messages whose checksum is wrong: the sum of all bytes before tag 10.

    ``literal`` is the byte that divides the fields in the log, and may stand in a value as well.
    """
    begins, ends = found.begins, found.ends
    trailers = ends - _TRAILER_BYTES + 1
    edges = np.column_stack((begins, trailers)).ravel()
    sums = np.zeros(0, dtype=np.uint8)
    if len(edges):
        sums = np.add.reduceat(data, edges, dtype=np.uint8)[::2]
    wrong_by = words.digits(words.words_at(data, trailers + 3), _SUM_DIGITS) - sums
    right = wrong_by == 0
    if literal != SOH and not right.all():
        places = _in_values(data, found, wrong_by % 256, literal - SOH)
        data, soh = data.copy(), found.soh
        for number, those in places.items():
            data[those] = literal
            right[number] = True
            soh = np.setdiff1d(soh, those)
        found = replace(found, soh=soh)
    if right.all():
        return Framed(data, begins, ends, found.prefix_begins, found.headers, found.soh, **counts)
    return Framed(
        data,
        begins[right],
        ends[right],
        found.prefix_begins[right],
        found.headers[right],
        found.soh,
        wrong_sums=int(np.count_nonzero(~right)),
        **counts,
    )


_FIELD: Final = re.compile(rb"[1-9]\d{0,4}=")


def _in_values(
    data: Bytes, found: _Found, wrong_by: NDArray[np.int64], each: int
) -> dict[int, Places]:
    """Places, by message, of what looks like a delimiter and must be part of a value.

    No field begins behind it, and with it in its place the checksum is right: ``wrong_by``, modulo
    256, is ``each`` for every one.
    """
    places = {}
    for number in np.flatnonzero(wrong_by).tolist():
        begin, end = np.searchsorted(found.soh, (found.begins[number], found.ends[number]))
        those = [
            stop
            for stop in found.soh[begin:end].tolist()
            if not _FIELD.match(data[stop + 1 : stop + 7].tobytes())
        ]
        if those and len(those) * each % 256 == wrong_by[number]:
            places[number] = np.array(those, dtype=np.int64)
    return places


def _mended(
    block: bytes, data: Bytes, found: _Found, fits: NDArray[np.bool_], literal: int
) -> Framed:
    """Put messages together that a log broke over lines; count those that are not whole."""
    begins, ends, whole = found.begins.copy(), found.ends.copy(), fits.copy()
    limits = np.append(found.headers[1:], len(block))
    joined_bytes = bytearray()
    counts = {"wrong_lengths": 0, "truncated": 0, "broken_lines": 0}
    for number in np.flatnonzero(~fits).tolist():
        text = block[found.headers[number] : limits[number]]
        joined = text.replace(b"\r", b"").replace(b"\n", b"")
        end = _end_of(joined)
        if end:
            begins[number] = len(block) + len(joined_bytes)
            ends[number] = begins[number] + end
            joined_bytes += joined[:end] + b"\x01"
            whole[number] = True
            counts["broken_lines"] += 1
        elif _TRAILER.search(text) is None:
            counts["truncated"] += 1
        else:
            counts["wrong_lengths"] += 1
    if joined_bytes:
        data = np.frombuffer(block + joined_bytes + bytes(PAD_BYTES), dtype=np.uint8)
    soh = np.flatnonzero(data == SOH).astype(np.int64) if joined_bytes else found.soh
    kept = _Found(begins[whole], ends[whole], found.prefix_begins[whole], found.headers[whole], soh)
    return _summed(data, kept, counts, literal)


def _end_of(message: bytes) -> int:
    """End of the message at the beginning of some bytes by its BodyLength; 0 if it is not whole."""
    header = _LENGTH.match(message)
    if header is None:
        return 0
    trailer = header.end() + int(header.group(1))
    end = trailer + _TRAILER_BYTES - 1
    is_whole = (
        message[trailer - 1 : trailer] == b"\x01" and message[trailer : trailer + 3] == b"10="
    )
    return end if is_whole and end <= len(message) else 0
