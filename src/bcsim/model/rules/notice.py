"""Rules for notices: what they state is one thing each, and exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.model.finding import Finding, dangling
from bcsim.model.plan import SPEAKING
from bcsim.model.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm

FACTS: Final = tuple(name for name in Statement.model_fields if name not in {"source", "note"})
"""What a statement can be about."""


def statements(firm: Firm) -> Iterator[Finding]:
    """Only notices state facts, each one fact, about something that exists."""
    for name, action in firm.plan.actions.items() if firm.plan else ():
        path = ("plan", "actions", name, "states")
        if action.states and action.kind not in SPEAKING:
            yield Finding(
                path,
                f"an action of kind {action.kind.value} tells nobody anything",
                value=f"{len(action.states)} statements",
                hint="remove states, or make it a notice",
            )
        for position, statement in enumerate(action.states):
            stated = [fact for fact in FACTS if getattr(statement, fact) is not None]
            if len(stated) != 1:
                yield Finding(
                    (*path, position),
                    "a statement states one fact",
                    value=" and ".join(stated) or "nothing",
                    expected=f"one of {', '.join(FACTS)}",
                    hint="write each as a statement of its own",
                )
            for fact in stated:
                place = (*path, position, fact)
                if fact in {"works", "stopped"}:
                    yield from dangling(
                        place, getattr(statement, fact), "component", firm.components
                    )
                elif fact in {"within_level", "below_level"}:
                    yield from dangling(place, getattr(statement, fact), "service", firm.services)
