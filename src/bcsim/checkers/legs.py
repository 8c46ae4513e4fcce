"""Legs: the several effects of one step, each of which can fail alone.

Which legs a step has, the record tells by example: those that executed intents of the same
channel, segment and instrument show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.arrays import NEVER, paired
from bcsim.errors import LimitError, Problem
from bcsim.history.schema import NULL
from bcsim.limits import LEGS_MAX

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.wishes import Wishes


def numbered_legs(legs: Ints) -> tuple[Ints, int]:
    """Number the legs from 0 without gaps, -1 where a row is of the whole step; and count them.

    There is one leg at least, so that a step without legs has one, too.

    Raises
    ------
    bcsim.errors.LimitError
        If there are more legs than ``limits.LEGS_MAX``.
    """
    with_leg = (legs != NULL) & (legs != NEVER)
    if not with_leg.any():
        return np.full(len(legs), NEVER, dtype=np.int64), 1
    distinct = np.unique(legs[with_leg])
    if len(distinct) > LEGS_MAX:
        message = "the column leg numbers the effects of one step, of which there are few"
        raise LimitError(
            Problem(message, value=f"{len(distinct)} legs", expected=f"at most {LEGS_MAX}")
        )
    numbers = np.full(len(legs), NEVER, dtype=np.int64)
    numbers[with_leg] = np.searchsorted(distinct, legs[with_leg])
    return numbers, len(distinct)


def kinds_of(wishes: Wishes) -> Ints:
    """Kind of each subject: equal for those of one channel, segment and instrument."""
    place = paired(wishes.codes("channel") + 1, wishes.codes("segment") + 1)
    return paired(place, wishes.codes("instrument") + 1)


def legs_by_example(kind: Ints, of_effect: Ints, leg: Ints, leg_count: int) -> Bools:
    """Legs that the effects of each owner should have, ``(owners, leg_count)``.

    An effect of the whole step shows that there is one, but not which legs it has: where
    nothing but such effects is seen, the first stands for all.

    Parameters
    ----------
    kind
        Kind of each owner, ``(owners,)``.
    of_effect, leg
        Owner and leg of each effect that was seen; legs as :func:`numbered_legs` has them.
    """
    distinct, of_owner = np.unique(kind, return_inverse=True)
    shown = np.zeros((len(distinct), leg_count), dtype=np.bool_)
    whole = leg == NEVER
    shown[of_owner[of_effect[~whole]], leg[~whole]] = True
    has_whole = np.zeros(len(distinct), dtype=np.bool_)
    has_whole[of_owner[of_effect[whole]]] = True
    shown[has_whole & ~shown.any(axis=1), 0] = True
    return shown[of_owner]
