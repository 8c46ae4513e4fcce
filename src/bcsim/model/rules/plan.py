"""Rules for the continuity plan: what its actions act on, and what they wait for."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bcsim.model.finding import Finding, dangling
from bcsim.model.plan import SPEAKING, ActionKind, Condition
from bcsim.model.propagation import notices
from bcsim.model.rules.circle import circles, shown
from bcsim.model.rules.reference import each_dangling, repeated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from bcsim.model.finding import Path
    from bcsim.model.firm import Firm
    from bcsim.model.plan import Action, Plan

CONDITIONS: Final = tuple(name for name in Condition.model_fields if name not in {"source", "note"})
"""What a condition can ask for."""

WITH_STANDBY: Final = "component with a standby"
WITH_FALLBACK: Final = "component that some step has a fallback for"
MOVABLE: Final = "team with an alternate site"

SORTS: Final[Mapping[ActionKind, str]] = MappingProxyType(
    {
        ActionKind.FAIL_OVER: WITH_STANDBY,
        ActionKind.FAIL_BACK: WITH_STANDBY,
        ActionKind.MANUAL_FALLBACK: WITH_FALLBACK,
        ActionKind.RELOCATE_STAFF: MOVABLE,
        ActionKind.STOP_INTAKE: "channel",
        ActionKind.RESUME_INTAKE: "channel",
        ActionKind.NOTIFY_CLIENTS: "channel",
        ActionKind.GRANT_ACCESS: "component",
        ActionKind.REVOKE_ACCESS: "component",
        ActionKind.RESTORE: "component or site",
        ActionKind.RECONCILE: "reconciliation",
        ActionKind.STAND_DOWN: "component or channel",
    }
)
"""What each kind of action acts on, in words; the other kinds act on nothing."""

TARGETLESS: Final = frozenset(ActionKind) - SORTS.keys()
"""Kinds of action that act on nothing in particular."""

TARGET_OPTIONAL: Final = TARGETLESS | {
    ActionKind.NOTIFY_CLIENTS,
    ActionKind.STOP_INTAKE,
    ActionKind.RESUME_INTAKE,
    ActionKind.STAND_DOWN,
}
"""Kinds of action that need no target; without one they act on all."""

SURE: Final = frozenset(ActionKind) - {
    ActionKind.FAIL_OVER,
    ActionKind.FAIL_BACK,
    ActionKind.RELOCATE_STAFF,
}
"""Kinds of action that fail only by their own chance; the others can find obstacles."""


def actions(firm: Firm) -> Iterator[tuple[Path, str, Action]]:
    """Every action of the plan, with its place."""
    for name, action in firm.plan.actions.items() if firm.plan else ():
        yield ("plan", "actions", name), name, action


def conditions(firm: Firm) -> Iterator[tuple[Path, str, Condition]]:
    """Every condition of every action, with its place and the action's id."""
    for path, name, action in actions(firm):
        for field, several in (("when", action.when), ("requires", action.requires)):
            for position, condition in enumerate(several):
                yield (*path, field, position), name, condition


def plan_references(firm: Firm) -> Iterator[Finding]:
    """Authorities, teams, components and signals that the plan names exist."""
    plan = firm.plan
    if plan is None:
        return
    if plan.declaration is not None:
        place: Path = ("plan", "declaration")
        yield from dangling(place, plan.declaration, "authority", firm.authorities)
    yield from each_dangling(("plan", "declare_on"), plan.declare_on, "component", firm.components)
    for path, _, action in actions(firm):
        if action.authority is not None:
            place = (*path, "authority")
            yield from dangling(place, action.authority, "authority", firm.authorities)
        if action.team is not None:
            yield from dangling((*path, "team"), action.team, "team", _teams(firm))
        yield from each_dangling((*path, "order"), action.order, "priority", firm.priorities)
        yield from repeated((*path, "order"), action.order, "priority")
    for name, signal in plan.signals.items():
        if signal.component is not None:
            place = ("plan", "signals", name, "component")
            yield from dangling(place, signal.component, "component", firm.components)


