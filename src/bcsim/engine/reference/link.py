"""Links: how long a message takes, whether it arrives at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from bcsim.engine.reference.clock import Mark, Turn, key
from bcsim.streams import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.reference.clock import Clock
    from bcsim.engine.reference.message import Entry

MILLION = 1_000_000


class Direction(IntEnum):
    """What a message is; each has draws of its own on one link."""

    REQUEST = 0
    ANSWER = 1
    REPORT = 2
    ACKNOWLEDGEMENT = 3
    REJECTION = 4
    CONFIRMATION = 5
    EXPIRY = 6
    SETTLEMENT = 7
    CANCEL = 8
    CANCELLATION = 9
    CANCEL_REJECTION = 10
    STATUS = 11


_SUBDRAWS_PER_DIRECTION = 64
"""An Erlang latency takes several sub-draws; directions stand this far apart."""


@dataclass(slots=True)
class _State:
    """What the timeline has done to one link."""

    is_up: bool = True
    added_latency_ns: int = 0
    added_loss_ppm: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A message's place: whose it is, and which of that order's messages."""

    entry: Entry
    step: int
    leg: int
    attempt: int
    direction: Direction
    mark: Mark


class Links:
    """All links of the run, by ``source -> target``, with what the timeline did to them."""

    def __init__(self, blueprint: Blueprint, clock: Clock) -> None:
        self._blueprint = blueprint
        self._clock = clock
        self._states: dict[str, _State] = {}

    def state(self, name: str) -> _State:
        """State of a link by its pair or by its profile's key."""
        return self._states.setdefault(name, _State())

    def is_up(self, source: str, target: str) -> bool:
        """Whether messages from source to target get through now."""
        profile, _ = self._blueprint.link(source, target)
        pair = self._states.get(f"{source} -> {target}")
        shared = self._states.get(profile)
        return (pair is None or pair.is_up) and (shared is None or shared.is_up)

    def carry(
        self,
        source: str,
        target: str,
        passage: Passage,
        deliver: Callable[[], None],
        *,
        is_reliable: bool = False,
    ) -> bool:
        """Send one message; ``deliver`` is called when it arrives.

        A reliable session loses nothing while it is up; other messages are lost by chance.

        Returns
        -------
        bool
            Whether the message left: False when the link is cut.
        """
        if not self.is_up(source, target):
            return False
        profile, link = self._blueprint.link(source, target)
        states = [s for s in map(self._states.get, (f"{source} -> {target}", profile)) if s]
        loss = link.loss + sum(state.added_loss_ppm for state in states) / MILLION
        entry = passage.entry
        draw = address(
            passage.step,
            passage.leg,
            passage.attempt,
            passage.direction * _SUBDRAWS_PER_DIRECTION,
        )
        streams = self._blueprint.streams
        if loss and not is_reliable:
            luck = streams.at("link_loss", entry.stream_entity)
            if luck.uniform(entry.intent.index, draw) < loss:
                return True
        latency_ns = streams.at("link_latency", entry.stream_entity).sample_ns(
            link.latency, entry.intent.index, draw
        )
        latency_ns += sum(state.added_latency_ns for state in states)
        place = key(
            Turn.DELIVERY,
            entry.number,
            passage.step,
            passage.leg,
            passage.attempt,
            mark=passage.mark,
        )
        self._clock.at(self._clock.now + latency_ns, place, deliver)
        return True
