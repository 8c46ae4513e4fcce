"""The journey of an order: each step of a route with its times, and how it deals with trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bcsim.model.importers.calm_basis import ENTRY_TIMEOUT, JOURNEY, TIMEOUT, label
from bcsim.model.importers.calm_controls import (
    AT_MOST_ONCE,
    RELIABILITY,
    RETRIES,
    RETRY_INTERVAL,
    ServiceLevel,
    level_of,
)
from bcsim.model.journey import Journey, Leg, Retry, Step

if TYPE_CHECKING:
    from bcsim.model.finding import Path
    from bcsim.model.importers.calm_basis import Basis
    from bcsim.model.importers.calm_route import RouteStep

_NOTE_CHARS_MAX: Final = 160


def journey_of(basis: Basis) -> Journey:
    """The steps of an order, from the route."""
    _explain(basis)
    names = " and ".join(flow.name for flow in basis.choice.chosen)
    steps = tuple(_step(basis, position) for position in range(len(basis.route.steps)))
    return Journey(name=label(names), steps=steps, source="assumption")


def _explain(basis: Basis) -> None:
    """Say what the route takes for granted."""
    for remark in basis.route.remarks:
        basis.ledger.assume(remark, ("journeys", JOURNEY))
    route = basis.route
    if route.keeper is not None and route.keeper != route.responder:
        basis.ledger.assume(
            f"{route.responder} acknowledges the order when {route.keeper} has accepted it; from "
            f"then on only {route.keeper} holds it, until the next step answers",
            ("journeys", JOURNEY, "steps", _position_of(basis, "acknowledge")),
        )


def _position_of(basis: Basis, role: str) -> int:
    return next(i for i, step in enumerate(basis.route.steps) if step.role == role)


def _step(basis: Basis, position: int) -> Step:
    route_step = basis.route.steps[position]
    path: Path = ("journeys", JOURNEY, "steps", position)
    node = route_step.node
    default = basis.defaults_of(node).service_time or TIMEOUT
    words = "a request takes VALUE (service time) at {}"
    service = basis.value(node, "service_time", default, words, (*path, "service"))
    legs = tuple(
        Leg(name=f"leg-{number}", service=service, note=_shortened(message.text))
        for number, message in enumerate(route_step.messages, start=1)
        if message.receiver == node and len(route_step.messages) > 1
    )
    return Step(
        id=route_step.name,
        component=basis.names[node],
        service=service,
        mode="call" if route_step.is_call else "hand-over",
        role=route_step.role,
        legs=legs if len(legs) > 1 else (),
        note=_note(route_step),
        **_manners(basis, position, path),
    )


def _note(step: RouteStep) -> str:
    """What the file says about the step, and where."""
    told = [f"{m.flow.id} {m.transition.sequence}: {m.text}" for m in step.messages]
    return _shortened("; ".join(told) or f"the order enters at {step.node}")


def _shortened(text: str) -> str:
    return text if len(text) <= _NOTE_CHARS_MAX else text[: _NOTE_CHARS_MAX - 1].rstrip() + "…"


# -- trouble -----------------------------------------------------------------------------------


def _manners(basis: Basis, position: int, path: Path) -> dict[str, Any]:
    """Timeout, retries, and what happens when they have failed."""
    step = basis.route.steps[position]
    manners: dict[str, Any] = {"on_failure": on_failure(basis, position)}
    flow_id = step.flow.id if step.flow else ""
    if position < len(basis.route.entry):
        manners["timeout"] = ENTRY_TIMEOUT
        what = f"a client's device waits {ENTRY_TIMEOUT} for an answer, then shows an error"
        basis.ledger.assume(what, (*path, "timeout"))
        return manners
    words = "whoever asks waits VALUE for an answer in {}"
    manners["timeout"] = basis.value(flow_id, "timeout", TIMEOUT, words, (*path, "timeout"))
    if not step.is_aside and step.role != "acknowledge":
        retry = _retry(basis, step)
        if retry is not None:
            manners["retry"] = retry
    return manners


def on_failure(basis: Basis, position: int) -> str:
    """What a holder does without an answer.

    Until the order is acknowledged or executed the client is told of the failure. Afterwards
    whoever holds it keeps trying, but nobody waits with an acknowledgement or a side message.
    """
    roles = [step.role for step in basis.route.steps]
    step = basis.route.steps[position]
    execution = roles.index("execute")
    told = roles.index("acknowledge") if "acknowledge" in roles else execution + 1
    if step.role == "acknowledge" or step.is_aside:
        return "continue"
    if position < min(told, execution + 1) or position < len(basis.route.entry):
        return "reject"
    is_side_call = step.is_call and step.role is None and position > execution
    return "continue" if is_side_call else "park"


def _retry(basis: Basis, step: RouteStep) -> Retry | None:
    """Retries of the flow's decorator or control."""
    assert step.flow is not None, "a step with messages belongs to a flow"
    given = basis.decorations.get(step.flow.id, "retry")
    if given is not None:
        retry: Retry = given.value
        return retry
    level = level_of(step.flow, basis.levels)
    if level is None or level.word(RELIABILITY) == AT_MOST_ONCE:
        return None
    interval_ns = level.time_ns(RETRY_INTERVAL)
    if not level.retries or interval_ns is None:
        return None
    return Retry(limit=level.retries, backoff=interval_ns, cap=interval_ns, source=_source(level))


def _source(level: ServiceLevel) -> str:
    return str(level.config.place(*RETRIES[:-1]))
