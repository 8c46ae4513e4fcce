"""The transcript: the kernel's rows of numbers become columns of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.columns import TextColumn
from bcsim.history.schema import NULL, NULL_CODE
from bcsim.kernels import record as r
from bcsim.kernels.alteration import SUFFIXES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.fast.words import Words

    Integers = NDArray[np.int64]

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

_SLOTS_PER_ROW: Final = 4
"""Slots of a lookup table a row; beyond it the table costs more than sorting."""


class Transcript:
    """Turns rows into columns; texts are made once for each portion of rows."""

    def __init__(self, blueprint: Blueprint, words: Words) -> None:
        self._intents = blueprint.intents
        self._words = words
        segments = [source.demand.segment for source in self._intents.sources]
        self._segments = tuple(dict.fromkeys(segments))
        places = [self._segments.index(segment) for segment in segments]
        self._segment_of_source = np.array(places, dtype=np.int64)

    def columns(self, rows: Integers) -> dict[str, Integers | TextColumn]:
        """Columns of some rows ``(n, ROW_SIZE)``."""
        rows = np.ascontiguousarray(rows.T)  # every column is read several times
        found: dict[str, Integers | TextColumn] = {
            name: rows[place].copy() for name, place in _INTEGERS.items()
        }
        found["kind"] = TextColumn(rows[r.ROW_KIND].copy(), r.KINDS)
        # Composed texts become words before the list of words is used.
        spelt = {name: self._spelt(rows, place) for name, place in _SPELT.items()}
        words = tuple(self._words.texts)
        codes = spelt | {name: rows[place] for name, place in _WORDS.items()}
        found |= {name: TextColumn(_codes(values), words) for name, values in codes.items()}
        found["side"] = TextColumn(_codes(rows[r.ROW_SIDE]), ("sell", "buy"))
        found["ord_type"] = TextColumn(_codes(rows[r.ROW_TYPE]), ("market", "limit"))
        intents, of_row = _distinct(rows[r.ROW_INTENT])
        names = self._intent_names(intents)
        found["intent_id"] = TextColumn(of_row, names)
        found |= self._of_intents(rows, intents, of_row)
        found |= self._of_orders(rows, names, of_row)
        return found

    # -- orders ----------------------------------------------------------------------------

    def _intent_names(self, intents: Integers) -> tuple[str, ...]:
        stems = [f"{source.name}-" for source in self._intents.sources]
        sources = self._intents.source[intents].tolist()
        indices = self._intents.index[intents].tolist()
        pairs = zip(sources, indices, strict=True)
        return tuple([f"{stems[source]}{index:06d}" for source, index in pairs])

    def _of_intents(
        self, rows: Integers, intents: Integers, of_row: Integers
    ) -> dict[str, TextColumn]:
        """Segments, clients and accounts: of each intent, then of each row."""
        table = self._intents
        segment = self._segment_of_source[table.source[intents]]
        clients, client = _distinct((segment << _SEGMENT_SHIFT) + table.client[intents])
        account = (segment << _SEGMENT_SHIFT) + table.account[intents]
        return {
            "segment": TextColumn(_through(segment, of_row), self._segments),
            "client_id": TextColumn(_through(client, of_row), self._numbered(clients, "c")),
            "account": self._accounts(_through(account, of_row), rows[r.ROW_SUFFIX]),
        }

    def _accounts(self, account: Integers, suffix: Integers) -> TextColumn:
        """Accounts of the rows that name one; a suffix tells how it has been mistaken."""
        accounts, place = _distinct(np.where(suffix == NULL, NULL, account))
        plain = self._numbered(accounts, "a")
        if not (suffix > 0).any():
            return TextColumn(place, plain)
        pairs, codes, width = _pairs(place, suffix)
        names = [plain[pair // width] + _letters(pair % width) for pair in pairs.tolist()]
        return TextColumn(codes, tuple(names))

    def _numbered(self, codes: Integers, letter: str) -> tuple[str, ...]:
        """Names made of a segment, a letter and a number."""
        stems = [f"{segment}-{letter}" for segment in self._segments]
        segments = (codes >> _SEGMENT_SHIFT).tolist()
        numbers = (codes & ((1 << _SEGMENT_SHIFT) - 1)).tolist()
        pairs = zip(segments, numbers, strict=True)
        return tuple([f"{stems[segment]}{number:06d}" for segment, number in pairs])

    def _of_orders(
        self, rows: Integers, intents: tuple[str, ...], of_row: Integers
    ) -> dict[str, TextColumn]:
        """Names of orders, of their keys, of the orders before them and of their executions."""
        generation = rows[r.ROW_GENERATION]
        pairs, codes, width = _pairs(np.where(generation == NULL, NULL_CODE, of_row), generation)
        names = tuple([f"{intents[n // width]}.{n % width + 1}" for n in pairs.tolist()])
        is_entry = (rows[r.ROW_KIND] == r.KIND_SUBMIT) & (generation > 0)
        parents, parent = _distinct(np.where(is_entry, of_row, NULL))
        return {
            "order_id": TextColumn(codes, names),
            "parent_id": TextColumn(parent, tuple([f"{intents[n]}.1" for n in parents.tolist()])),
            "idem_key": _keys(codes, names, rows[r.ROW_KEY]),
            "exec_id": self._executions(codes, names, rows[r.ROW_EXECUTION]),
        }

    def _executions(
        self, order: Integers, orders: tuple[str, ...], execution: Integers
    ) -> TextColumn:
        executions, place = _distinct(execution)
        ends = [self._execution_end(code) for code in executions.tolist()]
        pairs, codes, width = _pairs(np.where(place == NULL_CODE, NULL_CODE, order), place)
        names = [f"{orders[pair // width]}/{ends[pair % width]}" for pair in pairs.tolist()]
        return TextColumn(codes, tuple(names))

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
        order = self._intent_names(np.array([intent]))[0]
        name = f"{order}.{generation + 1}/{self._execution_end(rest)}"
        if what == r.CODE_NOT_BOOKED:
            return f"execution {name} is not booked"
        if what == r.CODE_EXCESS:
            return f"{name} goes beyond the order"
        return name


def _codes(values: Integers) -> Integers:
    """Codes of a text column from numbers that are null where there is no text."""
    return np.where(values == NULL, NULL_CODE, values)


def _through(values: Integers, of_row: Integers) -> Integers:
    """Value of each row by its place among the values; rows without a place have -1."""
    found: Integers = np.append(values, NULL_CODE)[of_row]
    return found


def _letters(suffix: int) -> str:
    """What stands behind an account that has been mistaken so."""
    letters = ""
    while suffix:
        letters = SUFFIXES[suffix % 4 - 1] + letters
        suffix //= 4
    return letters


def _keys(order: Integers, orders: tuple[str, ...], how: Integers) -> TextColumn:
    """Idempotency keys: the order's name, and another for its cancel."""
    is_cancel = (how == r.KEY_OF_CANCEL) & (order != NULL_CODE)
    if not is_cancel.any():
        return TextColumn(order, orders)
    cancelled, place = _distinct(np.where(is_cancel, order, NULL))
    names = tuple([f"{orders[n]}c" for n in cancelled.tolist()])
    return TextColumn(np.where(is_cancel, len(orders) + place, order), orders + names)


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
