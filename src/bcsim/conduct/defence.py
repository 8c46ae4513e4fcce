"""System 8: the three lines of defence; who found what, when, and who checked whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bcsim.conduct.event import time_of
from bcsim.conduct.fates import CONTROLS
from bcsim.conduct.quantile import quantile
from bcsim.conduct.skips import count_skips, orders_of, skips_of, spans_after_failure
from bcsim.history.aftermath import CLIENT, LINES, ControlState
from bcsim.history.defect import DEFECT_FLAGS, FAULT, defective_orders, faults_of
from bcsim.history.schema import Kind
from bcsim.history.verdict import VerdictClass
from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bcsim.conduct.day import Day
    from bcsim.conduct.measure import Measures, Value
    from bcsim.history.history import History

_DETECTION: Final = (
    "detected_by_line_1_count",
    "detected_by_line_2_count",
    "detected_by_line_3_count",
    "detected_by_client_count",
    "undetected_count",
    "escape_ratio",
    "client_first_ratio",
    *(f"line_{line}_detect_s_{share}" for line in (1, 2, 3) for share in ("p50", "p95")),
)
_CONTROLS: Final = (
    "controls_off_count",
    "controls_off_s",
    "controls_not_restored_count",
    "same_person_count",
)
_STATES: Final = frozenset(ControlState)


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that is wrong: its kind, since when, and who found it first (None: nobody).

    ``subject`` is the order, or the component of a fault. ``finder`` is one of ``LINES``.
    """

    kind: str
    subject: str
    from_ns: int
    finder: str | None = None
    found_ns: int | None = None

    def wait_s(self, finder: str) -> float | None:
        """Seconds until somebody found it; None if he was not the first, or nobody did."""
        if self.finder != finder or self.found_ns is None:
            return None
        return (self.found_ns - self.from_ns) / NS_PER_S


def measure_defence(day: Day) -> Measures:
    """Measure detection and controls; definitions in the data file."""
    looked = _oversight(day)
    count = sum(map(len, defective_orders(day.verdicts).values())) + len(faults_of(day.history))
    is_known = bool(count) or _is_judged(day)
    measured: dict[str, Value] = {"defects_count": count if is_known else None}
    if looked is None:
        return measured | dict.fromkeys((*_DETECTION, *_CONTROLS)) | _uncontrolled(day)
    found = tuple(defects(day))
    measured |= {
        f"detected_by_{finder.replace('-', '_')}_count": sum(d.finder == finder for d in found)
        for finder in LINES
    }
    undetected = sum(defect.finder is None for defect in found)
    caught = len(found) - undetected
    by_client = sum(defect.finder == CLIENT for defect in found)
    measured |= {
        "undetected_count": undetected if is_known else None,
        "escape_ratio": undetected / len(found) if found else None,
        "client_first_ratio": by_client / caught if caught else None,
    }
    for line, finder in enumerate(LINES[:3], start=1):
        waits = [wait for defect in found if (wait := defect.wait_s(finder)) is not None]
        measured[f"line_{line}_detect_s_p50"] = quantile(waits, 0.5)
        measured[f"line_{line}_detect_s_p95"] = quantile(waits, 0.95)
    return measured | _measure_controls(day, looked) | _uncontrolled(day)


def _uncontrolled(day: Day) -> Measures:
    """Orders for which a control inside their journey was off, by reason."""
    count = orders_of(skips_of(day)) if day.would_show(*CONTROLS) else None
    return {
        "orders_uncontrolled_count": count,
        **count_skips(day, "orders_uncontrolled", orders_of),
    }


def _is_judged(day: Day) -> bool:
    """Whether the evidence would show a defect: no order is undecided, and every flag is judged."""
    undecided = day.verdicts.classes == VerdictClass.INDETERMINATE.code
    return not undecided.any() and all(flag.value in day.flags for flag in DEFECT_FLAGS)


