"""Goal: constants of the layout as numbers change nothing but the time it takes to compile."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.constants import with_constants


def ends_of(m, job):
    """A function as the kernel's are."""
    return m[job + r.JOB_ENDS] + (r.JOB_TURN + r.JOB_SIZE) * 1000


def test_a_function_gives_the_same():
    """Goal: equal values. Method: one function, as written and with numbers in it."""
    made = with_constants(ends_of)
    cells = list(range(100))
    assert made(cells, 7) == ends_of(cells, 7)


def test_no_name_of_the_layout_is_left():
    """Goal: nothing is looked up. Method: the names that the code refers to."""
    assert "r" in ends_of.__code__.co_names
    assert "r" not in with_constants(ends_of).__code__.co_names


def test_other_functions_stay_as_they_are():
    """Goal: only the layout is known. Method: a function of a module without it."""
    assert with_constants(with_constants) is with_constants
