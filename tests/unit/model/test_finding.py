"""Goal: a misspelt name gets the name that was meant, or none; a dangling reference is told.

Method: tables of names; the whole finding for each case.
"""

from __future__ import annotations

import time

import pytest

from bcsim.model.finding import Finding, dangling, nearest

NAMES = ["rto", "rpo", "mtpd", "name", "order-gateway", "order-management", "dc1", "dc2"]

NEAREST = {
    "rtoo": "rto",
    "nmae": "name",
    "Name": "name",
    "order_gateway": "order-gateway",
    "Order Gateway": "order-gateway",
    "order-gatway": "order-gateway",
    "dc11": "dc1",
    "dc3": None,  # it could be either
    "parsecs": None,
    "x": None,
    "": None,
    "gateway": None,
    "n" * 65: None,
}


@pytest.mark.parametrize(("name", "near"), NEAREST.items())
def test_nearest(name, near):
    """Goal: no silly suggestion. Method: table."""
    assert nearest(name, NAMES) == near


def test_nearest_is_bounded():
    """Goal: a huge model cannot stall the reader. Method: 200 000 names; time it."""
    started = time.perf_counter()
    nearest("component-x", (f"component-{number}" for number in range(200_000)))
    assert time.perf_counter() - started < 2


PLACE = ("components", "oms", "site")

DANGLING = [
    ("dc1", ["dc1"], []),
    (
        "dc11",
        {"dc1": 1, "dc2": 2},
        [Finding(PLACE, "unknown site", "'dc11'", "one of dc1, dc2", "did you mean 'dc1'?")],
    ),
    ("x", ["b", "a"], [Finding(PLACE, "unknown site", "'x'", "one of a, b")]),
    ("x", [], [Finding(PLACE, "unknown site", "'x'", "a site, but the model has none")]),
    (
        "x",
        [f"site-{number}" for number in range(13)],
        [Finding(PLACE, "unknown site", "'x'", "one of the 13 names of a site")],
    ),
]


@pytest.mark.parametrize(("name", "candidates", "findings"), DANGLING)
def test_dangling(name, candidates, findings):
    """Goal: what is referred to, what exists, what was meant. Method: table."""
    assert list(dangling(PLACE, name, "site", candidates)) == findings
