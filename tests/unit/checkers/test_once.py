"""Goal: shared work is done once for a history. Method: a function that counts its calls."""

from __future__ import annotations

import gc
import weakref

from bcsim.checkers.facts import facts_of
from bcsim.checkers.once import once
from tests.unit.checkers.log import Log


def test_once_a_history_and_argument():
    """Goal: neither histories nor arguments are mixed up. Method: two of each, asked twice."""
    calls = []

    @once
    def asked(facts, name="a"):
        """A question."""
        calls.append((facts, name))
        return len(calls)

    first, second = (facts_of(Log().add("intend", 0, intent_id="A").history()) for _ in range(2))
    answers = [asked(facts, name) for facts in (first, second) for name in ("a", "b")]
    assert [asked(facts, name) for facts in (first, second) for name in ("a", "b")] == answers
    assert calls == [(first, "a"), (first, "b"), (second, "a"), (second, "b")]
    assert asked.__doc__ == "A question."


def test_nothing_outlives_its_history():
    """Goal: memory is given back. Method: what was worked out, after its facts are gone."""

    class Found:
        """Something that can be watched."""

    @once
    def found(_facts):
        return Found()

    facts = facts_of(Log().add("intend", 0, intent_id="A").history())
    watched = weakref.ref(found(facts))
    assert watched() is not None
    del facts
    gc.collect()
    assert watched() is None
