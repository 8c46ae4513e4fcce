"""Rules for controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.model.component import ComponentKind
from bcsim.model.finding import Finding, dangling
from bcsim.model.rules.reference import of_other_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm


def control_repairs(firm: Firm) -> Iterator[Finding]:
    """A control that repairs has a team that does it."""
    for name, control in firm.controls.items():
        path = ("controls", name, "repair_team")
        team = control.repair_team
        if team is not None:
            yield from dangling(path, team, "component", firm.components)
            yield from of_other_kind(firm, path, team, {ComponentKind.TEAM}, "a repair team")
        elif control.on_hit == "repair":
            yield Finding(
                ("controls", name, "on_hit"),
                "orders are to be repaired, but nobody does it",
                value="repair",
                expected="repair_team",
                hint="add it, or use on_hit: reject",
            )
