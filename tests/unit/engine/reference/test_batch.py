"""Goal: batches take what came before, in order, and go on as stated. Method: runs at 10:00:01.

Orders are wished from 0 ms on and reach the batch 12 ms later (1 + 10 at the front, 1); an item
takes 100 ms. The run of 10:00:01 begins at 1 s.
"""

from __future__ import annotations

import json

import pytest

from bcsim.model.firm import Firm
from tests.unit.engine.firms import DEMAND, data, execute, firm, step, take
from tests.unit.engine.story import Wish, lines, run, story, timeline

MANY = {"front": {"servers": 9}}
KEEPS = {"queue": {"durable": True}}


def batch(at="10:00:01", rerun="checkpoint", **more):
    """A step that is done in a batch."""
    times = at.split()
    return step(
        "post", "ledger", "100 ms", role="book", batch={"at": times, "rerun": rerun}, **more
    )


def posted(history):
    """When the ledger booked which order."""
    return story(history, only="book")


def test_a_run_takes_its_items_one_after_the_other_in_order():
    """Goal: in the order of acceptance, one at a time. Method: three orders."""
    history = run(firm([take(), batch()], components=MANY), [Wish(), Wish("5ms"), Wish("3ms")])
    assert posted(history) == lines("""
        1.1s ledger book 0.1
        1.2s ledger book 1.1
        1.3s ledger book 2.1
    """)


def test_a_run_takes_what_was_accepted_strictly_before():
    """Goal: strictly before. Method: accepted a nanosecond before, at, and after 1 s.

    Wished at 988 ms is accepted at exactly 1 s: it waits for the run of 10:00:02.
    """
    wishes = [Wish("987.999999ms"), Wish("988ms"), Wish("1s")]
    history = run(firm([take(), batch("10:00:01 10:00:02")], components=MANY), wishes)
    assert posted(history) == lines("""
        1.1s ledger book 0.1
        2.1s ledger book 1.1
        2.2s ledger book 2.1
    """)


def test_the_answer_comes_when_the_batch_has_done_it():
    """Goal: the step answers when its own effect is complete. Method: the holder waits till then.

    A timeout of 2 s is long enough; one of 500 ms at 511 leads to a repeat, which joins.
    """
    patient = run(firm([take(), batch(timeout="2 s")]))
    assert story(patient, only="send", without="client") == ["11ms front send 0.1"]
    retry = {"limit": 1, "backoff": "10 ms"}
    hasty = run(firm([take(), batch(timeout="500 ms", retry=retry)]))
    assert story(hasty, only="send book", without="client") == lines("""
        11ms front send 0.1
        521ms front send 0.1
        1.1s ledger book 0.1
    """)


def test_a_run_that_lasts_takes_the_next_ones_items_after_its_own():
    """Goal: a run has one server. Method: the second run is due while the first is at work."""
    wishes = [Wish()] * 3 + [Wish("1s")]
    history = run(firm([take(), batch("10:00:01 10:00:01.2")], components=MANY), wishes)
    assert posted(history) == lines("""
        1.1s ledger book 0.1
        1.2s ledger book 1.1
        1.3s ledger book 2.1
        1.4s ledger book 3.1
    """)


def test_a_crash_stops_between_items_and_the_checkpoint_goes_on():
    """Goal: from the checkpoint. Method: crash at 1150 in the second item, back at 1500.

    The item in hand is done anew: 1600, then the third.
    """
    history = run(
        firm([take(), batch()], components=MANY | {"ledger": KEEPS}),
        [Wish()] * 3,
        timeline("1150ms ledger up 0", "1500ms ledger up 1"),
    )
    assert posted(history) == lines("""
        1.1s ledger book 0.1
        1.6s ledger book 1.1
        1.7s ledger book 2.1
    """)


@pytest.mark.parametrize(
    ("dedup", "again"),
    [
        (None, ["1.6s ledger book 0.1", "1.7s ledger book 1.1", "1.8s ledger book 2.1"]),
        ({"horizon": "1 d"}, ["1.6s ledger book 1.1", "1.7s ledger book 2.1"]),
        (
            {"horizon": "200 ms"},
            ["1.6s ledger book 0.1", "1.7s ledger book 1.1", "1.8s ledger book 2.1"],
        ),
    ],
)
def test_a_rerun_from_the_start_repeats_what_no_memory_recognises(dedup, again):
    """Goal: repeats are recognised only by dedup memory. Method: without, with, and expired."""
    history = run(
        firm(
            [take(), batch(rerun="start")], components=MANY | {"ledger": KEEPS | {"dedup": dedup}}
        ),
        [Wish()] * 3,
        timeline("1150ms ledger up 0", "1500ms ledger up 1"),
    )
    assert posted(history) == ["1.1s ledger book 0.1", *again]


def test_a_volatile_queue_loses_what_waits_for_a_batch():
    """Goal: as any queue. Method: crash before the run; nobody asks again."""
    history = run(
        firm([take(), batch()]), [Wish()], timeline("500ms ledger up 0", "600ms ledger up 1")
    )
    assert posted(history) == []


