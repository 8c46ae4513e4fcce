"""One mutation of clean FIX logs for every class, flag and invariant that FIX can show.

The clean logs are those of both ends of a session with six orders; a mutation edits the script
of which they are written, and says what the judgement then must be.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bcsim.history.logs.clock import log_profile
from bcsim.history.logs.reading import Reading
from bcsim.history.writer import MemoryRecorder
from tests.fix_session import START
from tests.mutation.fix_scenario import cancel, lines, refused, report, trade
from tests.mutation.judged import Verdict, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TERMS: Final = "55=ABC 54=1"
MARKET: Final = ("D", "E")
"""Orders that queue for the market, and have a deadline."""

WISHES: Final = ("A", "B", "C", "D", "E", "F")
DEADLINE_S: Final = 30
"""Seconds from the start of the session by which market orders are due."""


def _entered(order: str) -> str:
    kind = "40=1" if order in MARKET else "40=2 44=10"
    return f"> D 11={order} {TERMS} {kind} 38=100"


def _accepted(order: str) -> str:
    return lines(_entered(order), report("0", "0", 0, 100, order))


def _filled(order: str, exec_id: str, last: int = 100, cum: int = 100) -> str:
    return trade(exec_id, last, cum, 100, order)


CLEAN: Final = lines(
    _accepted("A"), _filled("A", "a1", 60, 60), _filled("A", "a2", 40, 100),
    _accepted("B"), cancel("B2", "B", 100), report("4", "4", 0, 100, "B2", "B"),
    _entered("C"), report("8", "8", 0, 100, "C", more="103=0 58=closed"),
    _accepted("D"), _accepted("E"), _filled("D", "d1"), _filled("E", "e1"),
    _accepted("F"), _filled("F", "f1", 30, 30), report("C", "C", 30, 100, "F"),
)  # fmt: skip
"""Filled in two, cancelled, rejected, two market orders filled one after the other, and one that
expired after a part of it."""

VERDICTS: Final[dict[str, Verdict]] = {
    "A": verdict("ok"), "B": verdict("cancelled"), "C": verdict("rejected"),
    "D": verdict("ok"), "E": verdict("ok"), "F": verdict("expired"),
}  # fmt: skip


def wishes() -> Reading:
    """A list of intents without times, in which the market orders have a deadline."""
    profile = log_profile(intents_recorded=True, declared_kinds=("intend",))
    recorder = MemoryRecorder(profile)
    due = START + datetime.timedelta(seconds=DEADLINE_S)
    due_ns = int(due.timestamp()) * 10**9
    for name in WISHES:
        terms: dict[str, int | str] = {"ord_type": "market" if name in MARKET else "limit"}
        terms |= {} if name in MARKET else {"price": 1000}
        deadline = {"deadline_ns": due_ns} if name in MARKET else {}
        recorder.emit(
            "intend", 0, "client", intent_id=name, order_id=name, qty=100, instrument="ABC",
            side="buy", **terms, **deadline,
        )  # fmt: skip
    return Reading(recorder.history(), is_timed=False)


@dataclass(frozen=True)
class FixMutation:
    """An edit of the script, and what it must change.

    Parameters
    ----------
    changes
        Verdict of each order that is not as in the clean logs.
    broken
        Laws and invariants that no longer hold.
    """

    edit: Callable[[str], str]
    changes: Mapping[str, Verdict]
    outcome: str
    broken: tuple[str, ...] = field(default=())


def _replaced(before: str, after: str) -> Callable[[str], str]:
    """Put one thing for another that occurs once."""

    def edit(script: str) -> str:
        assert script.count(before) == 1, before
        return script.replace(before, after)

    return edit


def _without(*marks: str) -> Callable[[str], str]:
    """Leave out the lines that contain any of some marks."""
    return lambda script: "\n".join(
        line for line in script.splitlines() if not any(mark in line for mark in marks)
    )


def _behind(mark: str, *added: str) -> Callable[[str], str]:
    """Add lines behind the one that contains a mark."""

    def edit(script: str) -> str:
        (line,) = (line for line in script.splitlines() if mark in line)
        return script.replace(line, lines(line, *added))

    return edit


def _untold(mark: str) -> Callable[[str], str]:
    """The line that contains a mark stays at the venue."""

    def edit(script: str) -> str:
        (line,) = (line for line in script.splitlines() if mark in line)
        return script.replace(line, line.replace("< ", "<v ", 1))

    return edit


def _last(line: str) -> Callable[[str], str]:
    """A line comes at the end, a minute later."""
    return lambda script: lines(script.replace(line + "\n", ""), "+ 60", line)


_A1, _A2 = _filled("A", "a1", 60, 60), _filled("A", "a2", 40, 100)
_D1, _E1 = _filled("D", "d1"), _filled("E", "e1")
_E1_DEARER = _E1.replace("31=10", "31=11").replace("6=10", "6=11")
_AGAIN = trade("a3", 40, 140, 100, "A", "2").replace("151=-40", "151=0")
_STRAY = lines(_entered("G"), report("0", "0", 0, 100, "G"), _filled("G", "g1"))
_DENIED = lines(cancel("D2", "D", 100), refused("1", "2", "D2", "D", 1) + " 58=unknown_order")


def _each(changes: Mapping[str, str]) -> Callable[[str], str]:
    """Put several things for others."""

    def edit(script: str) -> str:
        for before, after in changes.items():
            assert before in script, before
            script = script.replace(before, after)
        return script

    return edit


def _contradicted(
    before: str, after: str, *broken: str, of: str = "A", name: str = "ok"
) -> FixMutation:
    """One report breaks invariants; by itself that does not change the outcome."""
    outcome = "unknown" if name == "indeterminate" else "pass"
    changes = {of: verdict(name, "contradicted")}
    return FixMutation(_replaced(before, after), changes, outcome, broken)


FIX_MUTATIONS: Final[dict[str, FixMutation]] = {
    "phantom": FixMutation(_behind("17=a2", _STRAY), {"G": verdict("phantom")}, "fail"),
    "duplicated": FixMutation(
        _behind("17=a2", _AGAIN),
        {"A": verdict("duplicated", "contradicted")},
        "fail",
        ("within order", "quantity"),
    ),
    "corrupted": FixMutation(
        _replaced(_D1, _D1.replace("54=1", "54=2")), {"D": verdict("corrupted")}, "fail"
    ),
    "partial": FixMutation(_without("17=a2"), {"A": verdict("partial")}, "fail"),
    "lost": FixMutation(_without("17=a1", "17=a2"), {"A": verdict("lost")}, "fail"),
    "stranded": FixMutation(
        _each({_accepted("A"): _entered("A"), _A1 + "\n": "", _A2 + "\n": ""}),
        {"A": verdict("stranded")},
        "fail",
    ),
    "unconfirmed": FixMutation(_untold("17=a2"), {"A": verdict("unconfirmed")}, "fail"),
    "late": FixMutation(_last(_E1), {"E": verdict("late")}, "late only"),
    "recovered": FixMutation(
        _behind("11=D 55", _entered("D") + " 97=Y"), {"D": verdict("recovered")}, "pass"
    ),
    "rejected": FixMutation(
        _replaced(
            lines(cancel("B2", "B", 100), report("4", "4", 0, 100, "B2", "B")),
            report("8", "8", 0, 100, "B", more="103=0 58=closed"),
        ),
        {"B": verdict("rejected")},
        "pass",
    ),
    "cancelled": FixMutation(
        _replaced(report("C", "C", 30, 100, "F"), report("4", "4", 30, 100, "F")),
        {"F": verdict("cancelled")},
        "pass",
    ),
    "expired": FixMutation(
        _replaced(report("4", "4", 0, 100, "B2", "B"), report("C", "C", 0, 100, "B2", "B")),
        {"B": verdict("expired")},
        "pass",
    ),
    "ok": FixMutation(
        _replaced(report("C", "C", 30, 100, "F"), _filled("F", "f2", 70, 100)),
        {"F": verdict("ok")},
        "pass",
    ),
    "indeterminate": FixMutation(
        _replaced(_A1, _A1.replace("32=60", "32=50")),
        {"A": verdict("indeterminate", "contradicted")},
        "unknown",
        ("running total", "executed total"),
    ),
    "overtaken": FixMutation(
        _replaced(lines(_D1, _E1), lines(_E1, "+ 1", _D1)),
        {"D": verdict("ok", "overtaken")},
        "pass",
    ),
    "ack_regressed": FixMutation(
        _behind("17=d1", _DENIED), {"D": verdict("ok", "ack_regressed")}, "pass"
    ),
    "slipped": FixMutation(
        lambda script: _last(_E1_DEARER)(_replaced(_E1, _E1_DEARER)(script)),
        {"E": verdict("late", "slipped")},
        "late only",
    ),
    "contradicted": _contradicted("151=40 6=10", "151=50 6=10", "rest"),
    "rest": _contradicted("151=40 6=10", "151=50 6=10", "rest"),
    "nothing left": _contradicted(_A2, _A2.replace("151=0", "151=5"), "nothing left"),
    "within order": _contradicted(_A2, _A2.replace("38=100 ", "38=90 "), "within order"),
    "running total": _contradicted(
        _A1, _A1.replace("14=60 151=40", "14=70 151=30"), "running total"
    ),
    "status precedence": _contradicted(_A1, _A1.replace("39=1", "39=0"), "status precedence"),
    "average price": _contradicted(_A2, _A2.replace("6=10", "6=10.5"), "average price"),
    "executed total": _contradicted(
        _A1,
        _A1.replace("32=60", "32=50"),
        "running total",
        "executed total",
        name="indeterminate",
    ),
    "one report": FixMutation(
        _behind("17=a1", _A1.replace("32=60", "32=50")),
        {"A": verdict("indeterminate", "contradicted")},
        "fail",
        ("one report", "exec ids"),
    ),
}
"""A mutation by the name of what it brings about."""
