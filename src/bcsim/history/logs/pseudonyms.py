"""Pseudonyms: keyed hashes in the place of clients, accounts and free text, before any output.

The hash is HMAC-SHA-256 (RFC 2104) under the operator's key, cut to 64 bits: whoever has the key
can find a client again by hashing the name; whoever has not learns only that two are the same.
Ids of orders and executions stay, for without them no verdict can be followed up.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim import limits
from bcsim.errors import HistoryError, InputError, Problem
from bcsim.history.aftermath import ControlState, Money, Occasion, Response
from bcsim.history.columns import HistoryColumns, TextColumn
from bcsim.history.defect import DEFECT_KINDS
from bcsim.history.fix.instructions import INSTRUCTIONS
from bcsim.history.invariant import Invariant
from bcsim.history.matching import AMBIGUOUS, BUSINESS_KEY
from bcsim.history.profile import CANCELS, DISCONNECT, HALT, REINSTATES, RESTART
from bcsim.history.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from bcsim.history.logs.reading import Reading

_WHOLE: Final = ("client_id", "account", "actor")
"""Columns of which every text is replaced."""

_FREE: Final = ("reason", "subject", "ref", "cause")
"""Columns of texts of which only the known words stay."""

_KEPT: Final = (
    frozenset(
        "true false unknown forgotten timeout debit credit executed rejected cancelled expired"
        " busted market crash done failed started deputy".split()
    )
    | {"too late", "queue full", "intake stopped", "outside session", "breaker open", "live work"}
    | {DISCONNECT, HALT, RESTART, CANCELS, REINSTATES, BUSINESS_KEY, AMBIGUOUS}
    | {"reports leave it open", "suitability", "back-entry", "re-enter", "book", "correct", "bust"}
    | {*DEFECT_KINDS, *Occasion, *Response, *Money, *ControlState}
    | {instruction.said for instruction in INSTRUCTIONS}
    | {invariant.value for invariant in Invariant}
)
"""Words that checkers and measures understand; they tell nothing about anybody."""

_NOBODY: Final = "market"
"""``client_id`` that is no client: the other side of a venue's executions."""

_CONTROL: Final = re.compile(r"control:[\w.@-]+")
_NUMBERS: Final = re.compile(
    r"(CumQty|LeavesQty|AvgPx|LastQty|LastPx) -?[\d.]+, not -?[\d.]+|OrdStatus \w+, not \w+"
    r"|another (Side|Symbol)"
)
"""What a contradictory report states: nothing of whom it is about."""
_NAMING: Final = re.compile(r"(?:events\.)?(segments|values|when|constants|priorities)\b")
"""Places in mapping and profile files whose entries may name clients and accounts."""

_PREFIX: Final = "p-"
_DIGITS: Final = 16
_SHORTEST_SCRUBBED: Final = 3
"""Shorter names would be found inside every other word of a sentence."""

