"""Rules for remuneration: whose scorecard it is, what it counts, what a commission is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.model.finding import Finding, dangling
from bcsim.model.remuneration import Counted
from bcsim.model.rules.reference import each_dangling, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm

_PAID_FOR = (Counted.DONE, Counted.ON_TIME)
"""What more of is better."""


def scorecards(firm: Firm) -> Iterator[Finding]:
    """A scorecard is a team's, and its indicators count what is worth paying for."""
    for name, card in firm.scorecards.items():
        path = ("scorecards", name)
        yield from dangling((*path, "team"), card.team, "team", firm.teams)
        yield from each_dangling((*path, "channels"), card.channels, "channel", firm.channels)
        yield from repeated((*path, "channels"), card.channels, "channel")
        for key, indicator in card.indicators.items():
            if indicator.counts not in _PAID_FOR:
                yield Finding(
                    (*path, "indicators", key, "counts"),
                    "an indicator that pays for something bad",
                    value=indicator.counts.value,
                    expected=f"one of {', '.join(counted.value for counted in _PAID_FOR)}",
                    hint="make it a gate or a penalty",
                )


def commissions(firm: Firm) -> Iterator[Finding]:
    """A commission's segment and product exist."""
    for position, commission in enumerate(firm.commissions):
        path = ("commissions", position)
        if commission.segment is not None:
            yield from dangling((*path, "segment"), commission.segment, "segment", firm.segments)
        if commission.product is not None:
            yield from dangling((*path, "product"), commission.product, "product", firm.products)
