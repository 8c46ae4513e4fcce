"""Decorator files: what an architecture cannot know, given beside it without touching it.

A CALM 1.2 decorator of type ``bcsim-operating-model`` holds in ``data`` numbers for the nodes,
actors, relationships and flows that ``applies-to`` names. The fields are those of the model.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bcsim.errors import ModelError, Problem
from bcsim.model.client import OnTimeout
from bcsim.model.component import Dependency, Failure, Monitor, Queue
from bcsim.model.faults import problems_of
from bcsim.model.fields import (
    Clock,
    DistributionField,
    Duration,
    Entity,
    Positive,
    PositiveDuration,
    PositiveInt,
    Probability,
    Ratio,
)
from bcsim.model.finding import nearest
from bcsim.model.importers.calm_files import read_file
from bcsim.model.journey import Retry
from bcsim.model.nodes import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bcsim.model.importers.calm_architecture import Architecture
    from bcsim.model.importers.calm_files import CalmFile, Part

TYPE: Final = "bcsim-operating-model"
ASSUMPTION: Final = "assumption"


class OperatingModel(Entity):
    """A decorator's ``data``; which fields fit depends on what it applies to."""

    service_time: DistributionField | None = None
    servers: PositiveInt | None = None
    queue: Queue | None = None
    store: Annotated[
        Literal["volatile", "durable"] | None,
        Field(description="Whether the orders that it holds survive a crash."),
    ] = None
    dedup: Annotated[
        PositiveDuration | None,
        Field(description="How long it recognises an order that is sent again."),
    ] = None
    failure: Failure | None = None
    repair: DistributionField | None = None
    monitor: Monitor | None = None
    dependencies: tuple[Dependency, ...] | None = None
    latency: Annotated[
        DistributionField | None, Field(description="Of a relationship, or of an actor's line.")
    ] = None
    loss: Probability | None = None
    orders_per_day: Positive | None = None
    clients: PositiveInt | None = None
    patience: DistributionField | None = None
    on_timeout: OnTimeout | None = None
    opens: Clock | None = None
    closes: Clock | None = None
    timeout: PositiveDuration | None = None
    retry: Retry | None = None
    acknowledge_within: Duration | None = None
    execute_within: Duration | None = None
    rto: Duration | None = None
    mtpd: Duration | None = None
    rpo: Duration | None = None
    mbco: Ratio | None = None
    approver: str | None = None
    approved_on: Annotated[date | None, Field(strict=False)] = None
    review_within: Duration | None = None


FIELDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "node": frozenset(
            "service_time servers queue store dedup failure repair monitor dependencies".split()
        ),
        "actor": frozenset(
            "orders_per_day clients patience on_timeout latency loss opens closes".split()
        ),
        "relationship": frozenset({"latency", "loss"}),
        "flow": frozenset(
            "timeout retry acknowledge_within execute_within "
            "rto mtpd rpo mbco approver approved_on review_within".split()
        ),
    }
)
"""What can be said of each sort of element."""


class Decorator(BaseModel):
    """A decorator as CALM 1.2 defines it (``meta/decorators.json``)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    unique_id: Annotated[str, Field(alias="unique-id", min_length=1)]
    type: str
    target: Annotated[tuple[str, ...], Field(min_length=1)]
    applies_to: Annotated[tuple[str, ...], Field(alias="applies-to", min_length=1)]
    data: OperatingModel


@dataclass(frozen=True, slots=True)
class Given:
    """A value that a decorator gives, and where it says it comes from."""

    value: Any
    text: str
    decorator: str
    source: str

    @property
    def is_assumed(self) -> bool:
        """Whether the decorator cites nothing for it."""
        return self.source == ASSUMPTION


@dataclass(slots=True)
class Decorations:
    """What the decorators say of each element; of two that say the same, the later holds."""

    of_element: dict[str, dict[str, Given]] = field(default_factory=dict)
    files: list[CalmFile] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def get(self, element: str, name: str) -> Given | None:
        """What is said of one field of one element."""
        return self.of_element.get(element, {}).get(name)


def read_decorators(paths: Iterable[Path], architecture: Architecture) -> Decorations:
    """Read decorator files: one decorator each, or a list under ``decorators``.

    Raises
    ------
    ModelError
        Everything that is wrong with them, each with its place.
    """
    decorations = Decorations()
    problems: list[Problem] = []
    for path in paths:
        file = read_file(path, path.name)
        decorations.files.append(file)
        parts = file.root.items("decorators") or [file.root]
        for part in parts:
            problems += _read(part, architecture, decorations)
    if problems:
        raise ModelError(problems)
    return decorations


def _read(part: Part, architecture: Architecture, decorations: Decorations) -> list[Problem]:
    """Take one decorator in, or say what is wrong with it."""
    kind = part.text("type")
    if kind and kind != TYPE:
        decorations.ignored.append(f"{part.file.name}: decorator {part.text('unique-id')} ({kind})")
        return []
    document = part.file.document
    node = document.node_at(part.path)
    assert node is not None, "a part was read from its file"
    here = Document(node, document.lines)
    data = {key: value for key, value in _mapping(part).items() if key != "$schema"}
    try:
        decorator = Decorator.model_validate_json(json.dumps(data))
    except ValidationError as error:
        return problems_of(error, Decorator, here, "en")
    problems = [*_wrong_target(part, decorator, architecture)]
    for position, element in enumerate(decorator.applies_to):
        problems += _apply(part, position, element, decorator, architecture, decorations)
    return problems


def _mapping(part: Part) -> dict[str, Any]:
    return part.value if isinstance(part.value, dict) else {}


def _wrong_target(
    part: Part, decorator: Decorator, architecture: Architecture
) -> Iterable[Problem]:
    """A decorator must be meant for this architecture: by file name or by ``$id``."""
    main = architecture.folder.main
    names = {PurePosixPath(target).name for target in decorator.target}
    if main.path.name in names or (main.id and main.id in decorator.target):
        return
    yield part.file.problem(
        (*part.path, "target"),
        "the decorator is meant for another document",
        value=", ".join(decorator.target),
        expected=f"{main.path.name} among its targets",
    )


def _apply(
    part: Part,
    position: int,
    element: str,
    decorator: Decorator,
    architecture: Architecture,
    decorations: Decorations,
) -> Iterable[Problem]:
    """Note what a decorator says of one element."""
    sort = _sort_of(element, architecture)
    if sort is None:
        near = nearest(element, (*architecture.nodes, *architecture.flows))
        yield part.file.problem(
            (*part.path, "applies-to", position),
            "no node, relationship or flow of this unique-id",
            value=repr(element),
            hint=f"did you mean {near!r}?" if near else "",
        )
        return
    told = decorations.of_element.setdefault(element, {})
    source = decorator.data.source or ASSUMPTION
    given = decorator.data.model_dump(mode="json", exclude_unset=True, exclude={"source", "note"})
    for name, text in given.items():
        if name not in FIELDS[sort]:
            yield part.file.problem(
                (*part.path, "data", name),
                f"{name} says nothing of a {sort}",
                value=repr(element),
                expected=f"one of {', '.join(sorted(FIELDS[sort]))}",
            )
        value = getattr(decorator.data, name)
        told[name] = Given(value, _shown(text), decorator.unique_id, source)


def _shown(value: object) -> str:
    """A value as a file has it, in a sentence."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _sort_of(element: str, architecture: Architecture) -> str | None:
    node = architecture.nodes.get(element)
    if node is not None:
        return "actor" if node.kind == "actor" else "node"
    if element in architecture.relationships:
        return "relationship"
    return "flow" if element in architecture.flows else None
