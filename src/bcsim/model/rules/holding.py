"""Who may hold an order before each step of its journey."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bcsim.model.journey import Journey, Step


def targets(step: Step) -> frozenset[str]:
    """Components at which a step may be done: its own, or its fallback's."""
    by_hand = () if step.fallback is None else (step.fallback.component,)
    return frozenset((step.component, *by_hand))


def holders(journey: Journey) -> tuple[frozenset[str | None], ...]:
    """For each step, everybody who may have to see it done; ``None`` is the client.

    A hand-over makes the component that did the step the holder. After a call, an execution or
    a step that is left out the holder stays; a control is also left out behind a fallback that
    skips it.
    """
    before: list[frozenset[str | None]] = []
    now: frozenset[str | None] = frozenset({None})
    skipped: set[str | None] = set()
    for step in journey.steps:
        before.append(now)
        if step.fallback is not None:
            skipped.update(step.fallback.skips)
        keeps = step.mode == "call" or step.role == "execute"
        is_left_out = step.on_failure == "continue" or step.control in skipped
        after = frozenset() if keeps else targets(step)
        now = after | now if keeps or is_left_out else after
    return tuple(before)
