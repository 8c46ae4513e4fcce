"""What a checker is, what it returns, and what becomes of one that crashes.

A checker looks at the facts of one history and marks, for each anomaly that it can name, every
subject as affected, not affected or unknown. It never decides the verdict: the judge takes the
first class that holds, and calls an intent indeterminate where an unknown could change it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import numpy as np

from bcsim.checkers.arrays import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.checkers.arrays import Tri
    from bcsim.checkers.facts import Facts
    from bcsim.checkers.queues import Queues


class LawStatus(StrEnum):
    """Whether a law of conservation holds in a history."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Law:
    """A law of conservation and how a history keeps it.

    ``left`` and ``right`` are the two sides in the units of the law, ``breaches`` how many
    orders or executions break it and ``proof`` one sentence about the first of them: that of the
    event ``first_seq``. Whether the law ``counts``: a broken one that does not is a finding, and
    leaves the outcome as it is.
    """

    name: str
    statement: str
    status: LawStatus
    left: int = 0
    right: int = 0
    breaches: int = 0
    proof: str = ""
    first_seq: int = -1
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Checked:
    """What a checker found.

    Parameters
    ----------
    anomalies
        Name of a class or flag -> YES, NO or UNKNOWN for each subject.
    laws
        Laws of conservation that it looked at.
    reasons
        Why something about the whole history is unknown; each makes the outcome unknown. An
        empty one keeps the place of a reason that does not hold, so that those of several
        shares can be told apart.
    unjudged
        Flags that this history cannot show, with the reason; no influence on the outcome.
    queues
        What has to be compared with all other shares before anybody was overtaken.
    """

    anomalies: Mapping[str, Tri] = field(default_factory=dict)
    laws: tuple[Law, ...] = ()
    reasons: tuple[str, ...] = ()
    unjudged: Mapping[str, str] = field(default_factory=dict)
    queues: Queues | None = None


class Checker(Protocol):
    """A function from the facts of a history to what one aspect of it shows."""

    def __call__(self, facts: Facts, /) -> Checked:
        """Mark the anomalies."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A checker in the catalogue: what it is for and what it can name."""

    name: str
    description: str
    check: Checker
    anomalies: tuple[str, ...] = ()
    laws: Mapping[str, str] = field(default_factory=dict)


def checked_safely(entry: Entry, facts: Facts) -> Checked:
    """Run a checker; one that crashes knows nothing, which is never a pass.

    Returns
    -------
    Checked
        What the checker found, or all its anomalies and laws unknown and the error as reason.
    """
    try:
        return entry.check(facts)
    except Exception as error:  # noqa: BLE001 - whatever went wrong, the verdict is "unknown"
        unknown = np.full(facts.subjects.count, UNKNOWN, dtype=np.int8)
        return Checked(
            anomalies=dict.fromkeys(entry.anomalies, unknown),
            laws=tuple(Law(name, text, LawStatus.UNKNOWN) for name, text in entry.laws.items()),
            reasons=(f"checker {entry.name} crashed: {type(error).__name__}: {error}",),
        )
