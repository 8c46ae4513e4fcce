"""The rows of all shares of FIX logs as one history: numbered, in one unit, in shares if many."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from bcsim.history.columns import HistoryColumns
from bcsim.history.divided import DividedHistory, fetched, put_aside
from bcsim.history.fix.events import Scales, finest, scaled
from bcsim.history.fix.share import Remarks, understood
from bcsim.history.schema import NULL
from bcsim.history.sequence import Sequence
from bcsim.history.spill import Spill

if TYPE_CHECKING:
    from bcsim.history.divided import AnyHistory
    from bcsim.history.fix.aside import Aside
    from bcsim.history.fix.share import Setting
    from bcsim.history.profile import Profile


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of all shares.

    Parameters
    ----------
    spill, seqs
        Rows without ``seq``, and their ``seq``, by share.
    shares, count
        Number of shares and of rows.
    span_ns
        Times of the first and last row; None if there is none.
    scales
        Digits that the values need.
    entered_last_ns
        Time of the last entry of an order, if there is one.
    changes, shared_ids
        As in :class:`bcsim.history.fix.share.Remarks`, over all shares.
    """

    spill: Spill[int]
    seqs: Spill[int]
    shares: int
    count: int
    span_ns: tuple[int, int] | None
    scales: Scales
    entered_last_ns: int | None
    changes: Counter[tuple[str, str]]
    shared_ids: int

    def history(self, profile: Profile) -> AnyHistory:
        """The history of these rows: in memory if there is one share only."""
        parts = tuple(partial(self._part, share) for share in range(self.shares))
        divided = DividedHistory(profile, parts, self.count, self.span_ns)
        return divided.gathered() if self.shares == 1 else divided

    def _part(self, share: int) -> HistoryColumns:
        columns = scaled(next(fetched(self.spill, share)), self.scales)
        seq = [arrays["seq"] for arrays, _ in self.seqs.pieces(share)]
        return HistoryColumns({**columns, "seq": np.concatenate([np.empty(0, np.int64), *seq])})


def drawn_up(aside: Aside, setting: Setting) -> Rows:
    """Understand every share, and number the rows of all."""
    spill: Spill[int] = Spill()
    sequence = Sequence()
    found: list[Remarks] = []
    spans = []
    for number, messages in enumerate(aside.shares()):
        columns, places, remarks = understood(messages, setting)
        time_ns = columns.integer("time_ns")
        sequence.add(time_ns, places)
        if len(time_ns):
            spans.append((int(time_ns[0]), int(time_ns[-1])))
        put_aside(spill, number, columns)
        found.append(remarks)
    entered = max(share.entered_last_ns for share in found)
    return Rows(
        spill=spill,
        seqs=sequence.numbered(),
        shares=len(found),
        count=sequence.count,
        span_ns=(min(a for a, _ in spans), max(b for _, b in spans)) if spans else None,
        scales=finest([share.scales for share in found]),
        entered_last_ns=None if entered == NULL else entered,
        changes=sum((share.changes for share in found), Counter()),
        shared_ids=sum(share.shared_ids for share in found),
    )
