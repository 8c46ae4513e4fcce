"""Goal: wishes find orders that share no key with them, if nothing else could be meant.

Method: lists of wishes and logs of orders with names of their own; the verdicts are compared.
"""

from __future__ import annotations

import pytest

from bcsim.checkers.judge import check
from bcsim.history.logs.clock import log_profile
from bcsim.history.logs.reading import Reading
from bcsim.history.matching import Matching, Pairs, pairs_of
from bcsim.history.profile import Coverage
from bcsim.history.reconciliation import reconcile
from bcsim.history.writer import MemoryRecorder

S = 1_000_000_000
KEY = Matching(("account", "instrument", "side", "qty", "price"), 2 * S)
PROFILE = {
    "coverage": (Coverage("client"), Coverage("venue")),
    "drain": "heal",
    "allows": ("no-deadline",),
}


def wishes(*given, is_timed=True):
    """A wish for each name, second and further terms."""
    recorder = MemoryRecorder(log_profile(intents_recorded=True, declared_kinds=("intend",)))
    for name, at_s, terms in given:
        row = {"instrument": "ABC", "side": "buy", "qty": 100, "account": "A", **terms}
        recorder.emit("intend", at_s * S if is_timed else 0, "client", intent_id=name, **row)
    return Reading(recorder.history(), is_timed=is_timed)


def orders(*given):
    """An order for each name and second, executed and told within the second."""
    recorder = MemoryRecorder(log_profile(**PROFILE, drain_to_ns=100 * S))
    for name, at_s, terms in given:
        row = {"instrument": "ABC", "side": "buy", "qty": 100, "account": "A", **terms}
        fill = {**row, "exec_id": f"E-{name}"}
        recorder.emit("submit", at_s * S, "client", order_id=name, **row)
        recorder.emit("acknowledge", at_s * S, "client", order_id=name, **row)
        recorder.emit("execute", at_s * S, "venue", order_id=name, **fill)
        recorder.emit("confirm", at_s * S, "client", order_id=name, **fill)
    return Reading(recorder.history())


def judged(left, right, matching=KEY):
    """Class of every wish and stray, and the notes on likeness."""
    reading = reconcile([left, right], matching=matching)
    verdicts = check(reading.history).verdicts.as_map()
    notes = [note for note in reading.notes if "business key" in note]
    return {name: verdict for name, (verdict, _) in verdicts.items()}, notes


def test_terms_and_time_join_what_no_key_does():
    """Goal: matched, and said so. Method: two wishes and two orders with names of their own."""
    left = wishes(("W1", 10, {}), ("W2", 10, {"qty": 50}))
    right = orders(("1", 11, {}), ("2", 11, {"qty": 50}))
    found, notes = judged(left, right)
    assert found == {"W1": "ok", "W2": "ok"}
    (note,) = notes
    key = "(account, instrument, side, qty, price)"
    assert note.startswith(f"2 intents are matched to orders by the business key {key}; 0 have")
    proof = check(reconcile([left, right], matching=KEY).history).proof("W1")
    assert proof.startswith("W1 (buy 100 ABC, matched by business key) was executed at ")


def test_a_wish_without_a_time_is_dated_by_its_match():
    """Goal: a deadline does not count from the beginning of the logs. Method: three wishes
    without times, two of them matched to orders a minute and two after that.
    """
    left = wishes(("W1", 0, {}), ("W2", 0, {"qty": 50}), ("W3", 0, {"qty": 7}), is_timed=False)
    right = orders(("0", 0, {"qty": 1}), ("1", 60, {}), ("2", 120, {"qty": 50}))
    reading = reconcile([left, right], matching=KEY)
    history = reading.history.gathered()
    rows = list(history.rows())
    times = (history.integer("time_ns") // S).tolist()
    found = [
        (row["intent_id"], time_s)
        for row, time_s in zip(rows, times, strict=True)
        if row["kind"] == "intend"
    ]
    assert found == [("W3", 0), ("W1", 60), ("W2", 120)]
    assert [row["seq"] for row in rows] == list(range(len(rows)))
    assert times == sorted(times)
    place = next(n for n, row in enumerate(rows) if row["intent_id"] == "W1")
    assert [row["kind"] for row in rows[place : place + 2]] == ["intend", "submit"]
    assert (
        "3 rows without a time: 2 are dated when their order first shows up in the logs, 1"
        in (reading.notes[0])
    )


def test_without_being_asked_nothing_is_matched():
    """Goal: likeness is no key by itself. Method: the same, no matching stated."""
    found, notes = judged(wishes(("W1", 10, {})), orders(("1", 11, {})), Matching())
    assert (found, notes) == ({"W1": "stranded", "1": "phantom"}, [])


def test_two_candidates_are_unknown():
    """Goal: ambiguous is unknown. Method: two equal wishes, one order; the third is distinct."""
    left = wishes(("W1", 10, {}), ("W2", 10, {}), ("W3", 10, {"account": "B"}))
    found, _ = judged(left, orders(("1", 11, {}), ("3", 11, {"account": "B"})))
    assert found == {
        "W1": "indeterminate", "W2": "indeterminate", "1": "indeterminate", "W3": "ok"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("at_s", "terms"), [(13, {}), (7, {}), (11, {"price": 5}), (11, {"side": "sell"})]
)
def test_other_terms_or_times_are_not_matched(at_s, terms):
    """Goal: near and equal, or not at all. Method: an order that is neither."""
    found, _ = judged(wishes(("W1", 10, {})), orders(("1", at_s, terms)))
    assert found == {"W1": "stranded", "1": "phantom"}


def test_wishes_without_times_are_matched_by_terms_alone():
    """Goal: a list of wishes may lack times. Method: one order, an hour into the log."""
    found, _ = judged(wishes(("W1", 0, {}), is_timed=False), orders(("1", 60, {})))
    assert found == {"W1": "ok"}


def test_a_shared_key_goes_first():
    """Goal: likeness only where no key is. Method: W1 is named by order 1, W2 is like both."""
    left = wishes(("1", 10, {}), ("W2", 10, {}))
    found, _ = judged(left, orders(("1", 10, {}), ("2", 11, {})))
    assert found == {"1": "ok", "W2": "ok"}


def test_pairs():
    """Goal: one candidate either way. Method: times around the window, and a claim by two."""
    left = [("x", 0), ("x", 100), ("y", 0)]
    assert pairs_of(left, [("x", 1), ("x", 101), ("z", 0)], 0, 5) == Pairs(((0, 0), (1, 1)), (), ())
    assert pairs_of(left, [("x", 50)], -60, 60) == Pairs((), (0, 1), (0,))
    assert pairs_of(left, [("x", -1)], 0, 5) == Pairs((), (), ())