_IS_EXECUTION: Final = (Kind.BUST, Kind.CORRECT)


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Replaces names under one key."""

    key: bytes

    def of(self, text: str) -> str:
        """The pseudonym of a text: the same for the same text, wherever it stands."""
        digest = hmac.digest(self.key, text.encode("utf-8", "surrogatepass"), "sha256")
        return _PREFIX + digest.hex()[:_DIGITS]

    def apply(self, readings: Sequence[Reading], controls: Iterable[str] = ()) -> list[Reading]:
        """The readings without names; notes lose the names that occur in any of them.

        Parameters
        ----------
        readings
            What was read.
        controls
            Mandatory controls that the readings' own profiles do not name; their names stay.
        """
        histories = (reading.history for reading in readings)
        shares = (one.share(number) for one in histories for number in range(one.share_count))
        found = _names_in(share.columns for share in shares)
        names = sorted(found, key=lambda name: (-len(name), name))
        mandatory = [*controls, *(name for r in readings for name in r.history.profile.controls)]
        kept = frozenset(name.split("@")[0] for name in mandatory)
        return [self._applied(reading, names, kept) for reading in readings]

    def _applied(self, reading: Reading, names: Sequence[str], controls: frozenset[str]) -> Reading:
        history = reading.history
        plain = history.mapped(partial(self._hidden, controls), history.profile)
        notes = tuple(self._scrubbed(note, names) for note in reading.notes)
        return replace(reading, history=plain, notes=notes)

    def _hidden(self, controls: frozenset[str], columns: HistoryColumns) -> HistoryColumns:
        whole, free = _NOBODY.__eq__, partial(_is_known, _KEPT | controls)
        changed = {name: self._replaced(columns.text(name), whole) for name in _WHOLE}
        changed |= {name: self._replaced(columns.text(name), free) for name in _FREE}
        rows = columns.text("kind").is_in(*_IS_EXECUTION)
        changed["ref"] = _kept_in(rows, columns.text("ref"), changed["ref"])
        return HistoryColumns({**columns, **changed})

    def _replaced(self, column: TextColumn, stays: Callable[[str], bool]) -> TextColumn:
        column = column.compact()
        names = [
            text if stays(text) else self.of(text)
            for text in (str(column.names[code]) for code in range(len(column.names)))
        ]
        return TextColumn(column.codes, tuple(names))

    def _scrubbed(self, note: str, names: Iterable[str]) -> str:
        for name in names:
            note = note.replace(name, self.of(name))
        return note


def _is_known(words: frozenset[str], text: str) -> bool:
    """Whether a text says something to checkers and nothing about anybody."""
    return text in words or bool(_CONTROL.fullmatch(text) or _NUMBERS.fullmatch(text))


def read_key(path: Path) -> Pseudonyms:
    """Read the key: the bytes of a file, without blanks at its ends.

    Raises
    ------
    bcsim.errors.HistoryError
        If the file cannot be read, or is too short to keep anything secret.
    """
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise HistoryError(Problem(reason, str(path), hint="check the path")) from error
    if len(key) < limits.PSEUDONYM_KEY_BYTES_MIN:
        expected = f"at least {limits.PSEUDONYM_KEY_BYTES_MIN} bytes that nobody can guess"
        message, size = "the key is too short", f"{len(key)} bytes"
        raise HistoryError(Problem(message, str(path), value=size, expected=expected))
    return Pseudonyms(key)


def without_values(error: InputError) -> HistoryError:
    """The error without anything that a log may have said: places and expectations stay."""
    return HistoryError(
        [
            Problem(
                re.sub(r"""(['"“]).*?(['"”])""", "…", problem.message),
                problem.file,
                problem.line,
                problem.column,
                value="not shown" if problem.value else "",
                severity=problem.severity,
            )
            for problem in error.problems
        ]
    )


def without_entries(error: InputError) -> HistoryError:
    """The error of a mapping or profile file without entries that may name somebody."""
    found = []
    for problem in error.problems:
        place = _NAMING.match(problem.message)
        if place is not None:
            message = f"{place[1]}: an entry does not hold"
            problem = Problem(message, problem.file, problem.line, problem.column)  # noqa: PLW2901 - replaced as a whole
        found.append(problem)
    return HistoryError(found)


def _kept_in(
    rows: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], old: TextColumn, new: TextColumn
) -> TextColumn:
    """The new column, with the old texts in some rows."""
    if not rows.any():
        return new
    codes = np.where(rows & (old.codes >= 0), old.codes + len(new.names), new.codes)
    merged = TextColumn(codes, (*new.names, *old.names))
    code_by_name: dict[str, int] = {}
    joint = [code_by_name.setdefault(name, len(code_by_name)) for name in merged.names]
    return TextColumn(np.array([*joint, -1], dtype=np.int32)[codes], tuple(code_by_name))


def _names_in(histories: Iterable[HistoryColumns]) -> set[str]:
    """Names of clients, accounts and people that occur and are long enough to be found."""
    return {
        text
        for columns in histories
        for name in _WHOLE
        for code in np.unique(columns.text(name).codes)
        if code >= 0 and len(text := str(columns.text(name).names[code])) >= _SHORTEST_SCRUBBED
    } - {_NOBODY}
