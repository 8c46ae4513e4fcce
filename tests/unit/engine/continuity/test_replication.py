"""Goal: the last replicated instant follows the lag, stands still when cut, never goes back.

Method: changes of the lag by hand; random ones against a scan over all instants.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bcsim.engine.continuity.replication import Replication


def test_it_follows_at_its_lag():
    """Goal: now minus lag, and nothing before the start. Method: three instants."""
    replication = Replication(10)
    assert [replication.until_ns(now_ns) for now_ns in (5, 10, 25)] == [0, 0, 15]


def test_it_stands_still_while_cut_and_catches_up_afterwards():
    """Goal: a cut freezes it. Method: cut from 100 to 200."""
    replication = Replication(10)
    assert replication.change(100, None)
    assert [replication.until_ns(now_ns) for now_ns in (100, 150, 200)] == [90, 90, 90]
    assert replication.change(200, 10)
    assert replication.until_ns(200) == 190


def test_a_growing_lag_does_not_turn_it_back():
    """Goal: what is replicated stays so. Method: the lag grows from 10 to 100 at 200."""
    replication = Replication(10)
    replication.change(200, 100)
    assert [replication.until_ns(now_ns) for now_ns in (200, 280, 300)] == [190, 190, 200]


def test_the_same_lag_is_no_change():
    """Goal: nobody is woken for nothing. Method: the same value twice."""
    assert not Replication(10).change(5, 10)
    assert not Replication(None).change(5, None)


def test_a_fail_back_begins_anew():
    """Goal: after a fail-back both know the same. Method: restart at 500, next crash at 503."""
    replication = Replication(10)
    replication.change(100, None)
    replication.restart(500)
    replication.change(500, 10)
    assert replication.until_ns(503) == 500


@given(st.lists(st.tuples(st.integers(1, 30), st.none() | st.integers(0, 40)), max_size=6))
def test_it_is_the_latest_instant_that_ever_got_across(changes):
    """Goal: R(t) = max over s ≤ t with a connection of s − lag(s). Method: scan every instant."""
    lag_ns, now_ns, best_ns = 5, 0, 0
    replication = Replication(lag_ns)
    for wait_ns, next_lag_ns in [*changes, (50, None)]:
        for _ in range(wait_ns):
            now_ns += 1
            if lag_ns is not None:
                best_ns = max(best_ns, now_ns - lag_ns)
            assert replication.until_ns(now_ns) == best_ns
        lag_ns = next_lag_ns
        replication.change(now_ns, lag_ns)
        if lag_ns is not None:
            best_ns = max(best_ns, now_ns - lag_ns)
