"""Which flows of an architecture carry an order, and which flow goes on with which.

CALM does not say what a flow is for. A flow is taken for the entry of orders if its words
submit something that is ordered; a flow goes on with another if it begins with a message *from*
the node that the other's last message went *to*.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bcsim.errors import Problem, UsageError
from bcsim.model.finding import nearest
from bcsim.model.importers.calm_architecture import CONNECTS, INTERACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bcsim.model.importers.calm_architecture import Architecture, Flow, Transition

VERBS: Final = frozenset(
    "submit submits submitting submission place places placing enter enters send sends create "
    "creates execute executes book books pay pays buy sell transfer transfers initiate "
    "initiates instruct instructs publish publishes".split()
)
NOUNS: Final = frozenset(
    "order orders trade trades ticket tickets payment payments instruction instructions "
    "transfer transfers transaction transactions subscription redemption".split()
)
READS: Final = frozenset(
    "load loads query queries get gets list lists retrieve retrieves lookup look read reads "
    "search searches view views subscribe subscribes bootstrap".split()
)
_WORD: Final = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """One message of a flow, from a sender to a receiver.

    ``answers`` is the request to which it is the response.
    """

    flow: Flow
    transition: Transition
    sender: str
    receiver: str
    answers: Message | None = None

    @property
    def text(self) -> str:
        """What happens, in the file's words."""
        return self.transition.text or f"{self.sender} to {self.receiver}"


@dataclass(frozen=True, slots=True)
class Choice:
    """The flows that make an order's journey, in order, and why; the others, and why not."""

    chosen: tuple[Flow, ...]
    reasons: tuple[str, ...]
    others: tuple[tuple[Flow, str], ...]


def words(text: str) -> set[str]:
    """The words of a text, in lower case; ``trades/new`` has two."""
    return set(_WORD.findall(text.lower()))


def messages(flow: Flow, architecture: Architecture) -> list[Message]:
    """The messages of a flow in order; responses know their request.

    A transition against its relationship's direction answers the last open request over that
    relationship; without one it is a message of its own, such as a delivery to a subscriber.
    """
    found: list[Message] = []
    open_requests: dict[str, list[Message]] = {}
    for transition in flow.transitions:
        relationship = architecture.relationships[transition.relationship]
        waiting = open_requests.setdefault(relationship.id, [])
        source, target = relationship.source, _target(relationship.targets, found)
        if not transition.is_reverse:
            message = Message(flow, transition, source, target)
            waiting.append(message)
        elif waiting and relationship.kind != INTERACTS:
            message = Message(flow, transition, target, source, waiting.pop())
        else:
            message = Message(flow, transition, target, source)
        found.append(message)
    return found


def _target(targets: Sequence[str], before: Iterable[Message]) -> str:
    """Of several nodes that an actor interacts with, the one that the flow is at."""
    touched = {m.receiver for m in before} | {m.sender for m in before}
    return next((target for target in targets if target in touched), targets[0])


# -- which flow goes on with which -----------------------------------------------------------


def requests_of(flow: Flow, architecture: Architecture) -> list[Message]:
    """The messages of a flow that are no responses."""
    return [message for message in messages(flow, architecture) if message.answers is None]


def client_distance(architecture: Architecture) -> dict[str, int]:
    """How many messages away from an actor each node is; absent where none leads there.

    Without actors web clients take their place, without those the nodes that nobody connects
    to.
    """
    edges = [
        (relationship.source, target)
        for relationship in architecture.relationships.values()
        if relationship.kind in (CONNECTS, INTERACTS)
        for target in relationship.targets
    ]
    nodes = architecture.nodes.values()
    begin = [node.id for node in nodes if node.kind == "actor"]
    begin = begin or [node.id for node in nodes if node.kind == "webclient"]
    begin = begin or [node.id for node in nodes if all(node.id != target for _, target in edges)]
    distance = dict.fromkeys(begin, 0)
    reached = list(begin)
    for node_id in reached:
        for source, target in edges:
            if source == node_id and target not in distance:
                distance[target] = distance[node_id] + 1
                reached.append(target)
    return distance