def test_a_run_that_was_missed_is_made_up_for():
    """Goal: a run is not skipped. Method: down from 900 to 1500 with a durable queue."""
    history = run(
        firm([take(), batch()], components={"ledger": KEEPS}),
        [Wish()],
        timeline("900ms ledger up 0", "1500ms ledger up 1"),
    )
    assert posted(history) == ["1.6s ledger book 0.1"]


def test_a_run_that_was_missed_comes_after_one_that_was_interrupted():
    """Goal: nothing is stuck. Method: crash in the first run, the second is due while down."""
    history = run(
        firm([take(), batch("10:00:01 10:00:01.3")], components=MANY | {"ledger": KEEPS}),
        [Wish(), Wish(), Wish("1s")],
        timeline("1150ms ledger up 0", "1500ms ledger up 1"),
    )
    assert posted(history) == lines("""
        1.1s ledger book 0.1
        1.6s ledger book 1.1
        1.7s ledger book 2.1
    """)


def test_a_hang_is_no_crash():
    """Goal: the item in hand keeps its time, nothing is repeated. Method: hang 1150 to 1500.

    Half of the second item is done: it ends at 1550. Rerun from the start changes nothing.
    """
    components = MANY | {"ledger": KEEPS | {"dedup": None}}
    history = run(
        firm([take(), batch(rerun="start")], components=components),
        [Wish()] * 3,
        timeline("1150ms ledger hang 1", "1500ms ledger hang 0"),
    )
    assert posted(history) == lines("""
        1.1s ledger book 0.1
        1.55s ledger book 1.1
        1.65s ledger book 2.1
    """)


def test_a_run_due_while_hung_begins_on_waking_up():
    """Goal: late, not lost; what was accepted before waking takes part. Method: hang 900–1500."""
    history = run(
        firm([take(), batch()]), [Wish()], timeline("900ms ledger hang 1", "1500ms ledger hang 0")
    )
    assert posted(history) == ["1.6s ledger book 0.1"]


def test_a_slow_component_is_slow_in_batches():
    """Goal: speed. Method: half the speed: 200 ms an item."""
    history = run(firm([take(), batch()]), [Wish()], timeline("900ms ledger speed 500"))
    assert posted(history) == ["1.2s ledger book 0.1"]


def test_batch_work_takes_no_server_from_others():
    """Goal: a run has a server of its own. Method: another step at the same busy ledger."""
    route = [take(), step("note", "ledger", "300 ms"), batch()]
    history = run(firm(route, components=MANY), [Wish(), Wish("890ms")])
    assert story(history, "step", only="start finish", without="front") == lines("""
        12ms ledger start 0.1 step=1
        312ms ledger finish 0.1 step=1
        902ms ledger start 1.1 step=1
        1s ledger start 0.1 step=2
        1.1s ledger finish 0.1 step=2
        1.202s ledger finish 1.1 step=1
    """)


def test_a_venue_executes_in_its_batch_at_the_price_of_then():
    """Goal: fund orders. Method: execute in a batch, in and out of sessions."""
    do = execute(batch={"at": ["10:00:01"]}, service="100 ms")
    product = {"sessions": [{"name": "day", "open": "11:00", "close": "12:00"}]}
    history = run(firm([take(), do], product=product), prices={"share": [[700, 800, 900]]})
    assert story(history, "price", only="execute") == lines("""
        1.1s venue execute 0.1 price=700
        1.101s front execute 0.1 price=700
    """)


def test_journeys_that_share_a_step_share_its_runs():
    """Goal: one run for a step, in the order of acceptance. Method: two journeys, by turns."""
    model = data([take(), batch()], components=MANY)
    model["journeys"]["other"] = {"name": "Other", "steps": [take(), batch()]}
    model["demand"]["own"] = DEMAND | {"journey": "other"}
    wishes = [Wish("0ms"), Wish("1ms", source=1), Wish("2ms")]
    history = run(Firm.model_validate_json(json.dumps(model)), wishes)
    assert posted(history) == lines("""
        1.1s ledger book 0.1
        1.2s ledger book own-0.1
        1.3s ledger book 1.1
    """)


def test_a_batch_executes_no_order_beyond_its_limit():
    """Goal: a limit holds in a batch too. Method: three limits at 10:00:01, the price is 980.

    A buy at 980 is met; a buy at 970 rests and is met at 3 s; after the close it is rejected.
    """
    do = execute(batch={"at": ["10:00:01"]}, service="100 ms")
    prices = {"share": [[1000] * 3600 + [1000, 980, 980, 970, 970]]}
    wishes = [Wish(limit=980), Wish(limit=970)]
    history = run(firm([take(), do], components=MANY), wishes, prices=prices)
    assert story(history, "price", only="execute", without="front") == lines("""
        1.1s venue execute 0.1 price=980
        3s venue execute 1.1 price=970
    """)
    closed = {"sessions": [{"name": "day", "open": "09:00", "close": "10:00:01"}]}
    late = run(firm([take(), do], components=MANY, product=closed), wishes, prices=prices)
    assert story(late, "reason", only="execute reject", without="front client") == lines("""
        1.1s venue execute 0.1
        1.2s venue reject 1.1 reason=outside session
    """)
