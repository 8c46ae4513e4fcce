"""Histories of one drill on one clock, in one unit, and up to one end.

What is changed is changed row by row, so histories in shares stay so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.errors import HistoryError, Problem
from bcsim.history.columns import HistoryColumns, TextColumn
from bcsim.history.divided import DividedHistory
from bcsim.history.schema import NULL
from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bcsim.history.divided import AnyHistory
    from bcsim.history.profile import Profile

_SCALED: Final = ("qty", "price", "amount")
_TIMES: Final = ("time_ns", "deadline_ns")


def same_origin(histories: Sequence[AnyHistory]) -> list[AnyHistory]:
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


def _moved(history: AnyHistory, by_ns: int, start: str) -> AnyHistory:
    moved = history.mapped(partial(_later, by_ns), _later_profile(history.profile, by_ns, start))
    if isinstance(moved, DividedHistory) and moved.span_ns is not None:
        first_ns, last_ns = moved.span_ns
        return replace(moved, span_ns=(first_ns + by_ns, last_ns + by_ns))
    return moved


def _later(by_ns: int, rows: HistoryColumns) -> HistoryColumns:
    columns: dict[str, NDArray[np.int64] | TextColumn] = dict(rows.items())
    for name in _TIMES:
        values = rows.integer(name)
        columns[name] = np.where(values == NULL, NULL, values + by_ns)
    return HistoryColumns(columns)


def _later_profile(profile: Profile, by_ns: int, start: str) -> Profile:
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
    return replace(
        profile,
        start=start,
        coverage=coverage,
        sessions=sessions,
        cut_offs=cut_offs,
        drain_from_ns=None if profile.drain_from_ns is None else profile.drain_from_ns + by_ns,
        drain_to_ns=None if profile.drain_to_ns is None else profile.drain_to_ns + by_ns,
    )


def same_scales(histories: Sequence[AnyHistory]) -> list[AnyHistory]:
    """Give quantities, prices and amounts the finest unit that any history has."""
    finest = {
        name: max(getattr(history.profile, f"{name}_scale") for history in histories)
        for name in _SCALED
    }
    scaled: list[AnyHistory] = []
    for history in histories:
        factors = {
            name: 10 ** (finest[name] - getattr(history.profile, f"{name}_scale"))
            for name in _SCALED
        }
        if set(factors.values()) == {1}:
            scaled.append(history)
            continue
        scales = {f"{name}_scale": digits for name, digits in finest.items()}
        source = history.profile.source or ""
        profile = replace(history.profile, **scales)
        scaled.append(history.mapped(partial(_in_finer_units, factors, source), profile))
    return scaled


def _in_finer_units(
    factors: Mapping[str, int], source: str, rows: HistoryColumns
) -> HistoryColumns:
    """Columns in units that are some times finer; raises HistoryError if one does not fit."""
    columns: dict[str, NDArray[np.int64] | TextColumn] = dict(rows.items())
    for name, factor in factors.items():
        values = rows.integer(name)
        known = values[values != NULL]
        most = int(np.abs(known).max()) if len(known) else 0
        if most * factor >= -NULL:
            message = f"{name} does not fit 64 bits in the finest unit of all logs"
            hint = "state [scales] in the mappings"
            raise HistoryError(Problem(message, source, hint=hint))
        columns[name] = values if not most else np.where(values == NULL, NULL, values * factor)
    return HistoryColumns(columns)


def same_drain(histories: Sequence[AnyHistory]) -> list[AnyHistory]:
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
        history.mapped(as_it_is, replace(history.profile, **common))  # type: ignore[arg-type]
        for history in histories
    ]


def as_it_is(columns: HistoryColumns) -> HistoryColumns:
    """The rows unchanged, where only the profile is another."""
    return columns
