"""Scenarios to start from for a model that has none: a normal day, and the death of a keeper."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import TYPE_CHECKING, Final

from bcsim.model.fields import LocalText
from bcsim.model.importers.model_text import people_text
from bcsim.scenario.disruption import Crash, Trigger
from bcsim.scenario.scenario import Count, Drain, Expectation, Family, Scenario, Window
from bcsim.units import NS_PER_H, NS_PER_MIN

if TYPE_CHECKING:
    from bcsim.model.firm import Firm

START: Final = datetime(2026, 11, 23)  # noqa: DTZ001 - the model names the zone
OUTAGE_NS: Final = 3 * NS_PER_MIN
_WINDOW_NS: Final = 10 * NS_PER_MIN


def normal_day(firm: Firm, model: str) -> Scenario:
    """Ten minutes in which nothing goes wrong; ``model`` is the path of the model's file."""
    return Scenario(
        format="bcsim-scenario/1",
        name=LocalText(en="A normal day", th="วันปกติ"),
        description=LocalText(
            en="Ten minutes in which nothing goes wrong.", th="สิบนาทีที่ไม่มีอะไรผิดปกติ"
        ),
        model=model,
        family=Family.NORMAL,
        tag="within-plan",
        start=START,
        window=_window(firm),
        drain=Drain(kind="heal", limit=NS_PER_H),
        expect=Expectation(outcome="pass"),
        source="assumption",
    )


def keeper_dies(firm: Firm, model: str, keeper: str, responder: str) -> Scenario:
    """Whoever alone holds acknowledged orders crashes right after an acknowledgement.

    Parameters
    ----------
    firm
        The firm, of one journey.
    model
        Path of the model's file, from the scenario's.
    keeper
        Component that holds an order from its acknowledgement to the next step's answer.
    responder
        Component that acknowledges.
    """
    store = firm.components[keeper].store
    forgets = store is None or store.kind == "volatile"
    is_late = any((p.execute_within or OUTAGE_NS) < OUTAGE_NS for p in firm.products.values())
    count = max(1, round(orders_in_window(firm) / 4))
    name = firm.components[keeper].name.en
    return Scenario(
        format="bcsim-scenario/1",
        name=LocalText(en=f"{name} dies after an acknowledgement", th=f"{name} ล่มหลังตอบรับคำสั่ง"),
        description=_description(name, count, forgets=forgets),
        model=model,
        family=Family.TECHNOLOGY,
        tag="within-plan",
        start=START,
        window=_window(firm),
        drain=Drain(kind="heal", limit=NS_PER_H),
        disruptions=(
            Crash(
                id="crash",
                kind="crash",
                targets=(keeper,),
                on=Trigger(event="acknowledge", component=responder, count=count),
                lasts=OUTAGE_NS,
            ),
        ),
        expect=_expectation(forgets=forgets, is_late=is_late),
        source="assumption",
    )


def scenario_text(scenario: Scenario) -> str:
    """A scenario as a file."""
    return people_text(scenario, {}, f"{scenario.name}; made by bcsim, change it as you like.")


def _description(name: str, count: int, *, forgets: bool) -> LocalText:
    memory = "It forgets what it held." if forgets else "It still has what it held."
    memory_th = "คำสั่งที่ถืออยู่สูญหาย" if forgets else "คำสั่งที่ถืออยู่ยังคงอยู่"
    return LocalText(
        en=f"{name} crashes right after acknowledgement {count}, while it alone holds that order, "
        f"and is back after three minutes. {memory}",
        th=f"{name} ล่มทันทีหลังการตอบรับครั้งที่ {count} ขณะที่เป็นผู้ถือคำสั่งนั้นเพียงผู้เดียว "
        f"และกลับมาหลังสามนาที {memory_th}",
    )


def _expectation(*, forgets: bool, is_late: bool) -> Expectation:
    """What the design makes of it: an order forgotten, or one that comes late."""
    if forgets:
        return Expectation(outcome="fail", orders={"lost": Count(at_least=1)})
    return Expectation(
        outcome="late only" if is_late else "pass", orders={"lost": Count(at_most=0)}
    )


def _window(firm: Firm) -> Window:
    """Ten minutes, half an hour after the first session opens, or what there is of that."""
    session = next(iter(firm.products.values())).sessions[0]
    start = min(session.open + 30 * NS_PER_MIN, (session.open + session.close) // 2)
    return Window(start=start, end=min(start + _WINDOW_NS, session.close))


def orders_in_window(firm: Firm) -> float:
    """Orders of all sources that are expected in the window."""
    window = _window(firm)
    total = 0.0
    for line in firm.demand.values():
        points = firm.profiles[line.profile].points
        parts = [
            (point.intensity, point.at, following.at)
            for point, following in itertools.pairwise(points)
        ]
        whole = sum(intensity * (end - begin) for intensity, begin, end in parts)
        inside = sum(
            intensity * max(min(end, window.end) - max(begin, window.start), 0)
            for intensity, begin, end in parts
        )
        total += line.orders_per_day * inside / whole
    return total
