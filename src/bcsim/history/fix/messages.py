"""The messages of FIX logs as columns: what the session needs of all, and orders of some."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bcsim.history.fix import instructions, stamps, values
from bcsim.history.fix.beside import each
from bcsim.history.fix.fields import Fields, fields_of
from bcsim.history.fix.groups import is_any
from bcsim.history.fix.texts import fingerprints, keys_of, texts_at
from bcsim.history.schema import NULL, NULL_CODE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bcsim.history.fix.framing import Framed

    Column = NDArray[Any]


def type_code(name: str) -> int:
    """Code of a message type as :func:`bcsim.history.fix.values.message_types` makes it."""
    return ord(name[0]) + (ord(name[1]) << 8 if len(name) > 1 else 0)


ORDER: Final = type_code("D")
CANCEL_REQUEST: Final = type_code("F")
REPLACE_REQUEST: Final = type_code("G")
EXECUTION_REPORT: Final = type_code("8")
CANCEL_REJECT: Final = type_code("9")
DONT_KNOW_TRADE: Final = type_code("Q")
BUSINESS_REJECT: Final = type_code("j")
SESSION_REJECT: Final = type_code("3")
LOGON: Final = type_code("A")
LOGOUT: Final = type_code("5")
MASS_CANCEL_REPORT: Final = type_code("r")
RESEND_REQUEST: Final = type_code("2")
SEQUENCE_RESET: Final = type_code("4")
REQUESTS: Final = (ORDER, CANCEL_REQUEST, REPLACE_REQUEST)
ANSWERS: Final = (EXECUTION_REPORT, CANCEL_REJECT, BUSINESS_REJECT, SESSION_REJECT)
ABOUT_ORDERS: Final = (*REQUESTS, *ANSWERS, DONT_KNOW_TRADE)
UNREAD: Final[Mapping[int, str]] = {
    type_code("E"): "NewOrderList",
    type_code("s"): "NewOrderCross",
}
"""Types that enter or end orders and are not understood; their number is reported."""

_MULTILEG: Final[Mapping[int, int]] = {
    type_code("AB"): ORDER,
    type_code("AC"): REPLACE_REQUEST,
}
"""Multileg orders and their changes: read as those of one instrument, that of all legs."""

YES: Final = ord("Y")

_Decoder = Callable[[Any, Any, Any], "Column"]
_SESSION: Final[tuple[tuple[str, int, _Decoder], ...]] = (
    ("type", 35, values.message_types),
    ("seq", 34, values.integers),
    ("poss_dup", 43, values.characters),
    ("sending_ns", 52, values.times),
    ("begin_seq", 7, values.integers),
    ("new_seq", 36, values.integers),
    ("gap_fill", 123, values.characters),
    ("reset", 141, values.characters),
    ("heartbeat_s", 108, values.integers),
    ("mass_response", 531, values.characters),
)
_LIFE: Final[tuple[tuple[str, int, _Decoder], ...]] = (
    ("poss_resend", 97, values.characters),
    ("original_ns", 122, values.times),
    ("side", 54, values.characters),
    ("ord_type", 40, values.characters),
    ("ord_status", 39, values.characters),
    ("exec_type", 150, values.characters),
    ("trans_type", 20, values.characters),
    ("response_to", 434, values.characters),
    ("multi_leg", 442, values.characters),
    ("asks", 18, instructions.asks),
    ("qty", 38, values.decimals),
    ("price", 44, values.decimals),
    ("last_qty", 32, values.decimals),
    ("last_px", 31, values.decimals),
    ("cum_qty", 14, values.decimals),
    ("leaves_qty", 151, values.decimals),
    ("cash", 152, values.decimals),
    ("ref_seq", 45, values.integers),
    ("reason_code", 103, values.integers),
    ("restatement", 378, values.integers),
    ("order_id", 37, fingerprints),
    ("second_order_id", 198, fingerprints),
    ("second_cl_ord_id", 526, fingerprints),
    ("second_exec_id", 527, fingerprints),
)
_AVG_PX: Final = 6
_COMP_ID: Final = "comp_id"
_PARTIES: Final = (("sender", 49), ("target", 56))
_LIFE_TEXTS: Final = (
    ("account", 1, "account"),
    ("symbol", 55, "symbol"),
    ("security_id", 48, "symbol"),
)
CL_ORD_IDS: Final = ("cl_ord_id", "orig_cl_ord_id", "ref_cl_ord_id")
EXEC_IDS: Final = ("exec_id", "exec_ref_id")
_EXEC_ID: Final = 17
_LIFE_IDS: Final = (
    ("cl_ord_id", 11),
    ("orig_cl_ord_id", 41),
    ("ref_cl_ord_id", 379),
    ("exec_ref_id", 19),
    ("text", 58),
)
"""Texts of which a log has too many for one table of them: they stay bytes until it is known
which messages are judged together."""

_TAGS: Final = tuple(
    dict.fromkeys(
        (
            *(tag for _, tag, _ in (*_SESSION, *_LIFE, *_LIFE_TEXTS)),
            *(tag for _, tag in (*_PARTIES, *_LIFE_IDS)),
            _EXEC_ID,
            _AVG_PX,
        )
    )
)


class Messages:
    """Columns of one length by name; session columns of all messages, or those of orders."""

    def __init__(self, columns: dict[str, Column]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def take(self, rows: Column) -> Messages:
        """Some of the messages, or all in another order."""
        if len(rows) == len(self) and bool((rows == np.arange(len(rows))).all()):
            return self
        columns = self.columns
        return Messages(each(len(rows), lambda name: taken(columns[name], rows), columns))


def concatenate(pieces: Sequence[Messages]) -> Messages:
    """Put tables of messages one after the other."""
    names = pieces[0].columns
    return Messages({name: joined([piece[name] for piece in pieces]) for name in names})


def taken(column: Column, rows: Column) -> Column:
    """A column at some rows; one value throughout stays one in memory, as most columns are."""
    if column.strides == (0,) and len(column):
        return np.broadcast_to(column[:1], len(rows))
    return column[rows]


def joined(columns: Sequence[Column]) -> Column:
    """Columns one after the other; one value throughout stays one in memory."""
    first = columns[0][:1]
    if len(first) and all(one.strides == (0,) and (one[:1] == first).all() for one in columns):
        return np.broadcast_to(first, sum(len(one) for one in columns))
    return np.concatenate(columns)


@dataclass(frozen=True, eq=False)
class Dictionaries:
    """The texts of all logs that are read together, so that equal texts have equal codes.

    Parameters
    ----------
    by_name
        Texts of which there are few: names of parties, accounts, instruments.
    long
        Texts that are too long to be a column's bytes, by those that stand for them.
    """

    by_name: dict[str, values.Dictionary] = field(
        default_factory=lambda: {
            name: values.Dictionary() for name in (_COMP_ID, *(name for _, _, name in _LIFE_TEXTS))
        }
    )
    long: dict[bytes, bytes] = field(default_factory=dict)

    def __getitem__(self, name: str) -> values.Dictionary:
        return self.by_name[name]


@dataclass(frozen=True, eq=False)
class Located:
    """What is known of the messages of a block without any other block.

    Parameters
    ----------
    fields
        Where they have their values.
    session
        Session columns but for the parties, with ``log_ns``: when each was logged, in the log's
        zone, ns since 1970; null where the log does not say.
    """

    fields: Fields
    session: Mapping[str, Column]


def located_in(framed: Framed, layout: stamps.Layout | None) -> Located:
    """Find the fields and timestamps of a block, and decode what a session needs of them."""
    fields = fields_of(framed, _TAGS)
    session = _decoded(fields, _SESSION)
    for multileg, plain in _MULTILEG.items():
        session["type"] = np.where(session["type"] == multileg, plain, session["type"])
    session["log_ns"] = np.full(len(framed.begins), NULL, dtype=np.int64)
    if layout is not None:
        session["log_ns"] = stamps.log_times(framed, layout)
    return Located(fields, session)


def messages_of(located: Located, dictionaries: Dictionaries) -> tuple[Messages, Messages]:
    """Decode a block: session columns of every message, and columns of those about orders.

    The second table has ``message``, the row of the first that it continues.
    """
    fields, traffic = located.fields, dict(located.session)
    parties = [fields.present(tag) for _, tag in _PARTIES]
    party_codes = dictionaries[_COMP_ID].codes_in_order(fields.data, parties)
    for (name, _), (rows, *_), codes in zip(_PARTIES, parties, party_codes, strict=True):
        traffic[name] = _filled(fields.count, rows, codes, NULL_CODE)
    about = np.flatnonzero(is_any(traffic["type"], ABOUT_ORDERS))
    mine = fields.take(about)
    life = _decoded(mine, _LIFE)
    for name, tag, dictionary in _LIFE_TEXTS:
        rows, *places = mine.present(tag)
        codes = dictionaries[dictionary].codes(mine.data, *places)
        life[name] = _filled(mine.count, rows, codes, NULL_CODE)
    rows, *places = mine.present(_AVG_PX)
    stated = values.decimals_stated(mine.data, *places)
    for name, found in zip(("avg_px", "avg_px_digits"), stated, strict=True):
        life[name] = _filled(mine.count, rows, found, NULL)
    for name, tag in _LIFE_IDS:
        life[name] = _texts(mine, mine.present(tag), dictionaries)
    for name in CL_ORD_IDS:
        life[name] = _unless_none(life[name], life[name] == _NO_ID, b"")
    life["order_id"] = _unless_none(life["order_id"], life["order_id"] == _NO_KEY, NULL)
    life["exec_id"] = _exec_ids(mine, life, dictionaries)
    life["message"] = about.astype(np.int64)
    return Messages(traffic), Messages(life)


def _decoded(
    fields: Fields, columns_of: tuple[tuple[str, int, _Decoder], ...]
) -> dict[str, Column]:
    columns = {}
    for name, tag, decode in columns_of:
        rows, *places = fields.present(tag)
        none = 0 if decode in _ZERO_IS_NONE else NULL
        columns[name] = _filled(fields.count, rows, decode(fields.data, *places), none)
    return columns


def _filled(count: int, rows: Column, found: Column, none: int | bytes) -> Column:
    """A column of what was found at some rows, and ``none`` elsewhere; mostly there is little."""
    if len(rows) == count:
        return found
    if not len(rows):
        return np.broadcast_to(np.array(none, dtype=found.dtype), count)
    column = np.full(count, none, dtype=found.dtype)
    column[rows] = found
    return column


def _unless_none(column: Column, is_none: Column, null: int | bytes) -> Column:
    """A column of ids without the word that says that there is none."""
    if not is_none.any():
        return column
    return np.where(is_none, np.array(null, dtype=column.dtype), column)


_NO_ID: Final = b"NONE"
"""ClOrdID or OrderID where there is none (FIX 4.4 volume 4, 2003-04: "will be NONE")."""

_NO_KEY: Final = keys_of(np.array([_NO_ID], dtype="S8"))[0]

_ZERO_IS_NONE: Final = frozenset({values.characters, instructions.asks, values.message_types})


_UNEXECUTED: Final = tuple(map(ord, "04568ACEI"))
"""ExecTypes of reports whose ExecID names no execution, if their OrdStatus names none either."""


def _exec_ids(fields: Fields, life: dict[str, Column], dictionaries: Dictionaries) -> Column:
    """ExecIDs of executions; those of other reports only number the reports."""
    rows, starts, lengths = fields.present(_EXEC_ID)
    exec_type = life["exec_type"][rows]
    is_filled = is_any(life["ord_status"][rows], map(ord, "12"))
    is_new = (exec_type == ord("0")) & is_filled
    kept = np.flatnonzero(~is_any(exec_type, _UNEXECUTED) | is_new)
    return _texts(fields, (rows[kept], starts[kept], lengths[kept]), dictionaries)


def _texts(fields: Fields, found: tuple[Any, Any, Any], dictionaries: Dictionaries) -> Column:
    """Values of one tag as bytes, empty where there is none."""
    rows, starts, lengths = found
    texts = texts_at(fields.data, starts, lengths, dictionaries.long)
    return _filled(fields.count, rows, texts, b"")
