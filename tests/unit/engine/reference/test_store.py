"""Goal: a memory's earlier states can be had again. Method: small journals and drawn ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bcsim.engine.reference.store import Journalled

CHANGES = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from("abc"), st.none() | st.integers(0, 9)),
    max_size=30,
)
"""Time since the change before, key, and value to put, or none to drop the key."""


def replay(journal, changes, until):
    """Apply changes with their running time up to a time; a plain dictionary of the result."""
    now, state = 0, {}  # type: ignore[var-annotated]
    for after, name, value in changes:
        now += after
        if journal is not None:
            if value is None:
                journal.drop(name, now)
            else:
                journal.put(name, value, now)
        if now <= until:
            state = {k: v for k, v in state.items() if k != name}
            if value is not None:
                state[name] = value
    return state


def test_insertions_after_the_instant_are_missing_and_releases_undone():
    """Goal: the two halves of a recovery point. Method: one key each, and one that changed."""
    journal = Journalled(keeps_journal=True)  # type: ignore[var-annotated]
    journal.put("kept", 1, 10)
    journal.put("released", 2, 10)
    journal.put("changed", 3, 10)
    journal.put("changed", 4, 21)
    journal.put("inserted", 5, 21)
    assert journal.drop("released", 21) == 2
    assert dict(journal.as_at(20).items()) == {"kept": 1, "released": 2, "changed": 3}
    assert dict(journal.items()) == {"kept": 1, "changed": 4, "inserted": 5}


def test_a_change_at_the_instant_is_in_it():
    """Goal: the recovery point includes its own nanosecond. Method: a change exactly then."""
    journal = Journalled(keeps_journal=True)  # type: ignore[var-annotated]
    journal.put("a", 1, 20)
    assert dict(journal.as_at(20).items()) == {"a": 1}
    assert dict(journal.as_at(19).items()) == {}


@given(CHANGES, st.integers(0, 100))
def test_as_at_is_the_replay_of_what_came_before(changes, until):
    """Goal: for any changes. Method: a plain dictionary, replayed up to that time."""
    journal = Journalled(keeps_journal=True)  # type: ignore[var-annotated]
    expected = replay(journal, changes, until)
    assert dict(journal.as_at(until).items()) == expected
    assert dict(journal.items()) == replay(None, changes, 10**9)


def test_a_copy_has_a_life_of_its_own():
    """Goal: a standby's memory is not the first one's. Method: change the copy."""
    journal = Journalled(keeps_journal=True)  # type: ignore[var-annotated]
    journal.put("a", 1, 1)
    copy = journal.as_at(1)
    copy.put("a", 2, 2)
    copy.put("b", 3, 3)
    assert (dict(journal.items()), len(copy), "b" in copy) == ({"a": 1}, 2, True)
    assert dict(copy.as_at(1).items()) == {"a": 1}


def test_without_a_journal_there_is_only_now():
    """Goal: no journal where nobody takes over. Method: ask for an earlier state."""
    plain = Journalled(keeps_journal=False)  # type: ignore[var-annotated]
    plain.put("a", 1, 1)
    plain.put("a", 2, 2)
    assert dict(plain.as_at(1).items()) == {"a": 2}


def test_dropping_what_is_not_there_changes_nothing():
    """Goal: a release may come twice. Method: drop a key that was never put."""
    journal = Journalled(keeps_journal=True)  # type: ignore[var-annotated]
    assert journal.drop("a", 5) is None
    assert dict(journal.as_at(0).items()) == {}


def test_all_is_forgotten_with_its_past():
    """Goal: a volatile memory leaves nothing. Method: clear, then ask for the state before."""
    journal = Journalled(keeps_journal=True)  # type: ignore[var-annotated]
    journal.put("a", 1, 1)
    journal.clear()
    assert (list(journal), dict(journal.as_at(1).items()), journal.get("a")) == ([], {}, None)
