"""The continuity layer, top to bottom: a firm, a scenario and luck in, a timeline out.

Every line of :func:`run_continuity` is a file of this package; each starts the processes of
its kind, which then live side by side. ``docs/explanation/continuity-layer.md`` tells the
story, :mod:`bcsim.engine.continuity.agenda` states the order of what falls on one instant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.assembly import assemble
from bcsim.engine.continuity.declaration import start_declaration
from bcsim.engine.continuity.detection import start_detection
from bcsim.engine.continuity.disruption import start_disruptions
from bcsim.engine.continuity.failover import start_automatic_failover
from bcsim.engine.continuity.failure import start_failures
from bcsim.engine.continuity.healing import start_healing
from bcsim.engine.continuity.plan import start_plan
from bcsim.engine.continuity.settlement import settle
from bcsim.engine.continuity.signal import start_signals
from bcsim.engine.continuity.training import start_training

if TYPE_CHECKING:
    from bcsim.engine.continuity.signal import SignalTime
    from bcsim.engine.timeline import Timeline
    from bcsim.model.firm import Firm
    from bcsim.scenario.scenario import Scenario
    from bcsim.streams import Streams


def run_continuity(
    firm: Firm,
    scenario: Scenario,
    streams: Streams,
    *,
    horizon_ns: int,
    heal_at_ns: int | None,
    signals: tuple[SignalTime, ...] = (),
) -> Timeline:
    """Run one replication of faults, people and plan.

    Parameters
    ----------
    firm, scenario
        Checked: every reference names something.
    streams
        The replication's random numbers.
    horizon_ns
        Nothing happens from this time on, ns since the scenario's start; more than 0. For a
        drain that freezes, this is the drain's beginning.
    heal_at_ns
        Beginning of a drain that heals: disruptions and random failures end and no new ones
        begin, while actions go on. ``None``: they go on to the horizon.
    signals
        What the order flow, or a drill's participant, has told the plan so far. A signal
        changes nothing before its time.

    Returns
    -------
    Timeline
        Effective state changes, and the log of who did what.
    """
    situation = assemble(firm, scenario, streams)
    situation.agenda.on(Lane.SETTLEMENT, lambda: settle(situation))
    start_signals(situation, signals)
    start_healing(situation, heal_at_ns)
    start_training(situation)
    start_failures(situation)
    start_disruptions(situation)
    start_detection(situation)
    start_automatic_failover(situation)
    start_declaration(situation)
    start_plan(situation)
    situation.agenda.run(until_ns=horizon_ns)
    return situation.record.timeline()
