"""The transcript: the kernel's rows of numbers become columns of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.columns import TextColumn
from bcsim.history.names import ComposedNames, Digits, Words
from bcsim.history.schema import NULL, NULL_CODE
from bcsim.kernels import record as r
from bcsim.kernels.alteration import SUFFIXES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.fast.words import Words as WordList

    Integers = NDArray[np.int64]
    Codes = NDArray[np.int32]

_SEGMENT_SHIFT: Final = 40
"""Clients and accounts are numbered within their segment, which stands above these bits."""

_INTEGERS = {
    "time_ns": r.ROW_TIME,
    "leg": r.ROW_LEG,
    "qty": r.ROW_QTY,
    "price": r.ROW_PRICE,
    "amount": r.ROW_AMOUNT,
    "deadline_ns": r.ROW_DEADLINE,
    "priority": r.ROW_PRIORITY,
    "step": r.ROW_STEP,
    "attempt": r.ROW_ATTEMPT,
}
_SPELT = {"ref": r.ROW_REF, "reason": r.ROW_REASON}
_WORDS = {
    "vantage": r.ROW_VANTAGE,
    "channel": r.ROW_CHANNEL,
    "instrument": r.ROW_INSTRUMENT,
    "component": r.ROW_COMPONENT,
    "actor": r.ROW_ACTOR,
    "subject": r.ROW_SUBJECT,
    "cause": r.ROW_CAUSE,
}

_WIDTH: Final = 6
"""Least digits of the number in a name."""

_SIDES: Final = ("sell", "buy")
_TYPES: Final = ("market", "limit")
_KEYS: Final = ("", "c")
"""What follows an order's name in its idempotency key, and in that of its cancel."""

_SLOTS_PER_ROW: Final = 4
"""Slots of a lookup table a row; beyond it the table costs more than sorting."""


