"""Fairness: whether one group of clients fared worse than another by more than a bound.

Groups are compared by the share of their orders in which the client felt something (the fates
``AFFECTED``), and by the median time from the wish to the first answer. The model states both
bounds (``disparity``).

The answer is three-valued. With k groups each share gets exact limits at error ``ERROR`` / k
(:mod:`bcsim.conduct.binomial`), so that all limits hold at once with a chance of 1 − ``ERROR``:
a difference is *beyond the bound* where the worst group's lower limit lies above the best group's
upper limit by more than the bound, *within* it where no pair of limits can be further apart, and
otherwise unknown: there are too few orders to tell. So where the true shares are within the
bound, the chance of an alarm is at most ``ERROR``, provided that orders fare independently of
each other; an outage that hits a few minutes hits whoever orders then.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import isinf
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.conduct.binomial import median_limits, share_limits
from bcsim.conduct.bounds import Answer
from bcsim.conduct.fates import AFFECTED, FATES, fates_of
from bcsim.history.schema import NULL, NULL_CODE, Kind
from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from bcsim.conduct.day import Day
    from bcsim.model.firm import Firm

    Document = dict[str, object]

ERROR: Final = 0.01
"""Chance of at most this that fair groups are called unfair, for each comparison."""

_ANSWERS: Final = (
    Kind.ACKNOWLEDGE,
    Kind.REJECT,
    Kind.EXECUTE,
    Kind.CONFIRM,
    Kind.CANCEL,
    Kind.EXPIRE,
)


@dataclass(frozen=True, slots=True)
class Group:
    """Orders of one group: how many, how many affected, delays in ns in ascending order."""

    name: str
    total: int
    affected: int
    delays_ns: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two or more groups next to each other.

    ``worst`` and ``best`` name the groups that are furthest apart, ``difference`` is between
    their shares or medians (a share, or seconds), ``low`` and ``high`` are its limits over all
    pairs. ``ratio`` is that of the two groups' values, with limits of its own; None where the
    best group's value, or its limit, is 0.
    """

    grouping: str
    what: str
    worst: str
    best: str
    difference: float
    low: float
    high: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    bound: float
    answer: Answer


def assess_fairness(day: Day) -> list[Document]:
    """Make every comparison, as in ``bcsim run --json``."""
    return [asdict(comparison) for comparison in compare_groups(day)]


def compare_groups(day: Day) -> tuple[Comparison, ...]:
    """Make every comparison that the model allows; none without a model or a bound."""
    firm = day.firm
    if firm is None or firm.disparity is None:
        return ()
    found = []
    for grouping, groups, is_one_sided in _groupings(day, firm):
        if len(groups) < _PAIR:
            continue
        found.append(_shares(grouping, groups, firm.disparity.bound, is_one_sided=is_one_sided))
        if firm.disparity.delay is not None:
            bound_s = firm.disparity.delay / NS_PER_S
            delays = _delays(grouping, groups, bound_s, is_one_sided=is_one_sided)
            found += [] if delays is None else [delays]
    return tuple(found)


_PAIR: Final = 2


def _groupings(day: Day, firm: Firm) -> Iterator[tuple[str, list[Group], bool]]:
    """Name of each grouping, its groups, and whether only the first of them must not fare worse."""
    measured = _Measured(day)
    vulnerable = {name for name, segment in firm.segments.items() if segment.vulnerable}
    house = {name for name, segment in firm.segments.items() if segment.house}
    yield "segment", measured.groups("segment", without=house), False
    yield "channel", measured.groups("channel", without=house), False
    clients = firm.segments.keys() - house
    halves = {"vulnerable": vulnerable, "others": clients - vulnerable}
    yield "vulnerability", measured.halves(halves), True
    yield "house", measured.halves({"clients": clients, "house": house}), True


