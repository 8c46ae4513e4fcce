"""What a model is made from: the architecture, its decorators, and a ledger of assumptions."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bcsim.model.component import ComponentKind
from bcsim.model.fields import LocalText
from bcsim.model.importers.calm_route import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bcsim.model.finding import Path
    from bcsim.model.importers.assumption import Ledger
    from bcsim.model.importers.calm_architecture import Architecture
    from bcsim.model.importers.calm_controls import ServiceLevel
    from bcsim.model.importers.calm_decorator import Decorations
    from bcsim.model.importers.calm_flows import Choice
    from bcsim.model.importers.calm_route import Route


class Defaults(NamedTuple):
    """What is assumed of a node of some type."""

    kind: ComponentKind
    servers: int
    service_time: str
    store: str


_SERVICE: Final = Defaults(ComponentKind.APPLICATION, 16, "exponential 2 ms", "volatile")
_DATABASE: Final = Defaults(ComponentKind.DATABASE, 16, "exponential 4 ms", "durable")
_OUTSIDE: Final = Defaults(ComponentKind.THIRD_PARTY, 64, "exponential 20 ms", "durable")

DEFAULTS: Final[Mapping[str, Defaults]] = MappingProxyType(
    {
        "webclient": _SERVICE._replace(servers=1000),  # each client has a browser
        "database": _DATABASE,
        "data-asset": _DATABASE,
        "ldap": _DATABASE,
        "ecosystem": _OUTSIDE,
        "system": _OUTSIDE,
        "network": Defaults(ComponentKind.NETWORK, 1, "", ""),
    }
)
"""By node type; every other type, known to CALM or not, is taken for a service.

Sixteen servers of some milliseconds carry the thousand messages a second that service levels
of trading systems speak of; times and stores are to be replaced by measured ones.
"""

ENTRY_TIMEOUT: Final = "30 s"
TIMEOUT: Final = "3 s"
LINK_LATENCY: Final = "1 ms"
LINE_LATENCY: Final = "10 ms"
DEDUP_HORIZON: Final = "1 d"
PATIENCE: Final = "60 s"
CLIENTS: Final = 1000
ORDERS_PER_DAY: Final = 20_000
OPENS: Final = "09:30"
CLOSES: Final = "16:00"
ACKNOWLEDGE_WITHIN: Final = "5 s"
EXECUTE_WITHIN: Final = "30 s"
RTO: Final = "30 min"
MTPD: Final = "4 h"
RPO: Final = "0 s"
MBCO: Final = 0.9

NOBODY: Final = "the clients"
"""Name of an actor that the file does not have."""

PRODUCT: Final = "order"
JOURNEY: Final = "orders"
SERVICE: Final = "orders"
PROFILE: Final = "day"
LINE: Final = "client-line"


@dataclass(frozen=True, slots=True)
class Basis:
    """Everything that a firm is made from.

    ``names`` gives each node's identifier in the model.
    """

    architecture: Architecture
    choice: Choice
    route: Route
    levels: tuple[ServiceLevel, ...]
    decorations: Decorations
    ledger: Ledger
    names: Mapping[str, str]

    def defaults_of(self, node_id: str) -> Defaults:
        """What is assumed of a node."""
        kind = self.architecture.nodes[node_id].kind
        return DEFAULTS.get(kind, _SERVICE)

    def value(self, element: str, name: str, default: Any, words: str, path: Path) -> Any:  # noqa: ANN401 - a field of the model
        """A decorator's value, or a default; what nobody cites is noted as assumed.

        Parameters
        ----------
        words
            What is assumed, ``{}`` standing for the element and ``VALUE`` for the value.
        path
            Where the model has it.
        """
        given = self.decorations.get(element, name)
        if given is None:
            self.ledger.assume(words.replace("VALUE", str(default)), path, of=element or NOBODY)
            return default
        if given.is_assumed:
            what = f"{words.replace('VALUE', given.text)} (decorator {given.decorator})"
            self.ledger.assume(what, path, of=element or NOBODY)
        return given.value

    def source_of(self, element: str, *names: str) -> str:
        """Where an entity's numbers come from: its decorators' citations, or `assumption`."""
        given = [self.decorations.get(element, name) for name in names]
        cited = {g.source for g in given if g is not None and not g.is_assumed}
        is_cited = all(g is not None and not g.is_assumed for g in given)
        return "; ".join(sorted(cited)) if is_cited and cited else "assumption"


def label(text: str) -> LocalText:
    """A name as the file has it, for both languages."""
    return LocalText(en=text, th=text)


def identifiers(node_ids: Iterable[str]) -> dict[str, str]:
    """An identifier of the model for each node, all different."""
    names: dict[str, str] = {}
    for node_id in node_ids:
        name, number = identifier(node_id), 2
        while name in names.values():
            name, number = f"{identifier(node_id)}-{number}", number + 1
        names[node_id] = name
    return names