def _teams(firm: Firm) -> set[str]:
    """Names by which the plan may call a team: its own or its component's."""
    return {*firm.teams, *(team.component for team in firm.teams.values())}


def condition_references(firm: Firm) -> Iterator[Finding]:
    """Every condition asks for one thing, and that exists."""
    for path, _, condition in conditions(firm):
        plan = firm.plan
        assert plan is not None, "conditions belong to a plan"
        asked = [field for field in CONDITIONS if getattr(condition, field) is not None]
        if len(asked) != 1:
            yield Finding(
                path,
                "a condition asks for one thing",
                value=" and ".join(asked) or "nothing",
                expected=f"one of {', '.join(CONDITIONS)}",
                hint="write each as a condition of its own; all must hold",
            )
        for field in asked:
            yield from _asked(firm, plan, (*path, field), field, getattr(condition, field))


def _asked(firm: Firm, plan: Plan, path: Path, field: str, name: str) -> Iterator[Finding]:
    if field in {"detected", "recovered", "up"}:
        yield from dangling(path, name, "component", firm.components)
    elif field in {"done", "failed"}:
        yield from dangling(path, name, "action", plan.actions)
    elif field == "signal":
        yield from dangling(path, name, "signal", plan.signals)


def action_targets(firm: Firm) -> Iterator[Finding]:
    """An action acts on things of the right sort, and has what its kind needs."""
    parts = _parts(firm)
    for path, name, action in actions(firm):
        kind, sort = action.kind, SORTS.get(action.kind, "")
        if kind in TARGETLESS and action.target:
            yield Finding(
                (*path, "target"),
                f"an action of kind {kind.value} has no target",
                value=", ".join(action.target),
                hint="remove target",
                severity="warning",
            )
        elif not action.target and kind not in TARGET_OPTIONAL:
            yield Finding(
                path,
                f"action {name} does not say what it acts on",
                value=f"kind={kind.value}",
                expected=f"target: at least one {sort}",
            )
        else:
            yield from each_dangling((*path, "target"), action.target, sort, parts.get(sort, ()))


def _parts(firm: Firm) -> dict[str, Collection[str]]:
    """The names of each sort of part that an action can act on."""
    components = firm.components
    steps = [step for journey in firm.journeys.values() for step in journey.steps]
    movable = {name for name, team in firm.teams.items() if team.alternate_site is not None}
    return {
        WITH_STANDBY: {name for name in components if components[name].standby is not None},
        WITH_FALLBACK: {step.component for step in steps if step.fallback is not None},
        MOVABLE: movable | {firm.teams[name].component for name in movable},
        "channel": firm.channels,
        "component": components,
        "component or site": {**firm.sites, **components},
        "component or channel": {**firm.channels, **components},
        "reconciliation": firm.reconciliations,
    }


def action_needs(firm: Firm) -> Iterator[Finding]:
    """Notices say something, and priorities have an order."""
    for path, name, action in actions(firm):
        if action.kind in SPEAKING and action.message is None:
            yield Finding(
                path,
                f"action {name} tells nothing",
                value=f"kind={action.kind.value}",
                expected="message: what the recipients are told",
            )
        is_order = action.kind == ActionKind.PRIORITISE
        if is_order and set(action.order) != set(firm.priorities):
            yield Finding(
                path,
                f"action {name} does not put all priority classes in order",
                value=", ".join(action.order) or "no order",
                expected=f"order: {', '.join(firm.priorities)} in any order",
            )
        for field, is_used in (("message", action.kind in SPEAKING), ("order", is_order)):
            if getattr(action, field) and not is_used:
                yield Finding(
                    (*path, field),
                    f"{field} has no effect on an action of kind {action.kind.value}",
                    hint="remove it",
                    severity="warning",
                )


