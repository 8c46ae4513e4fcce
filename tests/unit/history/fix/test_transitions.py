"""Goal: reports that cannot be are told from those that are merely in no published matrix.

Method: reports of one order, spoiled in one number at a time; the notes of the reader are
compared whole. The scenarios of the standard break nothing.
"""

from __future__ import annotations

import pytest

from bcsim.history.logs.fix import read_fix
from tests.fix_session import FixSession
from tests.mutation.fix_matrices import SCENARIOS
from tests.mutation.fix_scenario import ACCEPTED, lines, report, trade

IMPOSSIBLE, UNSHOWN = "impossible reports: ", "in no published matrix"


def notes(folder, script, mark):
    """What the reader says of the reports in the client's log."""
    reading = read_fix(FixSession().play(script).write(folder, "client"))
    return [note for note in reading.notes if mark in note]


@pytest.mark.parametrize("letter", SCENARIOS)
def test_the_standard_breaks_no_invariant(tmp_path, letter):
    """Goal: no false alarm. Method: every scenario of the matrices."""
    script = SCENARIOS[letter].script
    assert notes(tmp_path, script, IMPOSSIBLE) == []


@pytest.mark.parametrize("letter", [letter for letter in SCENARIOS if letter[0] in "ABCF"])
def test_the_matrices_show_their_own_changes(tmp_path, letter):
    """Goal: the table agrees with the scenarios. Method: no change of theirs is unknown to it."""
    assert notes(tmp_path, SCENARIOS[letter].script, UNSHOWN) == []


@pytest.mark.parametrize(
    ("spoiled", "invariant"),
    [
        (("14=2000 151=8000", "14=2000 151=7000"), "CumQty + LeavesQty is not OrderQty"),
        (("14=10000 151=0", "14=10000 151=5"), "LeavesQty is not 0 in an order that has ended"),
        (("32=8000", "32=7000"), "CumQty did not grow by LastQty"),
        (("39=1 38=10000 32=2000", "39=2 38=10000 32=2000"), "Filled below OrderQty"),
        (("38=10000 32=8000", "38=9000 32=8000"), "more executed than OrderQty"),
    ],
)
def test_contradictions_are_impossible(tmp_path, spoiled, invariant):
    """Goal: each invariant is watched. Method: one number of a sound order is made wrong."""
    sound = lines(ACCEPTED, trade("e1", 2000, 2000), trade("e2", 8000, 10_000))
    assert notes(tmp_path, sound, IMPOSSIBLE) == []
    wrong = sound.replace(*spoiled)
    assert wrong != sound
    found = notes(tmp_path, wrong, IMPOSSIBLE)
    assert any(invariant in note for note in found), found


def test_quantity_never_falls(tmp_path):
    """Goal: CumQty falls only by a bust. Method: a report with less than the one before."""
    script = lines(ACCEPTED, trade("e1", 2000, 2000), report("6", "6", 1000))
    assert notes(tmp_path, script, IMPOSSIBLE) == [
        "impossible reports: 1 (CumQty fell without a cancelled or corrected trade)"
    ]


def test_unpublished_is_not_forbidden(tmp_path):
    """Goal: three values. Method: cancelled, then new again: possible, in no matrix."""
    script = lines(ACCEPTED, report("4", "4", 0), report("0", "0", 0))
    assert notes(tmp_path, script, IMPOSSIBLE) == []
    assert notes(tmp_path, script, UNSHOWN) == [
        "status changes in no published matrix, which does not forbid them: 1 from New to Canceled",
        "status changes in no published matrix, which does not forbid them: 1 from Canceled to New",
    ]
