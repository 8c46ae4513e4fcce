"""What an import finds out about an architecture before anything runs.

A finding is about the *file*: two places that contradict each other, a reference that leads
nowhere, a promise that nothing in the file keeps. Nothing is guessed: every finding names the
places that it was read from.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bcsim.model.importers.calm_files import Place

CONTRADICTION: Final = "contradiction"
REFERENCE: Final = "reference"
DESIGN: Final = "design"
GAP: Final = "gap"

MEANINGS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "exactly-once-not-kept-downstream": (
            CONTRADICTION,
            "a flow promises exactly-once, the flow that goes on with its messages does not",
        ),
        "retry-after-alert": (
            CONTRADICTION,
            "a retry comes later than the alert threshold, so every retried order is late",
        ),
        "rate-typed-as-time": (CONTRADICTION, "a rate is given as a time"),
        "expected-latency-above-alert": (
            CONTRADICTION,
            "the expected latency is above the threshold that raises an alert",
        ),
        "no-loss-at-most-once": (
            CONTRADICTION,
            "no loss is tolerated, yet messages are delivered at most once",
        ),
        "retried-at-most-once": (
            CONTRADICTION,
            "messages are delivered at most once, yet they are retried",
        ),
        "one-incident-uses-up-uptime": (
            CONTRADICTION,
            "one incident, resolved in time, takes longer than the guaranteed uptime allows a year",
        ),
        "constants-differ": (
            CONTRADICTION,
            "a control's configuration differs from the constants of its requirement",
        ),
        "unknown-node": (REFERENCE, "a relationship refers to a node that is not there"),
        "unknown-relationship": (
            REFERENCE,
            "a flow refers to a relationship that is not there",
        ),
        "flow-found-by-name": (
            REFERENCE,
            "a flow's address is no file's `$id`; the file was found by the address's last part",
        ),
        "flow-not-found": (REFERENCE, "no file is the flow that is referred to"),
        "control-found-by-name": (
            REFERENCE,
            "a configuration's address is no file's `$id`; the file was found by its last part",
        ),
        "control-names-another-file": (
            REFERENCE,
            "a configuration's address leads to a file that is no configuration",
        ),
        "control-not-found": (REFERENCE, "no file is the configuration that is referred to"),
        "acknowledged-before-stored": (
            DESIGN,
            "the client is told of success while only a bus or a service holds the order",
        ),
        "client-never-told": (DESIGN, "no flow ends with telling the client what came of it"),
        "no-loss-rests-on-an-assumption": (
            GAP,
            "no loss is tolerated, yet nothing says that what holds the order survives a crash",
        ),
        "no-service-levels": (GAP, "the file promises no latency, reliability or availability"),
    }
)
"""Every name of a finding: its sort, and what it means. A new finding is one entry here."""


class CalmFinding(NamedTuple):
    """One thing found: its name, one sentence, and the places that say so."""

    name: str
    sentence: str
    places: tuple[Place, ...]

    @property
    def sort(self) -> str:
        """Contradiction, reference, design or gap."""
        return MEANINGS[self.name][0]

    @property
    def meaning(self) -> str:
        """What findings of this name have in common."""
        return MEANINGS[self.name][1]


def merged(findings: Iterable[CalmFinding]) -> tuple[CalmFinding, ...]:
    """Findings that say the same become one, with the places of all."""
    places: dict[tuple[str, str], dict[Place, None]] = {}
    for name, sentence, of_one in findings:
        places.setdefault((name, sentence), {}).update(dict.fromkeys(of_one))
    return tuple(CalmFinding(*key, tuple(held)) for key, held in places.items())


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Something in the file that the model does not have, and why."""

    element: str
    reason: str
    places: tuple[Place, ...]
