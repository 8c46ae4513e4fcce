"""Reading a CALM architecture, of any draft: what is unusual is told, not refused.

Understood beside the form of CALM 1.2: flows as addresses of files, ``summary`` for
``description`` in a transition, ``control-requirement-url`` and ``control-config-url``,
relationships in the flat form (``"relationship-type": "connects", "connects": {…}``), nodes of
any type or none.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from bcsim.errors import ModelError
from bcsim.model.finding import nearest
from bcsim.model.importers.calm_architecture import (
    COMPOSED_OF,
    CONNECTS,
    INTERACTS,
    NODE_TYPES,
    RELATIONSHIP_TYPES,
    REVERSE,
    Architecture,
    ControlUse,
    Flow,
    Node,
    Relationship,
    Transition,
)
from bcsim.model.importers.calm_files import Folder, read_file
from bcsim.model.importers.calm_finding import CalmFinding, Unmapped, merged

if TYPE_CHECKING:
    from pathlib import Path

    from bcsim.errors import Problem
    from bcsim.model.importers.calm_files import CalmFile, Part, Place

ROOT_KEYS: Final = frozenset(
    "$schema $id unique-id name title description nodes relationships flows controls".split()
)
NODE_KEYS: Final = frozenset(
    "unique-id node-type name description controls metadata data-classification".split()
)


def read_architecture(path: Path) -> Architecture:
    """Read a CALM architecture with what it refers to in its folder.

    Raises
    ------
    ModelError
        The file cannot be read, or is no CALM architecture at all.
    LimitError
        A file beyond a bound of ``limits``.
    """
    folder = Folder(read_file(path, path.name))
    reader = _Reader(folder)
    reader.nodes()
    reader.relationships()
    reader.flows()
    reader.controls_of(folder.main.root, "the architecture")
    reader.rest()
    return reader.architecture()


@dataclass(slots=True)
class _Reader:
    """What has been read so far."""

    folder: Folder
    warnings: list[Problem] = field(default_factory=list)
    findings: list[CalmFinding] = field(default_factory=list)
    unread: dict[tuple[str, str], list[Place]] = field(default_factory=dict)
    found_nodes: dict[str, Node] = field(default_factory=dict)
    found_relationships: dict[str, Relationship] = field(default_factory=dict)
    found_flows: dict[str, Flow] = field(default_factory=dict)
    found_controls: list[ControlUse] = field(default_factory=list)

    @property
    def root(self) -> Part:
        return self.folder.main.root

    def architecture(self) -> Architecture:
        """All of it."""
        unmapped = tuple(
            Unmapped(element, reason, tuple(places))
            for (element, reason), places in self.unread.items()
        )
        return Architecture(
            self._name(),
            self.folder,
            self.found_nodes,
            self.found_relationships,
            self.found_flows,
            tuple(self.found_controls),
            tuple(self.warnings),
            merged(self.findings),
            unmapped,
        )

    def _name(self) -> str:
        """The document's own name, else that of its outermost system, else the file's."""
        own = self.root.text("name", "title")
        parts = {
            target
            for relationship in self.found_relationships.values()
            if relationship.kind == COMPOSED_OF
            for target in relationship.targets
        }
        systems = [n for n in self.found_nodes.values() if n.kind == "system" and n.id not in parts]
        return own or (systems[0].name if systems else self.folder.main.path.stem)

    # -- nodes and relationships ---------------------------------------------------------------

    def nodes(self) -> None:
        """Read the nodes; a file without any is no architecture."""
        parts = self.root.items("nodes")
        if not parts:
            problem = self.folder.main.problem(
                ("nodes",) if self.root.below("nodes") else (),
                "not a CALM architecture: it has no nodes",
                expected="a JSON or YAML document with `nodes` and `relationships`",
            )
            raise ModelError(problem)
        for part in parts:
            node_id = part.text("unique-id")
            if not node_id or node_id in self.found_nodes:
                odd = "a second node of this unique-id" if node_id else "a node without unique-id"
                self._warn(part, f"{odd}: passed over", node_id)
                self._pass_over(f"node {node_id}".strip(), odd, part)
                continue
            kind = part.text("node-type")
            if not kind:
                self._warn(part, "a node without node-type: taken for a service", node_id)
            elif kind not in NODE_TYPES:
                self._warn(part, "a node-type that CALM does not name", kind)
            name = part.text("name") or node_id
            self.found_nodes[node_id] = Node(
                node_id, kind or "service", name, part.text("description"), part
            )
            self.controls_of(part, f"node {node_id}")
            for key in part.names():
                if key not in NODE_KEYS:
                    self._pass_over(f"`{key}` of nodes", "the model has no such field", part, key)

    def relationships(self) -> None:
        """Read the relationships, in the nested or the flat form."""
        for position, part in enumerate(self.root.items("relationships")):
            relationship_id = part.text("unique-id") or f"relationship-{position}"
            if not part.text("unique-id"):
                self._warn(part, "a relationship without unique-id: no flow can refer to it")
            kind, detail = _typed(part)
            if detail is None:
                self._pass_over(
                    f"relationship {relationship_id}", f"its type {kind or '(none)'} is none", part
                )
                self._warn(part, "a relationship of a type that is not simulated", kind)
                continue
            source, targets = _ends(kind, detail)
            self._know_nodes(relationship_id, detail, (source, *targets))
            known = tuple(target for target in targets if target in self.found_nodes)
            if source not in self.found_nodes or not known:
                self._pass_over(f"relationship {relationship_id}", "it refers to no node", part)
                continue
            self.found_relationships[relationship_id] = Relationship(
                relationship_id,
                kind,
                source,
                known,
                part.text("description"),
                part.text("protocol"),
                part,
            )
            self.controls_of(part, f"relationship {relationship_id}")
            for key in ("protocol", "metadata"):
                if part.below(key):
                    self._pass_over(
                        f"`{key}` of relationships", "the model has no such field", part, key
                    )

    def _know_nodes(self, relationship_id: str, detail: Part, names: tuple[str, ...]) -> None:
        for name in names:
            if name in self.found_nodes:
                continue
            near = nearest(name, self.found_nodes)
            meant = f"; {near} is near" if near else ""
            sentence = f"relationship {relationship_id} refers to node {name!r}, which is not there"
            self.findings.append(
                CalmFinding("unknown-node", f"{sentence}{meant}.", (detail.place(),))
            )

    # -- flows -----------------------------------------------------------------------------------

    def flows(self) -> None:
        """Read the flows: those in the file, and those that it gives the addresses of."""
        for item in self.root.items("flows"):
            part = self._flow_at(item, item.value) if isinstance(item.value, str) else item
            if part is not None:
                self._flow(part)

    def _flow_at(self, item: Part, address: str) -> Part | None:
        """The flow that an address leads to."""
        found = self.folder.find(address, lambda file: bool(file.root.items("transitions")))
        if found.file is None:
            sentence = f"no file in the folder is the flow {address}."
            self.findings.append(CalmFinding("flow-not-found", sentence, (item.place(),)))
            self._pass_over(f"flow {address}", "its file was not found", item)
            return None
        if found.match == "name":
            own = found.file.root.place("$id") if found.file.id else found.file.root.place()
            sentence = f"{address} is no file's $id; {found.file.name} was taken for it."
            self.findings.append(CalmFinding("flow-found-by-name", sentence, (item.place(), own)))
        return found.file.root

    def _flow(self, part: Part) -> None:
        flow_id = part.text("unique-id")
        if not flow_id or flow_id in self.found_flows:
            odd = "a second flow of this unique-id" if flow_id else "a flow without unique-id"
            self._warn(part, f"{odd}: passed over", flow_id)
            self._pass_over(f"flow {flow_id}".strip(), odd, part)
            return
        transitions = [self._transition(flow_id, p) for p in part.items("transitions")]
        self.found_flows[flow_id] = Flow(
            flow_id,
            part.text("name") or flow_id,
            part.text("description"),
            tuple(sorted((t for t in transitions if t), key=lambda t: t.sequence)),
            self._controls(part, f"flow {flow_id}"),
            part,
        )

    def _transition(self, flow_id: str, part: Part) -> Transition | None:
        name = part.text("relationship-unique-id")
        text = part.text("description", "summary")
        if name not in self.found_relationships:
            near = nearest(name, self.found_relationships)
            meant = f"; {near} is near" if near else ""
            sentence = f"flow {flow_id} goes over relationship {name!r}, which is not there{meant}."
            place = part.place("relationship-unique-id")
            self.findings.append(CalmFinding("unknown-relationship", sentence, (place,)))
            self._pass_over(f"transition {text!r}", "its relationship is not there", part)
            return None
        number = part.number("sequence-number")
        if number is None:
            self._warn(part, "a transition without sequence-number: taken to be the last")
        direction = part.text("direction")
        sequence = 1_000_000 if number is None else int(number)
        return Transition(name, sequence, text, direction == REVERSE, part)

    # -- controls --------------------------------------------------------------------------------

    def controls_of(self, part: Part, owner: str) -> None:
        """Read the controls of the architecture, a node or a relationship."""
        self.found_controls += self._controls(part, owner)

    def _controls(self, part: Part, owner: str) -> tuple[ControlUse, ...]:
        return tuple(
            self._control(name, owner, requirement)
            for name, control in part.entries("controls")
            for requirement in control.items("requirements")
        )

    def _control(self, name: str, owner: str, part: Part) -> ControlUse:
        requirement_url = part.text("requirement-url", "control-requirement-url")
        requirement = None
        if requirement_url:
            found = self.folder.find(
                requirement_url, lambda f: f.root.below("properties") is not None
            )
            requirement = found.file.root if found.file else None
        config = part.below("config")
        if config is None:
            config = self._config(name, owner, part, requirement_url)
        return ControlUse(name, owner, requirement_url, part, config, requirement)

    def _config(self, name: str, owner: str, part: Part, requirement_url: str) -> Part | None:
        """The configuration that an address leads to."""
        keys = [key for key in ("config-url", "control-config-url") if part.text(key)]
        if not keys:
            return None
        address, place = part.text(keys[0]), part.place(keys[0])
        found = self.folder.find(address, _is_config, requirement_url)
        subject = f"control {name} of {owner}"
        if found.other is not None:
            instead = f"{found.file.name} was taken" if found.file else "nothing was taken"
            sentence = (
                f"{subject} is configured at {address}, but that is {found.other.name}, which is "
                f"no configuration; {instead} for it."
            )
            places = (place, found.other.root.place("$id"))
            self.findings.append(CalmFinding("control-names-another-file", sentence, places))
        elif found.file is None:
            sentence = f"no file in the folder is {address}, which configures {subject}."
            self.findings.append(CalmFinding("control-not-found", sentence, (place,)))
        elif found.match == "name":
            sentence = (
                f"{subject} is configured at {address}, which is no file's $id; "
                f"{found.file.name} was taken for it."
            )
            places = (place, found.file.root.place("$id"))
            self.findings.append(CalmFinding("control-found-by-name", sentence, places))
        if found.file is None:
            self._pass_over(subject, "its configuration was not found", part)
        return found.file.root if found.file else None

    # -- the rest --------------------------------------------------------------------------------

    def rest(self) -> None:
        """Note what the document has beside all that."""
        for key in self.root.names():
            if key not in ROOT_KEYS:
                self._pass_over(f"`{key}`", "the model has no such part", self.root, key)
        for problem in self.folder.main.document.problems:
            self.warnings.append(replace(problem, severity="warning"))

    def _warn(self, part: Part, message: str, value: str = "") -> None:
        self.warnings.append(part.file.problem(part.path, message, value=value, severity="warning"))

    def _pass_over(self, element: str, reason: str, part: Part, key: str = "") -> None:
        place = part.place(key) if key else part.place()
        self.unread.setdefault((element, reason), []).append(place)


def _typed(part: Part) -> tuple[str, Part | None]:
    """Type and detail of a relationship: nested, or flat beside its type."""
    for kind in RELATIONSHIP_TYPES:
        nested = part.below("relationship-type", kind)
        if nested is not None:
            return kind, nested
    flat = part.text("relationship-type")
    detail = part.below(flat) or part.below("parties") if flat in RELATIONSHIP_TYPES else None
    if detail is not None:
        return flat, detail
    other = part.below("relationship-type")
    return flat or ", ".join(other.names() if other else ()), None


def _ends(kind: str, detail: Part) -> tuple[str, tuple[str, ...]]:
    """Source and targets of a relationship."""
    if kind == CONNECTS:
        return _end(detail, "source"), (_end(detail, "destination"),)
    source = detail.text("actor" if kind == INTERACTS else "container")
    return source, tuple(detail.texts("nodes"))


def _end(detail: Part, key: str) -> str:
    """A node at one end of a connection, given as a text or with its interfaces."""
    below = detail.below(key)
    return detail.text(key) or (below.text("node") if below else "")


def _is_config(file: CalmFile) -> bool:
    """Whether a file configures a control: neither a schema nor a flow nor an architecture."""
    root = file.root
    is_other = any(root.below(key) is not None for key in ("transitions", "nodes", "properties"))
    return bool(root.names()) and not is_other
