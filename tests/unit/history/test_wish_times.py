"""Goal: wishes behind or long before their own orders are noticed; others are not.

Method: histories of wishes and entries with a distance each; the notes or the error are compared.
"""

from __future__ import annotations

import pytest

from bcsim.errors import HistoryError
from bcsim.history.profile import Profile
from bcsim.history.wish_times import WishTimes
from bcsim.history.writer import MemoryRecorder

MINUTE = 60 * 10**9


def compared(*minutes, key="order_id"):
    """Wishes some minutes after (or before) the entries of their orders."""
    recorder = MemoryRecorder(Profile(kind="live test log"))
    for number, ahead in enumerate(minutes):
        names = {key: f"O{number}"}
        recorder.emit("submit", 1000 * MINUTE, "client", **names)
        recorder.emit("intend", round((1000 + ahead) * MINUTE), "client", **names)
    found = WishTimes()
    found.add(recorder.history())
    return found


@pytest.mark.parametrize("key", ["order_id", "intent_id"])
def test_wishes_behind_their_orders_are_refused(key):
    """Goal: no judgement could be right. Method: two of three are an hour or more behind."""
    with pytest.raises(HistoryError) as raised:
        compared(300, 60, 0, key=key).notes()
    (problem,) = raised.value.problems
    assert problem.message == "2 of 3 intents are later than their own orders"
    assert compared(300, 0, 0, key=key).notes() == ()


@pytest.mark.parametrize(
    ("minutes", "is_remarked"),
    [
        ((-420, -420.5, -419.8), True),
        ((-420, -420), False),
        ((-420, -427, -420), False),
        ((-1, 0, -2), False),
        ((), False),
    ],
)
def test_wishes_whole_hours_before_are_remarked_on(minutes, is_remarked):
    """Goal: a zone's distance, of most. Method: seven hours, too few, not whole, near, none."""
    assert bool(compared(*minutes).notes()) is is_remarked
