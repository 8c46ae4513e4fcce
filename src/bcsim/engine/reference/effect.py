"""What a finished step does: its role's effect, and what may go wrong with the order's terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bcsim.engine.reference import alteration
from bcsim.engine.reference.control import control_of, is_bypassed, stops
from bcsim.engine.reference.link import Direction
from bcsim.engine.reference.message import Reply, Terms
from bcsim.streams import address

if TYPE_CHECKING:
    from bcsim.engine.blueprint import Stage
    from bcsim.engine.reference.instance import Instance
    from bcsim.engine.reference.message import Entry, Report, Request


TOLD: Final = {
    "acknowledge": Direction.ACKNOWLEDGEMENT,
    "confirm": Direction.CONFIRMATION,
    "settle": Direction.SETTLEMENT,
}
"""Roles of steps whose completion the client is told."""


class Result(NamedTuple):
    """How the effect went, and the terms as they leave the component."""

    reply: Reply
    terms: Terms
    reason: str | None = None
    cause: str | None = None


def service_ns(instance: Instance, request: Request, leg: int) -> int:
    """Draw the service time of one effect; the same request always draws the same."""
    task = request.task
    step = task.stage.step
    if request.is_fallback and step.fallback is not None:
        distribution = step.fallback.service
    elif step.legs:
        distribution = step.legs[leg].service
    else:
        distribution = step.service
    entity, number = task.entry.luck_of(task.leg_code(leg))
    luck = instance.world.streams.at("service", entity)
    draw = address(task.stage.number, number, request.attempt)
    return luck.sample_ns(distribution, task.entry.intent.index, draw)


def perform(instance: Instance, request: Request, leg: int) -> Result:
    """Achieve one effect of a step, or fail at it."""
    task = request.task
    step = task.stage.step
    terms = alteration.applied(instance, request)
    if step.legs and step.legs[leg].fail:
        entity, number = task.entry.luck_of(task.leg_code(leg))
        luck = instance.world.streams.at("leg_failure", entity)
        draw = address(task.stage.number, number, request.attempt)
        if luck.uniform(task.entry.intent.index, draw) < step.legs[leg].fail:
            return Result(Reply.REFUSED, terms, f"leg {step.legs[leg].name} refused")
    if request.is_fallback:
        _leave_out_controls(instance, request, leg, terms)
    if step.role == "control":
        return _control(instance, request, terms)
    if step.role == "execute":
        return instance.station.venue.accept(instance, request, terms)
    if step.role is not None:
        _record_role(instance, request, leg, terms)
    return Result(Reply.DONE, terms)


def _leave_out_controls(instance: Instance, request: Request, leg: int, terms: Terms) -> None:
    """A manual fallback skips the controls that its procedure skips, and leaves one paper."""
    fallback = request.task.stage.step.fallback
    assert fallback is not None, "a fallback request belongs to a step that has one"
    request.task.entry.skipped.update(fallback.skips)
    if fallback.back_entry is not None and leg == 0:
        instance.world.back_entries.owe(request.task._replace(terms=terms), instance.name)


def _record_role(instance: Instance, request: Request, leg: int, terms: Terms) -> None:
    """Emit the event of an acknowledge, book, confirm or settle step."""
    task = request.task
    role = task.stage.step.role
    assert role is not None, "only a step with a role is recorded"
    amount = None
    if task.price is not None and role in ("book", "settle"):
        amount = task.qty * task.price
    leg_name = task.stage.step.legs[leg].name if task.stage.step.legs else None
    instance.world.scribe.emit(
        role,
        instance.vantage,
        task.entry,
        terms,
        amount=amount,
        leg=leg,
        subject=leg_name,
        component=instance.name,
        step=task.stage.number,
        attempt=request.attempt,
        **task.fill(),
    )


def tell_done(instance: Instance, request: Request, terms: Terms) -> None:
    """Tell the client of an acknowledge, confirm or settle step, all legs of which are done."""
    task = request.task
    role = task.stage.step.role
    if role in TOLD:
        instance.world.clients.tell(
            task.entry,
            role,
            instance.name,
            TOLD[role],
            part=task.part,
            attempt=request.attempt,
            terms=terms,
            **task.fill(),
        )


def skip_control(instance: Instance, entry: Entry, stage: Stage, reason: str | None = None) -> None:
    """Record that a control was left out."""
    instance.world.scribe.emit(
        "control_skip",
        instance.vantage,
        entry,
        None,
        subject=stage.step.control,
        component=instance.name,
        step=stage.number,
        reason=reason,
        cause=instance.world.blame(stage.step.component),
    )


def _control(instance: Instance, request: Request, terms: Terms) -> Result:
    """Have a control look at the order, unless people leave it out; do what its hit calls for."""
    entry, stage = request.task.entry, request.task.stage
    if is_bypassed(instance, entry, stage):
        skip_control(instance, entry, stage, "pressure")
        return Result(Reply.DONE, terms)
    if not stops(instance, entry, stage, terms):
        return Result(Reply.DONE, terms)
    control, reason = control_of(instance, stage), f"control:{stage.step.control}"
    if control.on_hit == "repair" and control.repair_team is not None:
        instance.world.desks.repair_order(control.repair_team, request, terms)
        return Result(Reply.HELD, terms, reason)
    reject(instance, entry, stage, reason, None)
    return Result(Reply.REJECTED, terms, reason)


def reject(instance: Instance, entry: Entry, stage: Stage, reason: str, cause: str | None) -> None:
    """Reject an order at a component, and tell the client."""
    instance.world.scribe.emit(
        "reject",
        instance.vantage,
        entry,
        None,
        component=instance.name,
        step=stage.number,
        reason=reason,
        cause=cause,
    )
    instance.record(entry, entry.intent.terms, stage.number, is_closed=True)
    instance.world.clients.tell(
        entry,
        "reject",
        instance.name,
        Direction.REJECTION,
        part=0,
        attempt=stage.number,
        reason=reason,
        cause=cause,
    )


def tell_end(instance: Instance, report: Report) -> None:
    """Tell the client that an order has expired or was cancelled at the venue."""
    direction = Direction.EXPIRY if report.kind == "expire" else Direction.CANCELLATION
    instance.world.clients.tell(
        report.entry,
        report.kind,
        instance.name,
        direction,
        part=0,
        attempt=report.entry.route.execute,
        qty=report.qty,
        reason=report.reason,
    )
