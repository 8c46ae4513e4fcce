"""Rules for journeys: steps, their roles, and how they deal with trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.model.component import ComponentKind
from bcsim.model.finding import Finding, dangling
from bcsim.model.plan import ActionKind
from bcsim.model.rules.holding import holders
from bcsim.model.rules.reference import each_dangling, of_other_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.finding import Path
    from bcsim.model.firm import Firm
    from bcsim.model.journey import Step

WORKERS: Final = frozenset(
    {
        ComponentKind.APPLICATION,
        ComponentKind.DATABASE,
        ComponentKind.GATEWAY,
        ComponentKind.TEAM,
        ComponentKind.THIRD_PARTY,
    }
)
"""What can do a step's work; networks, facilities and utilities carry others."""


def steps(firm: Firm) -> Iterator[tuple[Path, str, Step]]:
    """Every step of every journey, with its place and the journey's id."""
    for journey_id, journey in firm.journeys.items():
        for position, step in enumerate(journey.steps):
            yield ("journeys", journey_id, "steps", position), journey_id, step


def step_references(firm: Firm) -> Iterator[Finding]:
    """Components, controls and fallbacks of steps exist and can do the work."""
    for path, _, step in steps(firm):
        place = (*path, "component")
        yield from dangling(place, step.component, "component", firm.components)
        yield from of_other_kind(firm, place, step.component, WORKERS, "where a step is done")
        if step.control is not None:
            yield from dangling((*path, "control"), step.control, "control", firm.controls)
        if step.fallback is not None:
            place = (*path, "fallback", "component")
            yield from dangling(place, step.fallback.component, "component", firm.components)
            yield from of_other_kind(firm, place, step.fallback.component, WORKERS, "a fallback")
            place = (*path, "fallback", "skips")
            yield from each_dangling(place, step.fallback.skips, "control", firm.controls)


def names_of_steps(firm: Firm) -> Iterator[Finding]:
    """Steps of a journey, and legs of a step, have names of their own."""
    for journey_id, journey in firm.journeys.items():
        seen: set[str] = set()
        for position, step in enumerate(journey.steps):
            path = ("journeys", journey_id, "steps", position)
            if step.id in seen:
                yield Finding(
                    (*path, "id"),
                    f"journey {journey_id} has two steps of this name",
                    value=repr(step.id),
                    expected="a name of its own",
                )
            seen.add(step.id)
            legs: set[str] = set()
            for number, leg in enumerate(step.legs):
                if leg.name in legs:
                    yield Finding(
                        (*path, "legs", number, "name"),
                        f"step {step.id} has two legs of this name",
                        value=repr(leg.name),
                        expected="a name of its own",
                    )
                legs.add(leg.name)


def control_steps(firm: Firm) -> Iterator[Finding]:
    """A step names its control if, and only if, a control is what it is."""
    for path, _, step in steps(firm):
        if step.role == "control" and step.control is None:
            yield Finding(
                (*path, "role"),
                f"step {step.id} is a control, but does not say which",
                value="control",
                expected="control: one of the model's controls",
            )
        if step.control is not None and step.role != "control":
            yield Finding(
                (*path, "control"),
                f"step {step.id} names a control, but its role is another",
                value=f"role={step.role}",
                expected="role: control",
                hint="set the role, or remove control",
            )


def skipped_controls(firm: Firm) -> Iterator[Finding]:
    """A fallback can leave out only what the journey has."""
    for path, journey_id, step in steps(firm):
        done = {other.control for other in firm.journeys[journey_id].steps}
        for position, control in enumerate(step.fallback.skips if step.fallback else ()):
            if control in firm.controls and control not in done:
                yield Finding(
                    (*path, "fallback", "skips", position),
                    f"journey {journey_id} does not have this control anyway",
                    value=repr(control),
                    hint="remove it from skips",
                    severity="warning",
                )


