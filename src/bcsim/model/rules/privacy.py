"""Rules for data classes and access: what is held exists, and what is opened is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.model.finding import Finding
from bcsim.model.plan import ActionKind
from bcsim.model.rules.reference import each_dangling, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm


def data_held(firm: Firm) -> Iterator[Finding]:
    """Components hold classes that exist, and say so when one is about persons."""
    for name, component in firm.components.items():
        path = ("components", name, "holds")
        yield from each_dangling(path, component.holds, "data class", firm.data_classes)
        yield from repeated(path, component.holds, "data class")
        personal = [
            held
            for held in component.holds
            if held in firm.data_classes and firm.data_classes[held].personal
        ]
        if personal and component.data_class != "personal":
            yield Finding(
                ("components", name, "data_class"),
                f"{name} holds data about persons, and its data_class does not say so",
                value=f"data_class={component.data_class}, holds {', '.join(personal)}",
                expected="data_class: personal",
                severity="warning",
            )


def access_by_the_plan(firm: Firm) -> Iterator[Finding]:
    """Access that the plan opens, the plan closes."""
    actions = firm.plan.actions if firm.plan else {}
    closed = {
        target
        for action in actions.values()
        if action.kind is ActionKind.REVOKE_ACCESS
        for target in action.target
    }
    for name, action in actions.items():
        is_restored_open = action.kind is ActionKind.RESTORE and not action.access_control
        if not is_restored_open and action.kind is not ActionKind.GRANT_ACCESS:
            continue
        left_open = [target for target in action.target if target not in closed]
        if left_open:
            yield Finding(
                ("plan", "actions", name),
                f"nothing takes back the access that {name} opens",
                value=", ".join(left_open),
                expected="an action of kind revoke-access with these targets",
                severity="warning",
                at_key=True,
            )
