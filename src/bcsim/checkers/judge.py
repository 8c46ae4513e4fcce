"""The judge: facts, checkers, one class an intent, findings and the outcome.

:func:`check` is the table of contents of a judgement.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers import continuity, examples, findings, ordering
from bcsim.checkers.base import LawStatus
from bcsim.checkers.bookings import legs_booked
from bcsim.checkers.case import case_of
from bcsim.checkers.classification import UNDECIDED
from bcsim.checkers.conservation import intents_law
from bcsim.checkers.continuity import measure_services
from bcsim.checkers.docket import Docket, shares_of
from bcsim.checkers.examples import Examples
from bcsim.checkers.executions import executions_of
from bcsim.checkers.facts import facts_of
from bcsim.checkers.fills import legs_executed
from bcsim.checkers.judgement import Judgement, OrderCounts
from bcsim.checkers.market import market_of
from bcsim.checkers.ruling import laws_of, reasons_of, ruling_of, undecided_in, unjudged_in
from bcsim.checkers.whole import whole_of
from bcsim.history.names import end_to_end, utf8
from bcsim.history.verdict import CLASSES, Finding, Flag, Outcome, VerdictClass, Verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.base import Law
    from bcsim.checkers.case import Case
    from bcsim.checkers.continuity import ServiceMeasure
    from bcsim.checkers.facts import Facts
    from bcsim.checkers.findings import Members
    from bcsim.checkers.queues import Queues
    from bcsim.checkers.ruling import Ruling
    from bcsim.checkers.whole import Whole
    from bcsim.history.divided import AnyHistory
    from bcsim.history.profile import Profile

_DOUBTS: Final = {
    VerdictClass.PHANTOM.value: "have no intent, which may be older than the record or not in it",
    VerdictClass.DUPLICATED.value: "may have executed again where nobody was watched",
    VerdictClass.CORRUPTED.value: "have terms that were not seen, or of which the reports differ",
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


def check(history: AnyHistory) -> Judgement:
    """Judge a history, a simulation's or a real log's, by the same rules.

    A history in shares is judged share by share, in the memory of one, if its orders do not
    hang together otherwise than by what is compared afterwards; the judgement is the same.
    """
    whole = whole_of(shares_of(history))
    if not whole.is_divisible:
        history = history.gathered()
    elif history.share_count > 1 and whole.has_examples:
        shown = (_examples(case_of(share, whole)) for share in shares_of(history))
        whole = replace(whole, examples=examples.joined(shown))
    rulings, facts = _rulings(history, whole)
    docket = Docket(history, whole, rulings, facts)
    numbers = docket.numbers()
    queues = _queues(rulings, numbers)
    verdicts = _verdicts(rulings, docket, queues, whole)
    is_lost = np.concatenate([one.is_lost for one in rulings])[docket.order]
    is_purged = np.concatenate([one.is_purged for one in rulings])[docket.order]
    services = _services(whole, rulings, docket, verdicts)
    intended = sum(one.intended for one in rulings)
    laws = (_intents_law(rulings, verdicts), *laws_of(rulings))
    reasons = _reasons(len(verdicts), rulings, services)
    unjudged = unjudged_in(rulings)
    judgement = Judgement(
        outcome=Outcome.merge(
            [
                *_outcomes_of_classes(whole.profile, verdicts, is_lost, is_purged),
                *_outcomes_of_laws(whole.profile, laws),
                *_outcomes_of_services(services.values()),
                *(Outcome.UNKNOWN for _ in reasons),
            ]
        ),
        verdicts=verdicts,
        further=np.concatenate([one.further for one in rulings])[docket.order],
        orders=OrderCounts(intended, **verdicts.counts()),
        flags={flag: n for flag, n in verdicts.flag_counts().items() if flag not in unjudged},
        unjudged=unjudged,
        findings=(),
        services=services,
        laws=laws,
        unknown_reasons=reasons,
        known_losses=int(np.count_nonzero(is_lost)),
        whole=whole,
        docket=docket,
        queues=queues,
    )
    return replace(judgement, findings=_findings(judgement, _members(rulings, numbers, judgement)))


def proof(history: AnyHistory, intent_id: str) -> str:
    """One sentence that says why an intent of ``history`` has its class.

    Raises
    ------
    KeyError
        If the history knows no such intent, nor an order of that id without an intent.
    """
    return check(history).proof(intent_id)


# -- shares ----------------------------------------------------------------------------------


def _examples(case: Case) -> Examples:
    """What a share shows by example."""
    executions = executions_of(case)
    return Examples(
        legs_executed(case.wishes, executions),
        legs_booked(case.wishes, executions),
        market_of(executions) if case.record.whole.has_deadlines else {},
    )


def _rulings(history: AnyHistory, whole: Whole) -> tuple[list[Ruling], Facts | None]:
    """Judge every share; also the facts, if there is but one."""
    rulings: list[Ruling] = []
    if history.share_count == 1:
        facts = facts_of(history.share(0), whole)
        return [ruling_of(facts)], facts
    for share in shares_of(history):
        ruling = ruling_of(facts_of(share, whole))
        rulings.append(replace(ruling, verdicts=_kept(ruling.verdicts)))
    return rulings, None


def _kept(verdicts: Verdicts) -> Verdicts:
    """The verdicts with names that need nothing of their share."""
    return replace(verdicts, intents=utf8(verdicts.intents))


def _queues(rulings: Sequence[Ruling], numbers: Sequence[Ints]) -> Queues | None:
    by_share = [[found.queues for found in one.checked if found.queues] for one in rulings]
    if not all(by_share):
        return None
    return ordering.joined([queues[0] for queues in by_share], numbers)


def _verdicts(
    rulings: Sequence[Ruling], docket: Docket, queues: Queues | None, whole: Whole
) -> Verdicts:
    """Verdicts of all shares, in the order of all subjects, and who was overtaken."""
    order = docket.order
    flags = np.concatenate([one.verdicts.flags for one in rulings])[order]
    if queues is not None:
        overtaken = ordering.overtaken(queues, whole.clock_error_ns)
        flags[queues.subject[overtaken]] |= Flag.OVERTAKEN.bit
    names = rulings[0].verdicts.intents
    if len(rulings) > 1:
        names = end_to_end([utf8(one.verdicts.intents) for one in rulings]).take(order)
    classes = np.concatenate([one.verdicts.classes for one in rulings])[order]
    return Verdicts(names, classes, flags)


def _services(
    whole: Whole, rulings: Sequence[Ruling], docket: Docket, verdicts: Verdicts
) -> dict[str, ServiceMeasure]:
    clients = [one.clients for one in rulings if one.clients is not None]
    if not clients:
        return {}
    return measure_services(whole, continuity.joined(clients, docket.order), verdicts)


def _members(
    rulings: Sequence[Ruling], numbers: Sequence[Ints], judgement: Judgement
) -> dict[str, Members]:
    """Members of each finding, in the order of the findings."""
    by_name: dict[str, list[tuple[Members, Ints]]] = {name: [] for name in findings.NAMES}
    for one, mine in zip(rulings, numbers, strict=True):
        for name, members in one.members.items():
            by_name[name].append((members, mine))
    found = {name: findings.joined(pieces) for name, pieces in by_name.items() if pieces}
    overtaken = judgement.members(Flag.OVERTAKEN)
    if len(overtaken) and judgement.queues is not None:
        queues = judgement.queues
        places = np.searchsorted(queues.subject, overtaken)
        found[Flag.OVERTAKEN.value] = findings.among(
            overtaken, queues.start_ns[places], queues.size[places]
        )
    return {name: found[name] for name in findings.NAMES if name in found}


def _findings(judgement: Judgement, members: Mapping[str, Members]) -> tuple[Finding, ...]:
    """List what went wrong, with the proof of the first of each."""
    names = judgement.verdicts.intents
    found = []
    for name, those in members.items():
        proved = judgement.prove(those.first, name)
        ends = (names[those.first], names[those.worst], names[those.last])
        found.append(Finding(name, those.count, *ends, proved.sentence, proved.events))
    return (*found, *findings.broken_promises(judgement.laws, judgement.services))


def _intents_law(rulings: Sequence[Ruling], verdicts: Verdicts) -> Law:
    """Compare the intents as the rows name them with the classes."""
    strays = len(verdicts) - sum(one.intended for one in rulings)
    counted = sum(one.counted for one in rulings)
    return intents_law(counted, strays, sum(verdicts.counts().values()))


# -- outcome ---------------------------------------------------------------------------------


def _reasons(
    subject_count: int, rulings: Sequence[Ruling], services: Mapping[str, ServiceMeasure]
) -> tuple[str, ...]:
    """Say why something is unknown: of the whole history, of intents, of services."""
    undecided = undecided_in(rulings, UNDECIDED)
    return (
        *(() if subject_count else (NO_ORDERS,)),
        *reasons_of(rulings),
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


def _outcomes_of_classes(
    profile: Profile, verdicts: Verdicts, losses: Bools, purged: Bools
) -> Iterable[Outcome]:
    """Outcome of every class that occurs, but for what the profile allows.

    Beyond the plan a loss is allowed if it is known; a wrong or double execution never is.
    """
    forgiven = purged | (losses & (profile.within_plan is False))
    counted = np.bincount(verdicts.classes[~forgiven], minlength=len(CLASSES))
    return [
        verdict.outcome
        for verdict in CLASSES
        if counted[verdict.code] and verdict.value not in profile.allows
    ]


def _outcomes_of_laws(profile: Profile, laws: Iterable[Law]) -> Iterable[Outcome]:
    broken = (law for law in laws if law.status is LawStatus.BROKEN and law.counts)
    return [Outcome.FAIL for law in broken if law.name not in profile.allows]


def _outcomes_of_services(services: Iterable[ServiceMeasure]) -> Iterable[Outcome]:
    return [Outcome.FAIL for measure in services if measure.within_tolerance is False]
