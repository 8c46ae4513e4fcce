"""The imprint: a blueprint and a timeline, put into an arena for the kernel.

Everything that the kernel looks up stands there as records (:mod:`bcsim.kernels.record`):
components and links, journeys, sources of orders with the keys of their streams, the timeline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcsim.engine.blueprint import DEFAULT_LINK, REPAIR_TIME, start_of
from bcsim.engine.fast.changes import Changes
from bcsim.engine.fast.components import Components
from bcsim.engine.fast.demand import Demand
from bcsim.engine.fast.draft import Draft
from bcsim.engine.fast.journeys import Journeys
from bcsim.engine.fast.words import Words
from bcsim.history.schema import Kind, Trace
from bcsim.kernels import record as r

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.timeline import Timeline
    from bcsim.engine.watch import Watches

MENDS = ("re-enter", "correct", "book", "bust", "report")


@dataclass
class Imprint:
    """What the kernel works on, and what its rows mean.

    ``wishes`` has the columns of :mod:`bcsim.kernels.client`, one row after the other.
    """

    draft: Draft
    words: Words
    wishes: NDArray[np.int64]
    watch_names: list[str]


class Imprinter:
    """Makes an imprint, noun by noun."""

    def __init__(self, blueprint: Blueprint, timeline: Timeline, watches: Watches) -> None:
        self.blueprint = blueprint
        self.timeline = timeline
        self.watches = watches
        self.firm = blueprint.firm
        self.words = Words()
        self.draft = Draft()
        self.stations: dict[str, int] = {}
        self.venues: dict[str, int] = {}
        self.channels: dict[str, int] = {}
        self.nodes: dict[str, int] = {}
        self.controls: dict[str, int] = {}
        self.routes: dict[str, int] = {}
        self.products: dict[str, int] = {}
        self.states: dict[str, int] = {}
        self.batches: dict[str, dict[str, int]] = {}
        self.recons: dict[str, int] = {}
        self.demand = Demand(self)
        self.watch_names: list[str] = []
        self.start_ns = start_of(blueprint, timeline)
        self.generations = 1 + max((s.attempts for s in self.firm.segments.values()), default=0)

    def imprint(self) -> Imprint:
        """Put everything in its place."""
        m = self.draft.m
        m[r.GENERATIONS] = self.generations
        self._nodes()
        self._links()
        Components(self).imprint()
        Journeys(self).imprint()
        self.demand.imprint()
        self._reconciliations()
        self._schedule()
        self._watches()
        m[r.CHANGES], m[r.CHANGE_COUNT] = Changes(self).imprint()
        self._kinds()
        m[r.REPAIR_TIME] = self.draft.distribution(REPAIR_TIME)
        m[r.CROSSING] = r.NULL
        m[r.LAST_CAUSE] = r.NULL
        m[r.LIMIT_NS] = self.blueprint.moments.drain_to
        m[r.WISH_COUNT] = len(self.blueprint.intents)
        return Imprint(self.draft, self.words, self.demand.wishes(), self.watch_names)

    # -- places ----------------------------------------------------------------------------

    def _nodes(self) -> None:
        """Number whatever messages travel between."""
        firm = self.firm
        doers = (name for stage in self.blueprint.stages() for name in stage.doers)
        names: dict[str, None] = dict.fromkeys(doers)
        for spec in firm.reconciliations.values():
            names |= dict.fromkeys((spec.left, spec.right, spec.team))
        teams = [c.repair_team for c in firm.controls.values()]
        teams += [c.desk for c in firm.channels.values()]
        names |= {team: None for team in teams if team is not None}
        names |= dict.fromkeys(firm.channels)
        self.nodes = {name: number for number, name in enumerate(names)}
        self.draft.m[r.NODE_COUNT] = len(self.nodes)

    def _links(self) -> None:
        """The table of paths, and what the timeline changes about them."""
        draft, firm = self.draft, self.firm
        healthy = {r.STATE_UP: 1}
        nothing_wrong = draft.record(r.STATE_SIZE, healthy)
        touched = {c.subject for c in self.timeline.changes if c.attribute.startswith("link_")}
        for name in sorted(touched):
            self.states[name] = draft.record(r.STATE_SIZE, healthy)
        paths = draft.block(len(self.nodes) ** 2 * r.PATH_SIZE)
        draft.m[r.PATHS] = paths
        for source, row in self.nodes.items():
            for target, column in self.nodes.items():
                profile, link = self.blueprint.link(source, target)
                pair = f"{source} -> {target}"
                shared = nothing_wrong if profile == pair else self.states.get(profile)
                path = paths + (row * len(self.nodes) + column) * r.PATH_SIZE
                latency = draft.distribution(link.latency)
                loss = draft.chance(link.loss)
                draft.m[path + r.PATH_LATENCY] = latency
                draft.m[path + r.PATH_LOSS] = loss
                draft.m[path + r.PATH_CANCELS] = int(link.on_disconnect == "cancel")
                draft.m[path + r.PATH_PAIR] = self.states.get(pair, nothing_wrong)
                draft.m[path + r.PATH_SHARED] = shared or nothing_wrong
        assert DEFAULT_LINK in firm.links, "every firm has a default link"

    # -- at times of day -------------------------------------------------------------------

    def _reconciliations(self) -> None:
        for name, spec in self.firm.reconciliations.items():
            work = self.draft.distribution(spec.work)
            self.recons[name] = self.draft.record(
                r.RECON_SIZE,
                {
                    r.RECON_NAME: self.words.number(name),
                    r.RECON_LEFT: self.stations[spec.left],
                    r.RECON_RIGHT: self.stations[spec.right],
                    r.RECON_GRACE: spec.grace,
                    r.RECON_TEAM: self.stations[spec.team],
                    r.RECON_WORK: work,
                    r.RECON_MISSING: MENDS.index(spec.missing),
                    r.RECON_EXCESS: MENDS.index(spec.excess),
                    r.RECON_DIFFERING: MENDS.index(spec.differing),
                    r.RECON_UNKNOWN: self.words.number(f"{spec.right} does not know the order"),
                },
            )

    def _schedule(self) -> None:
        """Batch runs and comparisons, at their times of day."""
        draft, moments = self.draft, self.blueprint.moments
        words = []
        for component, step, time_ns in self.blueprint.batch_runs(self.start_ns):
            words += [time_ns, self.stations[component], self.batches[component][step]]
        draft.m[r.RUNS] = draft.table(words)
        draft.m[r.RUN_COUNT] = len(words) // r.RUN_SIZE
        words = []
        for number, (name, spec) in enumerate(self.firm.reconciliations.items()):
            times = [moments.of_clock(clock_ns) for clock_ns in spec.at]
            for time_ns in times:
                if time_ns >= self.start_ns:
                    words += [time_ns, number, self.recons[name]]
        draft.m[r.COMPARISONS] = draft.table(words)
        draft.m[r.COMPARISON_COUNT] = len(words) // r.COMPARISON_SIZE

    # -- what is written and looked out for ------------------------------------------------

    def _kinds(self) -> None:
        trace = Trace(self.blueprint.scenario.trace)
        kind_of = {kind.value: kind for kind in Kind}
        kept = [int(trace.keeps(kind_of[kind])) for kind in r.KINDS]
        self.draft.m[r.KEPT_KINDS] = self.draft.table(kept)
        self.draft.m[r.IS_FULL_TRACE] = int(trace is Trace.FULL)

    def _watches(self) -> None:
        draft = self.draft
        heads = draft.block(len(r.KINDS))
        draft.m[r.WATCHES] = heads
        for kind, watches in self.watches.by_kind.items():
            if kind in r.KINDS:
                for watch in watches:
                    component = self.words.number_or_null(watch.component)
                    self._watch(heads + r.KINDS.index(kind), watch.name, component, watch.above)
        for name, watches in self.watches.backlogs.items():
            for watch in watches:
                place = self.stations[name] + r.STATION_WATCHES
                self._watch(place, watch.name, r.NULL, watch.above)

    def _watch(self, head: int, name: str, component: int, above: int) -> None:
        """Put a watch at the end of a list."""
        watch = self.draft.record(
            r.WATCH_SIZE,
            {
                r.WATCH_NUMBER: len(self.watch_names),
                r.WATCH_COMPONENT: component,
                r.WATCH_ABOVE: above,
            },
        )
        self.watch_names.append(name)
        while self.draft.m[head]:
            head = self.draft.m[head] + r.WATCH_NEXT
        self.draft.m[head] = watch
