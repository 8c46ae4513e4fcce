"""The contract beside a log: what may happen, what is promised, and who belongs to whom.

Logs say what happened. What was owed – deadlines, cut-offs, priority, what a link may do to a
message – stands in no log, so the operator states it in a profile file: TOML, with every key in
``docs/reference/mapping-file.md``. What it does not allow is a finding.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

from bcsim.errors import HistoryError, Problem
from bcsim.history.columns import HistoryColumns, TextColumn
from bcsim.history.logs.times import instant
from bcsim.history.matching import Matching
from bcsim.history.profile import (
    CANCEL_ON_DISCONNECT,
    PURGE_ON_RESTART,
    Coverage,
    CutOff,
    Session,
)
from bcsim.history.schema import NULL, NULL_CODE, Kind
from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bcsim.history.divided import AnyHistory
    from bcsim.history.profile import Profile

ALLOWANCES: Final[Mapping[str, tuple[str, ...]]] = {
    "at-least-once": ("duplicated",),
    CANCEL_ON_DISCONNECT: (),
    PURGE_ON_RESTART: ("lost", "stranded", "partial"),
    "no-deadline": (),
}
"""What a contract may allow, and the classes that then are reported and do not count.

``at-least-once``: a link may deliver a message more than once, and it may act more than once.
``cancel-on-disconnect``: the venue cancels what is open when its session breaks.
``purge-on-restart``: the venue forgets what is open when it starts again, and says nothing; it
covers only orders behind which a restart was seen.
``no-deadline``: nothing has to be done by any time.
"""

_PLACED: Final = ("drain_from_ns", "drain_to_ns", "coverage")
"""Fields of a profile that name moments."""

_DAY: Final = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Daily:
    """Something at the same time of every day, or once at a full date and time."""

    name: str
    at: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Intents of a channel and segment (empty: any) must be done within a time of the wish."""

    within_ns: int
    channel: str = ""
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """What the operator states beside the logs.

    Parameters
    ----------
    profile
        Fields of :class:`~bcsim.history.profile.Profile` that are stated, by name; lists are
        added to what the logs say, and everything else replaces it. Times count from 1970.
    time_zone
        IANA name for times of day; empty: the contract has none.
    segments
        Column (``account``, ``client_id``) -> name -> segment.
    priorities
        Segment -> its priority class, a name of ``priority_classes``.
    deadlines
        For intents that state no deadline of their own; the first that fits counts.
    cut_offs, sessions
        By the day.
    matching
        How what shares no key is matched.
    """

    profile: Mapping[str, object]
    time_zone: str = ""
    segments: Mapping[str, Mapping[str, str]] | None = None
    priorities: Mapping[str, str] | None = None
    deadlines: tuple[Deadline, ...] = ()
    cut_offs: tuple[Daily, ...] = ()
    sessions: tuple[Daily, ...] = ()
    matching: Matching = field(default_factory=Matching)

    @property
    def controls(self) -> tuple[str, ...]:
        """Mandatory controls that are stated."""
        stated = self.profile.get("controls", ())
        assert isinstance(stated, tuple), "controls is a list of names"
        return stated

    def label(self, history: AnyHistory) -> AnyHistory:
        """Fill in segments and priorities where the rows have none."""
        return history.mapped(self._labelled, history.profile)

    def _labelled(self, columns: HistoryColumns) -> HistoryColumns:
        segment = columns.text("segment")
        for name, by_name in (self.segments or {}).items():
            segment = _filled(segment, columns.text(name), by_name)
        priority = columns.integer("priority")
        if self.priorities:
            classes = self.profile.get("priority_classes", ())
            assert isinstance(classes, tuple), "priority_classes is a list of names"
            ranks = {s: classes.index(p) for s, p in self.priorities.items()}
            by_code = [ranks.get(str(name), NULL) for name in segment.names]
            found = np.array([*by_code, NULL], dtype=np.int64)[segment.codes]
            priority = np.where(priority == NULL, found, priority)
        return HistoryColumns({**columns, "segment": segment, "priority": priority})

    def promise(self, history: AnyHistory) -> AnyHistory:
        """Add deadlines to the intents, and what is stated to the profile."""
        return history.mapped(self._promised, self._profile(history))

    def _promised(self, columns: HistoryColumns) -> HistoryColumns:
        if not self.deadlines:
            return columns
        return HistoryColumns({**columns, "deadline_ns": self._due_ns(columns)})

    def _due_ns(self, columns: HistoryColumns) -> NDArray[np.int64]:
        due_ns = columns.integer("deadline_ns")
        is_open = columns.text("kind").is_in(Kind.INTEND) & (due_ns == NULL)
        for deadline in self.deadlines:
            fits = is_open.copy()
            for name, text in (("channel", deadline.channel), ("segment", deadline.segment)):
                if text:
                    fits &= columns.text(name).is_in(text)
            due_ns = np.where(fits, columns.integer("time_ns") + deadline.within_ns, due_ns)
            is_open &= ~fits
        return due_ns

    def _profile(self, history: AnyHistory) -> Profile:
        start_ns = self._start_ns(history.profile)
        stated = _since(start_ns, self.profile)
        for name, value in stated.items():
            if isinstance(value, tuple):
                already = getattr(history.profile, name)
                stated[name] = tuple(dict.fromkeys((*already, *value)))
        days = self._days(history, start_ns)
        cut_offs = [
            CutOff(daily.name, at_ns - start_ns)
            for daily in self.cut_offs
            for at_ns in self._instants(daily.at, days)
        ]
        sessions = [
            Session(daily.name, open_ns - start_ns, close_ns - start_ns)
            for daily in self.sessions
            for open_ns, close_ns in zip(
                self._instants(daily.at, days), self._instants(daily.until, days), strict=False
            )
        ]
        stated["cut_offs"] = (*history.profile.cut_offs, *cut_offs)
        stated["sessions"] = (*history.profile.sessions, *sessions)
        if self.time_zone and history.profile.start is not None:
            stated["time_zone"] = self.time_zone
            stated["start"] = _start_in(self.time_zone, start_ns, history)
        return replace(history.profile, **stated)  # type: ignore[arg-type]

    def _start_ns(self, profile: Profile) -> int:
        """Time 0 of the history since 1970; without one, nothing here may name a moment."""
        if profile.start is not None:
            start_ns = instant(profile.start, profile.time_zone or self.time_zone)
            if start_ns is not None:
                return start_ns
        is_placed = self.cut_offs or self.sessions or self.time_zone
        if is_placed or any(self.profile.get(name) for name in _PLACED):
            message = "the history does not say when it starts"
            hint = "leave times of day and time_zone out of the profile file"
            raise HistoryError(Problem(message, profile.source or "", hint=hint))
        return 0

    def _days(self, history: AnyHistory, start_ns: int) -> list[datetime.date]:
        """Days of the record in UTC, and one before and after."""
        if history.span_ns is None:
            return []
        first, last = (
            datetime.datetime.fromtimestamp((start_ns + int(t)) // NS_PER_S, datetime.UTC).date()
            for t in history.span_ns
        )
        return [first + i * _DAY for i in range(-1, (last - first).days + 2)]

    def _instants(self, text: str, days: list[datetime.date]) -> list[int]:
        texts = [text] if "-" in text else [f"{day}T{text}" for day in days]
        found = (instant(stamp, self.time_zone) for stamp in texts)
        return [time_ns for time_ns in found if time_ns is not None]


def _since(start_ns: int, profile: Mapping[str, object]) -> dict[str, object]:
    """The stated fields, with times that count from the start of the history."""
    moved = dict(profile)
    for name in ("drain_from_ns", "drain_to_ns"):
        time_ns = moved.get(name)
        if isinstance(time_ns, int):
            moved[name] = time_ns - start_ns
    spans = moved.get("coverage", ())
    assert isinstance(spans, tuple), "coverage is a list"
    moved["coverage"] = tuple(
        Coverage(
            span.vantage,
            0 if not span.from_ns else span.from_ns - start_ns,
            None if span.to_ns is None else span.to_ns - start_ns,
        )
        for span in spans
    )
    return moved


def _filled(column: TextColumn, by: TextColumn, text_by_name: Mapping[str, str]) -> TextColumn:
    """A text column with nulls filled by the texts that names in another column stand for."""
    texts = [str(name) for name in column.names]
    code_by_text = {text: code for code, text in enumerate(texts)}
    joint = [
        code_by_text.setdefault(text_by_name[name], len(code_by_text))
        if (name := str(given)) in text_by_name
        else NULL_CODE
        for given in by.names
    ]
    found = np.array([*joint, NULL_CODE], dtype=np.int64)[by.codes]
    codes = np.where(column.codes == NULL_CODE, found, column.codes)
    return TextColumn(codes, tuple(code_by_text))


def _start_in(time_zone: str, start_ns: int, history: AnyHistory) -> str:
    """Time 0 on the clock that the zone had when the record begins."""
    zone = ZoneInfo(time_zone)
    first_ns = 0 if history.span_ns is None else history.span_ns[0]
    begin, then = (
        datetime.datetime.fromtimestamp(moment_ns // NS_PER_S, zone)
        for moment_ns in (start_ns, start_ns + first_ns)
    )
    offset = datetime.timezone(then.utcoffset() or datetime.timedelta())
    return begin.astimezone(offset).isoformat()
