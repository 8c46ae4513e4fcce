"""Goal: a wish becomes an intent with its deadline. Method: rows of the table, worked out here."""

from __future__ import annotations

import pytest

from bcsim.engine.deadline import deadlines
from bcsim.engine.reference.message import Terms
from bcsim.engine.reference.wish import make_intent
from bcsim.units import NS_PER_H, NS_PER_S
from tests.unit.engine.firms import firm, scenario, take
from tests.unit.engine.story import Wish, blueprint_of

SESSIONS = {
    "sessions": [
        {"name": "am", "open": "10:00", "close": "12:00"},
        {"name": "pm", "open": "14:00", "close": "16:00"},
    ],
    "execute_within": "10 s",
}
"""Time 0 is 10:00: open from 0 to 2 h and from 4 h to 6 h."""


def due(wish, **product):
    """When a wish is due; seconds, exact."""
    made = blueprint_of(firm([take()], product=SESSIONS | product), [wish])
    deadline = make_intent(made, deadlines(made), 0).deadline_ns
    return None if deadline is None else deadline / NS_PER_S


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("1s", 11),
        ("2h", 4 * 3600 + 10),
        ("3h", 4 * 3600 + 10),
        ("7199999999999ns", 7199.999999999 + 10),
        ("5h", 5 * 3600 + 10),
        ("6h", None),
    ],
)
def test_a_market_order_is_due_after_the_wish_or_the_next_open(at, expected):
    """Goal: execute_within from when it could execute. Method: in, between and after sessions."""
    assert due(Wish(at)) == pytest.approx(expected, abs=1e-9)


def test_a_limit_order_is_due_after_the_last_close():
    """Goal: it may execute until then. Method: a limit order of the morning."""
    assert due(Wish("1s", limit=900)) == 6 * 3600 + 10


@pytest.mark.parametrize(("at", "expected"), [("1h", 5 * 3600 + 10), ("5h", None), ("5.5h", None)])
def test_before_the_cut_off_an_order_is_due_that_day(at, expected):
    """Goal: the cut-off decides. Method: cut-off at 15:00, before, at and after it."""
    assert due(Wish(at), cut_off="15:00") == expected


def test_without_a_promise_nothing_is_due():
    """Goal: no deadline. Method: no execute_within."""
    assert due(Wish(), execute_within=None) is None


def test_names_are_made_of_source_and_numbers():
    """Goal: one wish, one name. Method: the second wish, all that it consists of."""
    small = firm([take()], segment={"clients": 9, "accounts_per_client": 2})
    made = blueprint_of(small, [Wish(), Wish("2s", "sell", 300, limit=990)])
    made.intents.client[1], made.intents.account[1] = 7, 15
    intent = make_intent(made, deadlines(made), 1)
    assert intent.terms == Terms("retail-a000015", "aaa", "sell", 300, 990)
    assert (intent.intent_id, intent.client_id, intent.channel, intent.rank) == (
        "app-000001",
        "retail-c000007",
        "app",
        0,
    )
    assert (intent.time_ns, intent.index, intent.number) == (2 * NS_PER_S, 1, 1)


def test_the_close_is_on_the_runs_clock():
    """Goal: deadlines count from the scenario's start. Method: a start at 09:00 instead of 10:00."""
    small = firm([take()], product=SESSIONS)
    plot = scenario(start="2026-03-16T09:00:00")
    intent = make_intent(
        dear := blueprint_of(small, [Wish(limit=900)], plot=plot), deadlines(dear), 0
    )
    assert intent.deadline_ns == 7 * NS_PER_H + 10 * NS_PER_S
