"""Controls at work: what they look for, what they say, and when people leave one out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bcsim.engine.blueprint import Stage
    from bcsim.engine.reference.instance import Instance
    from bcsim.engine.reference.message import Entry, Terms
    from bcsim.model.control import Control


def control_of(instance: Instance, stage: Stage) -> Control:
    """The control of a control step."""
    assert stage.step.control is not None, "a control step names its control"
    return instance.world.firm.controls[stage.step.control]


def stops(
    instance: Instance, entry: Entry, stage: Stage, terms: Terms, ref: str | None = None
) -> bool:
    """Find a wrong order with the control's coverage, a right one by false alarm; say which.

    One draw an order and control: made good for later, a control finds what it would have found.
    """
    control = control_of(instance, stage)
    name = stage.step.control
    is_altered = terms != entry.intent.terms
    is_unsuitable = not instance.world.firm.suits(entry.intent.product_id, entry.intent.segment_id)
    is_wrong = is_altered if control.finds == "altered" else is_unsuitable
    luck = instance.world.streams.at("control_catch", f"{entry.stream_entity}/{name}")
    chance = control.coverage if is_wrong else control.false_alarm
    is_stopped = bool(chance) and luck.uniform(entry.intent.index) < chance
    shows_unsuitable = is_stopped and is_wrong and control.finds == "unsuitable"
    instance.world.scribe.emit(
        "control_fail" if is_stopped else "control_pass",
        instance.vantage,
        entry,
        terms,
        subject=name,
        component=instance.name,
        step=stage.number,
        reason="unsuitable" if shows_unsuitable else None,
        ref=ref,
    )
    return is_stopped


def is_bypassed(instance: Instance, entry: Entry, stage: Stage) -> bool:
    """Whether people leave a control out because too much work waits for them."""
    rule = control_of(instance, stage).bypass
    if rule is None or instance.servers.waiting() <= rule.waiting * instance.station.servers:
        return False
    luck = instance.world.streams.at(
        "control_bypass", f"{entry.stream_entity}/{stage.step.control}"
    )
    return luck.uniform(entry.intent.index) < rule.chance
