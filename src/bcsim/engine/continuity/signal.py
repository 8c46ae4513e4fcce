"""Signals: what the order flow, or a participant of a drill, tells the plan.

A signal takes effect exactly at its time; everything before is as it would be without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bcsim.engine.continuity.agenda import Lane

if TYPE_CHECKING:
    from bcsim.engine.continuity.agenda import Steps
    from bcsim.engine.continuity.situation import Situation

TRIGGER: Final = "trigger:"
"""Begins the name of the signal on which a disruption begins that waits for an event."""

ACTION: Final = "action:"
"""Begins the name of a signal that orders an action of the plan, whatever its conditions."""

DECLARATION: Final = "declare:"
"""Begins the name of a signal by which a person declares a disruption."""


@dataclass(frozen=True, slots=True)
class SignalTime:
    """A signal and its time.

    ``name`` is the id of a signal of the plan, ``trigger:DISRUPTION``, ``action:ACTION`` or
    ``declare:PERSON``; the last two are decisions of a drill's participants.
    """

    time_ns: int
    name: str


def start_signals(situation: Situation, signals: tuple[SignalTime, ...]) -> None:
    """Give the signals at their times."""
    for index, signal in enumerate(signals):
        situation.agenda.start(_give(situation, signal, index))


def _give(situation: Situation, signal: SignalTime, index: int) -> Steps[None]:
    yield situation.agenda.wait(signal.time_ns, Lane.SIGNAL, index)
    given = situation.signal(signal.name)
    if not given.triggered:
        given.succeed()
    for listener in situation.on_signal:
        listener(signal.name)
    situation.agenda.ask(Lane.PLAN)