def declarations(firm: Firm) -> Iterator[Finding]:
    """If disruptions are declared, somebody may do so, and learns of them."""
    plan = firm.plan
    if plan is None:
        return
    if plan.declare_on and plan.declaration is None:
        yield Finding(
            ("plan", "declare_on"),
            "impairments are escalated, but nobody may declare a disruption",
            expected="declaration: an authority",
        )
    for position, name in enumerate(plan.declare_on):
        if name in firm.components and not notices(firm.components[name].monitor):
            yield Finding(
                ("plan", "declare_on", position),
                f"nothing detects that {name} is impaired",
                value=repr(name),
                expected="a component with a monitor that does not miss everything",
                severity="warning",
            )


def hopeless_conditions(firm: Firm) -> Iterator[Finding]:
    """Conditions can come to hold."""
    plan = firm.plan
    if plan is None:
        return
    can_declare = plan.declaration is not None and any(
        name in firm.components and notices(firm.components[name].monitor)
        for name in plan.declare_on
    )
    for path, name, condition in conditions(firm):
        yield from _impossible(firm, path, name, condition, can_declare=can_declare)


def _impossible(
    firm: Firm, path: Path, name: str, condition: Condition, *, can_declare: bool
) -> Iterator[Finding]:
    """What keeps one condition from ever holding."""
    detected = firm.components.get(condition.detected or "")
    if detected is not None and not notices(detected.monitor):
        yield Finding(
            (*path, "detected"),
            f"action {name} waits for ever: nothing detects that {condition.detected} is impaired",
            value=repr(condition.detected),
            expected="a component with a monitor that does not miss everything",
            hint=f"add a monitor to {condition.detected}",
        )
    if condition.declared and not can_declare:
        yield Finding(
            (*path, "declared"),
            f"action {name} waits for ever: no disruption is ever declared",
            value="declared: true",
            expected="the plan's declaration and declare_on",
            hint="say who declares, and on which components' impairment",
        )
    awaited = firm.plan.actions.get(condition.failed or "") if firm.plan else None
    if awaited is not None and _never_fails(awaited):
        yield Finding(
            (*path, "failed"),
            f"action {name} waits for a failure that cannot happen",
            value=repr(condition.failed),
            expected="an action with success below 1, requires, or an authority",
            severity="warning",
        )


def _never_fails(action: Action) -> bool:
    is_sure = action.kind in SURE and action.success == 1
    return is_sure and not action.requires and action.authority is None


def waiting_circles(firm: Firm) -> Iterator[Finding]:
    """Actions do not wait for each other, nor for an end that excludes another."""
    edges: list[tuple[str, str]] = []
    for path, name, action in actions(firm):
        done = {condition.done for condition in action.when if condition.done}
        failed = {condition.failed for condition in action.when if condition.failed}
        edges += [(name, other) for other in sorted(done | failed)]
        for other in sorted(done & failed):
            yield Finding(
                (*path, "when"),
                f"action {name} waits until {other} has succeeded and failed",
                value=repr(other),
                expected="one of the two",
            )
    for way in circles(edges):
        yield Finding(
            ("plan", "actions", way[0], "when"),
            "actions wait for each other",
            value=shown(way),
            expected="an action that can begin",
        )


def signals(firm: Firm) -> Iterator[Finding]:
    """A signal says what it counts, and where."""
    for name, signal in firm.plan.signals.items() if firm.plan else ():
        path = ("plan", "signals", name)
        if signal.kind == "backlog" and signal.component is None:
            yield Finding(
                path,
                f"signal {name} does not say whose backlog it watches",
                expected="component",
            )
        if signal.kind == "count" and signal.event is None:
            yield Finding(
                path,
                f"signal {name} does not say what it counts",
                expected="event: an event kind of the history, such as reject",
            )
        if signal.kind == "backlog" and signal.event is not None:
            yield Finding(
                (*path, "event"),
                "event has no effect on a signal of kind backlog",
                value=repr(signal.event),
                hint="remove it, or use kind count",
                severity="warning",
            )