class _Measured:
    """Affected orders and delays of a day, ready to be grouped."""

    def __init__(self, day: Day) -> None:
        self._day = day
        fates = fates_of(day.verdicts)
        self._affected = np.isin(fates, [FATES.index(fate) for fate in AFFECTED])
        self._rows = day.first_rows
        self._delays = delays_ns(day)

    def groups(self, column: str, *, without: set[str]) -> list[Group]:
        """Orders by a column, but for those of some segments."""
        columns = self._day.history.columns
        text, segments = columns.text(column), columns.text("segment")
        codes = text.codes[self._rows].copy()
        codes[segments.is_in(*without)[self._rows]] = NULL_CODE
        return [
            self._group(str(text.names[code]), codes == code)
            for code in np.unique(codes[codes >= 0])
        ]

    def halves(self, segments: Mapping[str, set[str]]) -> list[Group]:
        """Two groups of segments, by name; none unless both have orders."""
        text = self._day.history.columns.text("segment")
        codes = text.codes[self._rows]
        masks = {
            name: np.isin(codes, [text.code_of(segment) for segment in members])
            for name, members in segments.items()
        }
        if not all(mask.any() for mask in masks.values()):
            return []
        return [self._group(name, mask) for name, mask in masks.items()]

    def _group(self, name: str, mask: NDArray[np.bool_]) -> Group:
        delays = self._delays[mask]
        return Group(
            name, int(mask.sum()), int(self._affected[mask].sum()), np.sort(delays[delays >= 0])
        )


def delays_ns(day: Day) -> NDArray[np.int64]:
    """Time from each wish to the first answer that the client got: int64 ``(intents,)``.

    -1 where there was none. Where the history has no client's vantage point, the first answer
    that anybody recorded counts.
    """
    history = day.history
    intents, times = history.codes("intent_id"), history.integer("time_ns")
    is_answer = history.is_kind(*_ANSWERS) & (intents >= 0)
    at_client = is_answer & history.columns.text("vantage").is_in("client")
    answers = np.flatnonzero(at_client if at_client.any() else is_answer)
    first = np.full(int(intents.max(initial=-1)) + 1, NULL, dtype=np.int64)
    first[intents[answers[::-1]]] = times[answers[::-1]]
    rows = day.first_rows
    found = np.where(intents[rows] >= 0, first[intents[rows]], NULL)
    return np.where(found == NULL, -1, found - times[rows])


def _shares(grouping: str, groups: list[Group], bound: float, *, is_one_sided: bool) -> Comparison:
    limits = {g.name: share_limits(g.affected, g.total, ERROR / len(groups)) for g in groups}
    values = {g.name: g.affected / g.total for g in groups}
    return _furthest(grouping, "affected", values, limits, bound, is_one_sided=is_one_sided)


def _delays(
    grouping: str, groups: list[Group], bound_s: float, *, is_one_sided: bool
) -> Comparison | None:
    values, limits = {}, {}
    for group in groups:
        count = len(group.delays_ns)
        if not count:
            return None
        seconds = group.delays_ns / NS_PER_S
        values[group.name] = float(seconds[count // 2])
        places = median_limits(count, ERROR / len(groups))
        limits[group.name] = (
            (0.0, float("inf"))
            if places is None
            else (float(seconds[places[0]]), float(seconds[places[1]]))
        )
    return _furthest(grouping, "delay", values, limits, bound_s, is_one_sided=is_one_sided)


def _furthest(
    grouping: str,
    what: str,
    values: Mapping[str, float],
    limits: Mapping[str, tuple[float, float]],
    bound: float,
    *,
    is_one_sided: bool,
) -> Comparison:
    """Compare the pair that is furthest apart, and answer for all pairs."""
    names = list(values)
    pairs = [(a, b) for a in names for b in names if a != b]
    if is_one_sided:
        pairs = [(names[0], names[1])]
    low = max(limits[a][0] - limits[b][1] for a, b in pairs)
    high = max(limits[a][1] - limits[b][0] for a, b in pairs)
    worst, best = max(pairs, key=lambda pair: values[pair[0]] - values[pair[1]])
    answer = Answer.UNKNOWN
    if low > bound:
        answer = Answer.NOT_MET
    elif high <= bound:
        answer = Answer.MET
    return Comparison(
        grouping=grouping,
        what=what,
        worst=worst,
        best=best,
        difference=values[worst] - values[best],
        low=low,
        high=None if isinf(high) else high,
        ratio=_over(values[worst], values[best]),
        ratio_low=_over(limits[worst][0], limits[best][1]),
        ratio_high=_over(limits[worst][1], limits[best][0]),
        bound=bound,
        answer=answer,
    )


def _over(value: float, other: float) -> float | None:
    """The ratio of two values; None where it has no bound."""
    return value / other if other and not isinf(value) else None
