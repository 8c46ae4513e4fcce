"""The way of an order through the components, read off the messages of its flows.

A flow is a list of messages; a journey is a list of steps with one holder at a time. What a
message becomes is decided by where the flow goes on: from its receiver – then the receiver takes
the order over; or from its sender again – then it was a call. A node that sends again only after
a request has come back to it had let go in between: that is how a message bus is told apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from bcsim.model.importers.calm_architecture import CONNECTS, INTERACTS
from bcsim.model.importers.calm_finding import CalmFinding
from bcsim.model.importers.calm_flows import READS, client_distance, messages, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcsim.model.importers.calm_architecture import Architecture, Flow
    from bcsim.model.importers.calm_flows import Message

Role = Literal["acknowledge", "execute", "book", "confirm"]

STORES: Final = frozenset({"database", "data-asset"})
OUTSIDE: Final = frozenset({"ecosystem", "system"})

_IDENTIFIER_CHARS_MAX: Final = 60


@dataclass(frozen=True, slots=True, eq=False)
class RouteStep:
    """Work at a node for an order, with the messages that ask for it.

    ``is_call``: the holder keeps the order. ``holder`` is who asks; None is the client.
    ``is_aside``: the flow goes on before this ends. Several messages are parallel legs.
    """

    name: str
    node: str
    holder: str | None
    is_call: bool
    messages: tuple[Message, ...] = ()
    role: Role | None = None
    is_aside: bool = False
    flow: Flow | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """An order's way.

    ``actor`` is the client, None where the file names none. If an order is acknowledged before
    it is executed, ``responder`` does it while ``keeper`` holds the order. ``joint`` is where
    one flow goes on with another.
    """

    steps: tuple[RouteStep, ...]
    actor: str | None
    entry: tuple[str, ...]
    responder: str | None
    keeper: str | None
    joint: str | None
    remarks: tuple[str, ...]
    findings: tuple[CalmFinding, ...]


def make_route(flows: Sequence[Flow], architecture: Architecture) -> Route:
    """Derive the steps of an order from the flows that it takes, in order."""
    builder = _Builder(architecture, tuple(flows))
    builder.enter()
    builder.follow()
    builder.complete()
    return builder.route()


@dataclass(slots=True)
class _Builder:
    """The route as far as it is known."""

    architecture: Architecture
    flows: tuple[Flow, ...]
    steps: list[RouteStep] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    holder: str | None = None
    actor: str | None = None
    entry: tuple[str, ...] = ()
    responder: str | None = None
    keeper: str | None = None
    is_client_told: bool = True
    all_messages: list[Message] = field(default_factory=list)
    taken_over: set[Message] = field(default_factory=set)

    def route(self) -> Route:
        """All of it."""
        is_first = self._is_acknowledged_first()
        return Route(
            tuple(self.steps),
            self.actor,
            self.entry,
            self.responder if is_first else None,
            self.keeper if is_first else None,
            self._joint(),
            tuple(self.remarks),
            tuple(self._findings()),
        )

    def _is_actor(self, node_id: str) -> bool:
        return self.architecture.nodes[node_id].kind == "actor"

    def _joint(self) -> str | None:
        """Where the second flow begins, if there is one."""
        if len(self.flows) == 1:
            return None
        first = next((m for m in self.all_messages if m.flow is self.flows[1]), None)
        return first.sender if first else None

    # -- the client's side ---------------------------------------------------------------------

    def enter(self) -> None:
        """Lead the client to where the first flow begins."""
        self.all_messages = [m for flow in self.flows for m in messages(flow, self.architecture)]
        assert self.all_messages, "a chosen flow has messages"
        first = self.all_messages[0]
        if self._is_actor(first.sender):
            self.actor, self.entry = first.sender, (first.receiver,)
            self.all_messages = self.all_messages[1:]
        else:
            self.actor, self.entry = _way_from_client(first.sender, self.architecture)
            if self.actor is None:
                self.remarks.append(
                    f"no actor leads to {first.sender}; clients are assumed to reach it"
                )
        for node_id in self.entry:
            text = first.text if node_id == first.receiver else f"enter {node_id}"
            self._add(RouteStep(text, node_id, self.holder, is_call=False, flow=self.flows[0]))
            self.holder = node_id

    # -- the messages --------------------------------------------------------------------------

    def follow(self) -> None:
        """Turn each message into a step, parallel ones into one step with legs."""
        position = 0
        while position < len(self.all_messages):
            group = self._parallel(position)
            message = self.all_messages[position]
            position += len(group)
            if message.answers is not None:
                self._answer(message)
            elif self._is_actor(message.receiver):
                self._tell(message)
            elif self._is_actor(message.sender):
                self.remarks.append(f"{message.text!r}: the client's second act is left out")
            else:
                self._ask(message, group, position)

    def _parallel(self, position: int) -> tuple[Message, ...]:
        """Messages with one number from one node to one node."""
        first = self.all_messages[position]
        group = [first]
        for message in self.all_messages[position + 1 :]:
            same = (message.sender, message.receiver) == (first.sender, first.receiver)
            number = message.transition.sequence == first.transition.sequence
            if not (same and number and message.flow is first.flow and message.answers is None):
                break
            group.append(message)
        return tuple(group) if first.answers is None else (first,)

    def _ask(self, message: Message, group: tuple[Message, ...], following: int) -> None:
        """A request: the receiver takes over, or answers a call."""
        assert self.holder is not None, "the client has entered the order"
        is_nested = message.sender != self.holder
        is_call = is_nested or self._comes_back(message, following)
        is_call &= message.receiver != self.holder  # a holder does its own work, it calls nobody
        step = RouteStep(
            message.text,
            message.receiver,
            self.holder,
            is_call=is_call,
            messages=group,
            is_aside=is_nested,
            flow=message.flow,
        )
        if is_nested:
            self.remarks.append(
                f"{message.text!r} is simulated as a call by {self.holder}: the flow goes on "
                f"from there before {message.sender} has ended"
            )
        self._add(step)
        if not is_call:
            self.taken_over.update(group)
            if self._execution() is not self.steps[-1]:
                self.holder = message.receiver

    def _comes_back(self, message: Message, following: int) -> bool:
        """Whether the sender goes on by itself: it sends again before anybody asks it."""
        for later in self.all_messages[following:]:
            if later.answers is not None:
                continue
            if later.sender == message.sender and not self._is_actor(later.receiver):
                return True
            if later.receiver == message.sender:
                return False
        return False

    def _answer(self, message: Message) -> None:
        """A response: it acknowledges the order if it goes to where the client entered."""
        if message.answers not in self.taken_over or message.receiver not in self.entry:
            return
        self.responder, self.keeper = message.sender, self.holder
        step = RouteStep(
            message.text,
            message.sender,
            self.holder,
            is_call=self.holder != message.sender,
            messages=(message,),
            role="acknowledge",
            flow=message.flow,
        )
        self._add(step)

    def _tell(self, message: Message) -> None:
        """The client is told: the step that brought it there confirms."""
        last = self.steps[-1]
        if last.node == message.sender and last.role is None and last.messages:
            self.steps[-1] = replace(last, role="confirm", messages=(*last.messages, message))
            return
        step = RouteStep(
            message.text,
            message.sender,
            self.holder,
            is_call=self.holder != message.sender,
            messages=(message,),
            role="confirm",
            flow=message.flow,
        )
        self._add(step)

    # -- roles ---------------------------------------------------------------------------------

    def _execution(self) -> RouteStep | None:
        """The step that executes, as far as is known: the first write to a store."""
        writes = [s for s in self.steps if self._is_write(s)]
        return writes[0] if writes else None

    def _is_write(self, step: RouteStep) -> bool:
        kind = self.architecture.nodes[step.node].kind
        reads = words(step.name) & READS
        return kind in STORES and not reads and bool(step.messages) and not step.is_aside

    def complete(self) -> None:
        """Give the roles that follow from where a step stands."""
        execution = self._execution() or self._last_resort()
        position = self.steps.index(execution)
        self.steps[position] = replace(execution, role="execute")
        for i, step in enumerate(self.steps[position + 1 :], start=position + 1):
            if step.role is None and self._is_write(step):
                self.steps[i] = replace(step, role="book")
        if not any(step.role == "acknowledge" for step in self.steps):
            self.remarks.append(
                "the client hears of the order at the end only: no response goes "
                "back to where it entered"
            )
        self._confirm(position)

    def _last_resort(self) -> RouteStep:
        """Without a write to a store: the last node outside, else the last that takes over."""
        own = {
            node_id
            for relationship in self.architecture.relationships.values()
            if relationship.kind == "composed-of"
            for node_id in relationship.targets
        }
        idle = [step for step in self.steps if step.role is None]
        free = [step for step in idle if step.messages] or idle
        outside = [
            s for s in free if self.architecture.nodes[s.node].kind in OUTSIDE and s.node not in own
        ]
        taking = [s for s in free if not s.is_call]
        chosen = (outside or taking or free)[-1]
        if chosen.holder is None:  # only the client asks: its own work must have a holder too
            position = self.steps.index(chosen) + 1
            own_work = RouteStep(
                f"execute at {chosen.node}", chosen.node, chosen.node, is_call=False
            )
            chosen = self._named(replace(own_work, flow=chosen.flow))
            self.steps.insert(position, chosen)
        self.remarks.append(
            f"no message writes to a store; {chosen.name!r} at {chosen.node} is assumed to be "
            "the execution"
        )
        return chosen

    def _confirm(self, execution: int) -> None:
        """The last message to where the client entered, after the execution, confirms."""
        if any(step.role == "confirm" for step in self.steps):
            return
        after = range(len(self.steps) - 1, execution, -1)
        there = next(
            (i for i in after if self.steps[i].node in self.entry and not self.steps[i].role), None
        )
        if there is not None:
            self.steps[there] = replace(self.steps[there], role="confirm")
            return
        answer = next((s for s in self.steps[execution + 1 :] if s.role == "acknowledge"), None)
        if answer is None:
            self.is_client_told = False
            self.remarks.append(
                f"no message tells the client what came of the order; {self.entry[-1]} is assumed "
                "to do it"
            )
        confirmation = RouteStep(
            f"confirm at {self.entry[-1]}",
            self.entry[-1],
            self.holder,
            is_call=self.holder != self.entry[-1],
            messages=answer.messages if answer else (),
            role="confirm",
            flow=self.flows[-1],
        )
        self._add(confirmation)

    # -- names and findings --------------------------------------------------------------------

    def _add(self, step: RouteStep) -> None:
        self.steps.append(self._named(step))

    def _named(self, step: RouteStep) -> RouteStep:
        """The step with an identifier of its own."""
        taken = {other.name for other in self.steps}
        name = identifier(step.name)
        number = 2
        while name in taken:
            name = f"{identifier(step.name)}-{number}"
            number += 1
        return replace(step, name=name)

    def _is_acknowledged_first(self) -> bool:
        names = [step.role for step in self.steps]
        return "acknowledge" in names and names.index("acknowledge") < names.index("execute")

    def _findings(self) -> list[CalmFinding]:
        """What the order of the steps says about the design."""
        found = []
        names = [step.role for step in self.steps]
        execution = names.index("execute")
        if self._is_acknowledged_first():
            answer = self.steps[names.index("acknowledge")].messages[0]
            stored = self.steps[execution]
            found.append(
                CalmFinding(
                    "acknowledged-before-stored",
                    f"{self.responder} tells the client of success while only {self.keeper} holds "
                    f"the order; {stored.node} stores it later: what {self.keeper} forgets in "
                    "between is lost.",
                    (
                        answer.transition.part.place(),
                        *(m.transition.part.place() for m in stored.messages[:1]),
                    ),
                )
            )
        if not self.is_client_told:
            place = self.flows[-1].part.place("transitions")
            sentence = f"after {self.steps[execution].node} has executed, nothing goes to a client."
            found.append(CalmFinding("client-never-told", sentence, (place,)))
        return found


def identifier(text: str) -> str:
    """An identifier of the model from the file's words."""
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    name = name if name[:1].isalpha() else f"a-{name}".rstrip("-")
    if len(name) > _IDENTIFIER_CHARS_MAX:
        name = name[:_IDENTIFIER_CHARS_MAX].rsplit("-", maxsplit=1)[0]
    return name


def _way_from_client(
    node_id: str, architecture: Architecture
) -> tuple[str | None, tuple[str, ...]]:
    """The nearest actor, if there is one, and the shortest way from it to a node."""
    distance = client_distance(architecture)
    way: list[str] = [node_id]
    while distance.get(way[0], 0) > 0:
        way.insert(
            0,
            next(
                relationship.source
                for relationship in architecture.relationships.values()
                if relationship.kind in (CONNECTS, INTERACTS) and way[0] in relationship.targets
                if distance.get(relationship.source) == distance[way[0]] - 1
            ),
        )
    if architecture.nodes[way[0]].kind == "actor":
        return way[0], tuple(way[1:])
    return None, tuple(way)
