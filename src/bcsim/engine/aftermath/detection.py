"""Detection: which line of defence finds a defect, and when.

What is found as it happens is in the history already: a control stops an order, a comparison of
stores names it, somebody notices a fault. Those are the first line's, or the control's. The
oversight of the model comes after that, in rounds or all the time. A control that is off sees
nothing of what happens meanwhile, unless a later round of it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.aftermath import CLIENT, line_vantage
from bcsim.history.defect import DEFECT_KINDS, FAULT
from bcsim.history.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bcsim.engine.aftermath.case import Case
    from bcsim.engine.aftermath.complaining import Complaint
    from bcsim.engine.aftermath.record import AftermathRecord
    from bcsim.engine.aftermath.rounds import Watchman
    from bcsim.history.defect import Fault
    from bcsim.history.history import History
    from bcsim.model.firm import Firm
    from bcsim.streams import Streams

_FOUND_BY_CONTROL: Final = frozenset({"corrupted", "unsuitable"})
"""What a control inside a journey looks for."""

_FOUND_BY_COMPARISON: Final = frozenset(
    {"phantom", "duplicated", "corrupted", "partial", "lost", "stranded", "unconfirmed"}
)
"""What a comparison of two stores can show."""


@dataclass(frozen=True, slots=True)
class Find:
    """Somebody has found a defect of an order (``case``) or a fault."""

    time_ns: int
    vantage: str
    kind: str
    case: Case | None
    fault: Fault | None
    ref: str | None
    actor: str | None


@dataclass(frozen=True, slots=True)
class _Defect:
    """Something to be found, from when on it shows, and where its luck is."""

    kind: str
    shown_ns: int
    source: str
    index: int
    case: Case | None = None
    fault: Fault | None = None


def found_at_once(
    firm: Firm, history: History, cases: Mapping[str, Case], faults: Iterable[Fault]
) -> Iterator[Find]:
    """What was found as it happened, as the history shows it."""
    for event in history.rows(Kind.CONTROL_FAIL):
        name = str(event["subject"])
        control = firm.controls.get(name)
        line = line_vantage(1 if control is None else control.line)
        yield from _of_order(event, cases, _FOUND_BY_CONTROL, line, name)
    for event in history.rows(Kind.RECONCILE):
        yield from _of_order(event, cases, _FOUND_BY_COMPARISON, line_vantage(1), event["subject"])
    detections = list(history.rows(Kind.DETECT))
    for fault in faults:
        shown = next((event for event in detections if _shows(event, fault)), None)
        if shown is not None:
            actor = None if shown["actor"] is None else str(shown["actor"])
            time_ns = int(shown["time_ns"] or 0)
            yield Find(time_ns, line_vantage(1), FAULT, None, fault, None, actor)


def found_later(
    watchmen: Iterable[Watchman], cases: Iterable[Case], faults: tuple[Fault, ...], streams: Streams
) -> Iterator[Find]:
    """What the model's oversight finds."""
    alike: dict[tuple[str, str], list[_Defect]] = {}
    for defect in _defects(cases, faults):
        alike.setdefault((defect.kind, defect.source), []).append(defect)
    for watchman in watchmen:
        wanted = {kind.value for kind in watchman.spec.finds}
        for (kind, source), defects in alike.items():
            if kind in wanted:
                yield from _looked_at(watchman, kind, source, defects, streams)


def _looked_at(
    watchman: Watchman, kind: str, source: str, defects: list[_Defect], streams: Streams
) -> Iterator[Find]:
    """What a control finds of defects of one kind and one source of luck."""
    place = f"{watchman.name}/{source}"
    indices = np.array([defect.index for defect in defects], dtype=np.int64)
    luck = streams.at("oversight", place).uniforms(indices, DEFECT_KINDS.index(kind))
    waits = streams.at("oversight_latency", place).samples_ns(watchman.spec.latency, indices)
    for number in np.flatnonzero(luck < watchman.spec.coverage).tolist():
        defect = defects[number]
        looked_ns = watchman.looks_at(defect.shown_ns)
        if looked_ns is not None:
            yield Find(
                looked_ns + int(waits[number]),
                line_vantage(watchman.spec.line),
                kind,
                defect.case,
                defect.fault,
                watchman.name,
                watchman.checker_at(looked_ns),
            )


def found_by_clients(complaints: Iterable[Complaint]) -> Iterator[Find]:
    """What clients tell the firm; what they mind need not be a defect."""
    for complaint in complaints:
        for case, kind in ((one.case, one.kind) for one in complaint.grievances):
            if kind in DEFECT_KINDS:
                yield Find(complaint.time_ns, CLIENT, kind, case, None, None, case.client)


def first_of_each_line(finds: Iterable[Find]) -> list[Find]:
    """Of each defect, each line's earliest find."""
    first: dict[tuple[str, str, int, int], Find] = {}
    for find in finds:
        case = -1 if find.case is None else find.case.number
        fault = -1 if find.fault is None else find.fault.seq
        key = (find.vantage, find.kind, case, fault)
        if key not in first or find.time_ns < first[key].time_ns:
            first[key] = find
    return list(first.values())


def _defects(cases: Iterable[Case], faults: Iterable[Fault]) -> Iterator[_Defect]:
    for case in cases:
        for kind in case.kinds:
            if kind in DEFECT_KINDS:
                yield _Defect(kind, case.end_ns, case.source, case.index, case=case)
    for number, fault in enumerate(faults):
        yield _Defect(FAULT, fault.from_ns, FAULT, number, fault=fault)


def _of_order(
    row: Mapping[str, int | str | None],
    cases: Mapping[str, Case],
    kinds: frozenset[str],
    vantage: str,
    ref: int | str | None,
) -> Iterator[Find]:
    case = cases.get(str(row["intent_id"]))
    for kind in () if case is None else case.kinds:
        if kind in kinds:
            actor = row["actor"] or row["component"]
            named = [None if text is None else str(text) for text in (ref, actor)]
            yield Find(int(row["time_ns"] or 0), vantage, kind, case, None, *named)


def _shows(row: Mapping[str, int | str | None], fault: Fault) -> bool:
    """Whether a detection can be of a fault: it names it, or else the fault's component."""
    if int(row["time_ns"] or 0) < fault.from_ns:
        return False
    if row["cause"] is not None and fault.name:
        return row["cause"] == fault.name
    return row["component"] == fault.component


def note_finds(record: AftermathRecord, finds: Iterable[Find]) -> None:
    """Note who has found what."""
    for find in finds:
        case, fault = find.case, find.fault
        record.add(
            Kind.DETECT,
            find.time_ns,
            find.vantage,
            subject=find.kind,
            component=None if fault is None else fault.component,
            cause=None if fault is None else fault.name,
            parent_id=None if fault is None else str(fault.seq),
            ref=find.ref,
            actor=find.actor,
            **({} if case is None else case.names),
        )
