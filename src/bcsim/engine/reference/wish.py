"""Wishes: a row of the table of intents becomes a client's intent, with its deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.reference.message import Intent, Terms
from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from bcsim.engine.blueprint import Blueprint


def make_intent(blueprint: Blueprint, number: int) -> Intent:
    """Make the intent of a row of the table."""
    table = blueprint.intents
    source = table.sources[int(table.source[number])]
    demand = source.demand
    segment = blueprint.firm.segments[demand.segment]
    product = blueprint.firm.products[demand.product]
    index = int(table.index[number])
    instrument_index = int(table.instrument[number])
    price = int(table.price[number])
    terms = Terms(
        account=f"{demand.segment}-a{int(table.account[number]):06d}",
        instrument=tuple(product.instruments)[instrument_index],
        side="buy" if table.is_buy[number] else "sell",
        qty=int(table.qty[number]),
        price=None if price == NULL else price,
    )
    intent = Intent(
        number=number,
        source=source.name,
        index=index,
        intent_id=f"{source.name}-{index:06d}",
        client_id=f"{demand.segment}-c{int(table.client[number]):06d}",
        segment_id=demand.segment,
        segment=segment,
        channel=demand.channel,
        product_id=demand.product,
        product=product,
        instrument_index=instrument_index,
        terms=terms,
        time_ns=int(table.time_ns[number]),
        deadline_ns=None,
        rank=blueprint.ranks[segment.priority],
    )
    intent.deadline_ns = deadline_ns(blueprint, intent)
    return intent


def deadline_ns(blueprint: Blueprint, intent: Intent) -> int | None:
    """When the wish is due: counted from the wish, the next session, the close, the cut-off.

    Market orders: ``execute_within`` after the wish or the next open; limit orders: the
    same after the last close; with a cut-off: after today's cut-off, if wished before it.
    """
    product = intent.product
    if product.execute_within is None:
        return None
    moments = blueprint.moments
    if product.cut_off is not None:
        cut_off = moments.of_clock(product.cut_off)
        return cut_off + product.execute_within if intent.time_ns < cut_off else None
    closes = [moments.of_clock(session.close) for session in product.sessions]
    if intent.terms.price is not None:
        return max(closes) + product.execute_within
    starts = [
        max(intent.time_ns, moments.of_clock(session.open))
        for session in product.sessions
        if intent.time_ns < moments.of_clock(session.close)
    ]
    return min(starts) + product.execute_within if starts else None
