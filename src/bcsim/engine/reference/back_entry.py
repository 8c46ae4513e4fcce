"""Back-entry: orders on paper walk their journey through the systems once these are back.

When the component of the step that was done on paper works, and nobody falls back from it any
more, the team that wrote the order down keys it. Then it waits, as any order does, for a server
of that step, and of each control that the paper left out. Nothing is executed or told again; what
a control finds, it finds late.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from bcsim.engine.reference.control import stops
from bcsim.streams import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.engine.blueprint import Stage
    from bcsim.engine.reference.message import Task
    from bcsim.engine.reference.world import World
    from bcsim.model.journey import Fallback
    from bcsim.streams import Distribution

BACK_ENTRY: Final = "back-entry"
"""Subject of the action that ends the walk, and reference of the controls on it."""


class _Paper(NamedTuple):
    """A paper order, with the terms that stand on it, and the team that wrote it."""

    task: Task
    team: str

    @property
    def fallback(self) -> Fallback:
        """How the step was done on paper."""
        fallback = self.task.stage.step.fallback
        assert fallback is not None, "only a fallback leaves paper"
        return fallback


class BackEntries:
    """All paper orders that are to be entered, and those on their walk."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._papers: list[_Paper] = []

    def owe(self, task: Task, team: str) -> None:
        """An order has been written down, to be entered now or when its component is back."""
        self._begin(_Paper(task, team))

    def something_is_back(self) -> None:
        """Begin with the paper orders whose component is back, one work item each."""
        papers, self._papers = self._papers, []
        for paper in papers:
            self._begin(paper)

    def _begin(self, paper: _Paper) -> None:
        """Have the team key an order, unless it still has to wait for the component."""
        stage = paper.task.stage
        station = self.world.stations[stage.step.component]
        if station.uses_fallback or not station.works():
            self._papers.append(paper)
            return
        time = paper.fallback.back_entry
        assert time is not None, "only paper orders with back-entry are kept"
        self._work(paper, paper.team, stage, "back_entry", time, partial(self._keyed, paper))

    def _keyed(self, paper: _Paper) -> None:
        """The order is in the systems: it leaves nothing out any more, and walks."""
        paper.task.entry.skipped.difference_update(paper.fallback.skips)
        self._walk_on(paper, paper.task.stage)

    def _walk_on(self, paper: _Paper, stage: Stage) -> None:
        """Wait for a server of a stage's component, like the orders of the day."""
        walked = partial(self._walked, paper, stage)
        component, time = stage.step.component, stage.step.service
        self._work(paper, component, stage, "back_entry_step", time, walked)

    def _walked(self, paper: _Paper, stage: Stage) -> None:
        """A stage is done: make good for a control that was left out, and go on."""
        task = paper.task
        entry = task.entry
        if stage.number in entry.left_out:
            entry.left_out.remove(stage.number)
            instance = self.world.stations[stage.step.component].primary
            stops(instance, entry, stage, task.terms, BACK_ENTRY)
        for following in entry.route.stages[stage.number + 1 :]:
            is_skipped = following.step.control in paper.fallback.skips
            if is_skipped and following.number in entry.left_out:
                self._walk_on(paper, following)
                return
        self._entered(paper)

    def _entered(self, paper: _Paper) -> None:
        """The walk is over: the component has the order in its books."""
        task = paper.task
        station = self.world.stations[task.stage.step.component]
        station.primary.record(task.entry, task.terms, task.stage.number)
        self.world.scribe.emit(
            "action",
            self.world.stations[paper.team].vantage,
            task.entry,
            None,
            component=station.name,
            actor=paper.team,
            subject=BACK_ENTRY,
            step=task.stage.number,
        )

    def _work(
        self,
        paper: _Paper,
        component: str,
        stage: Stage,
        purpose: str,
        time: Distribution,
        finish: Callable[[], None],
    ) -> None:
        """Put work on a paper order in a component's queue."""
        entry = paper.task.entry
        luck = self.world.streams.at(purpose, entry.stream_entity)
        self.world.desks.work(
            component,
            entry.intent.segment.priority,
            entry.number,
            lambda: luck.sample_ns(time, entry.intent.index, address(stage.number)),
            finish,
            is_on_paper=True,
        )
