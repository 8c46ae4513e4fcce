"""What one share of a history amounts to, and what of it is kept: some tens of bytes an order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.aftercare import known_losses
from bcsim.checkers.arrays import NEVER, first_positions
from bcsim.checkers.base import Law, LawStatus, checked_safely
from bcsim.checkers.catalogue import CATALOGUE
from bcsim.checkers.classification import classify, doubts, flags_of, further_classes
from bcsim.checkers.continuity import clients_of
from bcsim.checkers.contract import PURGED, behind_restart, to_be_reinstated
from bcsim.checkers.findings import members_of
from bcsim.history.profile import PURGE_ON_RESTART
from bcsim.history.schema import NULL_CODE, Kind
from bcsim.history.verdict import VerdictClass, Verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Final

    from numpy.typing import NDArray

    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.base import Checked
    from bcsim.checkers.continuity import Clients
    from bcsim.checkers.facts import Facts
    from bcsim.checkers.findings import Members

LOSSES: Final = frozenset(
    {
        VerdictClass.PARTIAL,
        VerdictClass.LOST,
        VerdictClass.STRANDED,
        VerdictClass.UNCONFIRMED,
    }
)
"""Failing classes that a beyond-plan scenario allows if the loss is known; the other failing
classes are wrong or double executions, which nothing allows."""


@dataclass(frozen=True, eq=False)
class Ruling:
    """What is kept of a share.

    Parameters
    ----------
    verdicts
        One a subject, in the share's own order of subjects.
    part, first_seq
        Where each stands among all subjects: intents, stray orders, stray executions, each by
        ``seq`` of their first row.
    further, is_lost, is_purged
        Bits of further classes; whether it is a loss that somebody knew of, or one that the
        contract allows because a restart was seen behind it.
    intended, counted
        Number of intents; of intents as the rows name them.
    checked
        What each checker of the catalogue found, without its marks.
    undecided
        Indeterminate subjects by what leaves them undecided.
    members
        Members of each finding, by the share's own numbers.
    clients
        What services are measured by; None if there are none.
    """

    verdicts: Verdicts
    part: Ints
    first_seq: Ints
    further: Ints
    is_lost: Bools
    is_purged: Bools
    intended: int
    counted: int
    checked: tuple[Checked, ...]
    undecided: Mapping[str, int]
    members: Mapping[str, Members]
    clients: Clients | None


def ruling_of(facts: Facts) -> Ruling:
    """Judge all subjects of a share."""
    checked = [checked_safely(entry, facts) for entry in CATALOGUE]
    marks = {name: mark for found in checked for name, mark in found.anomalies.items()}
    classes = classify(marks, facts.wishes.is_known & facts.fate.is_filled)
    verdicts = Verdicts(facts.subjects.names, classes, flags_of(marks))
    losses = np.isin(classes, [verdict.code for verdict in LOSSES])
    return Ruling(
        verdicts=verdicts,
        part=facts.subjects.names.part,
        first_seq=_first_seq(facts),
        further=further_classes(marks, classes),
        is_lost=known_losses(facts) & losses,
        is_purged=_purged(facts, classes),
        intended=int(np.count_nonzero(facts.wishes.is_intent)),
        counted=_counted(facts),
        checked=tuple(replace(found, anomalies={}) for found in checked),
        undecided=doubts(marks, classes),
        members=members_of(facts, verdicts),
        clients=clients_of(facts) if facts.record.profile.services else None,
    )


def _purged(facts: Facts, classes: NDArray[np.int8]) -> Bools:
    """Losses that the contract allows, ``(subjects,)``."""
    if PURGE_ON_RESTART not in facts.record.profile.allows:
        return np.zeros(len(classes), dtype=np.bool_)
    purged: Bools = np.isin(classes, [verdict.code for verdict in PURGED])
    return purged & behind_restart(facts) & ~to_be_reinstated(facts)


def _first_seq(facts: Facts) -> Ints:
    of_row = facts.subjects.of_row
    rows = np.flatnonzero(of_row != NEVER)
    first = first_positions(facts.subjects.count, of_row[rows], rows)
    found: Ints = facts.record.integer("seq")[first]
    return found


def _counted(facts: Facts) -> int:
    """Count the intents once more, from the rows."""
    record = facts.record
    rows = record.rows(Kind.INTEND)
    codes = record.codes("intent_id")[rows]
    orders = record.codes("order_id")[rows[codes == NULL_CODE]]
    counted = [np.bincount(found[found != NULL_CODE]) for found in (codes, orders)]
    return sum(int(np.count_nonzero(found)) for found in counted)


# -- several shares ---------------------------------------------------------------------------


def laws_of(rulings: Sequence[Ruling]) -> tuple[Law, ...]:
    """Every law over all shares: both sides added up, and the proof of the first breach."""
    by_share = [[law for found in one.checked for law in found.laws] for one in rulings]
    return tuple(_joint(laws) for laws in zip(*by_share, strict=True))


def _joint(laws: Sequence[Law]) -> Law:
    """One law in several shares; a breach anywhere breaks it, and no rows anywhere keep it."""
    ranked = (LawStatus.BROKEN, LawStatus.UNKNOWN, LawStatus.HOLDS, LawStatus.NOT_APPLICABLE)
    status = min((law.status for law in laws), key=ranked.index)
    broken = [law for law in laws if law.status is LawStatus.BROKEN]
    proving = min(broken, key=lambda law: law.first_seq, default=laws[0])
    return replace(
        proving,
        status=status,
        left=sum(law.left for law in laws),
        right=sum(law.right for law in laws),
        breaches=sum(law.breaches for law in laws),
    )


def reasons_of(rulings: Sequence[Ruling]) -> list[str]:
    """Why something about the whole history is unknown, in the order of the checkers."""
    by_checker = zip(*(one.checked for one in rulings), strict=True)
    return [reason for found in by_checker for reason in _distinct(one.reasons for one in found)]


def _distinct(reasons: Iterable[Sequence[str]]) -> list[str]:
    places = zip_longest(*reasons, fillvalue="")
    return list(dict.fromkeys(reason for place in places for reason in place if reason))


def unjudged_in(rulings: Sequence[Ruling]) -> dict[str, str]:
    """Flags that no share can show, with the reason."""
    found = [
        {flag: why for checked in one.checked for flag, why in checked.unjudged.items()}
        for one in rulings
    ]
    return {flag: why for flag, why in found[0].items() if all(flag in one for one in found)}


def undecided_in(rulings: Sequence[Ruling], names: Iterable[str]) -> dict[str, int]:
    """Indeterminate subjects by what leaves them undecided, in the order of ``names``."""
    counts = {name: sum(one.undecided.get(name, 0) for one in rulings) for name in names}
    return {name: count for name, count in counts.items() if count}
