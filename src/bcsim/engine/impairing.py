"""Which changes of the timeline impair something, and which end an impairment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.engine.timeline import Attribute

if TYPE_CHECKING:
    from bcsim.engine.timeline import Change
    from bcsim.model.firm import Firm

HEALTHY: Final = {
    Attribute.UP: 1,
    Attribute.HANG: 0,
    Attribute.SPEED: 1000,
    Attribute.LINK_UP: 1,
    Attribute.LINK_LATENCY: 0,
    Attribute.LINK_LOSS: 0,
    Attribute.CORRUPTION: 0,
    Attribute.HALT: 0,
    Attribute.SPLIT: 0,
}
"""Values of the attributes at which nothing is impaired."""

IMPAIRING: Final = (
    Attribute.UP,
    Attribute.HANG,
    Attribute.SPEED,
    Attribute.LINK_UP,
    Attribute.SERVERS,
    Attribute.HALT,
)
"""Attributes that failures are blamed on."""


def is_healthy(change: Change, firm: Firm) -> bool:
    """Whether nothing is wrong any more with what has changed."""
    if change.attribute is Attribute.SERVERS:
        return change.value >= firm.components[change.subject].servers
    return HEALTHY.get(change.attribute) == change.value
