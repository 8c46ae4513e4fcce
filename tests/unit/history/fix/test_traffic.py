"""Goal: what is kept of a session's messages says all that its rules ask, however a log is cut.

Method: random sequences of numbers, kinds and times; the kept messages are spread out again by
``until`` and compared with the whole; and kept of the whole, or of pieces, they are the same.
"""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bcsim.history.fix.messages import LOGON, ORDER, YES, Messages, concatenate
from bcsim.history.fix.traffic import Runs, shortened, with_until
from bcsim.history.schema import NULL
from bcsim.units import NS_PER_S

STEPS = st.lists(
    st.tuples(
        st.sampled_from((1, 1, 1, 1, 1, 2, -3)),
        st.sampled_from((ORDER, ORDER, ORDER, ORDER, LOGON)),
        st.sampled_from((0, 0, 0, YES)),
        st.integers(0, 1),
        st.sampled_from((0, 1, NS_PER_S // 3)),
    ),
    min_size=1,
    max_size=40,
)


def messages(steps):
    """Messages of two directions, each counting for itself."""
    numbers, now, rows = [10, 10], 0, []
    for step, kind, dup, party, pause in steps:
        numbers[party] += step
        now += pause
        rows.append((kind, numbers[party], dup, party, 1 - party, now))
    columns = dict(
        zip(
            ("type", "seq", "poss_dup", "sender", "target", "base_ns"),
            np.array(rows, dtype=np.int64).T,
            strict=True,
        )
    )
    none = np.full(len(rows), NULL)
    more = {"new_seq": none, "floor_ns": none, "reset": none, "place": np.arange(len(rows))}
    return Messages({**columns, **more})


@given(STEPS)
def test_nothing_is_lost(steps):
    """Goal: every number still stands, at its place. Method: spread the kept ones out again."""
    whole = messages(steps)
    kept = shortened(with_until(whole))
    for party in (0, 1):
        mine = np.flatnonzero(whole["sender"] == party)
        seen = np.flatnonzero(kept["sender"] == party)
        spread = [
            number
            for row in seen.tolist()
            for number in range(int(kept["seq"][row]), int(kept["until"][row]) + 1)
        ]
        assert spread == whole["seq"][mine].tolist()
        assert set(whole["place"][mine[[0, -1]]].tolist() if len(mine) else ()) <= set(
            kept["place"][seen].tolist()
        )
    special = np.flatnonzero((whole["type"] == LOGON) | (whole["poss_dup"] == YES))
    assert set(special.tolist()) <= set(kept["place"].tolist())


@given(STEPS, st.integers(1, 7))
def test_cuts_do_not_matter(steps, size):
    """Goal: blocks of any size keep the same. Method: one block, and blocks of some messages."""
    whole = messages(steps)
    expected = shortened(with_until(whole))
    runs = Runs()
    for begin in range(0, len(whole), size):
        runs.add(whole.take(np.arange(begin, min(begin + size, len(whole)))))
    found = runs.messages()
    for name in ("place", "seq", "until"):
        assert found[name].tolist() == expected[name].tolist()
    assert len(concatenate([found])) == len(found)
