"""Goal: a report whose numbers cannot be is found, with what it states and what it should.

Method: a sound order of two executions, spoiled in one number at a time; the contradictions that
the client's log shows are compared whole. The scenarios of the standard show none.
"""

from __future__ import annotations

import pytest

from bcsim.history.logs.fix import read_fix
from bcsim.history.schema import Kind
from tests.fix_session import FixSession
from tests.mutation.fix_matrices import SCENARIOS
from tests.mutation.fix_scenario import ACCEPTED, TERMS, cancel, lines, new, report, trade

SOUND = lines(ACCEPTED, trade("e1", 2000, 2000), trade("e2", 8000, 10_000))
"""An order of 10 000, executed for 2000 and 8000 at 10."""


def contradictions(folder, script, end="client"):
    """Invariant and numbers of each contradiction in one end's log, or both."""
    files = FixSession().play(script).write(folder, *([end] if end else []))
    history = read_fix(files).history.gathered()
    rows = [history.row(int(row)) for row in history.is_kind(Kind.CONTRADICT).nonzero()[0]]
    return [(row["subject"], row["reason"]) for row in rows]


@pytest.mark.parametrize("letter", SCENARIOS)
def test_the_standard_breaks_no_invariant(tmp_path, letter):
    """Goal: no false alarm. Method: every scenario of the matrices, in both ends' logs."""
    assert contradictions(tmp_path, SCENARIOS[letter].script, None) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("14=2000 151=8000", "14=2000 151=7000", [("rest", "LeavesQty 7000, not 8000")]),
        ("14=10000 151=0", "14=10000 151=5", [("nothing left", "LeavesQty 5, not 0")]),
        ("38=10000 32=8000", "38=9000 32=8000", [("within order", "CumQty 10000, not 9000")]),
        (
            "32=8000",
            "32=7000",
            [
                ("running total", "CumQty 10000, not 9000"),
                ("executed total", "CumQty 10000, not 9000"),
            ],
        ),
        (
            "14=2000 151=8000",
            "14=3000 151=7000",
            [
                ("running total", "CumQty 3000, not 2000"),
                ("running total", "CumQty 10000, not 11000"),
            ],
        ),
        (
            "39=1 38=10000",
            "39=0 38=10000",
            [("status precedence", "OrdStatus New, not PartiallyFilled")],
        ),
        (
            "39=2 38=10000",
            "39=4 38=10000",
            [("status precedence", "OrdStatus Canceled, not Filled")],
        ),
        (
            "150=0 39=0",
            "150=0 39=1",
            [("status precedence", "OrdStatus PartiallyFilled, not New")],
        ),
    ],
)
def test_one_wrong_number(tmp_path, before, after, expected):
    """Goal: each invariant is watched, and no other is broken. Method: see above."""
    assert contradictions(tmp_path, SOUND) == []
    assert SOUND.count(before) == 1
    assert contradictions(tmp_path, SOUND.replace(before, after)) == expected


@pytest.mark.parametrize(
    ("stated", "is_wrong"),
    [("10.8", False), ("10.80", False), ("10.79", True), ("10.81", True), ("11", False),
     ("10", False), ("9", True), ("0", False), ("10.800002", True)],
)  # fmt: skip
def test_average_price(tmp_path, stated, is_wrong):
    """Goal: AvgPx to a unit of its last digit; 0 is not worked out.

    Method: 2000 at 10 and 8000 at 11 are 10.8 on average.
    """
    second = trade("e2", 8000, 10_000).replace("31=10", "31=11").replace("6=10", f"6={stated}")
    script = lines(ACCEPTED, trade("e1", 2000, 2000), second)
    expected = [("average price", f"AvgPx {stated}, not 10.8")] if is_wrong else []
    assert contradictions(tmp_path, script) == expected


def test_average_price_in_fractions(tmp_path):
    """Goal: an infinite fraction is no contradiction. Method: 1 at 10 and 2 at 11, cut off."""
    first = trade("e1", 1, 1, 3)
    second = trade("e2", 2, 3, 3).replace("31=10", "31=11").replace("6=10", "6={}")
    script = lines(new(qty=3), report("0", "0", 0, 3), first, second)
    for stated in ("10.6667", "10.6666", "10.66666666"):
        assert contradictions(tmp_path, script.format(stated)) == []
    assert contradictions(tmp_path, script.format("10.6656")) == [
        ("average price", "AvgPx 10.6656, not 10.66666667")
    ]


