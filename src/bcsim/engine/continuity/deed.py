"""Deeds: one run of an action of the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bcsim.model.plan import Action


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done, and by whom.

    ``index`` is the action's position in the plan; ``impaired`` are the targets that were
    impaired when its conditions came to hold.
    """

    name: str
    index: int
    action: Action
    actor: str | None
    impaired: frozenset[str]
