"""What reading a log gives: the history in it, and what the reader has to say about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bcsim.history.divided import AnyHistory
    from bcsim.history.ties import Ties


@dataclass(frozen=True, eq=False)
class Reading:
    """A history read from files that bcsim did not write.

    Parameters
    ----------
    history
        The events. Its profile says of which kind the record is (a live test's log), from when
        to when each vantage point was covered, and whether intents are recorded.
    notes
        One sentence each, with counts, on what was damaged, skipped, inferred or estimated.
        They hold no values of orders or clients, so they may be shown anywhere.
    is_timed
        False if the source knows no times, such as a list of intents: every ``time_ns`` is then
        0 and means nothing; :mod:`bcsim.history.reconciliation` dates the rows.
    ties
        What the other records call what is in this one; None if nobody looked.
    """

    history: AnyHistory
    notes: tuple[str, ...] = ()
    is_timed: bool = True
    ties: Ties | None = None