def roles(firm: Firm) -> Iterator[Finding]:
    """A journey executes once, and tells its client that it has the order."""
    for journey_id, journey in firm.journeys.items():
        path = ("journeys", journey_id, "steps")
        executing = [i for i, step in enumerate(journey.steps) if step.role == "execute"]
        for position in executing[1:]:
            yield Finding(
                (*path, position, "role"),
                f"journey {journey_id} executes twice",
                value="execute",
                expected="one step of this role",
            )
        missing = {"acknowledge", "execute"} - {step.role for step in journey.steps}
        for role in sorted(missing):
            yield Finding(
                path,
                f"journey {journey_id} has no step of role {role}",
                expected=f"a step with role: {role}",
                hint="its orders can never be acknowledged to the client"
                if role == "acknowledge"
                else "its orders never have a definite end",
                severity="warning",
            )


def execution_for_clients(firm: Firm) -> Iterator[Finding]:
    """When an order is executed, a component holds it: reports have somebody to go to."""
    for journey_id, journey in firm.journeys.items():
        for position, before in enumerate(holders(journey)):
            if journey.steps[position].role == "execute" and None in before:
                yield Finding(
                    ("journeys", journey_id, "steps", position, "role"),
                    f"in journey {journey_id} a client may still hold the order when it is "
                    "executed",
                    value="execute",
                    expected="a hand-over step before it that is not left out",
                    hint="the venue reports to a component, not to the client",
                )


def attempts(firm: Firm) -> Iterator[Finding]:
    """Retries, breakers and most ways to deal with failure need a timeout."""
    for path, _, step in steps(firm):
        if step.timeout == 0:
            yield Finding(
                (*path, "timeout"),
                "a timeout that leaves no time",
                value="0 s",
                expected="more than 0, such as 2 s",
            )
        if step.timeout is not None:
            continue
        if step.retry is not None:
            yield Finding(
                (*path, "retry"),
                f"step {step.id} retries, but no attempt ever times out",
                expected="timeout: how long the holder waits for an answer",
                hint="add timeout",
            )
        if step.on_failure != "park":
            yield Finding(
                (*path, "on_failure"),
                f"step {step.id} waits for ever when nothing answers",
                value=repr(step.on_failure),
                expected="timeout: how long the holder waits for an answer",
                hint="without it only a refusal counts as a failure",
                severity="warning",
            )
        if step.breaker is not None:
            yield Finding(
                (*path, "breaker"),
                f"the breaker of step {step.id} does not see that nothing answers",
                expected="timeout: how long the holder waits for an answer",
                hint="add timeout",
                severity="warning",
            )


def fallbacks(firm: Firm) -> Iterator[Finding]:
    """A fallback that is to be used is there, and one that is there can be used."""
    actions = firm.plan.actions.values() if firm.plan else ()
    planned = {
        name
        for action in actions
        if action.kind == ActionKind.MANUAL_FALLBACK
        for name in action.target
    }
    for path, _, step in steps(firm):
        if step.on_failure == "fallback" and step.fallback is None:
            yield Finding(
                (*path, "on_failure"),
                f"step {step.id} has no fallback to use",
                value="'fallback'",
                expected="fallback: component and service",
                hint="add fallback, or use on_failure: park",
            )
        if step.fallback is None:
            continue
        if step.fallback.component == step.component:
            yield Finding(
                (*path, "fallback", "component"),
                "the fallback is the component that has failed",
                value=repr(step.component),
                expected="another component",
            )
        if step.on_failure != "fallback" and step.component not in planned:
            yield Finding(
                (*path, "fallback"),
                f"nothing ever uses the fallback of step {step.id}",
                expected=f"an action of kind manual-fallback with target [{step.component}], or "
                "on_failure: fallback",
                severity="warning",
            )


def calls(firm: Firm) -> Iterator[Finding]:
    """Nobody stays on the line until a batch runs, or until the line is free."""
    for journey_id, journey in firm.journeys.items():
        for position, before in enumerate(holders(journey)):
            step, path = journey.steps[position], ("journeys", journey_id, "steps", position)
            if step.mode != "call":
                continue
            if step.batch is not None:
                yield Finding(
                    (*path, "mode"),
                    f"step {step.id} is done in a batch: its caller would wait for it",
                    value="'call'",
                    expected="hand-over",
                )
            if step.component in before:
                yield Finding(
                    (*path, "mode"),
                    f"at step {step.id} {step.component} may call itself",
                    value="'call'",
                    expected="hand-over",
                    hint="a server that waits for a server of its own component may wait for ever",
                )
