"""The transcript: the kernel's rows of numbers become columns of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.history.columns import TextColumn
from bcsim.history.schema import NULL, NULL_CODE
from bcsim.kernels import record as r
from bcsim.kernels.alteration import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.fast.words import Words

    Integers = NDArray[np.int64]

GENERATIONS = 16
"""Orders that one intent can have: an order's number is intent · 16 + generation."""

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
_WORDS = {
    "vantage": r.ROW_VANTAGE,
    "channel": r.ROW_CHANNEL,
    "instrument": r.ROW_INSTRUMENT,
    "component": r.ROW_COMPONENT,
    "actor": r.ROW_ACTOR,
    "subject": r.ROW_SUBJECT,
    "cause": r.ROW_CAUSE,
}


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
        found: dict[str, Integers | TextColumn] = {
            name: rows[:, place].copy() for name, place in _INTEGERS.items()
        }
        found["kind"] = TextColumn(rows[:, r.ROW_KIND].copy(), r.KINDS)
        self._spell(rows)
        for name, place in _WORDS.items():
            found[name] = self._of_words(rows[:, place])
        for name, place in (("ref", r.ROW_REF), ("reason", r.ROW_REASON)):
            found[name] = self._of_words(self._spelt(rows, place))
        found["side"] = TextColumn(_codes(rows[:, r.ROW_SIDE]), ("sell", "buy"))
        found["ord_type"] = TextColumn(_codes(rows[:, r.ROW_TYPE]), ("market", "limit"))
        found |= self._of_intents(rows)
        found |= self._of_orders(rows)
        found["exec_id"] = self._executions(rows)
        return found

    def _of_words(self, codes: Integers) -> TextColumn:
        return TextColumn(_codes(codes), tuple(self._words.texts))

    # -- orders ----------------------------------------------------------------------------

    def _of_intents(self, rows: Integers) -> dict[str, TextColumn]:
        """Names of intents, clients, segments and accounts."""
        intent = rows[:, r.ROW_INTENT]
        is_some = intent != NULL
        safe = np.where(is_some, intent, 0)
        table = self._intents
        if not len(table):
            nothing = np.full(len(rows), NULL_CODE, dtype=np.int64)
            empty = TextColumn(nothing, ())
            return dict.fromkeys(("intent_id", "client_id", "segment", "account"), empty)
        source = table.source[safe]
        segment = self._segment_of_source[source]
        client = segment * (1 << 40) + table.client[safe]
        suffix = rows[:, r.ROW_SUFFIX]
        has_account = suffix != NULL
        account = (segment << 36) + table.account[safe]
        return {
            "intent_id": _named(intent, is_some, self._intent_name),
            "segment": TextColumn(np.where(is_some, segment, NULL_CODE), self._segments),
            "client_id": _named(client, is_some, self._client_name),
            "account": _named_pairs(account, suffix, has_account, self._account_name),
        }

    def _intent_name(self, intent: int) -> str:
        source = self._intents.sources[int(self._intents.source[intent])]
        return f"{source.name}-{int(self._intents.index[intent]):06d}"

    def _client_name(self, code: int) -> str:
        segment, client = divmod(code, 1 << 40)
        return f"{self._segments[segment]}-c{client:06d}"

    def _account_name(self, code: int, suffix: int) -> str:
        segment, account = code >> 36, code & ((1 << 36) - 1)
        letters = ""
        while suffix:
            letters = SUFFIXES[suffix % 4 - 1] + letters
            suffix //= 4
        return f"{self._segments[segment]}-a{account:06d}{letters}"

    def _of_orders(self, rows: Integers) -> dict[str, TextColumn]:
        """Names of orders, of their idempotency keys and of the orders before them."""
        generation, how = rows[:, r.ROW_GENERATION], rows[:, r.ROW_KEY]
        is_some = generation != NULL
        number = np.where(is_some, rows[:, r.ROW_INTENT] * GENERATIONS + generation, 0)
        is_entry = (rows[:, r.ROW_KIND] == r.KIND_SUBMIT) & is_some & (generation > 0)
        first = number - np.where(is_some, generation, 0)
        key = 2 * number + np.where(how == r.KEY_OF_CANCEL, 1, 0)
        return {
            "order_id": _named(number, is_some, self._order_name),
            "parent_id": _named(first, is_entry, self._order_name),
            "idem_key": _named(key, is_some, self._key_name),
        }

    def _order_name(self, number: int) -> str:
        intent, generation = divmod(number, GENERATIONS)
        return f"{self._intent_name(intent)}.{generation + 1}"

    def _key_name(self, key: int) -> str:
        return self._order_name(key // 2) + ("c" if key % 2 else "")

    def _executions(self, rows: Integers) -> TextColumn:
        code = rows[:, r.ROW_EXECUTION]
        is_some = code != NULL
        number = rows[:, r.ROW_INTENT] * GENERATIONS + rows[:, r.ROW_GENERATION]
        return _named_pairs(np.where(is_some, number, 0), code, is_some, self._execution_name)

    def _execution_name(self, number: int, code: int) -> str:
        station, part = code >> r.PART_BITS, code & ((1 << r.PART_BITS) - 1)
        return f"{self._order_name(number)}/{self._words.texts[station]}/{part}"

    # -- composed texts --------------------------------------------------------------------

    def _spell(self, rows: Integers) -> None:
        """Make words of the composed texts, before the list of words is used."""
        for place in (r.ROW_REF, r.ROW_REASON):
            self._spelt(rows, place)

    def _spelt(self, rows: Integers, place: int) -> Integers:
        """Numbers of words, those of composed texts too; composed ones are rare."""
        codes = rows[:, place].copy()
        for row in np.flatnonzero(codes >= r.CODE_EXECUTION):
            codes[row] = self._words.number(self._composed(rows[row], int(codes[row])))
        return codes

    def _composed(self, row: Integers, code: int) -> str:
        what, rest = code >> r.CODE_BITS << r.CODE_BITS, code & (r.CODE_EXECUTION - 1)
        if what == r.CODE_REFUSED_BY:
            station, reason = rest >> r.PART_BITS, rest & ((1 << r.PART_BITS) - 1)
            return f"{self._words.texts[station]}: {self._words.texts[reason]}"
        number = int(row[r.ROW_INTENT]) * GENERATIONS + int(row[r.ROW_GENERATION])
        name = self._execution_name(number, rest)
        if what == r.CODE_NOT_BOOKED:
            return f"execution {name} is not booked"
        if what == r.CODE_EXCESS:
            return f"{name} goes beyond the order"
        return name


def _codes(values: Integers) -> Integers:
    """Codes of a text column from numbers that are null where there is no text."""
    return np.where(values == NULL, NULL_CODE, values)


def _named(
    values: Integers, is_some: NDArray[np.bool_], name_of: Callable[[int], str]
) -> TextColumn:
    """A text column with one name for each distinct value."""
    codes = np.full(len(values), NULL_CODE, dtype=np.int64)
    distinct, places = np.unique(values[is_some], return_inverse=True)
    codes[is_some] = places
    return TextColumn(codes, tuple([name_of(value) for value in distinct.tolist()]))


def _named_pairs(
    major: Integers,
    minor: Integers,
    is_some: NDArray[np.bool_],
    name_of: Callable[[int, int], str],
) -> TextColumn:
    """A text column with one name for each distinct pair of values."""
    codes = np.full(len(major), NULL_CODE, dtype=np.int64)
    majors, major_places = np.unique(major[is_some], return_inverse=True)
    minors, minor_places = np.unique(minor[is_some], return_inverse=True)
    pairs, places = np.unique(
        major_places * max(1, len(minors)) + minor_places, return_inverse=True
    )
    codes[is_some] = places
    names = tuple(
        [
            name_of(int(majors[pair // len(minors)]), int(minors[pair % len(minors)]))
            for pair in pairs.tolist()
        ]
    )
    return TextColumn(codes, names)
