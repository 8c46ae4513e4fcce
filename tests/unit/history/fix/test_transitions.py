"""Goal: changes of status are shown in the published matrices or not shown, never forbidden.

Method: scripts of one order; the notes of the reader are compared whole. What is impossible is
tested in test_arithmetic.py.
"""

from __future__ import annotations

import pytest

from bcsim.history.logs.fix import read_fix
from tests.fix_session import FixSession
from tests.mutation.fix_matrices import SCENARIOS
from tests.mutation.fix_scenario import ACCEPTED, lines, report

UNSHOWN = "in no published matrix"


def notes(folder, script, mark):
    """What the reader says of the reports in the client's log."""
    reading = read_fix(FixSession().play(script).write(folder, "client"))
    return [note for note in reading.notes if mark in note]


@pytest.mark.parametrize("letter", [letter for letter in SCENARIOS if letter[0] in "ABCF"])
def test_the_matrices_show_their_own_changes(tmp_path, letter):
    """Goal: the table agrees with the scenarios. Method: no change of theirs is unknown to it."""
    assert notes(tmp_path, SCENARIOS[letter].script, UNSHOWN) == []


def test_unpublished_is_not_forbidden(tmp_path):
    """Goal: three values. Method: cancelled, then new again: possible, in no matrix."""
    script = lines(ACCEPTED, report("4", "4", 0), report("0", "0", 0))
    assert notes(tmp_path, script, UNSHOWN) == [
        "status changes in no published matrix, which does not forbid them: 1 from New to Canceled",
        "status changes in no published matrix, which does not forbid them: 1 from Canceled to New",
    ]
