"""Alterations: a component that corrupts orders, a person who mistypes one.

One draw decides whether, one picks the field, one picks the alteration from a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.reference.link import MILLION
from bcsim.streams import address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcsim.engine.reference.instance import Instance
    from bcsim.engine.reference.message import Request, Terms
    from bcsim.streams import Stream

FIELDS = ("qty", "side", "account", "price", "instrument")
"""Fields that can be altered, in the order of the draw."""


def applied(instance: Instance, request: Request) -> Terms:
    """Terms of a request as they leave the component."""
    entry, stage, terms = request.task.entry, request.task.stage, request.task.terms
    streams = instance.world.streams
    index = entry.intent.index
    ppm = instance.station.corruption_ppm
    if ppm:
        luck = streams.at("corruption_hit", f"{entry.stream_entity}/{instance.name}")
        if luck.uniform(index) * MILLION < ppm:
            return _altered(
                terms,
                request,
                streams.at("corruption_field", f"{entry.stream_entity}/{instance.name}"),
                streams.at("corruption_value", f"{entry.stream_entity}/{instance.name}"),
            )
    fallback = stage.step.fallback
    if request.is_fallback and fallback is not None and fallback.mistype:
        luck = streams.at("mistype", entry.stream_entity)
        draw = address(stage.number)
        if luck.uniform(index, draw) < fallback.mistype:
            return _altered(
                terms,
                request,
                streams.at("corruption_field", f"{entry.stream_entity}/mistype"),
                streams.at("corruption_value", f"{entry.stream_entity}/mistype"),
            )
    return terms


def _altered(terms: Terms, request: Request, which: Stream, how: Stream) -> Terms:
    """Alter one field: a limit price only where there is one, else the quantity."""
    index, draw = request.task.entry.intent.index, address(request.task.stage.number)
    field = FIELDS[which.integer(0, len(FIELDS) - 1, index, draw)]
    choice = how.integer(0, 2, index, draw)
    if field == "side":
        return terms._replace(side="sell" if terms.side == "buy" else "buy")
    if field == "account":
        return terms._replace(account=f"{terms.account}{'xyz'[choice]}")
    if field == "instrument":
        others = _other_instruments(request)
        if others:
            return terms._replace(instrument=others[choice % len(others)])
    if field == "price" and terms.price is not None:
        return terms._replace(price=_times(terms.price, choice))
    return terms._replace(qty=_times(terms.qty, choice))


def _other_instruments(request: Request) -> Sequence[str]:
    """Instruments of the same product, but for the one that is meant."""
    intent = request.task.entry.intent
    return [name for name in intent.product.instruments if name != intent.terms.instrument]


def _times(value: int, choice: int) -> int:
    """The table of alterations of a number: a digit too many, a digit too few, doubled."""
    return (value * 10, max(value // 10, 1) if value > 1 else 2, value * 2)[choice]
