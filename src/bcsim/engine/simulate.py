"""Model and scenario in, history out. This is the table of contents of a simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcsim.engine.blueprint import Blueprint, make_blueprint, moments_of
from bcsim.engine.choice import FAST, order_engine
from bcsim.engine.continuity.layer import run_continuity
from bcsim.engine.continuity.signal import SignalTime
from bcsim.engine.description import describe
from bcsim.engine.sizing import Sizing
from bcsim.engine.watch import make_watches
from bcsim.limits import PASSES_MAX
from bcsim.streams import Streams

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.engine.timeline import Timeline
    from bcsim.history.profile import Profile
    from bcsim.history.recorder import Recorder
    from bcsim.model.firm import Firm
    from bcsim.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Simulation:
    """What came of a simulation: the recorder holds the history."""

    recorder: Recorder
    timeline: Timeline
    blueprint: Blueprint
    passes: int
    is_settled: bool
    engine: str
    """The engine that was asked for."""


def simulate(  # noqa: PLR0913 - the inputs of a run
    firm: Firm,
    scenario: Scenario,
    open_recorder: Callable[[Profile], Recorder],
    *,
    seed: int = 0,
    replication: int = 0,
    sizing: Sizing = Sizing(),  # noqa: B008 - frozen
    engine: str = FAST,
    on_progress: Callable[[int, Blueprint], None] | None = None,
    on_remark: Callable[[str], None] | None = None,
) -> Simulation:
    """Simulate one day, or a window of it.

    The infrastructure's timeline is made first, then the orders flow under it. When the
    orders give a signal that the plan or a disruption waits for, the run is made again with
    that signal, until no new one comes.

    Parameters
    ----------
    open_recorder
        Makes the recorder of a pass from the history's profile; the last one is returned, the
        others are discarded.
    engine
        ``fast`` or ``reference``: the same history, byte for byte. The fast one is compiled once
        on a machine; until then, and for the smallest runs, the reference engine is sooner done
        and does it.
    on_progress
        Called now and then with the time reached in ns, and the blueprint.
    on_remark
        Called with a sentence that is worth knowing while one waits.
    """
    moments = moments_of(scenario, sizing)
    heals = scenario.drain.kind == "heal"
    settled: tuple[SignalTime, ...] = ()
    for passes in range(1, PASSES_MAX + 1):
        streams = Streams(seed, replication)
        timeline = run_continuity(
            firm,
            scenario,
            streams,
            horizon_ns=moments.drain_to if heals else moments.drain_from,
            heal_at_ns=moments.drain_from if heals else None,
            signals=settled,
        )
        blueprint = make_blueprint(firm, scenario, sizing, streams, timeline)
        watches = make_watches(blueprint.firm, scenario, settled)
        is_last = passes == PASSES_MAX
        if is_last:
            watches = make_watches(blueprint.firm, scenario, _all_settled(watches.names(), settled))
        recorder = open_recorder(describe(blueprint, is_settled=not is_last))
        run_orders = order_engine(engine, len(blueprint.intents), on_remark)
        run_orders(blueprint, timeline, recorder, watches, _bound(on_progress, blueprint))
        if watches.crossing is None:
            return Simulation(
                recorder, timeline, blueprint, passes, is_settled=not is_last, engine=engine
            )
        recorder.discard()
        settled = (*settled, watches.crossing)
    raise AssertionError("the last pass watches for nothing")


def _all_settled(names: tuple[str, ...], settled: tuple[SignalTime, ...]) -> tuple[SignalTime, ...]:
    """Pretend that every signal has been given, so that a pass runs to its end."""
    return (*settled, *(SignalTime(0, name) for name in names))


def _bound(
    on_progress: Callable[[int, Blueprint], None] | None, blueprint: Blueprint
) -> Callable[[int], None] | None:
    if on_progress is None:
        return None
    return lambda now_ns: on_progress(now_ns, blueprint)
