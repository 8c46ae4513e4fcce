"""All checkers, with what each can name; the judge runs them, documentation is made of them."""

from __future__ import annotations

from typing import Final

from bcsim.checkers import (
    aftercare,
    completeness,
    conservation,
    contract,
    controls,
    correctness,
    lifecycle,
    ordering,
    reports,
    timeliness,
)
from bcsim.checkers.base import Entry
from bcsim.history.verdict import Flag, VerdictClass

CATALOGUE: Final[tuple[Entry, ...]] = (
    Entry(
        "correctness",
        "executed once, for a client who wished it, on the terms that were wished",
        correctness.check,
        (VerdictClass.PHANTOM, VerdictClass.DUPLICATED, VerdictClass.CORRUPTED),
    ),
    Entry(
        "completeness",
        "every intent ends in one terminal state, and its client knows it",
        completeness.check,
        (
            VerdictClass.PARTIAL,
            VerdictClass.LOST,
            VerdictClass.STRANDED,
            VerdictClass.UNCONFIRMED,
        ),
    ),
    Entry(
        "timeliness",
        "deadlines, cut-offs and obligations met, and what lateness cost the client",
        timeliness.check,
        (VerdictClass.LATE, Flag.SLIPPED),
    ),
    Entry(
        "lifecycle",
        "definite ends, what the client went through on the way, and taken-back words",
        lifecycle.check,
        (
            VerdictClass.RECOVERED,
            VerdictClass.REJECTED,
            VerdictClass.CANCELLED,
            VerdictClass.EXPIRED,
            Flag.ACK_REGRESSED,
            Flag.REFUSED,
        ),
        lifecycle.LAWS,
    ),
    Entry(
        "ordering",
        "whoever was received first is executed first, within a priority class",
        ordering.check,
        (Flag.OVERTAKEN,),
    ),
    Entry(
        "controls",
        "nothing executes without passing every mandatory control first",
        controls.check,
        (Flag.CONTROL_BYPASSED, Flag.UNSUITABLE),
    ),
    Entry(
        "aftercare",
        "what people did about an intent later, and whose data was exposed",
        aftercare.check,
        (Flag.REPAIRED, Flag.EXPOSED),
    ),
    Entry(
        "reports",
        "the numbers in reports agree with each other and with the executions",
        reports.check,
        (Flag.CONTRADICTED,),
        reports.LAWS,
    ),
    Entry(
        "contract",
        "what the contract does not allow is a finding",
        contract.check,
        laws=contract.LAWS,
    ),
    Entry(
        "conservation",
        "quantity, money and identity are neither made nor lost",
        conservation.check,
        laws=conservation.LAWS,
    ),
)
"""Every checker; each class and each flag is named by exactly one of them."""

LAWS: Final[dict[str, str]] = {
    name: statement for entry in CATALOGUE for name, statement in entry.laws.items()
}
"""Every law of conservation and what it says."""
