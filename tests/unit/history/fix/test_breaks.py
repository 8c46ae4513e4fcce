"""Goal: what a broken session did to orders is told from what people did.

Method: logs of both ends with a session that is gone and begins again; the causes of
cancellations and the orders left behind are compared.
"""

from __future__ import annotations

import pytest

from bcsim.checkers.judge import check
from bcsim.history.logs.contract import Contract
from bcsim.history.logs.fix import read_fix
from bcsim.history.reconciliation import reconcile
from bcsim.history.schema import Kind
from tests.fix_intents import intents
from tests.fix_session import FixSession
from tests.mutation.fix_scenario import ACCEPTED, cancel, lines, new, report

AGAIN = lines("> A 98=0 108=5", "< A 98=0 108=5")
"""Both sides log on again."""

OFF = report("4", "4", 0)
WILLING = lines(new(more="18=1_Q"), report("0", "0", 0))
"""An order that may be cancelled on a system failure."""


def history(folder, script):
    """Both ends' logs of a script."""
    return read_fix(FixSession().play(script).write(folder)).history


def causes(folder, script):
    """Causes of the cancellations, by vantage point."""
    found = history(folder, script)
    rows = (found.row(int(row)) for row in found.is_kind(Kind.CANCEL).nonzero()[0])
    return {row["vantage"]: row["cause"] for row in rows}


@pytest.mark.parametrize(
    ("script", "cause"),
    [
        (lines(ACCEPTED, "+ 20", AGAIN, OFF), "disconnect"),
        (lines(ACCEPTED, "+ 20", AGAIN, "+ 4", OFF), "disconnect"),
        (lines(ACCEPTED, "+ 20", AGAIN, "+ 40", OFF), None),
        (lines(ACCEPTED, "+ 20", OFF), None),
        (lines(ACCEPTED, cancel(), "+ 20", AGAIN, OFF), None),
        (lines(ACCEPTED, OFF.replace("17=0", "17=0 378=12")), "disconnect"),
        (lines(ACCEPTED, "+ 20", AGAIN, OFF.replace("17=0", "17=0 378=6")), "trading halt"),
        (lines(WILLING, "+ 20", AGAIN, OFF), None),
        (lines(WILLING, OFF.replace("17=0", "17=0 378=7")), None),
    ],
    ids=[
        "at once",
        "soon",
        "later",
        "no break",
        "asked for",
        "said so",
        "other reason",
        "order willing",
        "order willing and said so",
    ],
)
def test_why_an_order_was_cancelled(tmp_path, script, cause):
    """Goal: a disconnect, or not. Method: a cancellation near and far from a break."""
    assert causes(tmp_path, script) == {"client": cause, "venue": cause}


def judged(folder, script, *allows):
    """Outcome and class of the only order under a contract."""
    reading = reconcile([read_fix(FixSession().play(script).write(folder)), intents({"X": 10_000})])
    judgement = check(Contract({"allows": allows}).promise(reading.history))
    return judgement.outcome.value, judgement.verdicts.as_map()["X"][0]


def test_a_purge_excuses_only_what_a_restart_can_have_lost(tmp_path):
    """Goal: lost and excused, or just lost. Method: an open order, with and without a break."""
    allowed = "purge-on-restart"
    broken = lines(ACCEPTED, "+ 20", AGAIN, "+ 40")
    assert judged(tmp_path, broken) == ("fail", "lost")
    assert judged(tmp_path, broken, allowed) == ("pass", "lost")
    assert judged(tmp_path, lines(ACCEPTED, "+ 60"), allowed) == ("fail", "lost")
    before = lines("+ 20", AGAIN, ACCEPTED, "+ 60")
    assert judged(tmp_path, before, allowed) == ("fail", "lost")
