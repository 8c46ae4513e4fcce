"""Goal: which legs a step has is learned from all shares of a record alike.

Method: days whose intents execute, and are booked, on random sets of legs, judged in one piece and
in shares of random intents. Examples of the legs themselves, by hand. Nothing is left to chance:
an equal judgement holds for any draw.
"""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bcsim.checkers.case import case_of
from bcsim.checkers.judge import check
from bcsim.checkers.legs import Kinds, joined, kinds_by, legs_by_example, legs_shown, numbered_legs
from bcsim.history.columns import TextColumn
from bcsim.history.divided import divided_by
from bcsim.history.schema import NULL
from tests.unit.checkers.log import Log

LEGS = st.sampled_from([(), (None,), (0,), (1,), (0, 1), (1, 2), (0, 1, 2)])
INTENTS = st.lists(st.tuples(st.sampled_from("AB"), LEGS, LEGS), min_size=1, max_size=8)


def day(intents):
    """A day whose intents have an instrument, legs that were executed, and legs booked."""
    log = Log()
    for number, (instrument, _, _) in enumerate(intents):
        log.wish(f"I{number}", instrument=instrument)
    for number, (instrument, executed, _) in enumerate(intents):
        name, exec_id = f"I{number}", f"E{number}"
        for leg in executed:
            log.fill(name, 1, exec_id, leg=leg, instrument=instrument)
        if executed:
            log.told(name, 1, exec_id=exec_id)
    for number, (_, _, booked) in enumerate(intents):
        for leg in booked:
            log.add("book", 2, "ledger", exec_id=f"E{number}", leg=leg, qty=100)
    return log.history()


def said(judgement):
    """What a judgement says of every intent and of all."""
    return judgement.verdicts.as_map(), judgement.to_document()


@settings(max_examples=60, deadline=None)
@given(INTENTS, st.lists(st.integers(0, 2), min_size=8, max_size=8))
def test_shares(intents, shares):
    """Goal: as above. Method: up to three shares; rows of nobody in the first."""
    history = day(intents)
    subject = case_of(history).subjects.of_row
    of_row = np.array([*shares, 0])[np.where(subject < len(intents), subject, -1)]
    divided = divided_by(history, of_row.astype(np.uint16), 3)
    assert said(check(divided)) == said(check(history))


def kinds(*names):
    """Kinds of owners that have such names."""
    texts = TextColumn(np.array([sorted(set(names)).index(n) for n in names]), sorted(set(names)))
    return kinds_by([texts])


def test_kinds_have_names_that_every_share_knows():
    """Goal: equal terms are one kind. Method: with a null, and by leg."""
    one = TextColumn(np.array([0, -1, 0, -1]), ("web",))
    two = TextColumn(np.array([1, 1, 1, 0]), ("A", "B"))
    found = kinds_by([one, two])
    assert [found.names[k] for k in found.of_owner] == [
        ("web", "B"), (None, "B"), ("web", "B"), (None, "A"),
    ]  # fmt: skip
    by_leg = found.by_leg(np.array([0, 2, 2, 1]), np.array([5, 5, -1, -1]))
    assert [by_leg.names[k] for k in by_leg.of_owner] == [
        (("web", "B"), 5), (("web", "B"), 5), (("web", "B"), -1), ((None, "B"), -1),
    ]  # fmt: skip


def test_legs_are_those_that_any_share_shows():
    """Goal: examples add up. Method: two shares with a kind in common, one with whole steps."""
    here = legs_shown(kinds("A", "B", "C"), np.array([0, 0, 1]), np.array([0, 7, -1]))
    assert here == {("A",): {0, 7}, ("B",): {-1}}
    there = legs_shown(kinds("A", "D"), np.array([0, 1]), np.array([2, NULL]))
    shown = joined([here, there])
    assert shown == {("A",): {0, 2, 7}, ("B",): {-1}, ("D",): {-1}}
    _, legs = numbered_legs(np.array([7, NULL]), {0, 2})
    assert legs == (0, 2, 7)
    expected = legs_by_example(kinds("A", "B", "C"), shown, legs)
    assert expected.tolist() == [[True] * 3, [True, False, False], [False] * 3]


def test_owner_without_a_kind():
    """Goal: nothing is expected of it. Method: an owner of kind -1 beside one that has legs."""
    some = Kinds(np.array([0, -1]), ("A",))
    assert legs_by_example(some, {"A": frozenset({3})}, (3,)).tolist() == [[True], [False]]
