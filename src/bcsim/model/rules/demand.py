"""Rules for demand, its profiles, and services that nobody orders."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from bcsim.model.finding import Finding, dangling
from bcsim.units import format_clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bcsim.model.firm import Firm


def demand_references(firm: Firm) -> Iterator[Finding]:
    """A source's channel, segment, product, journey and profile exist."""
    for name, line in firm.demand.items():
        path = ("demand", name)
        yield from dangling((*path, "channel"), line.channel, "channel", firm.channels)
        yield from dangling((*path, "segment"), line.segment, "segment", firm.segments)
        yield from dangling((*path, "product"), line.product, "product", firm.products)
        yield from dangling((*path, "journey"), line.journey, "journey", firm.journeys)
        yield from dangling((*path, "profile"), line.profile, "profile", firm.profiles)


def orders_per_day(firm: Firm) -> Iterator[Finding]:
    """Somebody orders something."""
    if not any(line.orders_per_day for line in firm.demand.values()):
        yield Finding(
            ("demand",),
            "no source has any orders",
            value="0 orders a day",
            expected="at least one source with orders_per_day above 0",
        )


def cancellations(firm: Firm) -> Iterator[Finding]:
    """Clients who cancel do so after some time."""
    for name, line in firm.demand.items():
        if line.cancel and line.cancel_after is None:
            yield Finding(
                ("demand", name, "cancel"),
                "clients cancel, but nothing says when",
                value=f"cancel={line.cancel:g}",
                expected="cancel_after: time from the wish to the cancel request",
                hint="add it, or set cancel to 0",
            )


def journeys_by_channel(firm: Firm) -> Iterator[Finding]:
    """Orders in one product go the same way on one channel."""
    first: dict[tuple[str, str], str] = {}
    for name, line in firm.demand.items():
        journey = first.setdefault((line.channel, line.product), line.journey)
        if journey != line.journey:
            yield Finding(
                ("demand", name, "journey"),
                f"orders in {line.product} on channel {line.channel} have two journeys",
                value=repr(line.journey),
                expected=repr(journey),
                hint=f"clients who switch to {line.channel} always take {journey}",
                severity="warning",
            )


def profile_points(firm: Firm) -> Iterator[Finding]:
    """A profile's points are in order, and some intensity is above 0."""
    for name, profile in firm.profiles.items():
        for position, (before, after) in enumerate(pairwise(profile.points), start=1):
            if after.at <= before.at:
                yield Finding(
                    ("profiles", name, "points", position, "at"),
                    "points are not in order",
                    value=format_clock(after.at),
                    expected=f"later than {format_clock(before.at)}",
                )
        if not any(point.intensity for point in profile.points[:-1]):
            yield Finding(
                ("profiles", name, "points"),
                "a profile without any demand",
                value="intensity 0 throughout",
                expected="an intensity above 0 before the last point",
            )


def unused(firm: Firm) -> Iterator[Finding]:
    """Channels, segments, products, journeys and controls are used by somebody."""
    lines = firm.demand.values()
    second: set[str | None] = {segment.second_channel for segment in firm.segments.values()}
    steps = [step for journey in firm.journeys.values() for step in journey.steps]
    used: dict[str, set[str | None]] = {
        "channels": second | {line.channel for line in lines},
        "segments": {line.segment for line in lines},
        "products": {line.product for line in lines},
        "journeys": {line.journey for line in lines},
        "controls": {step.control for step in steps},
    }
    there: dict[str, Iterable[str]] = {
        "channels": firm.channels,
        "segments": firm.segments,
        "products": firm.products,
        "journeys": firm.journeys,
        "controls": firm.controls,
    }
    for section, names in there.items():
        for name in names:
            if name not in used[section]:
                by = "a step of a journey" if section == "controls" else "a source of demand"
                yield Finding(
                    (section, name),
                    "never used",
                    value=repr(name),
                    expected=by,
                    severity="warning",
                    at_key=True,
                )