def continuation(flow: Flow, architecture: Architecture) -> Flow | None:
    """The flow that goes on where this one's last request went, away from the client.

    If there are several, the one whose first message shares most words with that request.
    """
    requests = requests_of(flow, architecture)
    if not requests:
        return None
    last, distance = requests[-1], client_distance(architecture)
    if _far(distance, last.receiver) <= _far(distance, requests[0].sender):
        return None
    candidates: list[tuple[int, int, Flow]] = []
    for other in architecture.flows.values():
        first = next(iter(requests_of(other, architecture)), None)
        if other is not flow and first is not None and first.sender == last.receiver:
            common = words(last.text) & words(first.text)
            candidates.append((len(common), -len(candidates), other))
    return max(candidates, key=lambda c: c[:2])[2] if candidates else None


def _far(distance: Mapping[str, int], node_id: str) -> int:
    return distance.get(node_id, len(distance))


def continuations(architecture: Architecture) -> list[tuple[Flow, Flow]]:
    """Every pair of flows of which the second goes on with the first."""
    pairs = [(flow, continuation(flow, architecture)) for flow in architecture.flows.values()]
    return [(flow, after) for flow, after in pairs if after is not None]


# -- which flow is the order's ---------------------------------------------------------------


def order_score(flow: Flow) -> int:
    """How much a flow's words are those of entering an order; 0 or less: not at all.

    Three for the name and description, one a transition, where a verb of submitting meets a
    noun of something ordered; three less for a name that is about reading.
    """
    score = 3 * _submits(flow.text) + sum(_submits(t.text) for t in flow.transitions)
    return score - 3 * bool(words(flow.name) & READS)


def _submits(text: str) -> bool:
    found = words(text)
    return bool(found & VERBS and found & NOUNS)


def choose_flows(architecture: Architecture, wanted: Sequence[str] = ()) -> Choice:
    """Choose the flows of the order's journey, or take those that are wanted, in their order.

    Raises
    ------
    UsageError
        A wanted flow is not there, or none looks like one that orders go.
    """
    flows = architecture.flows
    if wanted:
        chosen = [_wanted(architecture, name) for name in wanted]
        reasons = ["named by --flow"] * len(chosen)
    else:
        chosen, reasons = _found(architecture)
    others = tuple((flow, _why_not(flow, chosen)) for flow in flows.values() if flow not in chosen)
    return Choice(tuple(chosen), tuple(reasons), others)


def _wanted(architecture: Architecture, name: str) -> Flow:
    flow = architecture.flows.get(name)
    if flow is not None:
        return flow
    near = nearest(name, architecture.flows)
    raise UsageError(
        Problem(
            f"there is no flow {name!r}",
            file=str(architecture.folder.main.path),
            expected=f"one of {', '.join(architecture.flows)}" if architecture.flows else "flows",
            hint=f"did you mean {near!r}?" if near else "",
        )
    )


def _found(architecture: Architecture) -> tuple[list[Flow], list[str]]:
    """The flow that most looks like an order's entry, and what goes on with it."""
    distance = client_distance(architecture)
    entries = [
        (-_far(distance, requests[0].sender), order_score(flow), -position, flow)
        for position, flow in enumerate(architecture.flows.values())
        if (requests := requests_of(flow, architecture)) and order_score(flow) > 0
    ]
    if not entries:
        raise UsageError(_no_order_flow(architecture))
    entry = max(entries, key=lambda e: e[:3])[3]
    chosen = [entry]
    reasons = ["of the flows that begin nearest to the client, its words most submit an order"]
    while (after := continuation(chosen[-1], architecture)) and after not in chosen:
        joint = requests_of(after, architecture)[0].sender
        reasons.append(f"it goes on from {joint}, where {chosen[-1].id} ends")
        chosen.append(after)
    return chosen, reasons


def _why_not(flow: Flow, chosen: Sequence[Flow]) -> str:
    score = order_score(flow)
    if score <= 0:
        return "its words do not submit an order"
    return f"its words submit an order, but {chosen[0].id} begins nearer to the client or fits more"


def _no_order_flow(architecture: Architecture) -> Problem:
    main = architecture.folder.main
    if not architecture.flows:
        return main.problem(
            ("flows",),
            "the architecture has no flow that can be read, so nothing says which way an order "
            "takes",
            expected="`flows` with transitions over its relationships",
            hint="add a flow that submits an order",
        )
    return main.problem(
        ("flows",),
        "none of the flows looks like one that orders take",
        expected="a flow whose name or transitions submit an order, trade or payment",
        hint=f"choose with --flow: {', '.join(architecture.flows)}",
    )
