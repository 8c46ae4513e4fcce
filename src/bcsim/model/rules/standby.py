"""Rules for standbys: they switch, they know something, they do not fall with the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.model.finding import Finding
from bcsim.model.graph import shared_causes
from bcsim.model.plan import ActionKind
from bcsim.model.propagation import structure_of, switches_by_itself
from bcsim.model.rules.circle import circles, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.component import Component, Standby
    from bcsim.model.firm import Firm


def standbys(firm: Firm) -> Iterator[tuple[str, Component, Standby]]:
    """Components that have a standby."""
    for name, component in firm.components.items():
        if component.standby is not None:
            yield name, component, component.standby


def standby_store(firm: Firm) -> Iterator[Finding]:
    """A component that holds orders gives its standby a replicated store to start from."""
    holders = {
        step.component
        for journey in firm.journeys.values()
        for step in journey.steps[:-1]
        if step.mode == "hand-over" and step.role != "execute"
    }
    for name, component, _ in standbys(firm):
        kind = component.store.kind if component.store else None
        if kind != "replicated" and (component.store or name in holders):
            yield Finding(
                ("components", name, "store"),
                f"the standby of {name} starts without the orders that {name} holds",
                value=f"a {kind} store" if kind else "no store",
                expected="a replicated store",
                hint="a failover loses them; use store: {kind: replicated, lag: …}",
                severity="warning",
            )


def standby_in_common_cause(firm: Firm) -> Iterator[Finding]:
    """First instance and standby do not fall together."""
    causes = shared_causes(firm)
    for name, component, standby in standbys(firm):
        path = ("components", name, "standby", "site")
        if standby.site == component.site:
            yield Finding(
                path,
                f"{name} and its standby are at the same site",
                value=repr(standby.site),
                expected="another site",
                hint="what takes down the site takes down both",
                severity="warning",
            )
            continue
        shared = [
            cause.node
            for cause in causes
            if name in cause.standbys and (name in cause.components or name == cause.node)
        ]
        if shared:
            yield Finding(
                path,
                f"{name} and its standby fall together",
                value=f"with {', '.join(shared)}",
                expected="sites, utilities and dependencies that fail apart",
                severity="warning",
            )


def standby_switches(firm: Firm) -> Iterator[Finding]:
    """A standby can be switched to: by itself, or by an action of the plan."""
    actions = firm.plan.actions.values() if firm.plan else ()
    targets = {
        n for action in actions if action.kind == ActionKind.FAIL_OVER for n in action.target
    }
    for name, component, standby in standbys(firm):
        path = ("components", name, "standby", "decision")
        if standby.decision == "plan" and name not in targets:
            yield Finding(
                path,
                f"no action of the plan fails {name} over",
                value="plan",
                hint=f"add an action of kind fail-over with target [{name}], or decide "
                "automatically",
                severity="warning",
            )
        if standby.decision == "automatic" and not switches_by_itself(component):
            yield Finding(
                path,
                f"{name} never switches over by itself: nothing notices that it has failed, or "
                "no switch can succeed",
                value="automatic",
                expected="a monitor that does not miss everything, and success above 0",
                severity="warning",
            )


def dependency_cycles(firm: Firm) -> Iterator[Finding]:
    """No component needs itself, be it through others.

    That a utility stands at the site that needs it is no such circle.
    """
    structure = structure_of(firm)
    edges = [
        (name, other)
        for name in firm.components
        for need in structure.instances[name][0].needs
        for other in need.on
        if need.needed == len(need.on) and other in firm.components
    ]
    for way in circles(edges):
        yield Finding(
            ("components", way[0]),
            "a circle of dependencies",
            value=shown(way),
            expected="dependencies that lead somewhere",
            hint="remove the one that is not true",
            at_key=True,
        )
