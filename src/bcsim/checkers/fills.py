"""How much of each wish was executed, on each of its legs.

An execution without a leg number is of the whole step. With leg numbers, every leg must be
executed in full.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.arrays import NEVER, any_of, counts_of
from bcsim.checkers.legs import legs_by_example, legs_in, legs_shown, numbered_legs

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.case import Case
    from bcsim.checkers.executions import Executions
    from bcsim.checkers.legs import LegsByKind
    from bcsim.checkers.wishes import Wishes


@dataclass(frozen=True, eq=False)
class Fills:
    """Executed sizes, quantity or amount as the wish is; busted executions do not count.

    Parameters
    ----------
    least, most
        Size on the leg with the least and the most, ``(subjects,)``.
    executions
        Number of executions, ``(subjects,)``.
    orders
        Number of orders that executed, ``(subjects,)``.
    of_order
        Size on the leg with the most, ``(orders,)``.
    order_executed
        Whether anything of the order was executed, ``(orders,)``.
    """

    least: Ints
    most: Ints
    executions: Ints
    orders: Ints
    of_order: Ints
    order_executed: Bools

    @property
    def is_executed(self) -> Bools:
        """Whether anything was executed, ``(subjects,)``."""
        executed: Bools = self.executions > 0
        return executed


def legs_executed(wishes: Wishes, executions: Executions) -> LegsByKind:
    """Legs that the executions that count show, by the kind of their subject."""
    counting = np.flatnonzero(executions.counts)
    return legs_shown(wishes.kinds, executions.subject[counting], executions.leg[counting])


def fills_of(case: Case, executions: Executions) -> Fills:
    """Add up the executions that count."""
    subjects, examples = case.subjects, case.record.whole.examples
    shown = legs_executed(case.wishes, executions) if examples is None else examples.executed
    counting = np.flatnonzero(executions.counts)
    subject, order = executions.subject[counting], executions.order[counting]
    leg, legs = numbered_legs(executions.leg[counting], legs_in(shown))
    size = executions.size[counting]
    by_leg = _sums(subjects.count, len(legs), subject, leg, size)
    expected = legs_by_example(case.wishes.kinds, shown, legs)
    expected[~expected.any(axis=1), 0] = True
    order_executed = any_of(subjects.order_count, order, np.ones(len(order), dtype=np.bool_))
    return Fills(
        least=np.where(expected, by_leg, np.iinfo(np.int64).max).min(axis=1),
        most=by_leg.max(axis=1),
        executions=counts_of(subjects.count, subject),
        orders=counts_of(subjects.count, subjects.of_order[order_executed]),
        of_order=_sums(subjects.order_count, len(legs), order, leg, size).max(axis=1),
        order_executed=order_executed,
    )


def _sums(count: int, leg_count: int, owner: Ints, leg: Ints, size: Ints) -> Ints:
    """Sizes by owner and leg, ``(count, leg_count)``; a whole step counts on every leg."""
    sums = np.zeros((count, leg_count), dtype=np.int64)
    whole = leg == NEVER
    np.add.at(sums, (owner[~whole], leg[~whole]), size[~whole])
    on_all = np.zeros(count, dtype=np.int64)
    np.add.at(on_all, owner[whole], size[whole])
    sums += on_all[:, None]
    return sums