class Transcript:
    """Turns rows into columns; names of orders and the like stay numbers until they are read."""

    def __init__(self, blueprint: Blueprint, words: WordList) -> None:
        table = blueprint.intents
        segments = [source.demand.segment for source in table.sources]
        self._segments = tuple(dict.fromkeys(segments))
        places = np.array([self._segments.index(segment) for segment in segments], dtype=np.int64)
        segment = places[table.source]
        stems = tuple([f"{source.name}-" for source in table.sources])
        self._intents = ComposedNames(Words(stems, table.source), Digits(table.index, _WIDTH))
        clients, client = _distinct((segment << _SEGMENT_SHIFT) + table.client)
        accounts, account = _distinct((segment << _SEGMENT_SHIFT) + table.account)
        self._clients = self._numbered(clients, "c")
        self._accounts = self._numbered(accounts, "a")
        # A row without an intent finds the null behind the last one.
        self._segment_of_intent = np.append(segment, NULL_CODE)
        self._client_of_intent = np.append(client, NULL_CODE)
        self._account_of_intent = np.append(account, NULL_CODE)
        self._words = words
        self._texts: tuple[str, ...] = ()
        self._stations = tuple([f"/{text}/" for text in words.texts])

    def columns(self, rows: Integers) -> dict[str, Integers | TextColumn]:
        """Columns of some rows ``(n, ROW_SIZE)``."""
        rows = np.ascontiguousarray(rows.T)  # every column is read several times
        found: dict[str, Integers | TextColumn] = {
            name: rows[place].copy() for name, place in _INTEGERS.items()
        }
        found["kind"] = TextColumn(_codes(rows[r.ROW_KIND]), r.KINDS)
        # Composed texts become words before the list of words is used.
        spelt = {name: self._spelt(rows, place) for name, place in _SPELT.items()}
        if len(self._texts) < len(self._words.texts):
            self._texts = tuple(self._words.texts)
        codes = spelt | {name: rows[place] for name, place in _WORDS.items()}
        found |= {name: TextColumn(_codes(values), self._texts) for name, values in codes.items()}
        found["side"] = TextColumn(_codes(rows[r.ROW_SIDE]), _SIDES)
        found["ord_type"] = TextColumn(_codes(rows[r.ROW_TYPE]), _TYPES)
        intent = _codes(rows[r.ROW_INTENT])
        found |= self._of_intents(intent, rows[r.ROW_SUFFIX])
        found |= self._of_orders(intent, rows)
        return found

    # -- orders ----------------------------------------------------------------------------

    def _of_intents(self, intent: Codes, suffix: Integers) -> dict[str, TextColumn]:
        """Intents, and their segments, clients and accounts."""
        account = np.where(suffix == NULL, NULL_CODE, self._account_of_intent[intent])
        return {
            "intent_id": TextColumn(intent, self._intents),
            "segment": TextColumn(self._segment_of_intent[intent], self._segments),
            "client_id": TextColumn(self._client_of_intent[intent], self._clients),
            "account": self._mistaken(account, suffix),
        }

    def _mistaken(self, account: Integers, suffix: Integers) -> TextColumn:
        """Accounts of the rows that name one; a suffix tells how it has been mistaken."""
        if not (suffix > 0).any():
            return TextColumn(account, self._accounts)
        pairs, codes, width = _pairs(account, suffix)
        suffixes, which = _distinct(pairs % width)
        letters = Words(tuple([_letters(number) for number in suffixes.tolist()]), which)
        return TextColumn(codes, self._accounts.take(pairs // width).followed_by(letters))

    def _numbered(self, codes: Integers, letter: str) -> ComposedNames:
        """Names made of a segment, a letter and a number."""
        stems = Words(
            tuple([f"{segment}-{letter}" for segment in self._segments]), codes >> _SEGMENT_SHIFT
        )
        return ComposedNames(stems, Digits(codes & ((1 << _SEGMENT_SHIFT) - 1), _WIDTH))

    def _of_orders(self, intent: Codes, rows: Integers) -> dict[str, TextColumn]:
        """Names of orders, of their keys, of the orders before them and of their executions."""
        generation = rows[r.ROW_GENERATION]
        pairs, codes, width = _pairs(np.where(generation == NULL, NULL_CODE, intent), generation)
        names = self._orders(pairs // width, pairs % width)
        is_entry = (rows[r.ROW_KIND] == r.KIND_SUBMIT) & (generation > 0)
        parents, parent = _distinct(np.where(is_entry, intent, NULL_CODE))
        return {
            "order_id": TextColumn(codes, names),
            "parent_id": TextColumn(parent, self._orders(parents, np.zeros_like(parents))),
            "idem_key": _keys(codes, names, rows[r.ROW_KEY]),
            "exec_id": self._executions(codes, names, rows[r.ROW_EXECUTION]),
        }

    def _orders(self, intents: Integers, generation: Integers) -> ComposedNames:
        """Names of orders: the intent's and which of its orders it is, from 1."""
        dots = Words((".",), np.zeros_like(generation))
        return self._intents.take(intents).followed_by(dots, Digits(generation + 1))

    def _executions(
        self, order: Integers, orders: ComposedNames, execution: Integers
    ) -> TextColumn:
        executions, place = _distinct(execution)
        pairs, codes, width = _pairs(np.where(place == NULL_CODE, NULL_CODE, order), place)
        code = executions[pairs % width]
        ends = (
            Words(self._stations, code >> r.PART_BITS),
            Digits(code & ((1 << r.PART_BITS) - 1)),
        )
        return TextColumn(codes, orders.take(pairs // width).followed_by(*ends))

    def _execution_end(self, code: int) -> str:
        station, part = code >> r.PART_BITS, code & ((1 << r.PART_BITS) - 1)
        return f"{self._words.texts[station]}/{part}"

    # -- composed texts --------------------------------------------------------------------

    def _spelt(self, rows: Integers, place: int) -> Integers:
        """Numbers of words, those of composed texts too; composed ones are rare."""
        codes: Integers = rows[place].copy()
        for row in np.flatnonzero(codes >= r.CODE_EXECUTION).tolist():
            intent, generation = int(rows[r.ROW_INTENT, row]), int(rows[r.ROW_GENERATION, row])
            text = self._composed(intent, generation, int(codes[row]))
            codes[row] = self._words.number(text)
        return codes

    def _composed(self, intent: int, generation: int, code: int) -> str:
        what, rest = code >> r.CODE_BITS << r.CODE_BITS, code & (r.CODE_EXECUTION - 1)
        if what == r.CODE_REFUSED_BY:
            station, reason = rest >> r.PART_BITS, rest & ((1 << r.PART_BITS) - 1)
            return f"{self._words.texts[station]}: {self._words.texts[reason]}"
        name = f"{self._intents[intent]}.{generation + 1}/{self._execution_end(rest)}"
        if what == r.CODE_NOT_BOOKED:
            return f"execution {name} is not booked"
        if what == r.CODE_EXCESS:
            return f"{name} goes beyond the order"
        return name


def _codes(values: Integers) -> Codes:
    """Codes of a text column from numbers that are null where there is no text."""
    return np.where(values == NULL, NULL_CODE, values).astype(np.int32)


def _letters(suffix: int) -> str:
    """What stands behind an account that has been mistaken so."""
    letters = ""
    while suffix:
        letters = SUFFIXES[suffix % 4 - 1] + letters
        suffix //= 4
    return letters


def _keys(order: Integers, orders: ComposedNames, how: Integers) -> TextColumn:
    """Idempotency keys: the order's name, and another for its cancel."""
    is_cancel = ((how == r.KEY_OF_CANCEL) & (order != NULL_CODE)).astype(np.int64)
    pairs, codes, width = _pairs(order, is_cancel)
    return TextColumn(codes, orders.take(pairs // width).followed_by(Words(_KEYS, pairs % width)))


def _distinct(values: Integers) -> tuple[Integers, Integers]:
    """Distinct values that are not negative, ascending, and each row's place among them or -1."""
    codes = np.full(len(values), NULL_CODE, dtype=np.int64)
    is_some = values >= 0
    some = values[is_some]
    if not len(some):
        return some, codes
    least = int(some.min())
    span = int(some.max()) - least + 1
    if span > _SLOTS_PER_ROW * len(some):
        distinct, codes[is_some] = np.unique(some, return_inverse=True)
        return distinct, codes
    some -= least
    is_used = np.zeros(span, dtype=np.bool_)
    is_used[some] = True
    codes[is_some] = (np.cumsum(is_used) - 1)[some]
    return np.flatnonzero(is_used) + least, codes


def _pairs(major: Integers, minor: Integers) -> tuple[Integers, Integers, int]:
    """Distinct pairs as ``major · width + minor``, each row's place among them, and the width.

    A row has none where its major number is negative.
    """
    width = int(minor.max(initial=0)) + 1
    distinct, codes = _distinct(np.where(major < 0, NULL_CODE, major * width + minor))
    return distinct, codes, width
