"""Links: cut or degraded by disruptions, or down with what carries them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bcsim.engine.continuity.dependency import Level
from bcsim.engine.continuity.fault import Impact, combined_ppm
from bcsim.engine.timeline import Attribute

if TYPE_CHECKING:
    from bcsim.engine.continuity.fault import Fault
    from bcsim.engine.continuity.instance import ComponentState
    from bcsim.engine.continuity.record import Record


def link_name(source: str, target: str) -> str:
    """The key of a one-way link, as models write it."""
    return f"{source} -> {target}"


@dataclass(eq=False, slots=True)
class LinkState:
    """A link in a run: a pair ``source -> target``, or a link of the model by its key."""

    name: str
    over: tuple[ComponentState, ...] = ()
    faults: list[Fault] = field(default_factory=list)

    def record(self, record: Record) -> None:
        """Write what has changed."""
        causes = {fault.impact: fault.cause for fault in reversed(self.faults)}
        broken = [carrier for carrier in self.over if carrier.level < Level.WORKING]
        cut_by = causes.get(Impact.CUT, broken[0].cause if broken else "")
        record.state(self.name, Attribute.LINK_UP, int(not cut_by), cut_by)
        delay_ns = sum(fault.amount for fault in self.faults if fault.impact is Impact.DELAY)
        record.state(self.name, Attribute.LINK_LATENCY, delay_ns, causes.get(Impact.DELAY, ""))
        loss_ppm = combined_ppm(self.faults, Impact.LOSS)
        record.state(self.name, Attribute.LINK_LOSS, loss_ppm, causes.get(Impact.LOSS, ""))
