"""The plan: which actions are due.

An action starts when its conditions come to hold, all of them, and again when they have ceased
to hold and hold anew; not while it runs. One with ``every`` is done again after that time, as
long as its conditions hold without a break. The plan looks at the end of each instant in which
something has changed, action by action in its own order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bcsim.engine.continuity.action import carry_out
from bcsim.engine.continuity.agenda import Lane
from bcsim.engine.continuity.condition import holds_since
from bcsim.engine.continuity.record import PLAN
from bcsim.engine.continuity.signal import ACTION
from bcsim.engine.continuity.situation import Progress
from bcsim.limits import INSTANT_RUNS_MAX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.situation import Situation
    from bcsim.model.plan import Action


@dataclass(eq=False, slots=True)
class _Watch:
    """Looks for due actions; ``seen`` is since when their conditions held at the last look."""

    situation: Situation
    actions: Mapping[str, Action]
    seen: dict[str, tuple[int | None, ...]] = field(default_factory=dict)
    instant_ns: int = -1
    begun: Counter[str] = field(default_factory=Counter)
    """How often each action was begun in that instant."""

    def look(self) -> None:
        """Begin every action whose conditions have come to hold."""
        for name, action in self.actions.items():
            since = _holding_since(self.situation, action)
            if None not in since and since != self.seen.get(name):
                self.begin(name, is_ordered=False)
            self.seen[name] = since

    def hear(self, signal: str) -> None:
        """Begin an action that a participant of a drill orders."""
        if signal.startswith(ACTION):
            self.begin(signal.removeprefix(ACTION), is_ordered=True)

    def begin(self, name: str, *, is_ordered: bool) -> None:
        """Begin an action, unless it is under way."""
        situation, action = self.situation, self.actions[name]
        progress, _ = situation.progress.get(name, (None, 0))
        if progress is Progress.RUNNING:
            return
        if self.instant_ns != situation.agenda.now_ns:
            self.instant_ns = situation.agenda.now_ns
            self.begun.clear()
        self.begun[name] += 1
        if self.begun[name] > INSTANT_RUNS_MAX:
            _refuse(situation, name, action)
            return
        index = list(self.actions).index(name)
        situation.progress[name] = (Progress.RUNNING, situation.news())
        steps = carry_out(situation, name, action, index, is_ordered=is_ordered)
        if action.every is not None and not is_ordered:
            steps = _repeat(situation, name, action, index, steps)
        situation.agenda.start(steps)


def start_plan(situation: Situation) -> None:
    """Let the plan look for due actions, and hear which are ordered in a drill."""
    plan = situation.firm.plan
    watch = _Watch(situation, plan.actions if plan is not None else {})
    situation.agenda.on(Lane.PLAN, watch.look)
    situation.on_signal.append(watch.hear)
    situation.agenda.ask(Lane.PLAN)


def _repeat(
    situation: Situation, name: str, action: Action, index: int, first: Steps[None]
) -> Steps[None]:
    """Carry an action out again and again, until one of its conditions has ceased to hold."""
    assert action.every is not None, "only such actions are repeated"
    again = action.model_copy(update={"delay": 0})
    begun = _holding_since(situation, action)
    yield from first
    while True:
        yield situation.agenda.wait(action.every, Lane.ACTION, index)
        if _holding_since(situation, action) != begun:
            return
        if situation.progress[name][0] is Progress.RUNNING:
            continue  # somebody has ordered it just now
        situation.progress[name] = (Progress.RUNNING, situation.news())
        yield from carry_out(situation, name, again, index, is_ordered=False)


def _holding_since(situation: Situation, action: Action) -> tuple[int | None, ...]:
    """Since when each condition of an action holds."""
    return tuple(holds_since(situation, condition) for condition in action.when)


def _refuse(situation: Situation, name: str, action: Action) -> None:
    situation.record.log(
        PLAN,
        "action",
        subject=action.kind.value,
        ref=name,
        reason=f"failed: it was begun {INSTANT_RUNS_MAX} times in one instant",
    )
