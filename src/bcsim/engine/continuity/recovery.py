"""Recovery: what ends a fault.

A fault lasts as long as its disruption states. If that states nothing, what crashed, hangs or
is slow is repaired in the component's own time, else by the plan's restore action, else when
the drain heals it. Lost data comes back by the restore action only, or with the drain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.fault import Impact
from bcsim.engine.continuity.instance import Instance
from bcsim.engine.continuity.settlement import settle

if TYPE_CHECKING:
    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.fault import Fault
    from bcsim.engine.continuity.situation import Situation
    from bcsim.scenario.disruption import AnyDisruption

_REPAIRED: Final = frozenset({Impact.CRASH, Impact.HANG, Impact.SLOW})
"""Faults that a component's own repair ends."""

_RESTORED: Final = _REPAIRED | {Impact.CORRUPTION, Impact.LAG, Impact.NO_REPLICATION}
"""Faults that the restore action ends: the component's, not its venue's or its plan's."""


def start_recovery(
    situation: Situation, disruption: AnyDisruption, fault: Fault, index: int
) -> None:
    """Let a disruption's fault end in its time, if it has one; ``index`` is the disruption's."""
    lasts_ns = _lasts_ns(situation, disruption, fault)
    if lasts_ns is not None:
        situation.agenda.start(_relieve(situation, fault, max(1, lasts_ns), index))


def _lasts_ns(situation: Situation, disruption: AnyDisruption, fault: Fault) -> int | None:
    """How long a fault lasts if nobody restores its target; ``None``: until the drain."""
    if fault.needs_restore:
        return None
    if disruption.lasts is not None:
        return disruption.lasts
    if fault.impact not in _REPAIRED or not isinstance(fault.owner, Instance):
        return None
    component = situation.component_of(fault.owner)
    if component.spec.repair is None:
        return None
    stream = situation.streams.at("outage", f"{disruption.id}/{component.name}")
    return stream.sample_ns(component.spec.repair, 0)


def _relieve(situation: Situation, fault: Fault, lasts_ns: int, index: int) -> Steps[None]:
    over = situation.agenda.wait(lasts_ns, Lane.RELIEF, index)
    yield situation.agenda.first_of(over, fault.ended)
    situation.lift(fault)


def restore(situation: Situation, target: str, action: str) -> None:
    """Repair a component, both its instances and its data, or a site."""
    component = situation.components.get(target)
    if component is None:
        faults = tuple(situation.sites[target].faults)
    else:
        owned = [fault for instance in component.instances for fault in instance.faults]
        faults = tuple(fault for fault in owned + component.faults if fault.impact in _RESTORED)
    for fault in faults:
        situation.lift(fault)
    settle(situation, action)
