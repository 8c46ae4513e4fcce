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

    from bcsim.engine.blueprint import Blueprint
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
        controls=tuple(_mandatory_everywhere(blueprint)),
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


def _mandatory_everywhere(blueprint: Blueprint) -> Iterator[str]:
    """Mandatory controls that stand in every journey; others bind some orders only."""
    routes = {d.journey for d in blueprint.firm.demand.values()}
    for name, control in blueprint.firm.controls.items():
        in_all = all(
            any(stage.step.control == name for stage in blueprint.routes[route].stages)
            for route in routes
        )
        if control.mandatory and in_all:
            yield name


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
