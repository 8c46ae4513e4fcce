"""Goal: corruption and mistyping alter what the draws say. Method: the draws, worked out here."""

from __future__ import annotations

import pytest

from bcsim.streams import Streams, address
from tests.unit.engine.firms import execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

TWO = {
    "instruments": {
        "aaa": {"name": "AAA", "price": 1000, "tick": 10},
        "bbb": {"name": "BBB", "price": 500, "tick": 10},
    }
}
FIELDS = ("qty", "side", "account", "price", "instrument")
WISHED = {
    "qty": 200,
    "side": "buy",
    "account": "retail-a000000",
    "price": 1200,
    "instrument": "aaa",
}


def altered(field, choice):
    """The terms of the wish with one field altered, by the table of 3.4 as the docs list it."""
    if field == "side":
        return WISHED | {"side": "sell"}
    if field == "account":
        return WISHED | {"account": f"retail-a000000{'xyz'[choice]}"}
    if field == "instrument":
        return WISHED | {"instrument": "bbb"}
    numbers = {"qty": (2000, 20, 400), "price": (12000, 120, 2400)}
    return WISHED | {field: numbers[field][choice]}


def terms(row):
    return {name: row[name] for name in FIELDS}


def test_one_draw_decides_one_picks_the_field_one_the_alteration():
    """Goal: corruption at the component an order passes. Method: sixty orders, chance one half.

    Limit orders, so that the price can be altered; seen in the acknowledgement.
    """
    wishes = [Wish(f"{n}s", qty=200, limit=1200) for n in range(60)]
    history = run(
        firm([take()], product=TWO), wishes, timeline("0ms front corruption 500000"), seed=1
    )
    draws = Streams(1, 0)
    expected = []
    for n in range(60):
        hit = draws.at("corruption_hit", "app/front").uniform(n) < 0.5
        field = draws.at("corruption_field", "app/front").integer(0, 4, n, address(0))
        choice = draws.at("corruption_value", "app/front").integer(0, 2, n, address(0))
        expected.append(altered(FIELDS[field], choice) if hit else WISHED)
    found = [terms(r) for r in history.rows("acknowledge") if r["vantage"] == "front"]
    assert found == expected
    assert sum(e == WISHED for e in expected) not in (0, 60)


def test_without_a_limit_price_the_quantity_is_altered():
    """Goal: a field that is not there. Method: market orders, all altered: no null price changes."""
    wishes = [Wish(f"{n}s", qty=200) for n in range(40)]
    history = run(firm([take()]), wishes, timeline("0ms front corruption 1000000"), seed=1)
    draws = Streams(1, 0)
    names = [
        FIELDS[draws.at("corruption_field", "app/front").integer(0, 4, n, address(0))]
        for n in range(40)
    ]
    rows = [r for r in history.rows("acknowledge") if r["vantage"] == "front"]
    changed = [r["qty"] != 200 for r in rows]
    assert changed == [name in ("qty", "price", "instrument") for name in names], "one instrument"
    assert all(r["price"] is None for r in rows)


def test_a_corruption_lasts_for_its_interval():
    """Goal: an interval. Method: certain from 5 s to 15 s; the order of 10 s only is altered."""
    history = run(
        firm([take()], product=TWO),
        [Wish(f"{n}s", qty=200, limit=1200) for n in (0, 10, 20)],
        timeline("5s front corruption 1000000", "15s front corruption 0"),
    )
    rows = [r for r in history.rows("acknowledge") if r["vantage"] == "front"]
    assert [terms(r) == WISHED for r in rows] == [True, False, True]


def test_the_altered_order_goes_on_altered():
    """Goal: terms as they leave the component. Method: altered at the front, executed so."""
    history = run(
        firm([take(), execute()], product=TWO),
        [Wish(qty=200, limit=1200)],
        timeline("0ms front corruption 1000000"),
        seed=1,
    )
    (front,) = (r for r in history.rows("acknowledge") if r["vantage"] == "front")
    (venue,) = (r for r in history.rows("execute") if r["vantage"] == "venue")
    seen = ("account", "side", "instrument", "qty")
    assert terms(front) != WISHED
    assert [front[name] for name in seen] == [venue[name] for name in seen]


@pytest.mark.parametrize("coverage", [0, 0.5, 1])
def test_a_control_finds_altered_orders_with_its_coverage(coverage):
    """Goal: coverage q, one draw an order and control. Method: thirty altered orders."""
    check = step("limits", "risk", role="control", control="limits", mode="call")
    history = run(
        firm([take(), check], controls={"limits": {"name": "Limits", "coverage": coverage}}),
        [Wish(f"{n}s", qty=200) for n in range(30)],
        timeline("0ms front corruption 1000000"),
    )
    luck = Streams(0, 0).at("control_catch", "app/limits")
    expected = ["control_fail" if luck.uniform(n) < coverage else "control_pass" for n in range(30)]
    kinds = ("control_fail", "control_pass")
    assert [r["kind"] for r in history.rows() if r["kind"] in kinds] == expected


def test_a_repaired_order_goes_on_with_the_terms_of_the_wish():
    """Goal: parks for repair. Method: the team mends in 5 min, then the order is executed.

    Control at 22, repair from 22 on, done at 5 min 22 ms; sent at once, executed 11 ms later.
    """
    check = step("limits", "risk", role="control", control="limits", mode="call")
    controls = {
        "limits": {"name": "Limits", "coverage": 1, "on_hit": "repair", "repair_team": "desk"}
    }
    history = run(
        firm([take(), check, execute()], controls=controls, components={"desk": {}}),
        [Wish(qty=200)],
        timeline("0ms front corruption 1000000"),
    )
    kinds = "control_fail reconcile repair execute reject"
    assert story(history, only=kinds) == lines("""
        22ms risk control_fail 0.1
        22ms desk reconcile 0.1
        5min0.022s desk repair 0.1
        5min0.033s venue execute 0.1
        5min0.034s front execute 0.1
    """)
    (venue,) = (r for r in history.rows("execute") if r["vantage"] == "venue")
    assert (venue["qty"], venue["side"], venue["account"]) == (200, "buy", "retail-a000000")


def test_a_person_mistypes_one_field_with_a_stated_chance():
    """Goal: mistype in the fallback. Method: forty orders on paper, chance one half."""
    paper = {"component": "dealer", "service": "5 ms", "mistype": 0.5}
    route = [step("accept", "oms", role="acknowledge", fallback=paper)]
    wishes = [Wish(f"{n}s", qty=200, limit=1200) for n in range(40)]
    history = run(firm(route, product=TWO), wishes, timeline("0ms oms fallback 1"))
    draws, expected = Streams(0, 0), []
    for n in range(40):
        hit = draws.at("mistype", "app").uniform(n, address(0)) < 0.5
        field = draws.at("corruption_field", "app/mistype").integer(0, 4, n, address(0))
        choice = draws.at("corruption_value", "app/mistype").integer(0, 2, n, address(0))
        expected.append(altered(FIELDS[field], choice) if hit else WISHED)
    found = [terms(r) for r in history.rows("acknowledge") if r["vantage"] == "dealer"]
    assert found == expected
    assert sum(e == WISHED for e in expected) not in (0, 40)
