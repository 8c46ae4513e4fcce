"""Wishes: a row of the table of intents becomes a client's intent, with its deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.reference.message import Intent, Terms
from bcsim.history.schema import NULL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bcsim.engine.blueprint import Blueprint


def make_intent(blueprint: Blueprint, deadlines: NDArray[np.int64], number: int) -> Intent:
    """Make the intent of a row of the table, with its deadline."""
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
    due = int(deadlines[number])
    return Intent(
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
        deadline_ns=None if due == NULL else due,
        rank=blueprint.ranks[segment.priority],
    )
