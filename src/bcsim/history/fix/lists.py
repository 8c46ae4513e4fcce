"""Orders that were sent as a list, as the orders that they are.

A NewOrderList (35=E) has a group for each order that begins with its ClOrdID (FIX 4.4 volume 4,
2003-04, "New Order - List"). It is read as that many NewOrderSingles, of which the first has the
list's number in the session, and the others have none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix import words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.fix.framing import Framed

_LIST: Final = np.uint64(int.from_bytes(b"\x0135=E\x01", "little"))
_MASK: Final = np.uint64((1 << 48) - 1)

_DELIMITER: Final = b"\x01"
_NUMBER: Final = b"34="
_CL_ORD_ID: Final = b"11="
_OF_HEADER: Final = (b"34=", b"43=", b"49=", b"52=", b"56=", b"97=", b"122=")


def with_lists_apart(framed: Framed, pad_bytes: int) -> Framed:
    """Put the orders of lists in the place of the lists; ``pad_bytes`` zeros end the data."""
    lists = _lists(framed)
    if not len(lists):
        return framed
    block = framed.data[:-pad_bytes].tobytes()
    more = bytearray(_DELIMITER)
    times = np.ones(len(framed.begins), dtype=np.int64)
    begins, ends = [], []
    for number in lists.tolist():
        text = framed.data[framed.begins[number] : framed.ends[number]].tobytes()
        orders = _orders(text)
        times[number] = len(orders)
        for order in orders:
            begins.append(len(block) + len(more))
            more += order
            ends.append(len(block) + len(more))
            more += _DELIMITER
    data = np.frombuffer(block + more + bytes(pad_bytes), dtype=np.uint8)
    of = np.repeat(np.arange(len(times)), times)
    is_order = np.isin(of, lists)
    found = replace(
        framed,
        data=data,
        begins=framed.begins[of],
        ends=framed.ends[of],
        prefix_begins=framed.prefix_begins[of],
        headers=framed.headers[of],
        soh=np.flatnonzero(data == _DELIMITER[0]).astype(np.int64, copy=False),
    )
    found.begins[is_order] = begins
    found.ends[is_order] = ends
    return found


def _lists(framed: Framed) -> NDArray[np.intp]:
    """Numbers of the messages that are lists: MsgType is always the third field."""
    if not len(framed.begins):
        return framed.begins
    behind = np.searchsorted(framed.soh, framed.begins) + 1
    third = framed.soh.take(behind, mode="clip")
    return np.flatnonzero(words.words_at(framed.data, third) & _MASK == _LIST)


def _orders(text: bytes) -> list[bytes]:
    """The orders of a list, each from its version to its checksum; a list of none is itself."""
    fields = text.split(_DELIMITER)
    version, _, kind, *rest = fields[:-1]
    begins = [at for at, field in enumerate(rest) if field.startswith(_CL_ORD_ID)]
    if not begins:
        return [text]
    assert kind == b"35=E", "only lists are taken apart"
    header = [field for field in rest[: begins[0]] if field.startswith(_OF_HEADER)]
    unnumbered = [field for field in header if not field.startswith(_NUMBER)]
    found = []
    for place, (begin, end) in enumerate(zip(begins, [*begins[1:], len(rest)], strict=True)):
        head = unnumbered if place else header
        body = _DELIMITER.join((b"35=D", *head, *rest[begin:end], b""))
        found.append(version + b"\x019=%d\x01" % len(body) + body + fields[-1])
    return found
