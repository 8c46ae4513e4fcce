"""Goal: entries of orders, whole and put together from shares. Method: a day by hand.

That a log in shares is measured as one in one piece is shown by random logs in
``tests/property/test_fix_shares.py``.
"""

from __future__ import annotations

import numpy as np

from bcsim.conduct.orders import orders_of, other_events, put_together
from bcsim.history.schema import NULL
from bcsim.units import NS_PER_S
from tests.unit.conduct.days import day_of, history, row, wish

EVENTS = [
    wish("a", 1, segment="senior"),
    wish("b", 2, segment=None, instrument="kbank"),
    row(3, "execute", "venue", intent_id="a"),
    row(4, "execute", "venue", exec_id="x", instrument="scb"),
    row(5, "confirm", "client", intent_id="a"),
    row(6, "cancel", "oms", intent_id="a"),
    row(7, "action", subject="switch"),
    row(8, "control_skip", "oms", intent_id="b"),
    wish("c", 9),
    row(10, "reject", "oms", intent_id="c"),
]
CLASSES = {"a": "ok", "b": "stranded", "x": "phantom", "c": "rejected"}


def told(orders):
    """Entries as tuples; None where something is null."""
    return [
        (
            int(begun) // NS_PER_S,
            None if ended == NULL else int(ended) // NS_PER_S,
            bool(is_intent),
            orders.segment.decode(number),
            orders.instrument.decode(number),
        )
        for number, (begun, ended, is_intent) in enumerate(
            zip(orders.begun_ns, orders.ended_ns, orders.is_intent, strict=True)
        )
    ]


WANTED = [
    (1, 6, True, "senior", "aot"),
    (2, None, True, None, "kbank"),
    (4, None, False, None, "scb"),
    (9, 10, True, "retail", "aot"),
]


def test_entries():
    """Goal: begin, last end, whose and what; a stray has no end. Method: four subjects."""
    assert told(day_of(EVENTS, CLASSES).orders) == WANTED


def test_shares_put_together():
    """Goal: each entry at its number, names of all shares. Method: two shares, crossed."""
    pieces = []
    for numbers in ([3, 1], [0, 2]):
        names = [list(CLASSES)[number] for number in numbers]
        events = [e for e in EVENTS if {e[3].get("intent_id"), e[3].get("exec_id")} & {*names}]
        share = day_of(events, {name: CLASSES[name] for name in names})
        pieces.append((np.array(numbers), orders_of(share.history, share.first_rows)))
    assert told(put_together(pieces)) == WANTED


def test_other_events():
    """Goal: what is no order's own way stays. Method: the same day."""
    assert [event["kind"] for event in other_events(history(EVENTS)).rows()] == [
        "action",
        "control_skip",
    ]


def test_no_orders():
    """Goal: nothing of nothing. Method: an empty day."""
    assert told(day_of([], {}).orders) == []
