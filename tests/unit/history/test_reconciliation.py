"""Goal: readings of one drill become one history, whatever clock, unit or name each has.

Method: small readings that differ in one thing each are reconciled; rows and notes are
compared whole.
"""

from __future__ import annotations

import pytest

from bcsim.errors import HistoryError
from bcsim.history.logs.reading import Reading
from bcsim.history.profile import Coverage, Profile
from bcsim.history.reconciliation import reconcile
from bcsim.history.writer import MemoryRecorder

LOG = "live test log"
S = 1_000_000_000

STATED = "1 intents are joined to orders by the order's id, which they state"


def reading(*rows, is_timed=True, notes=(), **profile):
    """A reading of some rows: (time, vantage, kind, fields)."""
    recorder = MemoryRecorder(Profile(kind=LOG, **profile))
    for time_ns, vantage, kind, fields in rows:
        recorder.emit(kind, time_ns, vantage, **fields)
    return Reading(recorder.history(), notes, is_timed)


def rows_of(joint, *names):
    """Some columns of every row."""
    return [tuple(row[name] for name in names) for row in joint.history.rows()]


def test_one_reading_stays_as_it_is():
    """Goal: nothing is changed without need. Method: one reading."""
    one = reading((5, "venue", "execute", {"order_id": "A"}), notes=("seen",))
    joint = reconcile([one])
    assert (joint.notes, joint.history.root) == (("seen",), one.history.root)


def test_times_count_from_the_earliest_start():
    """Goal: one clock. Method: two starts ten seconds apart, one with an offset to UTC."""
    early = reading(
        (1 * S, "client", "submit", {"order_id": "A"}), start="2026-11-02T09:00:00+07:00"
    )
    late = reading(
        (1 * S, "venue", "execute", {"order_id": "A", "deadline_ns": 2 * S}),
        start="2026-11-02T02:00:10+00:00",
        coverage=(Coverage("venue", 0, 3 * S), Coverage("ledger", 1)),
    )
    joint = reconcile([late, early])
    assert rows_of(joint, "time_ns", "vantage", "deadline_ns") == [
        (1 * S, "client", None),
        (11 * S, "venue", 12 * S),
    ]
    assert joint.history.profile.start == "2026-11-02T09:00:00+07:00"
    assert joint.history.profile.coverage == (
        Coverage("venue", 10 * S, 13 * S),
        Coverage("ledger", 10 * S + 1),
    )


def test_units_become_the_finest():
    """Goal: 1.5 and 1.50 are one price. Method: scales of one and two digits."""
    coarse = reading((1, "client", "submit", {"price": 15, "qty": 3}), price_scale=1)
    fine = reading((2, "venue", "execute", {"price": 150, "qty": 3000}), price_scale=2, qty_scale=3)
    joint = reconcile([coarse, fine])
    assert rows_of(joint, "price", "qty") == [(150, 3000), (150, 3000)]
    assert (joint.history.profile.price_scale, joint.history.profile.qty_scale) == (2, 3)


def test_untimed_rows_are_dated_by_their_order():
    """Goal: a wish without a time stands before what came of it. Method: one intent whose order
    shows up, one whose key does, and one of which nothing is seen."""
    intents = reading(
        (0, "client", "intend", {"intent_id": "A", "order_id": "A"}),
        (0, "client", "intend", {"intent_id": "B", "idem_key": "b"}),
        (0, "client", "intend", {"intent_id": "C"}),
        is_timed=False,
    )
    log = reading(
        (7, "venue", "execute", {"order_id": "A"}),
        (5, "client", "submit", {"order_id": "A"}),
        (6, "venue", "execute", {"order_id": "X", "idem_key": "b"}),
        coverage=(Coverage("venue", 2),),
    )
    joint = reconcile([log, intents])
    assert rows_of(joint, "time_ns", "kind", "intent_id") == [
        (2, "intend", "C"),
        (5, "intend", "A"),
        (5, "submit", None),
        (6, "intend", "B"),
        (6, "execute", None),
        (7, "execute", None),
    ]
    note, joined = joint.notes
    assert joined == STATED
    assert note.startswith("3 rows without a time: 2 are dated when their order first shows up")
    assert note.endswith("1 at the beginning of the logs")


@pytest.mark.parametrize("column", ["order_id", "idem_key"])
def test_an_intents_own_id_is_the_last_key(column):
    """Goal: an id that only looks like the order's is a stated fallback. Method: an intent
    without order or key; the note says what was assumed."""
    intents = reading((0, "client", "intend", {"intent_id": "A"}), is_timed=False)
    log = reading((5, "venue", "execute", {column: "A"}), (6, "venue", "execute", {column: "B"}))
    joint = reconcile([log, intents])
    assert rows_of(joint, "kind", "intent_id") == [
        ("intend", "A"),
        ("execute", "A"),
        ("execute", None),
    ]
    word = "order" if column == "order_id" else "key"
    assert joint.notes[-1] == (
        f"1 intents are matched to orders by their own id, which is the {word}'s"
    )


def test_stated_keys_are_not_second_guessed():
    """Goal: what an intent says of its order holds. Method: its id equals another order's."""
    intents = reading((1, "client", "intend", {"intent_id": "B", "order_id": "A"}))
    log = reading((5, "venue", "execute", {"order_id": "A"}))
    joint = reconcile([intents, log])
    assert rows_of(joint, "intent_id", "order_id") == [("B", "A"), (None, "A")]
    assert joint.notes == (STATED,)


def test_the_first_end_ends_the_drain():
    """Goal: nothing is judged beyond the log that ends first. Method: two drains, one without."""
    one = reading((1, "venue", "execute", {}), drain="heal", drain_from_ns=3, drain_to_ns=9)
    two = reading((1, "ledger", "book", {}), drain="heal", drain_from_ns=5, drain_to_ns=7)
    joint = reconcile([one, two, reading((1, "client", "confirm", {}))])
    profile = joint.history.profile
    assert (profile.drain, profile.drain_from_ns, profile.drain_to_ns) == ("heal", 5, 7)


def test_contradictions_are_errors():
    """Goal: what cannot be joined is said. Method: two time zones."""
    one = reading((1, "venue", "execute", {}), time_zone="UTC")
    other = reading((1, "oms", "route", {}), time_zone="Asia/Bangkok")
    with pytest.raises(HistoryError, match=r"time_zone=UTC and Asia/Bangkok"):
        reconcile([one, other])