def test_quantity_falls_only_by_a_bust(tmp_path):
    """Goal: CumQty falls as a bust says. Method: without one, and with one of another size."""
    script = lines(ACCEPTED, trade("e1", 2000, 2000), report("6", "6", 1000))
    fallen = ("running total", "CumQty 1000, not 2000")
    assert contradictions(tmp_path, script) == [
        fallen, ("executed total", "CumQty 1000, not 2000")
    ]  # fmt: skip
    bust = f"< 8 11=X 37=1 17=e3 19=e1 {TERMS} 150=H 39=%s 38=10000 14=%d 151=%d"
    script = lines(ACCEPTED, trade("e1", 2000, 2000), bust)
    assert contradictions(tmp_path, script % ("0", 0, 10_000)) == []
    assert contradictions(tmp_path, script % ("1", 500, 9500)) == [
        ("running total", "CumQty 500, not 0"), ("executed total", "CumQty 500, not 0")
    ]  # fmt: skip


def test_pending_outranks_filled(tmp_path):
    """Goal: OrdStatus precedence. Method: an execution while a cancel is pending, two ways."""
    pending = lines(ACCEPTED, cancel(), report("6", "6", 0, order="Y", orig="X"))
    right = trade("e1", 10_000, 10_000, status="6")
    assert contradictions(tmp_path, lines(pending, right)) == []
    wrong = trade("e1", 10_000, 10_000, status="2")
    assert contradictions(tmp_path, lines(pending, wrong)) == [
        ("status precedence", "OrdStatus Filled, not pending")
    ]


def test_two_reports_of_one_execution(tmp_path):
    """Goal: one ExecID, one set of terms. Method: e1 again, for less, and at another price."""
    again = trade("e1", 1500, 2000)
    script = lines(ACCEPTED, trade("e1", 2000, 2000), again)
    assert contradictions(tmp_path, script) == [("one report", "LastQty 1500, not 2000")]
    again = trade("e1", 2000, 2000).replace("31=10", "31=10.5")
    script = lines(ACCEPTED, trade("e1", 2000, 2000), again)
    assert contradictions(tmp_path, script) == [("one report", "LastPx 10.5, not 10")]
    again = trade("e1", 2000, 2000).replace("54=1", "54=2")
    script = lines(ACCEPTED, trade("e1", 2000, 2000), again)
    assert contradictions(tmp_path, script) == [("one report", "another Side")]


def test_an_order_older_than_the_log_is_believed(tmp_path):
    """Goal: no alarm about what was before. Method: the log begins behind the first execution."""
    script = lines(trade("e2", 3000, 5000), trade("e3", 5000, 10_000))
    assert contradictions(tmp_path, script) == []
    assert contradictions(tmp_path, script.replace("32=5000", "32=4000")) == [
        ("running total", "CumQty 10000, not 9000"), ("executed total", "CumQty 10000, not 9000")
    ]  # fmt: skip


def test_a_report_that_was_asked_for_again_stands_where_it_was_sent(tmp_path):
    """Goal: order of sending. Method: the first trade is lost, and comes behind the second.

    The client has ack 2, e2 4 and then e1 3 again; as a new message it would contradict e2.
    """
    first, second = trade("e1", 2000, 2000), trade("e2", 8000, 10_000).replace("< ", "<c ")
    script = lines(ACCEPTED, first.replace("< ", "<v "), f"{second} 34=4")
    again = f"{first.replace('< ', '<c ')} 34=3 43=Y 122=20261102-09:00:00.050"
    assert contradictions(tmp_path, lines(script, again)) == []
    anew = f"{first.replace('< ', '<c ')} 34=4"
    assert contradictions(tmp_path, lines(script.replace("34=4", "34=3"), anew)) == [
        ("running total", "CumQty 10000, not 8000"),
        ("running total", "CumQty 2000, not 12000"),
        ("executed total", "CumQty 2000, not 10000"),
    ]


def test_nothing_is_compared_across_a_gap(tmp_path):
    """Goal: what the log lacks is no contradiction. Method: the first trade never comes."""
    first, second = trade("e1", 2000, 2000), trade("e2", 8000, 10_000).replace("< ", "<c ")
    script = lines(ACCEPTED, first.replace("< ", "<v "), f"{second} 34=%d")
    assert contradictions(tmp_path, script % 4) == []
    assert contradictions(tmp_path, script % 3) != []
