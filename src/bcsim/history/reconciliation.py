"""Several readings of one drill as one history: intents, both ends, ledger, drop copy.

:func:`reconcile` brings them to one clock and one unit, finds which rows speak of the same
order although their systems call it by different names, and joins them by time. What it had to
assume is in the notes.

Names are matched in this order, each only where the one before found nothing: the order's own
id (in FIX the ClOrdID), an idempotency key, the venue's OrderID or an ExecID through another
row that has both, and the intent's id itself. What still has no match is matched by likeness of
terms where the operator says which terms, and within which time; see
:mod:`bcsim.history.matching`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.errors import HistoryError, Problem
from bcsim.history.columns import HistoryColumns, TextColumn
from bcsim.history.history import History
from bcsim.history.join import join
from bcsim.history.legs import joined_legs
from bcsim.history.logs.reading import Reading
from bcsim.history.matching import Matching, matched
from bcsim.history.schema import NULL, NULL_CODE, Kind
from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bcsim.history.profile import Profile

_SCALED: Final = ("qty", "price", "amount")
_TIMES: Final = ("time_ns", "deadline_ns")
_NAMES: Final = ("order_id", "idem_key", "intent_id")
_NEVER_NS: Final = int(np.iinfo(np.int64).max)
"""Later than any time."""


def reconcile(
    readings: Sequence[Reading], profile: Profile | None = None, matching: Matching | None = None
) -> Reading:
    """Join readings of one drill.

    Parameters
    ----------
    readings
        One or more. Rows of those without times are dated when their order first shows up in
        the others, or else at their beginning.
    profile
        Profile of the result; by default what the readings say about themselves.
    matching
        How what shares no key is matched; by default not at all.

    Returns
    -------
    Reading
        The joint history, and the notes of all readings with those of the joining.

    Raises
    ------
    bcsim.errors.HistoryError
        Naming every key in which the readings contradict each other.
    """
    assert readings, "nothing to reconcile"
    matching = matching or Matching()
    if len(readings) == 1 and readings[0].history.share_count > 1 and matching == Matching():
        return _alone(readings[0], profile)
    histories = _same_origin([reading.history.gathered() for reading in readings])
    histories = _same_scales(histories)
    histories, dated = _dated(histories, [reading.is_timed for reading in readings])
    histories = _same_drain(histories)
    joint = join(histories, profile)
    whole, legs = joined_legs(joint, matching)
    linked, named = _named(whole)
    is_dated = all(reading.is_timed for reading in readings)
    linked, likened = matched(linked, matching, is_dated=is_dated)
    notes = [note for reading in readings for note in reading.notes]
    notes += [*dated, *legs, *named, *likened]
    return Reading(linked, tuple(notes), any(r.is_timed for r in readings))


def _alone(reading: Reading, profile: Profile | None) -> Reading:
    """A reading in shares that is joined with none: it has wishes of nobody to match.

    NOTE: joined with others, such as intents, it is gathered in memory: about 0.5 kB a message.
    """
    history = reading.history
    if profile is not None:
        history = history.mapped(_as_it_is, profile)
    return replace(reading, history=history)


def _as_it_is(columns: HistoryColumns) -> HistoryColumns:
    return columns


# -- one clock -------------------------------------------------------------------------------


def _same_origin(histories: Sequence[History]) -> list[History]:
    """Count all times from the earliest start, where every history names its own."""
    starts = [history.profile.start for history in histories]
    if any(start is None for start in starts) or len(set(starts)) == 1:
        return list(histories)
    moments = [_moment_ns(str(start)) for start in starts]
    first = min(moments)
    earliest = starts[moments.index(first)]
    return [
        _moved(history, moment - first, str(earliest))
        for history, moment in zip(histories, moments, strict=True)
    ]


def _moment_ns(start: str) -> int:
    """Nanoseconds since 1970 of an ISO 8601 moment; one without an offset counts as UTC."""
    moment = datetime.fromisoformat(start)
    offset_s = 0 if moment.utcoffset() is None else round(moment.utcoffset().total_seconds())  # type: ignore[union-attr]
    naive = moment.replace(tzinfo=None)
    since = naive - datetime(1970, 1, 1)  # noqa: DTZ001 - both are without a zone here
    seconds = since.days * 86_400 + since.seconds - offset_s
    return seconds * NS_PER_S + since.microseconds * 1_000


def _moved(history: History, by_ns: int, start: str) -> History:
    columns: dict[str, NDArray[np.int64] | TextColumn] = dict(history.columns.items())
    for name in _TIMES:
        values = history.integer(name)
        columns[name] = np.where(values == NULL, NULL, values + by_ns)
    profile = history.profile
    coverage = tuple(
        replace(
            span,
            from_ns=span.from_ns + by_ns,
            to_ns=None if span.to_ns is None else span.to_ns + by_ns,
        )
        for span in profile.coverage
    )
    sessions = tuple(
        replace(session, open_ns=session.open_ns + by_ns, close_ns=session.close_ns + by_ns)
        for session in profile.sessions
    )
    cut_offs = tuple(replace(cut, at_ns=cut.at_ns + by_ns) for cut in profile.cut_offs)
    profile = replace(
        profile,
        start=start,
        coverage=coverage,
        sessions=sessions,
        cut_offs=cut_offs,
        drain_from_ns=None if profile.drain_from_ns is None else profile.drain_from_ns + by_ns,
        drain_to_ns=None if profile.drain_to_ns is None else profile.drain_to_ns + by_ns,
    )
    return History(HistoryColumns(columns), profile)


def _dated(
    histories: Sequence[History], is_timed: Sequence[bool]
) -> tuple[list[History], tuple[str, ...]]:
    """Date rows without times: when their order first shows up, else at the logs' beginning.

    Rows that were dated come first, so that a wish stands before what came of it.
    """
    timed = [h for h, known in zip(histories, is_timed, strict=True) if known and len(h)]
    undated = [h for h, known in zip(histories, is_timed, strict=True) if not known]
    if not undated or not timed:
        return list(histories), ()
    begin_ns = min(_begin_ns(history) for history in timed)
    first_ns = _first_traces(timed)
    dated, count, traced = [], 0, 0
    for history in undated:
        times = np.full(len(history), begin_ns, dtype=np.int64)
        for name in _NAMES[::-1]:  # the first of them that is known counts
            column = history.columns.text(name)
            known = [first_ns.get(text, NULL) for text in column.names]
            found = np.array([*known, NULL], dtype=np.int64)[column.codes]
            times = np.where(found == NULL, times, found)
        count += len(times)
        traced += int(np.count_nonzero(times != begin_ns))
        dated.append(
            History(HistoryColumns({**history.columns, "time_ns": times}), history.profile)
        )
    note = (
        f"{count:,} rows without a time: {traced:,} are dated when their order first shows up in "
        f"the logs, {count - traced:,} at the beginning of the logs"
    )
    return [*dated, *timed], (note,)


def _first_traces(histories: Sequence[History]) -> dict[str, int]:
    """Time of the first row about each order, by its id or key."""
    first: dict[str, int] = {}
    for history in histories:
        times = history.integer("time_ns")
        for name in _NAMES:
            column = history.columns.text(name)
            earliest = np.full(len(column.names) + 1, _NEVER_NS, dtype=np.int64)
            np.minimum.at(earliest, column.codes, times)
            for text, time_ns in zip(column.names, earliest[:-1].tolist(), strict=True):
                if time_ns < first.get(text, _NEVER_NS):
                    first[text] = time_ns
    return first


def _begin_ns(history: History) -> int:
    """First moment that a history covers, or shows."""
    first = int(history.integer("time_ns").min())
    spans = [span.from_ns for span in history.profile.coverage]
    return min([first, *spans])


# -- one unit, one end -----------------------------------------------------------------------


def _same_scales(histories: Sequence[History]) -> list[History]:
    """Give quantities, prices and amounts the finest unit that any history has."""
    finest = {
        name: max(getattr(history.profile, f"{name}_scale") for history in histories)
        for name in _SCALED
    }
    scaled = []
    for history in histories:
        factors = {
            name: 10 ** (finest[name] - getattr(history.profile, f"{name}_scale"))
            for name in _SCALED
        }
        if set(factors.values()) == {1}:
            scaled.append(history)
            continue
        columns: dict[str, NDArray[np.int64] | TextColumn] = dict(history.columns.items())
        for name, factor in factors.items():
            columns[name] = _in_finer_units(history, name, factor)
        scales = {f"{name}_scale": digits for name, digits in finest.items()}
        scaled.append(History(HistoryColumns(columns), replace(history.profile, **scales)))
    return scaled


def _in_finer_units(history: History, name: str, factor: int) -> NDArray[np.int64]:
    """A column in units that are ``factor`` times finer; raises HistoryError if it does not fit."""
    values = history.integer(name)
    known = values[values != NULL]
    most = int(np.abs(known).max()) if len(known) else 0
    if most * factor >= -NULL:
        message = f"{name} does not fit 64 bits in the finest unit of all logs"
        hint = "state [scales] in the mappings"
        raise HistoryError(Problem(message, history.profile.source or "", hint=hint))
    return values if not most else np.where(values == NULL, NULL, values * factor)


def _same_drain(histories: Sequence[History]) -> list[History]:
    """Give all the drain that those state which state one: until the first of them ends."""
    stating = [history.profile for history in histories if history.profile.drain is not None]
    if not stating:
        return list(histories)
    ends = [profile.drain_to_ns for profile in stating if profile.drain_to_ns is not None]
    begins = [profile.drain_from_ns for profile in stating if profile.drain_from_ns is not None]
    common: dict[str, object] = {
        "drain": stating[0].drain,
        "drain_from_ns": max(begins, default=None),
        "drain_to_ns": min(ends, default=None),
    }
    return [
        History(
            history.columns,
            replace(history.profile, **common),  # type: ignore[arg-type]
            history.path,
        )
        for history in histories
    ]


# -- one name --------------------------------------------------------------------------------


def _named(history: History) -> tuple[History, tuple[str, ...]]:
    """Give rows of orders the intent whose id is the order's, or its key's, own name."""
    intents, orders = history.columns.text("intent_id"), history.columns.text("order_id")
    keys = history.columns.text("idem_key")
    intended = history.is_kind(Kind.INTEND)
    wishes = np.unique(intents.codes[intended & (intents.codes >= 0)])
    names = {str(intents.names[code]): int(code) for code in wishes}
    known = _linked_orders(history, intended)
    found = intents.codes.astype(np.int64)
    counts: dict[str, int] = {}
    for column, word in ((orders, "order"), (keys, "key")):
        intent_of = np.array(
            [names.get(str(name), NULL_CODE) for name in column.names] + [NULL_CODE],
            dtype=np.int64,
        )
        lacking = (found == NULL_CODE) & ~known & ~intended
        given = np.where(lacking, intent_of[column.codes], NULL_CODE)
        counts[word] = len(np.unique(given[given >= 0]))
        found = np.where(given >= 0, given, found)
    stated = _stating(history, intended, known)
    if not any(counts.values()):
        return history, stated
    columns = {**history.columns, "intent_id": TextColumn(found, intents.names)}
    notes = tuple(
        f"{count:,} intents are matched to orders by their own id, which is the {word}'s"
        for word, count in counts.items()
        if count
    )
    return History(HistoryColumns(columns), history.profile), (*stated, *notes)


def _stating(
    history: History, intended: NDArray[np.bool_], known: NDArray[np.bool_]
) -> tuple[str, ...]:
    """Say how many intents name the order that the logs know them by, if any is in the logs."""
    orders = history.columns.text("order_id").codes
    count = len(np.unique(orders[known & ~intended]))
    if not count:
        return ()
    return (f"{count:,} intents are joined to orders by the order's id, which they state",)


def _linked_orders(history: History, intended: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows whose order is named by an intent's row, so that nothing has to be assumed."""
    orders = history.columns.text("order_id").codes
    stated = np.unique(orders[intended & (orders >= 0)])
    linked: NDArray[np.bool_] = np.isin(orders, stated)
    return linked
