"""One pass of the reference engine: from the first event to the end of the drain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.reference.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.timeline import Timeline
    from bcsim.engine.watch import Watches
    from bcsim.history.recorder import Recorder


def run_orders(
    blueprint: Blueprint,
    timeline: Timeline,
    recorder: Recorder,
    watches: Watches,
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Let all orders flow under a timeline.

    Stops early when a watch goes off: the pass will be made again with that signal.

    Returns
    -------
    int
        Time in ns up to which the history is complete: the drain's limit.
    """
    world = World(blueprint, timeline, recorder, watches)
    world.prepare()
    limit_ns = blueprint.moments.drain_to
    steps = 0
    time_ns = world.clock.next_time()
    while watches.crossing is None and time_ns is not None and time_ns <= limit_ns:
        world.clock.step()
        time_ns = world.clock.next_time()
        steps += 1
        if on_progress is not None and steps % 4096 == 0:
            on_progress(world.clock.now)
    is_cut_off = watches.crossing is None and time_ns is not None
    if is_cut_off:
        world.clock.stop_at(limit_ns)
        world.scribe.stop_watching()
        for entry in world.live_entries():
            world.scribe.emit(
                "action", "engine_store", entry, None, subject="live work", reason="drain ended"
            )
    return limit_ns
