"""Dependencies: what a node needs to work, and how trouble spreads from node to node.

A node is a site or one instance of a component (the first one, or its standby). Effective
state = own state AND dependencies: a node is at the worst level of its own faults and of the
needs that it feels.

- ``hard`` and ``hosted-at`` need each of their providers, ``any-of`` a number of them: the
  level of the need is that of the worst provider that is needed.
- A ``degrading`` need does not bind; for every provider that does not work, speed is
  multiplied. Where that leaves no speed at all, the node hangs.
- A need with a grace period is felt when its provider has not worked for that long.

Components may need each other in a circle. Everything works that can (the greatest fixed
point): levels start at each node's own and only fall, so the search ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Final, Protocol

from bcsim.engine.continuity.fault import Impact

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bcsim.engine.continuity.fault import Fault

FULL_SPEED: Final = 1000
"""Per mille."""


class Level(IntEnum):
    """How well a node works; the smaller the worse."""

    DOWN = 0
    HUNG = 1
    WORKING = 2


_LEVEL_OF: Final = {Impact.CRASH: Level.DOWN, Impact.HANG: Level.HUNG}


class Provider(Protocol):
    """What a node can need: a site, or a component through its active instance."""

    @property
    def level(self) -> Level:
        """How well it works."""
        ...

    @property
    def cause(self) -> str:
        """What keeps it from working; "" if it works."""
        ...

    @property
    def dependents(self) -> list[Node]:
        """The nodes that need it."""
        ...


@dataclass(eq=False, slots=True)
class Need:
    """At least ``needed`` of the providers must work; ``speed`` is set if it only degrades."""

    providers: tuple[Provider, ...]
    needed: int = 1
    grace_ns: int = 0
    speed: int | None = None
    lacking_since_ns: int | None = None

    @property
    def level(self) -> Level:
        """Level of the worst provider that is needed."""
        levels = sorted((provider.level for provider in self.providers), reverse=True)
        return levels[self.needed - 1] if self.needed <= len(levels) else Level.DOWN

    def is_felt(self, now_ns: int) -> bool:
        """Whether it is lacking, and has been for longer than its grace."""
        if self.level == Level.WORKING or not self.grace_ns:
            return self.level < Level.WORKING
        since_ns = self.lacking_since_ns
        return since_ns is not None and now_ns - since_ns >= self.grace_ns

    def felt_level(self, now_ns: int) -> Level:
        """The level to which it drags a node down."""
        if not self.is_felt(now_ns):
            return Level.WORKING
        if self.speed is None:
            return self.level
        return Level.WORKING if self.speed else Level.HUNG

    def felt_speed(self, now_ns: int) -> int:
        """Per mille of speed that it leaves."""
        return self.speed if self.speed and self.is_felt(now_ns) else FULL_SPEED

    @property
    def cause(self) -> str:
        """What keeps the worst provider from working."""
        return min(self.providers, key=lambda provider: provider.level).cause

    def note(self, now_ns: int) -> bool:
        """Remember since when it is lacking; whether it has just begun to lack with grace."""
        if self.level == Level.WORKING:
            self.lacking_since_ns = None
            return False
        if self.lacking_since_ns is not None:
            return False
        self.lacking_since_ns = now_ns
        return self.grace_ns > 0


@dataclass(eq=False, slots=True)
class Node:
    """A site, or an instance of a component; ``place`` is its position among all nodes."""

    name: str
    place: int
    dependents: list[Node] = field(default_factory=list, repr=False)
    needs: list[Need] = field(default_factory=list, repr=False)
    faults: list[Fault] = field(default_factory=list)
    level: Level = Level.WORKING
    cause: str = ""
    speed: int = FULL_SPEED
    speed_cause: str = ""

    def start_from_own(self) -> None:
        """Take the level of the node's own faults."""
        self.level, self.cause = Level.WORKING, ""
        for fault in self.faults:
            level = _LEVEL_OF.get(fault.impact, Level.WORKING)
            if level < self.level:
                self.level, self.cause = level, fault.cause

    def fall(self, now_ns: int) -> bool:
        """Fall to the worst need that is felt; whether the level changed."""
        before = self.level
        for need in self.needs:
            level = need.felt_level(now_ns)
            if level < self.level:
                self.level, self.cause = level, need.cause
        return self.level < before

    def find_speed(self, now_ns: int) -> None:
        """Multiply what own faults and degrading needs leave, rounded down, at least 1."""
        parts = [(f.amount, f.cause) for f in self.faults if f.impact is Impact.SLOW]
        parts += [(need.felt_speed(now_ns), need.cause) for need in self.needs]
        speed, self.speed_cause = FULL_SPEED, ""
        for part, cause in parts:
            if part < FULL_SPEED:
                speed = speed * part // FULL_SPEED
                self.speed_cause = self.speed_cause or cause
        self.speed = max(1, speed)


def depend(node: Node, need: Need) -> None:
    """Let a node have a need."""
    node.needs.append(need)
    for provider in need.providers:
        if node not in provider.dependents:
            provider.dependents.append(node)


def affected(nodes: Iterable[Node]) -> list[Node]:
    """These nodes and all that depend on them, directly or not, by place."""
    found: dict[int, Node] = {}
    ahead = list(nodes)
    while ahead:
        node = ahead.pop()
        if node.place not in found:
            found[node.place] = node
            ahead.extend(node.dependents)
    return [found[place] for place in sorted(found)]


def propagate(nodes: Sequence[Node], now_ns: int) -> list[tuple[Node, Need]]:
    """Work out level, speed and cause of nodes that are closed under dependence.

    Returns
    -------
    list of (Node, Need)
        Needs whose grace begins now; their nodes are to be looked at when it ends.
    """
    for node in nodes:
        node.start_from_own()
    has_fallen = True
    while has_fallen:
        has_fallen = False
        for node in nodes:
            has_fallen |= node.fall(now_ns)
    for node in nodes:
        node.find_speed(now_ns)
    return [(node, need) for node in nodes for need in node.needs if need.note(now_ns)]
