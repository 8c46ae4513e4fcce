"""What a component remembers: orders it holds, keys it has seen, facts it has recorded.

A replicated component's memory keeps a journal, so that the state at an earlier instant can
be had again: a standby that takes over knows only what had reached it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from bcsim.engine.reference.message import Entry, Reply, Terms

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")


class Journalled(Generic[K, V]):
    """A mapping whose earlier states can be had again, if it keeps a journal."""

    def __init__(self, *, keeps_journal: bool) -> None:
        self._now: dict[K, V] = {}
        self._journal: list[tuple[int, K, V | None]] | None = [] if keeps_journal else None

    def __len__(self) -> int:
        return len(self._now)

    def __contains__(self, key: K) -> bool:
        return key in self._now

    def __iter__(self) -> Iterator[K]:
        return iter(self._now)

    def get(self, key: K) -> V | None:
        """Value of a key, or ``None``."""
        return self._now.get(key)

    def items(self) -> list[tuple[K, V]]:
        """Keys and values in the order in which the keys came."""
        return list(self._now.items())

    def put(self, key: K, value: V, time_ns: int) -> None:
        """Set a key at a time not before the last change."""
        if self._journal is not None:
            self._journal.append((time_ns, key, self._now.get(key)))
        self._now[key] = value

    def drop(self, key: K, time_ns: int) -> V | None:
        """Forget a key; its value, or ``None`` if it was not there."""
        if key not in self._now:
            return None
        if self._journal is not None:
            self._journal.append((time_ns, key, self._now[key]))
        return self._now.pop(key)

    def clear(self) -> None:
        """Forget everything, the journal too."""
        self._now.clear()
        if self._journal is not None:
            self._journal.clear()

    def as_at(self, time_ns: int) -> Journalled[K, V]:
        """A copy with all changes after a time undone: insertions missing, releases undone."""
        copy: Journalled[K, V] = Journalled(keeps_journal=self._journal is not None)
        copy._now = dict(self._now)
        for changed_ns, key, before in reversed(self._journal or []):
            if changed_ns <= time_ns:
                break
            if before is None:
                copy._now.pop(key, None)
            else:
                copy._now[key] = before
        return copy


class Held(NamedTuple):
    """An order, or a fill of one, that a component has taken responsibility for.

    ``next_step`` is the step it has to see done; ``at_venue`` says that a venue has accepted
    the order and reports are awaited.
    """

    entry: Entry
    part: int
    next_step: int
    terms: Terms
    qty: int
    price: int | None
    exec_id: str | None
    at_venue: bool


class Done(NamedTuple):
    """How a key was answered, and until when that is remembered."""

    reply: Reply
    reason: str | None
    until_ns: int


class Fact(NamedTuple):
    """What a component has recorded about an order: the terms it saw, and when.

    ``parts`` are the numbers of the fills that it has recorded.
    """

    entry: Entry
    terms: Terms
    time_ns: int
    last_step: int
    is_closed: bool
    parts: frozenset[int]


HeldKey = tuple[str, int]
"""Order and part: 0 for the order itself, 1… for its fills."""

DedupKey = tuple[str, int, int]
"""Idempotency key, step and leg."""


@dataclass(slots=True, eq=False)
class Memory:
    """Everything one instance of a component remembers."""

    held: Journalled[HeldKey, Held]
    done: Journalled[DedupKey, Done]
    facts: Journalled[str, Fact]

    @classmethod
    def empty(cls, *, keeps_journal: bool) -> Memory:
        """A memory that knows nothing yet."""
        return cls(*(Journalled(keeps_journal=keeps_journal) for _ in range(3)))

    def as_at(self, time_ns: int) -> Memory:
        """The memory as it was at an earlier time."""
        return Memory(self.held.as_at(time_ns), self.done.as_at(time_ns), self.facts.as_at(time_ns))

    def clear(self) -> None:
        """Forget everything."""
        self.held.clear()
        self.done.clear()
        self.facts.clear()
