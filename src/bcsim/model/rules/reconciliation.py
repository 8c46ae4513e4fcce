"""Rules for reconciliations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.model.component import ComponentKind
from bcsim.model.finding import Finding, dangling
from bcsim.model.rules.reference import of_other_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm


def reconciliation_references(firm: Firm) -> Iterator[Finding]:
    """What is compared exists, and a team repairs."""
    for name, reconciliation in firm.reconciliations.items():
        path = ("reconciliations", name)
        yield from dangling((*path, "left"), reconciliation.left, "component", firm.components)
        yield from dangling((*path, "right"), reconciliation.right, "component", firm.components)
        place, team = (*path, "team"), reconciliation.team
        yield from dangling(place, team, "component", firm.components)
        yield from of_other_kind(firm, place, team, {ComponentKind.TEAM}, "a repair team")


def reconciled_stores(firm: Firm) -> Iterator[Finding]:
    """Two different components are compared, and both remember their orders."""
    for name, reconciliation in firm.reconciliations.items():
        sides = {"left": reconciliation.left, "right": reconciliation.right}
        if reconciliation.left == reconciliation.right:
            yield Finding(
                ("reconciliations", name, "right"),
                "a component is compared with itself",
                value=repr(reconciliation.right),
                expected="another component",
            )
        for side, component_id in sides.items():
            component = firm.components.get(component_id)
            if component is not None and component.store is None:
                yield Finding(
                    ("reconciliations", name, side),
                    f"{component_id} has no store, so it remembers no orders to compare",
                    value=repr(component_id),
                    expected="a component with a store",
                    hint=f"add a store to {component_id}",
                )
