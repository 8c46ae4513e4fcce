"""Rules for products."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from bcsim.limits import LEGS_MAX
from bcsim.model.finding import Finding
from bcsim.model.rules.reference import each_dangling
from bcsim.units import format_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm
    from bcsim.model.journey import Journey


def product_references(firm: Firm) -> Iterator[Finding]:
    """A product's target segments exist."""
    for name, product in firm.products.items():
        path = ("products", name, "target_segments")
        yield from each_dangling(path, product.target_segments, "segment", firm.segments)


def sessions(firm: Firm) -> Iterator[Finding]:
    """Sessions open before they close, one after the other."""
    for name, product in firm.products.items():
        for position, session in enumerate(product.sessions):
            if session.close <= session.open:
                yield Finding(
                    ("products", name, "sessions", position, "close"),
                    f"session {session.name} closes before it opens",
                    value=format_clock(session.close),
                    expected=f"later than {format_clock(session.open)}",
                )
        for position, (before, after) in enumerate(pairwise(product.sessions), start=1):
            if after.open < before.close:
                yield Finding(
                    ("products", name, "sessions", position, "open"),
                    f"session {after.name} opens before session {before.name} has closed",
                    value=format_clock(after.open),
                    expected=f"{format_clock(before.close)} or later",
                    hint="put sessions in their order; they must not overlap",
                )


def cut_offs(firm: Firm) -> Iterator[Finding]:
    """A cut-off lies within the day's sessions."""
    for name, product in firm.products.items():
        opening = min(session.open for session in product.sessions)
        closing = max(session.close for session in product.sessions)
        if product.cut_off is not None and not opening <= product.cut_off <= closing:
            yield Finding(
                ("products", name, "cut_off"),
                "a cut-off outside of the sessions",
                value=format_clock(product.cut_off),
                expected=f"{format_clock(opening)} to {format_clock(closing)}",
                severity="warning",
            )


def quantities(firm: Firm) -> Iterator[Finding]:
    """The range of quantities is one, and prices have a grid."""
    for name, product in firm.products.items():
        smallest, largest = product.quantity
        if not 1 <= smallest <= largest:
            yield Finding(
                ("products", name, "quantity"),
                "not a range of quantities",
                value=f"[{smallest}, {largest}]",
                expected="the smallest, at least 1, then the largest",
            )
        if product.price_grid == 0:
            yield Finding(
                ("products", name, "price_grid"),
                "a price grid without spacing",
                value="0 s",
                expected="more than 0, such as 1 s",
            )


def fills_and_legs(firm: Firm) -> Iterator[Finding]:
    """Each leg of each fill has a number of its own in a draw's address."""
    pairs = dict.fromkeys((line.product, line.journey) for line in firm.demand.values())
    for product_id, journey_id in pairs:
        product, journey = firm.products.get(product_id), firm.journeys.get(journey_id)
        if product is None or journey is None or not product.partial_fill:
            continue
        legs = most_legs_per_fill(journey)
        if product.fills * legs > LEGS_MAX:
            yield Finding(
                ("products", product_id, "fills"),
                f"too many effects of one step in journey {journey_id}",
                value=f"{product.fills} fills × {legs} legs",
                expected=f"at most {LEGS_MAX}",
                hint="fewer fills, or fewer legs after the execution",
            )


def most_legs_per_fill(journey: Journey) -> int:
    """Legs of the step with most of them after the execution; at least 1."""
    roles = [step.role for step in journey.steps]
    after = journey.steps[roles.index("execute") + 1 :] if "execute" in roles else ()
    return max((len(step.legs) for step in after), default=1) or 1
