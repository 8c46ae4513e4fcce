"""The rows of all shares of FIX logs as one history: numbered, in one unit, in shares if many."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bcsim.history.divided import ShareRows
from bcsim.history.fix.events import Scales, finest, scaled
from bcsim.history.fix.share import Remarks, understood
from bcsim.history.schema import NULL
from bcsim.history.ties import Ties

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcsim.history.divided import AnyHistory
    from bcsim.history.fix.aside import Aside
    from bcsim.history.fix.share import Setting
    from bcsim.history.profile import Profile


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of all shares.

    Parameters
    ----------
    rows
        The rows themselves.
    scales
        Digits that the values need.
    entered_last_ns
        Time of the last entry of an order, if there is one.
    changes, shared_ids, ties
        As in :class:`bcsim.history.fix.share.Remarks`, over all shares.
    """

    rows: ShareRows
    scales: Scales
    entered_last_ns: int | None
    changes: Counter[tuple[str, str]]
    shared_ids: int
    ties: Ties

    def history(self, profile: Profile) -> AnyHistory:
        """The history of these rows: in memory if there is one share only."""
        return self.rows.history(profile, partial(scaled, scales=self.scales))


def drawn_up(aside: Aside, setting: Setting) -> Rows:
    """Understand every share, and number the rows of all."""
    rows = ShareRows()
    found: list[Remarks] = []
    for messages in aside.shares():
        columns, places, remarks = understood(messages, setting)
        rows.add(columns, places)
        found.append(remarks)
    entered = max(share.entered_last_ns for share in found)
    return Rows(
        rows=rows,
        scales=finest([share.scales for share in found]),
        entered_last_ns=None if entered == NULL else entered,
        changes=sum((share.changes for share in found), Counter()),
        shared_ids=sum(share.shared_ids for share in found),
        ties=_all([share.ties for share in found], aside),
    )


def _all(found: Sequence[Ties], aside: Aside) -> Ties:
    """The ties of all shares; no name is in two of them."""
    return Ties(
        {name: order for one in found for name, order in one.orders.items()},
        {name: execution for one in found for name, execution in one.executions.items()},
        sum((one.counts for one in found), Counter()),
        sum(one.doubtful for one in found),
        aside.shares_elsewhere(),
    )
