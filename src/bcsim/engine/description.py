"""The profile of a simulated history: what it says about its clock, coverage and promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.history.profile import (
    Coverage,
    CutOff,
    Obligation,
    Profile,
    ServiceTolerance,
    Session,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.engine.blueprint import Blueprint, Route
    from bcsim.model.firm import Firm

SIMULATED_VANTAGES = (
    "client",
    "channel",
    "plan",
    "infrastructure",
    "engine_store",
    "reconciliation",
)
"""Vantage points of every simulated history, beside those of the components."""


def describe(blueprint: Blueprint, *, is_settled: bool) -> Profile:
    """Say what a history of this blueprint covers and what was promised in it."""
    firm, scenario, moments = blueprint.firm, blueprint.scenario, blueprint.moments
    vantages = dict.fromkeys(SIMULATED_VANTAGES)
    vantages |= dict.fromkeys(c.vantage or name for name, c in firm.components.items())
    return Profile(
        kind="simulation",
        start=scenario.start.isoformat(),
        time_zone=firm.calendar.time_zone,
        trace=scenario.trace,
        intents_recorded=True,
        coverage=tuple(
            Coverage(vantage, min(0, moments.window[0]), moments.drain_to) for vantage in vantages
        ),
        sessions=tuple(
            Session(
                f"{product}/{session.name}",
                moments.of_clock(session.open),
                moments.of_clock(session.close),
            )
            for product, spec in firm.products.items()
            for session in spec.sessions
        ),
        cut_offs=tuple(
            CutOff(instrument, moments.of_clock(spec.cut_off))
            for spec in firm.products.values()
            if spec.cut_off is not None
            for instrument in spec.instruments
        ),
        priority_classes=tuple(firm.priorities),
        obligations=tuple(_obligations(firm)),
        controls=tuple(_mandatory(blueprint)),
        drain=scenario.drain.kind,
        drain_from_ns=moments.drain_from,
        drain_to_ns=moments.drain_to,
        settled=is_settled,
        within_plan=scenario.tag == "within-plan",
        services=tuple(_tolerances(firm)),
        source=scenario.name.en,
    )


def _obligations(firm: Firm) -> Iterator[Obligation]:
    """Deadlines that every product of a channel shares; the loosest where they differ."""
    for channel in firm.channels:
        products = {d.product for d in firm.demand.values() if d.channel == channel}
        for name in ("acknowledge", "confirm", "settle"):
            limits = [getattr(firm.products[p], f"{name}_within") for p in sorted(products)]
            if limits and all(limit is not None for limit in limits):
                yield Obligation(name, channel=channel, within_ns=max(limits))


def _mandatory(blueprint: Blueprint) -> Iterator[str]:
    """Mandatory controls, each for the orders that it stands in the way of.

    ``NAME`` where that is every journey, ``NAME@CHANNEL`` where it is all journeys of a channel,
    else ``NAME@CHANNEL/INSTRUMENT``.
    """
    firm = blueprint.firm
    for name in (name for name, control in firm.controls.items() if control.mandatory):
        guarded = {
            demand: _comes_first(blueprint.routes[spec.journey], name)
            for demand, spec in firm.demand.items()
        }
        if all(guarded.values()):
            yield name
            continue
        for channel in firm.channels:
            yield from _mandatory_on(firm, name, channel, guarded)


def _comes_first(route: Route, control: str) -> bool:
    """Whether a control stands in a journey, and not behind its execution."""
    return any(
        stage.step.control == control and not stage.after_execution for stage in route.stages
    )


def _mandatory_on(
    firm: Firm, control: str, channel: str, guarded: dict[str, bool]
) -> Iterator[str]:
    """Name a control for one channel, or for the instruments on it that it guards."""
    products: dict[str, bool] = {}
    for demand, spec in firm.demand.items():
        if spec.channel == channel:
            products[spec.product] = products.get(spec.product, True) and guarded[demand]
    if products and all(products.values()):
        yield f"{control}@{channel}"
        return
    for product in (product for product, is_guarded in products.items() if is_guarded):
        for instrument in firm.products[product].instruments:
            yield f"{control}@{channel}/{instrument}"


def _tolerances(firm: Firm) -> Iterator[ServiceTolerance]:
    for name, service in firm.services.items():
        limits = [firm.products[product].acknowledge_within for product in service.products]
        known = [limit for limit in limits if limit is not None]
        yield ServiceTolerance(
            name,
            channels=service.channels,
            instruments=tuple(
                instrument
                for product in service.products
                for instrument in firm.products[product].instruments
            ),
            rto_ns=service.tolerance.rto,
            rpo_ns=service.tolerance.rpo,
            mtpd_ns=service.tolerance.mtpd,
            mbco=service.tolerance.mbco,
            bucket_ns=service.level_bucket,
            acknowledge_ns=max(known) if known else None,
        )
