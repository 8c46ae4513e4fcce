"""Goal: silence counts only where a vantage point was watched. Method: intervals by hand."""

from __future__ import annotations

import numpy as np

from bcsim.checkers.watch import Watch
from bcsim.history.profile import Coverage, Profile

WATCH = Watch(
    Profile(
        coverage=(
            Coverage("oms", 50, 70),
            Coverage("oms", 0, 20),
            Coverage("oms", 20, 30),
            Coverage("venue", 25),
        )
    )
)


def covers(vantage: str, *spans: tuple[int, int]) -> list[bool]:
    begins, ends = (np.array([span[i] for span in spans]) for i in (0, 1))
    return [bool(covered) for covered in WATCH.covers(vantage, begins, ends)]


def test_covers():
    """Goal: no break inside a span. Method: within, touching intervals, across a gap, open end."""
    assert covers("oms", (0, 30), (10, 25), (10, 60), (50, 70), (50, 71)) == [
        True,
        True,
        False,
        True,
        False,
    ]
    assert covers("venue", (25, 10**18), (24, 30)) == [True, False]
    assert covers("ledger", (0, 0)) == [False]


def test_any_covers():
    """Goal: one watched vantage point is enough. Method: spans that only one covers."""
    begins, ends = np.array([0, 26, 30]), np.array([30, 90, 31])
    assert WATCH.any_covers(("oms", "venue"), begins, ends).tolist() == [True, True, True]
    assert WATCH.any_covers((), begins, ends).tolist() == [False, False, False]


def test_gaps():
    """Goal: gaps are what nobody of a set saw. Method: one, two, none watched."""
    assert WATCH.gaps(("oms",), 0, 80) == [(30, 50), (70, 80)]
    assert WATCH.gaps(("oms", "venue"), 0, 80) == []
    assert WATCH.gaps(("venue",), 0, 80) == [(0, 25)]
    assert WATCH.gaps(("ledger",), 0, 80) == [(0, 80)]
    assert WATCH.gaps(("oms",), 40, 45) == [(40, 45)]


def test_begin():
    """Goal: the first watched moment. Method: of two vantage points, and of none."""
    assert WATCH.begins_ns() == 0
    assert WATCH.vantages == ("oms", "venue")
    assert Watch(Profile()).begins_ns() is None
