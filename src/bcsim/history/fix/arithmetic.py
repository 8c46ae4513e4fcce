"""Whether the numbers in the reports on an order agree with each other and with the fills.

The invariants are those of FIX 4.4 volume 4 (2003-04), "Execution Report" and appendix D, and of
volume 1, "OrdStatus precedence" as FIX 5.0 SP2 (2011-08) prints it. A report that breaks one is
*impossible*, which says more than that its change of status is *not shown* in a published matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.fix.beside import both
from bcsim.history.fix.report_series import PENDING, is_one_of, said_by_sender, series_of
from bcsim.history.fix.values import DECIMALS
from bcsim.history.invariant import Invariant
from bcsim.history.schema import NULL, NULL_CODE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bcsim.history.fix.lifecycle import Life
    from bcsim.history.fix.messages import Messages
    from bcsim.history.fix.report_series import Series
    from bcsim.history.fix.session import Gap

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

STATUS_NAMES: Final[Mapping[str, str]] = {
    "0": "New", "1": "PartiallyFilled", "2": "Filled", "3": "DoneForDay", "4": "Canceled",
    "5": "Replaced", "6": "PendingCancel", "7": "Stopped", "8": "Rejected", "9": "Suspended",
    "A": "PendingNew", "B": "Calculated", "C": "Expired", "D": "AcceptedForBidding",
    "E": "PendingReplace",
}  # fmt: skip
"""OrdStatus (39) in the words of the standard."""

_ACTIVE: Final = "016E"
_ENDED: Final = "2348C"
_BELOW_PARTIAL: Final = "0A"
"""States that PartiallyFilled outranks."""

_BELOW_FILLED: Final = "01479AC"
"""States that Filled outranks."""

_UNIT: Final = 10**DECIMALS
_EXACT: Final = float(2**62)
"""Sums beyond it would not fit 64 bits; such an average is not checked."""


@dataclass(frozen=True, eq=False)
class Contradictions:
    """Reports that break an invariant, once for each that they break.

    Parameters
    ----------
    row
        Message, ``(contradictions,)``, ascending.
    invariant
        Name of what it breaks.
    said
        What it states and what it should, such as ``CumQty 3000, not 2000``.
    """

    row: Ints
    invariant: tuple[str, ...]
    said: tuple[str, ...]


NO_CONTRADICTIONS: Final = Contradictions(np.empty(0, dtype=np.int64), (), ())


def contradictions_of(
    life: Life, messages: Messages, order: Ints, gaps: Mapping[int, Sequence[Gap]]
) -> Contradictions:
    """Find every report that breaks an invariant.

    Parameters
    ----------
    life, messages, order
        Messages about orders, in order of time at each end, what they mean, and their orders.
    gaps
        Unexplained gaps among the answers, by end.
    """
    by_sender = said_by_sender(life, messages)
    reports, repeated = both(
        len(order),
        lambda: series_of(life, by_sender, messages, order, gaps),
        lambda: _one_report(by_sender, messages, order),
    )
    found = [*_of_series(reports), repeated] if len(reports.rows) else [repeated]
    rows = np.concatenate([rows for rows, _, _ in found])
    names = [name for rows, name, _ in found for _ in range(len(rows))]
    said = [text for _, _, texts in found for text in texts]
    by_row = np.argsort(rows, kind="stable")
    return Contradictions(
        rows[by_row], tuple(names[i] for i in by_row), tuple(said[i] for i in by_row)
    )


def _of_series(reports: Series) -> list[tuple[Ints, str, list[str]]]:
    """Reports of the series that break an invariant, by invariant."""
    drift = _drift(reports)
    totals, average = both(
        len(reports.rows),
        lambda: [
            _running_total(reports, drift),
            _total(reports, drift),
            *_of_quantities(reports),
            *_of_status(reports),
        ],
        lambda: _average(reports, drift),
    )
    return [*totals, average]


# -- CumQty ----------------------------------------------------------------------------------


def _drift(reports: Series) -> Ints:
    """By how much CumQty of each report departs from the one before and what came between.

    0 for reports that state none, that cannot be compared, or whose own change is not known.
    """
    cum = reports["cum_qty"]
    states = cum != NULL
    steps = reports.sums(reports.step)
    sure = reports.sums((~(reports.knows_step & reports.follows)).astype(np.int64))
    drift = np.zeros(len(cum), dtype=np.int64)
    rows = np.flatnonzero(states)
    group = np.cumsum(reports.starts)[rows]
    first = np.ones(len(rows), dtype=np.bool_)
    first[1:] = group[1:] != group[:-1]
    was, done, doubts = (
        np.where(first, 0, np.roll(values, 1)) for values in (cum[rows], steps[rows], sure[rows])
    )
    comparable = sure[rows] == doubts
    drift[rows] = np.where(comparable, cum[rows] - was - (steps[rows] - done), 0)
    return drift


def _running_total(reports: Series, drift: Ints) -> tuple[Ints, str, list[str]]:
    """CumQty that is not the one before with what was executed since."""
    cum = reports["cum_qty"]
    wrong = np.flatnonzero(drift != 0)
    return _found(reports, wrong, Invariant.RUNNING_TOTAL, "CumQty", cum, cum - drift)


def _total(reports: Series, drift: Ints) -> tuple[Ints, str, list[str]]:
    """Last CumQty of an order that is not what its executions add up to."""
    cum = reports["cum_qty"]
    rows = np.flatnonzero(cum != NULL)
    group = np.cumsum(reports.starts)[rows]
    last = np.ones(len(rows), dtype=np.bool_)
    last[:-1] = group[1:] != group[:-1]
    departs = reports.sums(drift)
    wrong = rows[last & (departs[rows] != 0)]
    return _found(reports, wrong, Invariant.EXECUTED_TOTAL, "CumQty", cum, cum - departs)


# -- one report by itself --------------------------------------------------------------------


def _of_quantities(reports: Series) -> list[tuple[Ints, str, list[str]]]:
    """CumQty, LeavesQty and OrderQty of each report."""
    qty, cum, leaves = (reports[name] for name in ("qty", "cum_qty", "leaves_qty"))
    has_sum = (qty != NULL) & (cum != NULL) & (leaves != NULL)
    uneven = has_sum & reports.has_status(_ACTIVE) & (cum + leaves != qty)
    uneven &= cum <= qty  # more than OrderQty is another matter
    left = (leaves != NULL) & (leaves != 0) & reports.has_status(_ENDED)
    beyond = (qty != NULL) & (cum != NULL) & (cum > qty)
    return [
        _found(reports, np.flatnonzero(uneven), Invariant.REST, "LeavesQty", leaves, qty - cum),
        _found(
            reports, np.flatnonzero(left), Invariant.NOTHING_LEFT, "LeavesQty", leaves, leaves * 0
        ),
        _found(reports, np.flatnonzero(beyond), Invariant.WITHIN_ORDER, "CumQty", cum, qty),
    ]


def _of_status(reports: Series) -> list[tuple[Ints, str, list[str]]]:
    """OrdStatus that another one outranks which holds as well."""
    qty, cum = reports["qty"], reports["cum_qty"]
    known = (qty != NULL) & (cum != NULL) & (qty > 0)
    full, some = known & (cum >= qty), known & (cum > 0) & (cum < qty)
    none = known & (cum == 0)
    rules = (
        (full & reports.has_status(_BELOW_FILLED), "Filled"),
        (some & reports.has_status(_BELOW_PARTIAL + "2"), "PartiallyFilled"),
        (none & reports.has_status("12"), "New"),
        (reports.is_pending & reports.is_trade & ~reports.has_status(PENDING), "pending"),
    )
    highest = np.zeros(len(cum), dtype=np.int64)
    for number, (holds, _) in enumerate(rules, start=1):
        highest[holds] = number
    wrong = np.flatnonzero(highest)
    status = reports["ord_status"]
    words = ("", *(word for _, word in rules))
    said = [
        f"OrdStatus {STATUS_NAMES.get(chr(status[i]), chr(status[i]))}, not {words[highest[i]]}"
        for i in wrong.tolist()
    ]
    return [(reports.rows[wrong], Invariant.STATUS.value, said)]


def _average(reports: Series, drift: Ints) -> tuple[Ints, str, list[str]]:
    """AvgPx that is not the average of the fills, to one unit of its last digit.

    Engines round or cut off; both are within that unit. An AvgPx of 0 is not worked out.
    """
    avg, cum, price = reports["avg_px"], reports["cum_qty"], reports["last_px"]
    last, kind = reports["last_qty"], reports["exec_type"]
    fills = np.where(reports.is_trade & (last > 0) & (price > 0), last, 0)
    unsure = ~reports.follows | (reports.is_trade & (fills == 0)) | (drift != 0)
    unsure |= is_one_of(kind, "GHD") | is_one_of(reports["trans_type"], "12")
    is_sure = reports.sums(unsure.astype(np.int64)) == 0
    qty_unit, px_unit = _common_unit(fills[fills > 0]), _common_unit(price[price > 0])
    worth = reports.sums((fills // qty_unit) * (price // px_unit))
    size = reports.sums(fills)
    most = np.maximum(fills // qty_unit, 1).astype(np.float64) * np.maximum(price, 0) / px_unit
    fits = reports.sums(most) < _EXACT
    checked = np.flatnonzero(is_sure & fits & (avg > 0) & (cum > 0) & (size == cum))
    mean = worth[checked] / (size[checked] / qty_unit) * (px_unit / _UNIT)
    stated = avg[checked] / _UNIT
    ulp = 10.0 ** -np.clip(reports["avg_px_digits"][checked], 0, DECIMALS)
    wrong = np.abs(mean - stated) >= ulp * (1 - 1e-9) + 1e-14 * mean
    said = [
        f"AvgPx {_decimal(avg[i])}, not {value:.{DECIMALS}f}".rstrip("0").rstrip(".")
        for i, value in zip(checked[wrong].tolist(), mean[wrong].tolist(), strict=True)
    ]
    return reports.rows[checked[wrong]], Invariant.AVERAGE.value, said


def _common_unit(values: Ints) -> int:
    """Largest power of ten that divides all values, so that products stay small."""
    unit = 1
    while unit < _UNIT and not np.any(values % (unit * 10)):
        unit *= 10
    return unit


# -- reports of one ExecID -------------------------------------------------------------------


def _one_report(life: Life, messages: Messages, order: Ints) -> tuple[Ints, str, list[str]]:
    """Trades that repeat the ExecID of an earlier one at the same end on other terms."""
    rows = np.flatnonzero(life.is_trade & (messages["exec_id"] != NULL_CODE) & (order != NULL_CODE))
    none = np.empty(0, dtype=np.int64)
    if not len(rows):
        return none, Invariant.ONE_REPORT.value, []
    width = int(messages["exec_id"].max()) + 1
    key = life.place[rows] * width + messages["exec_id"][rows]
    _, first, number = np.unique(key, return_index=True, return_inverse=True)
    begin = rows[first[number.reshape(-1)]]
    said: dict[int, str] = {}
    for name, word in (("last_qty", "LastQty"), ("last_px", "LastPx")):
        values = messages[name]
        both = (values[rows] != NULL) & (values[begin] != NULL)
        for i in np.flatnonzero(both & (values[rows] != values[begin])).tolist():
            text = f"{word} {_decimal(values[rows[i]])}, not {_decimal(values[begin[i]])}"
            said.setdefault(int(rows[i]), text)
    for name, word in (("side", "Side"), ("symbol", "Symbol")):
        for i in np.flatnonzero(messages[name][rows] != messages[name][begin]).tolist():
            said.setdefault(int(rows[i]), f"another {word}")
    wrong = np.array(sorted(said), dtype=np.int64)
    return wrong, Invariant.ONE_REPORT.value, [said[row] for row in wrong.tolist()]


# -- words -----------------------------------------------------------------------------------


def _found(
    reports: Series, wrong: Ints, invariant: Invariant, field: str, stated: Ints, due: Ints
) -> tuple[Ints, str, list[str]]:
    said = [
        f"{field} {_decimal(stated[i])}, not {_decimal(due[i])}" for i in np.asarray(wrong).tolist()
    ]
    return reports.rows[wrong], invariant.value, said


def _decimal(value: int) -> str:
    """A number in units of 10**-8 as people write it."""
    whole, rest = divmod(abs(int(value)), _UNIT)
    fraction = f"{rest:0{DECIMALS}d}".rstrip("0")
    text = f"{whole}.{fraction}" if fraction else str(whole)
    return f"-{text}" if value < 0 else text
