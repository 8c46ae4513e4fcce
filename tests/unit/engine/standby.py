"""A firm whose order system has a standby, for tests of failover, fail-back and split brain.

The front sends at 11, the order system (oms) receives at 12, has the order from 22 on and sends
it to the venue at 22: received 23, executed 33, reported 34. Attempts of the standby are counted
from 2048 on, so that a line tells who has sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.engine.firms import execute, firm, step, take
from tests.unit.engine.story import story

if TYPE_CHECKING:
    from bcsim.history.history import History
    from bcsim.model.firm import Firm

STANDBY: dict[str, Any] = {
    "store": {"kind": "replicated"},
    "standby": {"kind": "hot", "site": "b", "switch": "1 s"},
}
ROUTE = (take(), step("accept", "oms"), execute())
CUT = "0ms oms->venue link_up 0"
"""What the order system sends to the venue is lost until further notice."""


def doubled(*route: dict[str, Any], **components: dict[str, Any]) -> Firm:
    """The firm, with another route or with what differs in its components."""
    return firm(list(route or ROUTE), components={"oms": STANDBY} | components)


def sent(history: History, *more: str) -> list[str]:
    """What the order system has sent, and further kinds."""
    kinds = " ".join(("send", *more))
    return story(history, "attempt", only=kinds, without="client front")