def detection_matrix(day: Day) -> dict[str, dict[str, int]]:
    """Defects of each kind that occurred, by who found them first; ``none``: nobody.

    Empty where nobody has recorded who finds what.
    """
    matrix: dict[str, dict[str, int]] = {}
    if _oversight(day) is None:
        return matrix
    for defect in defects(day):
        row = matrix.setdefault(defect.kind, dict.fromkeys((*LINES, "none"), 0))
        row[defect.finder or "none"] += 1
    return matrix


def defects(day: Day) -> Iterator[Defect]:
    """Everything wrong on a day, by kind and in the order of the verdicts, then the faults."""
    looked = _oversight(day)
    finds = {} if looked is None else _first_finds(looked)
    times, rows = day.history.integer("time_ns"), day.first_rows
    for kind, positions in defective_orders(day.verdicts).items():
        for position in positions.tolist():
            intent = str(day.verdicts.intents[position])
            finder, found_ns = finds.get((kind, intent), (None, None))
            yield Defect(kind, intent, int(times[rows[position]]), finder, found_ns)
    for fault in faults_of(day.history):
        finder, found_ns = finds.get((FAULT, str(fault.seq)), (None, None))
        yield Defect(FAULT, fault.component or fault.name, fault.from_ns, finder, found_ns)


def _oversight(day: Day) -> History | None:
    """Where the lines' finds are: the aftermath, or a log that has any; None: nowhere."""
    aftermath = day.aftermath
    if aftermath is not None and Kind.DETECT in aftermath.profile.declared_kinds:
        return aftermath
    at_lines = day.history.columns.text("vantage").is_in(*LINES[:3])
    has_finds = bool((day.history.is_kind(Kind.DETECT) & at_lines).any())
    return day.history if has_finds else None


def _first_finds(history: History) -> dict[tuple[str, str], tuple[str, int]]:
    """Kind and subject of every find -> the first finder and time; of an instant, the first line.

    The subject is the order, or the number of the event with which a fault began.
    """
    best: dict[tuple[str, str], tuple[int, int]] = {}
    for row in history.rows(Kind.DETECT):
        if row["vantage"] in LINES:
            key = (str(row["subject"]), str(row["intent_id"] or row["parent_id"]))
            place = (time_of(row), LINES.index(str(row["vantage"])))
            best[key] = min(place, best.get(key, place))
    return {key: (LINES[line], time_ns) for key, (time_ns, line) in best.items()}


def _measure_controls(day: Day, looked: History) -> Measures:
    """Controls that were off during the day, and makers who checked themselves."""
    actions = [row for row in looked.rows(Kind.ACTION) if row["vantage"] in LINES]
    if looked is not day.aftermath and not any(row["reason"] in _STATES for row in actions):
        return dict.fromkeys(_CONTROLS)  # a log of finds need not tell of switches
    since: dict[tuple[str, str], int] = {}
    spans = spans_after_failure(day)
    for row in actions:
        control = (str(row["vantage"]), str(row["subject"]))
        if row["reason"] == ControlState.OFF:
            since[control] = time_of(row)
        elif row["reason"] == ControlState.ON and control in since:
            spans.setdefault(control[1], []).append((since.pop(control), time_of(row)))
    for (_, name), from_ns in since.items():
        spans.setdefault(name, []).append((from_ns, day.end_ns))
    off = [span for of_control in spans.values() for span in _merged(of_control)]
    return {
        "controls_off_count": len(off),
        "controls_off_s": sum(max(0, min(to, day.end_ns) - begin) for begin, to in off) / NS_PER_S,
        "controls_not_restored_count": len(since),
        "same_person_count": sum(row["reason"] == ControlState.SELF_CHECKED for row in actions),
    }


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same times as spans that do not overlap; those that meet stay two."""
    found: list[tuple[int, int]] = []
    for from_ns, to_ns in sorted(spans):
        if found and from_ns < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], to_ns))
        else:
            found.append((from_ns, to_ns))
    return found
