"""What a history amounts to: counts, verdicts, findings, services, laws, and the outcome."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.ordering import overtaker
from bcsim.checkers.proof import prove
from bcsim.history.verdict import CLASSES, FLAGS, Flag
from bcsim.release import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.checkers.arrays import Ints
    from bcsim.checkers.base import Law, LawStatus
    from bcsim.checkers.continuity import ServiceMeasure
    from bcsim.checkers.docket import Docket
    from bcsim.checkers.facts import Facts
    from bcsim.checkers.proof import Proof
    from bcsim.checkers.queues import Queues
    from bcsim.checkers.whole import Whole
    from bcsim.history.verdict import Finding, Outcome, Verdicts
    from bcsim.units import Lang


@dataclass(frozen=True, slots=True)
class OrderCounts:
    """Intents by class; ``intended`` counts intents, the classes strays as well."""

    intended: int = 0
    phantom: int = 0
    duplicated: int = 0
    corrupted: int = 0
    partial: int = 0
    lost: int = 0
    stranded: int = 0
    unconfirmed: int = 0
    late: int = 0
    recovered: int = 0
    rejected: int = 0
    cancelled: int = 0
    expired: int = 0
    ok: int = 0
    indeterminate: int = 0

    @property
    def failing(self) -> int:
        """Intents and strays of a failing class."""
        return sum(getattr(self, verdict.value) for verdict in CLASSES if verdict.failing)


@dataclass(frozen=True, eq=False)
class Judgement:
    """What a history amounts to.

    Parameters
    ----------
    outcome
        Pass, fail, unknown or late only.
    verdicts
        Class and flags of every intent, and of every order that no intent accounts for.
    further
        Bits ``1 << code`` of the classes that hold besides the verdict, ``(intents,)``.
    orders, flags
        Counts; a flag that this history cannot show is not in ``flags`` but in ``unjudged``.
    findings
        What went wrong, with the proof of the first of each.
    services
        Measures of each service of the profile.
    laws
        Laws of conservation.
    unknown_reasons
        Why something is unknown; empty unless the history leaves something open.
    known_losses
        Losses that a reconciliation named before the drain ended.
    whole, docket
        The record as a whole, and the way from a verdict to its events.
    queues
        Who was received and executed when; None where that is not recorded.
    """

    outcome: Outcome
    verdicts: Verdicts
    further: Ints
    orders: OrderCounts
    flags: Mapping[str, int]
    unjudged: Mapping[str, str]
    findings: tuple[Finding, ...]
    services: Mapping[str, ServiceMeasure]
    laws: tuple[Law, ...]
    unknown_reasons: tuple[str, ...]
    known_losses: int
    whole: Whole = field(repr=False)
    docket: Docket = field(repr=False)
    queues: Queues | None = field(default=None, repr=False)

    @property
    def further_counts(self) -> dict[str, int]:
        """How often each class holds besides another one; only those that do."""
        counts = {
            verdict.value: int(np.count_nonzero(self.further & (1 << verdict.code)))
            for verdict in CLASSES
        }
        return {name: count for name, count in counts.items() if count}

    @property
    def conservation(self) -> dict[str, LawStatus]:
        """Status of each law."""
        return {law.name: law.status for law in self.laws}

    def proof(self, intent: str) -> str:
        """One sentence that says why an intent has its class; KeyError if it is not there."""
        place = self.verdicts.place_of(intent)
        return self.prove(place, CLASSES[int(self.verdicts.classes[place])]).sentence

    def about(self, subject: int, name: str = "") -> tuple[Facts, int]:
        """Facts that tell of one of the verdicts, and its number in them.

        If ``name`` is the flag of the overtaken, they tell of who overtook it as well.
        """
        subjects = [subject]
        if name == Flag.OVERTAKEN and self.queues is not None:
            subjects.append(overtaker(self.queues, subject))
        facts, numbers = self.docket.facts_about(subjects)
        return facts, numbers[0]

    def prove(self, subject: int, name: str, lang: Lang = "en") -> Proof:
        """Say why a class or flag holds of one of the verdicts, in a language."""
        return prove(*self.about(subject, name), name, lang)

    def members(self, name: str) -> Ints:
        """Indices into the verdicts of all that have a class or flag; KeyError if unknown."""
        bits = {flag.value: flag.bit for flag in FLAGS}
        if name in bits:
            return np.flatnonzero(self.verdicts.flags & bits[name])
        codes = {verdict.value: verdict.code for verdict in CLASSES}
        return np.flatnonzero(self.verdicts.classes == codes[name])

    def proofs(self, name: str, most: int) -> list[tuple[str, str]]:
        """Ids and proofs of the first members of a class or flag, in order of appearance."""
        names = self.verdicts.intents
        members = self.members(name)[:most].tolist()
        return [(names[member], self.prove(member, name).sentence) for member in members]

    def to_document(self) -> dict[str, object]:
        """Return the document of ``check --json``."""
        return {
            "bcsim": 1,
            "outcome": self.outcome.value,
            "kind": self.whole.profile.kind,
            "orders": asdict(self.orders),
            "flags": {flag.value: self.flags.get(flag) for flag in FLAGS},
            "further": self.further_counts,
            "services": {name: m.to_document() for name, m in self.services.items()},
            "conservation": {
                law.name: {"status": law.status.value, "left": law.left, "right": law.right}
                for law in self.laws
            },
            "findings": [_finding_document(finding) for finding in self.findings],
            "known_losses": self.known_losses,
            "unknown": list(self.unknown_reasons),
            "provenance": {
                "version": __version__,
                "source": self.whole.profile.source,
                "history_root": self.docket.root,
            },
        }


def _finding_document(finding: Finding) -> dict[str, object]:
    return {
        "class": finding.name,
        "count": finding.count,
        "first": finding.first,
        "worst": finding.worst,
        "last": finding.last,
        "proof": finding.proof,
        "events": list(finding.events),
    }
