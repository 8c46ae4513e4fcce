"""What a CALM architecture says, whatever draft it was written in.

FINOS CALM: https://calm.finos.org/; the words are those of its schema 1.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bcsim.errors import Problem
    from bcsim.model.importers.calm_files import Folder, Part
    from bcsim.model.importers.calm_finding import CalmFinding, Unmapped

NODE_TYPES: Final = frozenset(
    "actor ecosystem system service database network ldap webclient data-asset".split()
)
"""Node types that CALM 1.2 names; any other text is allowed too."""

CONNECTS: Final = "connects"
INTERACTS: Final = "interacts"
DEPLOYED_IN: Final = "deployed-in"
COMPOSED_OF: Final = "composed-of"
RELATIONSHIP_TYPES: Final = (CONNECTS, INTERACTS, DEPLOYED_IN, COMPOSED_OF)

REVERSE: Final = "destination-to-source"


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A node: an actor, a system, something that runs or stores."""

    id: str
    kind: str
    name: str
    description: str
    part: Part


@dataclass(frozen=True, slots=True, eq=False)
class Relationship:
    """A relationship; ``source`` is the actor or container where it has no direction.

    ``protocol`` is empty where none is given.
    """

    id: str
    kind: str
    source: str
    targets: tuple[str, ...]
    description: str
    protocol: str
    part: Part


@dataclass(frozen=True, slots=True, eq=False)
class Transition:
    """One step of a flow over a relationship."""

    relationship: str
    sequence: int
    text: str
    is_reverse: bool
    part: Part


@dataclass(frozen=True, slots=True, eq=False)
class ControlUse:
    """A requirement of a control, and how it is configured where that could be found."""

    name: str
    owner: str
    requirement_url: str
    part: Part
    config: Part | None
    requirement: Part | None


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """A business flow, its transitions in order."""

    id: str
    name: str
    description: str
    transitions: tuple[Transition, ...]
    controls: tuple[ControlUse, ...]
    part: Part

    @property
    def text(self) -> str:
        """Name and description."""
        return f"{self.name} {self.description}"


@dataclass(frozen=True, slots=True, eq=False)
class Architecture:
    """What a CALM file says, with what was odd about it."""

    name: str
    folder: Folder
    nodes: dict[str, Node]
    relationships: dict[str, Relationship]
    flows: dict[str, Flow]
    controls: tuple[ControlUse, ...]
    warnings: tuple[Problem, ...]
    findings: tuple[CalmFinding, ...]
    unmapped: tuple[Unmapped, ...]

    @property
    def part(self) -> Part:
        """The architecture's file as a part."""
        return self.folder.main.root

    @property
    def all_controls(self) -> tuple[ControlUse, ...]:
        """Controls of the architecture, its nodes and relationships, and its flows."""
        return (*self.controls, *(use for flow in self.flows.values() for use in flow.controls))
