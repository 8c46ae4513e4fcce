"""Legs: the several effects of one step, each of which can fail alone.

Which legs a step has, the record tells by example: those that executed intents of the same
channel, segment and instrument show, in whatever share of the record they are.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from bcsim.checkers.arrays import NEVER, paired
from bcsim.errors import LimitError, Problem
from bcsim.history.schema import NULL
from bcsim.limits import LEGS_MAX

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.history.columns import TextColumn

LegsByKind: TypeAlias = Mapping[Hashable, frozenset[int]]
"""Legs that effects of each kind were seen to have; -1 is an effect of the whole step."""


@dataclass(frozen=True, eq=False)
class Kinds:
    """Kind of each owner of effects: its number, ``(owners,)``, and the name of each number.

    An owner without a kind, -1, has no legs that it should have.
    """

    of_owner: Ints
    names: tuple[Hashable, ...]

    def by_leg(self, owners: Ints, leg: Ints) -> Kinds:
        """Kind of one leg each of some owners: equal for equal legs of owners of one kind."""
        number, legs = numbered_legs(leg)
        distinct, kind = np.unique(paired(self.of_owner[owners], number + 1), return_inverse=True)
        pairs = _unpaired(distinct, number)
        names = tuple((self.names[owner], _named(legs, place)) for owner, place in pairs)
        return Kinds(kind, names)


def kinds_by(terms: Sequence[TextColumn]) -> Kinds:
    """Kind of each owner: equal for those of equal terms, of which there is one at least."""
    kind = np.zeros(len(terms[0]), dtype=np.int64)
    for column in terms:
        kind = paired(kind, column.codes.astype(np.int64) + 1)
    _, first, number = np.unique(kind, return_index=True, return_inverse=True)
    names = ([column.name(code) for code in column.codes[first].tolist()] for column in terms)
    return Kinds(number, tuple(zip(*names, strict=True)))


def numbered_legs(legs: Ints, others: Collection[int] = ()) -> tuple[Ints, tuple[int, ...]]:
    """Number the legs from 0 without gaps, -1 where a row is of the whole step; and name them.

    There is one leg at least, so that a step without legs has one, too.

    Parameters
    ----------
    others
        Legs that are numbered with them.

    Raises
    ------
    bcsim.errors.LimitError
        If there are more legs than ``limits.LEGS_MAX``.
    """
    numbers = np.full(len(legs), NEVER, dtype=np.int64)
    with_leg = (legs != NULL) & (legs != NEVER)
    if not with_leg.any() and not others:
        return numbers, (0,)
    distinct = np.union1d(legs[with_leg], np.array(sorted(others), dtype=np.int64))
    if len(distinct) > LEGS_MAX:
        message = "the column leg numbers the effects of one step, of which there are few"
        raise LimitError(
            Problem(message, value=f"{len(distinct)} legs", expected=f"at most {LEGS_MAX}")
        )
    numbers[with_leg] = np.searchsorted(distinct, legs[with_leg])
    return numbers, tuple(distinct.tolist())


def legs_shown(kinds: Kinds, of_effect: Ints, leg: Ints) -> LegsByKind:
    """Legs that effects show, by the kind of their owner.

    Parameters
    ----------
    of_effect, leg
        Owner and leg of each effect that was seen; the leg is -1 or null for the whole step.
    """
    number, legs = numbered_legs(leg)
    distinct = np.unique(paired(kinds.of_owner[of_effect], number + 1))
    shown: dict[Hashable, set[int]] = {}
    for kind, place in _unpaired(distinct, number):
        shown.setdefault(kinds.names[kind], set()).add(_named(legs, place))
    return {name: frozenset(seen) for name, seen in shown.items()}


def joined(shares: Iterable[LegsByKind]) -> LegsByKind:
    """Legs that all shares of a record show."""
    shown: dict[Hashable, frozenset[int]] = {}
    for share in shares:
        for name, legs in share.items():
            shown[name] = shown.get(name, frozenset()) | legs
    return shown


def legs_in(shown: LegsByKind) -> frozenset[int]:
    """All legs with a number that any kind has."""
    return frozenset().union(*shown.values()) - {NEVER}


def legs_by_example(kinds: Kinds, shown: LegsByKind, legs: tuple[int, ...]) -> Bools:
    """Legs that the effects of each owner should have, ``(owners, legs)``.

    An effect of the whole step shows that there is one, but not which legs it has: where
    nothing but such effects is seen, the first stands for all.

    Parameters
    ----------
    shown
        What all of the record shows.
    legs
        The legs by number, as :func:`numbered_legs` has them; all in ``shown`` are among them.
    """
    expected = np.zeros((len(kinds.names) + 1, len(legs)), dtype=np.bool_)  # the last: none
    for kind, name in enumerate(kinds.names):
        seen = shown.get(name, frozenset())
        numbered = [leg in seen for leg in legs]
        if seen == {NEVER}:
            numbered[0] = True
        expected[kind] = numbered
    return expected[kinds.of_owner]


def _named(legs: tuple[int, ...], place: int) -> int:
    return NEVER if place == NEVER else legs[place]


def _unpaired(pairs: Ints, low: Ints) -> list[tuple[int, int]]:
    """Both parts of pairs that were made with ``low + 1``, which is small."""
    width = int(low.max(initial=NEVER)) + 2
    return [(pair // width, pair % width - 1) for pair in pairs.tolist()]
