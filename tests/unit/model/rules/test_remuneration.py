"""Goal: rules for remuneration. Method: break each in the test broker; all new findings."""

from __future__ import annotations

import pytest

from tests.brokerage import found_by


def card(counts="orders-done", **more):
    """Give the desk a scorecard."""
    basis = {
        "name": "Desk",
        "team": "desk",
        "variable_share": 0.3,
        "indicators": {"volume": {"counts": counts, "target": 0.9}},
    }
    return lambda data: data.update(scorecards={"desk": basis | more})


def commission(**more):
    """Give the firm a commission."""
    return lambda data: data.update(commissions=[{"per_mille": 1.5} | more])


CASES = {
    "sound": (card(channels=["app", "phone"]), []),
    "an unknown team": (card(team="desks"), [("error", "scorecards.desk.team", "unknown team")]),
    "unknown channels, and one twice": (
        card(channels=["app", "apps", "app"]),
        [
            ("error", "scorecards.desk.channels.1", "unknown channel"),
            ("error", "scorecards.desk.channels.2", "the same channel twice"),
        ],
    ),
    "paid for something bad": (
        card("orders-lost"),
        [
            (
                "error",
                "scorecards.desk.indicators.volume.counts",
                "an indicator that pays for something bad",
            )
        ],
    ),
    "a sound commission": (commission(segment="retail", product="equity"), []),
    "a commission of nothing": (
        commission(segment="x", product="x"),
        [
            ("error", "commissions.0.segment", "unknown segment"),
            ("error", "commissions.0.product", "unknown product"),
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_broken_rule(case):
    """Goal: each rule finds its breach and nothing else does. Method: the table above."""
    change, expected = CASES[case]
    assert found_by(change) == expected
