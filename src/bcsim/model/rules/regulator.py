"""Rules for regulators and the regimes that apply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.model.finding import dangling
from bcsim.model.plan import ActionKind
from bcsim.model.regime import regime_names
from bcsim.model.rules.reference import each_dangling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.finding import Finding
    from bcsim.model.firm import Firm


def regime_references(firm: Firm) -> Iterator[Finding]:
    """Every regime is shipped, and the services that it is about exist."""
    known = regime_names()
    for i, regulator in enumerate(firm.regulators):
        for j, regime in enumerate(regulator.regimes):
            path = ("regulators", i, "regimes", j)
            yield from dangling((*path, "name"), regime.name, "regime", known)
            yield from each_dangling((*path, "services"), regime.services, "service", firm.services)
            actions = firm.plan.actions if firm.plan else {}
            telling = [
                name
                for name, action in actions.items()
                if action.kind is ActionKind.NOTIFY_REGULATOR
            ]
            yield from each_dangling(
                (*path, "notified_by"), regime.notified_by or (), "notice to a regulator", telling
            )
            for k, outage in enumerate(regime.earlier_outages or ()):
                place = (*path, "earlier_outages", k, "service")
                yield from dangling(place, outage.service, "service", firm.services)
