"""Aftermaths of days made by hand: a tiny firm, events in seconds, verdicts by intent.

Time 0 is 10:00 on Monday 16 March 2026; the day ends nine hours after its window, at 20:00.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bcsim.engine.aftermath.case import cases_of
from bcsim.engine.aftermath.layer import run_aftermath
from bcsim.engine.blueprint import Blueprint, make_blueprint
from bcsim.engine.sizing import Sizing
from bcsim.engine.timeline import Attribute, Change, Timeline
from bcsim.history.profile import Profile
from bcsim.history.verdict import CLASSES, FLAGS, Verdicts
from bcsim.history.writer import MemoryRecorder
from bcsim.streams import Streams
from bcsim.units import NS_PER_S
from tests.unit.engine.firms import execute, firm, scenario, take

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bcsim.engine.aftermath.case import Case
    from bcsim.history.history import History
    from bcsim.model.firm import Firm

DAY_END_S = 36_000
TEAMS: dict[str, dict[str, Any]] = {
    "desk": {"kind": "team", "servers": 2},
    "care": {"kind": "team", "servers": 1},
    "review": {"kind": "team", "servers": 1},
}
ALL_WEEK = "mon tue wed thu fri sat sun".split()

COMPLAINTS: dict[str, Any] = {
    "clients": {"chance": {"lost": 1.0, "late": 1.0}, "delay": "1 h"},
    "team": "care",
    "hours": {"open": "00:00", "close": "24:00", "days": ALL_WEEK},
    "first_response": "10 min",
    "final_answer": "50 min",
}
REDRESS: dict[str, Any] = {"rules": {"lost": {"fixed": 500}}, "pay_after": "1 d"}
CHECK: dict[str, Any] = {
    "name": "Check",
    "line": 1,
    "finds": ["lost"],
    "coverage": 1.0,
    "latency": "1 min",
    "made_by": "desk",
    "checked_by": "care",
}

_CODES = {verdict.value: code for code, verdict in enumerate(CLASSES)}
_BITS = {flag.value: flag.bit for flag in FLAGS}


def model(**parts: Any) -> Firm:
    """A firm whose orders are taken by a desk, with the sections that a test is about."""
    given = {name: part for name, part in parts.items() if part is not None}
    components = given.pop("components", {})
    return firm(
        [take(), execute()],
        components={name: TEAMS.get(name, {}) | components.get(name, {}) for name in TEAMS},
        **given,
    )


def blueprint(spec: Firm, seed: int = 1, **scenario_changes: Any) -> Blueprint:
    """The blueprint of a firm on a day on which nothing is ordered by itself."""
    day = scenario(**scenario_changes)
    return make_blueprint(spec, day, Sizing(), Streams(seed, 0), Timeline((), ()))


def history(events: Iterable[tuple[float, str, str, dict[str, Any]]]) -> History:
    """A history of (second, kind, vantage, cells)."""
    recorder = MemoryRecorder(Profile(drain_to_ns=DAY_END_S * NS_PER_S))
    for at_s, kind, vantage, cells in sorted(events, key=lambda event: event[0]):
        recorder.emit(kind, round(at_s * NS_PER_S), vantage, **cells)
    return recorder.history()


def verdicts(classes: Mapping[str, str], flags: Mapping[str, Iterable[str]] | None = None) -> Any:
    """Each intent's class, and each flag's intents."""
    marked = flags or {}
    bits = [sum(_BITS[f] for f, of in marked.items() if intent in of) for intent in classes]
    codes = np.array([_CODES[name] for name in classes.values()], dtype=np.int8)
    return Verdicts(tuple(classes), codes, np.array(bits, dtype=np.int32))


def wish(intent: str, at_s: float = 0, **cells: Any) -> tuple[float, str, str, dict[str, Any]]:
    """A client's wish to buy 100 at the market; each wish has a client of its own."""
    plain = {
        "intent_id": intent,
        "client_id": f"client-of-{intent}",
        "segment": "retail",
        "channel": "app",
        "instrument": "aaa",
        "side": "buy",
        "qty": 100,
    }
    return at_s, "intend", "client", plain | cells


def timeline(*changes: tuple[float, str, str, int]) -> Timeline:
    """Changes as (second, subject, attribute, value); the cause of each is ``fault``."""
    return Timeline(
        tuple(
            Change(round(at_s * NS_PER_S), subject, Attribute(attribute), value, "fault")
            for at_s, subject, attribute, value in changes
        ),
        (),
    )


def aftermath(
    spec: Firm,
    events: Iterable[tuple[float, str, str, dict[str, Any]]],
    classes: Mapping[str, str],
    flags: Mapping[str, Iterable[str]] | None = None,
    *,
    changes: Timeline = Timeline((), ()),  # noqa: B008 - frozen
    untrue: frozenset[int] = frozenset(),
    seed: int = 1,
    **scenario_changes: Any,
) -> History:
    """The aftermath of a day made by hand."""
    plan = blueprint(spec, seed, **scenario_changes)
    found = run_aftermath(plan, changes, history(events), verdicts(classes, flags), untrue)
    assert found is not None, "the model has an aftermath"
    return found


_TOLD = ("subject", "reason", "amount", "ref", "actor", "component", "cause", "parent_id")


def lines(found: History, *kinds: str) -> list[str]:
    """Rows as text: time in hours, vantage, kind, intent, and what else is told."""
    return [
        " ".join(
            [
                f"{int(row['time_ns'] or 0) / NS_PER_S / 3600:g}h",
                str(row["vantage"]),
                str(row["kind"]),
                str(row["intent_id"] or "-"),
                *(str(row[name]).replace(" ", "-") for name in _TOLD if row[name] is not None),
            ]
        )
        for row in found.rows()
        if not kinds or row["kind"] in kinds
    ]


def cases(events: Any, classes: Any, flags: Any = None) -> tuple[Case, ...]:
    """The cases of a day made by hand."""
    return cases_of(history(events), verdicts(classes, flags))
