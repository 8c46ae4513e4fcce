"""Work for one server, and the requests that wait for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.engine.reference.message import Entry, Request
    from bcsim.engine.reference.store import DedupKey


@dataclass(slots=True, eq=False)
class Ticket:
    """A request that waits for the effects of its step."""

    request: Request
    waits_for: set[int] = field(default_factory=set)
    is_first: bool = False
    """Whether this request brought the work in; others have joined it."""


@dataclass(slots=True, eq=False)
class Job:
    """Work for one server: one effect of a step, an enquiry, a repair, a back-entry's stage."""

    place: int
    priority: str
    draw_ns: Callable[[], int]
    finish: Callable[[Job], None]
    accepted_ns: int
    entry: Entry | None = None
    dedup_key: DedupKey | None = None
    request: Request | None = None
    leg: int = 0
    tickets: list[Ticket] = field(default_factory=list)
    is_on_paper: bool = False
    """Whether nobody forgets it in a crash, nor when another instance takes over."""
    turn: int = 0
    """Raised when the completion that is scheduled no longer holds."""
    ends_ns: int = 0
    remaining_ns: int | None = None
