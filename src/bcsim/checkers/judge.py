"""The judge: facts, checkers, one class an intent, findings and the outcome.

:func:`check` is the table of contents of a judgement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.aftercare import known_losses
from bcsim.checkers.base import LawStatus, checked_safely
from bcsim.checkers.catalogue import CATALOGUE
from bcsim.checkers.classification import classify, doubts, flags_of, further_classes
from bcsim.checkers.conservation import intents_law
from bcsim.checkers.continuity import measure_services
from bcsim.checkers.facts import facts_of
from bcsim.checkers.findings import findings_of
from bcsim.checkers.judgement import Judgement, OrderCounts
from bcsim.history.schema import NULL_CODE, Kind
from bcsim.history.verdict import CLASSES, Outcome, VerdictClass, Verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bcsim.checkers.arrays import Bools
    from bcsim.checkers.base import Checked, Law
    from bcsim.checkers.continuity import ServiceMeasure
    from bcsim.checkers.facts import Facts
    from bcsim.history.history import History

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

_DOUBTS: Final = {
    VerdictClass.PHANTOM.value: "have no intent, which may be older than the record or not in it",
    VerdictClass.DUPLICATED.value: "may have executed again where nobody was watched",
    VerdictClass.CORRUPTED.value: "have terms that were not seen",
    VerdictClass.PARTIAL.value: "have a rest that may yet have ended",
    VerdictClass.LOST.value: "were acknowledged and may yet have ended",
    VerdictClass.STRANDED.value: "may yet have been answered",
    VerdictClass.UNCONFIRMED.value: "ended, and the client may yet have been told",
    VerdictClass.LATE.value: "have no known deadline",
    VerdictClass.RECOVERED.value: "executed while the client was not watched",
}
"""Why subjects are indeterminate, by the first class that is unknown."""

NO_ORDERS: Final = "no orders: nobody wished anything, so nothing was put to the test"
"""Why the outcome of a history without orders is unknown."""

_UNCLASSED: Final = "fit no class: nothing is known of their wish or of their end"


def check(history: History) -> Judgement:
    """Judge a history, a simulation's or a real log's, by the same rules."""
    facts = facts_of(history)
    checked = [checked_safely(entry, facts) for entry in CATALOGUE]
    marks = {name: mark for found in checked for name, mark in found.anomalies.items()}
    classes = classify(marks, facts.wishes.is_known & facts.fate.is_filled)
    verdicts = Verdicts(facts.subjects.names, classes, flags_of(marks))
    services = measure_services(facts, verdicts)
    laws = (_intents_law(facts, verdicts), *(law for found in checked for law in found.laws))
    reasons = _reasons(facts.subjects.count, checked, doubts(marks, classes), services)
    losses = known_losses(facts) & np.isin(classes, [verdict.code for verdict in LOSSES])
    unjudged = {flag: why for found in checked for flag, why in found.unjudged.items()}
    return Judgement(
        outcome=Outcome.merge(
            [
                *_outcomes_of_classes(facts, verdicts, losses),
                *_outcomes_of_laws(facts, laws),
                *_outcomes_of_services(services.values()),
                *(Outcome.UNKNOWN for _ in reasons),
            ]
        ),
        verdicts=verdicts,
        further=further_classes(marks, classes),
        orders=OrderCounts(_intended(facts), **verdicts.counts()),
        flags={flag: n for flag, n in verdicts.flag_counts().items() if flag not in unjudged},
        unjudged=unjudged,
        findings=findings_of(facts, verdicts, laws, services),
        services=services,
        laws=laws,
        unknown_reasons=reasons,
        known_losses=int(np.count_nonzero(losses)),
        facts=facts,
    )


def proof(history: History, intent_id: str) -> str:
    """One sentence that says why an intent of ``history`` has its class.

    Raises
    ------
    KeyError
        If the history knows no such intent, nor an order of that id without an intent.
    """
    return check(history).proof(intent_id)


# -- counts ----------------------------------------------------------------------------------


def _intended(facts: Facts) -> int:
    return int(np.count_nonzero(facts.wishes.is_intent))


def _intents_law(facts: Facts, verdicts: Verdicts) -> Law:
    """Count the intents once more, from the rows, and compare with the classes."""
    record = facts.record
    rows = record.rows(Kind.INTEND)
    codes = record.codes("intent_id")[rows]
    orders = record.codes("order_id")[rows[codes == NULL_CODE]]
    counted = [np.bincount(found[found != NULL_CODE]) for found in (codes, orders)]
    intended = sum(int(np.count_nonzero(found)) for found in counted)
    strays = facts.subjects.count - _intended(facts)
    return intents_law(intended, strays, sum(verdicts.counts().values()))


# -- outcome ---------------------------------------------------------------------------------


def _reasons(
    subject_count: int,
    checked: Sequence[Checked],
    undecided: Mapping[str, int],
    services: Mapping[str, ServiceMeasure],
) -> tuple[str, ...]:
    """Say why something is unknown: of the whole history, of intents, of services."""
    return (
        *(() if subject_count else (NO_ORDERS,)),
        *(reason for found in checked for reason in found.reasons),
        *(
            f"{count} {'intent' if count == 1 else 'intents'}: {_DOUBTS.get(name, _UNCLASSED)}"
            for name, count in undecided.items()
        ),
        *(
            f"service {name}: {measure.reason}"
            for name, measure in services.items()
            if measure.within_tolerance is None and measure.is_exercised
        ),
    )


def _outcomes_of_classes(facts: Facts, verdicts: Verdicts, losses: Bools) -> Iterable[Outcome]:
    """Outcome of every class that occurs, but for what the profile allows.

    Beyond the plan a loss is allowed if it is known; a wrong or double execution never is.
    """
    profile = facts.record.profile
    forgiven = losses & (profile.within_plan is False)
    counted = np.bincount(verdicts.classes[~forgiven], minlength=len(CLASSES))
    return [
        verdict.outcome
        for verdict in CLASSES
        if counted[verdict.code] and verdict.value not in profile.allows
    ]


def _outcomes_of_laws(facts: Facts, laws: Iterable[Law]) -> Iterable[Outcome]:
    allows = facts.record.profile.allows
    broken = (law for law in laws if law.status is LawStatus.BROKEN)
    return [Outcome.FAIL for law in broken if law.name not in allows]


def _outcomes_of_services(services: Iterable[ServiceMeasure]) -> Iterable[Outcome]:
    return [Outcome.FAIL for measure in services if measure.within_tolerance is False]
