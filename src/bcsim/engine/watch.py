"""Signals: what the plan and the disruptions look out for in the order flow.

A signal is given at most once. The order layer notes the *earliest* one that is not yet
settled; the run is then made again with that signal effective one nanosecond later, so
everything before it is final.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bcsim.engine.continuity.signal import TRIGGER, SignalTime

if TYPE_CHECKING:
    from bcsim.model.firm import Firm
    from bcsim.scenario.scenario import Scenario


@dataclass(slots=True)
class _Watch:
    """One thing that is looked out for."""

    name: str
    kind: str
    component: str | None
    above: int
    count: int = 0


@dataclass(slots=True)
class Watches:
    """All watches of one pass; ``crossing`` is the first that went off."""

    by_kind: dict[str, list[_Watch]] = field(default_factory=dict)
    backlogs: dict[str, list[_Watch]] = field(default_factory=dict)
    crossing: SignalTime | None = None

    def names(self) -> tuple[str, ...]:
        """Names of everything that is looked out for."""
        tables = (self.by_kind, self.backlogs)
        return tuple(w.name for table in tables for row in table.values() for w in row)

    def see(self, kind: str, component: str | None, now_ns: int) -> None:
        """Count an event of the history."""
        for watch in self.by_kind.get(kind, ()):
            if watch.component is None or watch.component == component:
                watch.count += 1
                if watch.count == watch.above:
                    self._cross(watch, now_ns)

    def see_backlog(self, component: str, waiting: int, now_ns: int) -> None:
        """Look at a queue that has grown."""
        for watch in self.backlogs.get(component, ()):
            if waiting > watch.above:
                self._cross(watch, now_ns)

    def _cross(self, watch: _Watch, now_ns: int) -> None:
        if self.crossing is None:
            self.crossing = SignalTime(now_ns + 1, watch.name)


def make_watches(firm: Firm, scenario: Scenario, settled: tuple[SignalTime, ...]) -> Watches:
    """Watch for every signal of the plan and trigger of the scenario not yet settled."""
    known = {signal.name for signal in settled}
    watches = Watches()
    for name, signal in (firm.plan.signals if firm.plan else {}).items():
        if name in known:
            continue
        watch = _Watch(name, signal.kind, signal.component, signal.above)
        if signal.kind == "backlog":
            watches.backlogs.setdefault(signal.component or "", []).append(watch)
        else:
            watches.by_kind.setdefault(signal.event or "", []).append(watch)
    for disruption in scenario.disruptions:
        trigger, name = disruption.on, f"{TRIGGER}{disruption.id}"
        if trigger is not None and name not in known:
            watch = _Watch(name, "count", trigger.component, trigger.count)
            watches.by_kind.setdefault(trigger.event, []).append(watch)
    return watches
