"""What a record shows by example, for which all of its shares have to be seen.

Which legs a step has and which executions a ledger books is known from others of their kind; at
which prices a market traded, from all executions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcsim.checkers import legs, prices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bcsim.checkers.legs import LegsByKind
    from bcsim.checkers.prices import Prices


@dataclass(frozen=True, eq=False)
class Examples:
    """What a record, or a share of it, shows.

    Parameters
    ----------
    executed
        Legs of executions, by the kind of the wish.
    booked
        Legs of entries in a ledger, by the kind of the execution.
    market
        Prices of executions by instrument; none if no wish has a deadline.
    """

    executed: LegsByKind
    booked: LegsByKind
    market: Mapping[str | None, Prices]


def joined(shares: Iterable[Examples]) -> Examples:
    """What all shares show."""
    shown = list(shares)
    return Examples(
        legs.joined(one.executed for one in shown),
        legs.joined(one.booked for one in shown),
        prices.joined(one.market for one in shown),
    )
