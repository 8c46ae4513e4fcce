"""Rules for services and their tolerances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.model.finding import Finding
from bcsim.model.rules.reference import each_dangling
from bcsim.units import format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm


def service_references(firm: Firm) -> Iterator[Finding]:
    """A service's products and channels exist."""
    for name, service in firm.services.items():
        path = ("services", name)
        yield from each_dangling((*path, "products"), service.products, "product", firm.products)
        yield from each_dangling((*path, "channels"), service.channels, "channel", firm.channels)


def services_without_demand(firm: Firm) -> Iterator[Finding]:
    """A service level needs orders to be taken from."""
    for name, service in firm.services.items():
        if not any(
            line.product in service.products
            and (not service.channels or line.channel in service.channels)
            for line in firm.demand.values()
        ):
            yield Finding(
                ("services", name),
                "a service without demand",
                value=repr(name),
                expected="a source of demand for one of its products on one of its channels",
                hint="its service level would be unknown",
                severity="warning",
                at_key=True,
            )


def tolerances(firm: Firm) -> Iterator[Finding]:
    """Rto ≤ mtpd, and a service level is taken over some time."""
    for name, service in firm.services.items():
        tolerance = service.tolerance
        if tolerance.rto > tolerance.mtpd:
            yield Finding(
                ("services", name, "tolerance", "rto"),
                "recovery is aimed at after the longest tolerable disruption: rto > mtpd",
                value=f"rto={format_duration(tolerance.rto)}",
                expected=f"at most mtpd={format_duration(tolerance.mtpd)}",
            )
        if service.level_bucket == 0:
            yield Finding(
                ("services", name, "level_bucket"),
                "a service level over no time",
                value="0 s",
                expected="more than 0, such as 60 s",
            )


def approvals(firm: Firm) -> Iterator[Finding]:
    """Somebody has approved each tolerance, on a day, to be reviewed in time."""
    for name, service in firm.services.items():
        tolerance = service.tolerance
        missing = [
            field
            for field in ("approver", "approved_on", "review_within")
            if getattr(tolerance, field) is None
        ]
        if missing:
            yield Finding(
                ("services", name, "tolerance"),
                "a tolerance whose approval is not on record",
                value=f"without {', '.join(missing)}",
                expected="approver, approved_on and review_within",
                severity="warning",
            )
