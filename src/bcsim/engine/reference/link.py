"""Links: how long a message takes, whether it arrives at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from bcsim.engine.reference.clock import Mark, Turn, key
from bcsim.streams import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.reference.clock import Clock
    from bcsim.engine.reference.message import Entry
    from bcsim.model.component import Link

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
    BUST = 12
    CORRECTION = 13


_SUBDRAWS_PER_DIRECTION = 64
"""An Erlang latency takes several sub-draws; directions stand this far apart."""


@dataclass(slots=True)
class _State:
    """What the timeline has done to one link."""

    is_up: bool = True
    added_latency_ns: int = 0
    added_loss_ppm: int = 0


class Passage(NamedTuple):
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
        self._paths: dict[tuple[str, str], tuple[Link, _State, _State]] = {}

    def state(self, name: str) -> _State:
        """State of a link by its pair or by its profile's key."""
        return self._states.setdefault(name, _State())

    def _path(self, source: str, target: str) -> tuple[Link, _State, _State]:
        """Link between two components, with the state of the pair and of the profile."""
        path = self._paths.get((source, target))
        if path is None:
            profile, link = self._blueprint.link(source, target)
            pair = f"{source} -> {target}"
            # A pair with a profile of its own has one state, which must not count twice.
            shared = _State() if profile == pair else self.state(profile)
            path = (link, self.state(pair), shared)
            self._paths[source, target] = path
        return path

    def is_up(self, source: str, target: str) -> bool:
        """Whether messages from source to target get through now."""
        _, pair, shared = self._path(source, target)
        return pair.is_up and shared.is_up

    def carry(
        self,
        source: str,
        target: str,
        passage: Passage,
        deliver: Callable[[], None],
        *,
        is_reliable: bool = False,
        after_ns: int = -1,
    ) -> int | None:
        """Send one message; ``deliver`` is called when it arrives.

        A reliable session loses nothing while it is up; other messages are lost by chance.
        ``after_ns``: time of a message that this one does not overtake.

        Returns
        -------
        int or None
            When it arrives, or would have if it is lost; ``None`` if the link is cut.
        """
        link, pair, shared = self._path(source, target)
        if not (pair.is_up and shared.is_up):
            return None
        loss = link.loss + (pair.added_loss_ppm + shared.added_loss_ppm) / MILLION
        entry = passage.entry
        entity, leg = entry.luck_of(passage.leg)
        sub = passage.direction * _SUBDRAWS_PER_DIRECTION
        draw = address(passage.step, leg, passage.attempt, sub)
        streams, index = self._blueprint.streams, entry.intent.index
        latency_ns = streams.at("link_latency", entity).sample_ns(link.latency, index, draw)
        latency_ns += pair.added_latency_ns + shared.added_latency_ns
        arrival_ns = max(self._clock.now + latency_ns, after_ns + 1)
        if loss and not is_reliable and streams.at("link_loss", entity).uniform(index, draw) < loss:
            return arrival_ns
        entry.last_arrival_ns = max(entry.last_arrival_ns, arrival_ns)
        place = key(
            Turn.DELIVERY,
            entry.number,
            passage.step,
            passage.leg,
            passage.attempt,
            mark=passage.mark,
        )
        self._clock.at(arrival_ns, place, deliver)
        return arrival_ns
