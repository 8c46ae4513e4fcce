"""Rounds: when the oversight's controls look, and when they are off.

A control is off while one of the components that it stands on is down, hung or falls back, and
after that until it is switched on again, if anybody does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bcsim.engine.aftermath.phase import Span, phases_of, spans_of, spans_without
from bcsim.history.aftermath import ControlState, line_vantage
from bcsim.history.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bcsim.engine.aftermath.record import AftermathRecord
    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.timeline import Timeline
    from bcsim.model.oversight import Oversight


@dataclass(frozen=True, slots=True)
class Watchman:
    """A control of the oversight in one run."""

    name: str
    spec: Oversight
    first_ns: int
    """Its first round."""
    off: tuple[Span, ...]
    away: tuple[Span, ...]
    """When nobody of the checking team works."""

    def looks_at(self, shown_ns: int) -> int | None:
        """When it looks at what shows at ``shown_ns``; None: never."""
        if self.spec.every is None:
            return None if self._is_off(shown_ns) else shown_ns
        round_ns = self._round_from(shown_ns)
        for span in self.off:
            if span.holds(round_ns):
                if span.to_ns is None:
                    return None
                round_ns = self._round_from(span.to_ns)
        return round_ns

    def checker_at(self, time_ns: int) -> str:
        """Who checks: the checking team, or the maker while nobody of that works."""
        is_away = any(span.holds(time_ns) for span in self.away)
        return self.spec.made_by if is_away else self.spec.checked_by

    def self_checks(self, to_ns: int) -> Iterator[tuple[int, str]]:
        """Times at which the maker checks his own work, and why; rounds before ``to_ns``.

        A continuous control counts once for each time that the checkers are away, and once
        altogether where maker and checker are the same team anyhow.
        """
        is_own = self.spec.made_by == self.spec.checked_by
        if self.spec.every is None:
            own = [(0, self.spec.made_by)] if is_own else []
            yield from own or ((s.from_ns, s.cause) for s in self.away if s.from_ns < to_ns)
            return
        for time_ns in range(self.first_ns, to_ns, self.spec.every):
            away = next((span for span in self.away if span.holds(time_ns)), None)
            if (is_own or away) and not self._is_off(time_ns):
                yield time_ns, self.spec.made_by if away is None else away.cause

    def _round_from(self, time_ns: int) -> int:
        """Its first round at or after a time."""
        assert self.spec.every is not None, "a continuous control has no rounds"
        number = max(0, -((self.first_ns - time_ns) // self.spec.every))
        return self.first_ns + number * self.spec.every

    def _is_off(self, time_ns: int) -> bool:
        return any(span.holds(time_ns) for span in self.off)


def watchmen_of(blueprint: Blueprint, timeline: Timeline) -> tuple[Watchman, ...]:
    """Every control of the model's oversight, with the times at which it was off."""
    return tuple(
        _watchman(blueprint, timeline, name, spec)
        for name, spec in blueprint.firm.oversight.items()
    )


def _watchman(blueprint: Blueprint, timeline: Timeline, name: str, spec: Oversight) -> Watchman:
    spans = []
    for component in spec.off_while:
        phases = phases_of(blueprint, timeline, component)
        spans += spans_without(component, phases, counts_fallback=True)
    checkers = phases_of(blueprint, timeline, spec.checked_by)
    first_ns = blueprint.moments.of_clock(spec.at)
    if spec.every is not None and first_ns < 0:
        first_ns += -(first_ns // spec.every) * spec.every  # the first round of the run
    return Watchman(
        name,
        spec,
        first_ns,
        off=merged(_until_restored(blueprint, name, spec, merged(spans))),
        away=tuple(spans_without(spec.checked_by, checkers, counts_fallback=False)),
    )


def _until_restored(
    blueprint: Blueprint, name: str, spec: Oversight, spans: Iterable[Span]
) -> Iterator[Span]:
    """Lengthen each time that a control is off until somebody switches it on again."""
    for number, span in enumerate(spans):
        luck = blueprint.streams.at("oversight_restored", name).uniform(number)
        if span.to_ns is None or luck >= spec.restored:
            yield replace(span, to_ns=None)
        else:
            yield replace(span, to_ns=span.to_ns + spec.restored_after)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same times as disjoint spans in order; of two that meet, the first one's cause."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: span.from_ns):
        last = found[-1] if found else None
        if last is None or (last.to_ns is not None and last.to_ns < span.from_ns):
            found.append(span)
        elif last.to_ns is not None:
            to_ns = None if span.to_ns is None else max(last.to_ns, span.to_ns)
            found[-1] = replace(last, to_ns=to_ns)
    return tuple(found)


def note_switches(
    record: AftermathRecord, blueprint: Blueprint, timeline: Timeline, watchmen: Iterable[Watchman]
) -> None:
    """Note when controls were off, and when somebody checked his own work, during the day."""
    to_ns = blueprint.moments.drain_to
    for watchman in watchmen:
        line = line_vantage(watchman.spec.line)
        _note_off(record, line, watchman.name, watchman.off, to_ns)
        for time_ns, cause in watchman.self_checks(to_ns):
            record.add(
                Kind.ACTION,
                time_ns,
                line,
                subject=watchman.name,
                actor=watchman.spec.made_by,
                reason=ControlState.SELF_CHECKED,
                cause=cause,
            )
    for name, control in blueprint.firm.controls.items():
        spans = merged(_skipped(blueprint, timeline, name))
        _note_off(record, line_vantage(control.line), name, spans, to_ns)


def _skipped(blueprint: Blueprint, timeline: Timeline, control: str) -> Iterator[Span]:
    """When a fallback was in use that leaves a control inside a journey out."""
    for stage in blueprint.stages():
        fallback = stage.step.fallback
        if fallback is None or control not in fallback.skips:
            continue
        component = stage.step.component
        phases = phases_of(blueprint, timeline, component)
        yield from spans_of(component, phases, lambda phase: phase.falls_back)


def _note_off(
    record: AftermathRecord, line: str, control: str, spans: Iterable[Span], to_ns: int
) -> None:
    for span in spans:
        if span.from_ns >= to_ns:
            continue
        cells = {"subject": control, "component": span.component, "cause": span.cause}
        record.add(Kind.ACTION, span.from_ns, line, reason=ControlState.OFF, **cells)
        if span.to_ns is not None:
            record.add(Kind.ACTION, span.to_ns, line, reason=ControlState.ON, **cells)
