"""Goal: an order gets what it asked for in a failure (ExecInst), or it is a finding.

Method: logs of both ends with an order that states an instruction, with a session that is lost or
a report that names a failure; what the order was owed, and what the judgement makes of it.
"""

from __future__ import annotations

import numpy as np
import pytest

from bcsim.checkers.judge import check
from bcsim.history.fix.instructions import INSTRUCTIONS, asks, gives_way
from bcsim.history.logs.contract import Contract
from bcsim.history.logs.fix import read_fix
from bcsim.history.reconciliation import reconcile
from tests.fix_intents import intents
from tests.fix_session import FixSession
from tests.mutation.fix_scenario import lines, new, report, trade

AGAIN = lines("+ 20", "> A 98=0 108=5", "< A 98=0 108=5")
"""The session is gone for 20 seconds, and both sides log on again."""

OVER = lines("> 5", "< 5", AGAIN)
"""The same after a proper logout."""

FILLED = trade("e1", 10_000, 10_000)
OFF = report("4", "4", 0)
RESTATED = report("D", "0", 0, more="378=1")
CANCEL, REINSTATE = "cancel-on-failure", "reinstate-on-failure"


def accepted(code):
    """An order with an instruction, that was accepted."""
    return lines(new(more=f"18={code}" if code else ""), report("0", "0", 0))


def judged(folder, script, *allows):
    """The judgement of both ends' logs with the one intent, under a contract."""
    reading = reconcile([read_fix(FixSession().play(script).write(folder)), intents({"X": 10_000})])
    return check(Contract({"allows": allows}).promise(reading.history))


def laws(judgement):
    """Status of the two laws."""
    found = {law.name: law.status.value for law in judgement.laws}
    return found[CANCEL], found[REINSTATE]


NONE, HOLDS, BROKEN = "not applicable", "holds", "broken"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ((accepted("Q"), AGAIN, "+ 6", FILLED), (BROKEN, NONE)),
        ((accepted("1_Q"), AGAIN, "+ 6", FILLED), (BROKEN, NONE)),
        ((accepted("o"), AGAIN, "+ 6", FILLED), (BROKEN, NONE)),
        ((accepted("Q"), AGAIN, "+ 3", FILLED), (HOLDS, NONE)),
        ((accepted("Q"), AGAIN, OFF), (HOLDS, NONE)),
        ((accepted("Q"), AGAIN, "+ 6", f"{FILLED} 43=Y 34=9"), (HOLDS, NONE)),
        ((accepted("Q"), FILLED, AGAIN), (NONE, NONE)),
        ((accepted("Q"), "+ 20", FILLED), (NONE, NONE)),
        ((accepted("Q"), OVER, "+ 6", FILLED), (NONE, NONE)),
        ((accepted(""), AGAIN, "+ 6", FILLED), (NONE, NONE)),
        ((accepted("l"), AGAIN, "+ 6", FILLED), (NONE, NONE)),
        ((accepted("K"), AGAIN, "+ 6", FILLED), (NONE, NONE)),
        ((new(more="18=Q"), AGAIN, report("0", "0", 0), "+ 6", FILLED), (NONE, NONE)),
        ((accepted("K"), report("4", "4", 0, more="378=6")), (HOLDS, NONE)),
        ((accepted("K"), report("4", "4", 0, more="378=6"), FILLED), (BROKEN, NONE)),
        ((accepted("H"), AGAIN, "+ 6", FILLED), (NONE, HOLDS)),
        ((accepted("H"), AGAIN, "+ 40"), (NONE, BROKEN)),
        ((accepted("H"), AGAIN, RESTATED, "+ 40"), (NONE, HOLDS)),
        ((accepted("H"), AGAIN, OFF), (NONE, BROKEN)),
        ((accepted("n"), AGAIN, OFF), (NONE, BROKEN)),
        ((accepted("H"), OVER, "+ 40"), (NONE, NONE)),
        ((accepted("H"), "+ 60"), (NONE, NONE)),
        ((accepted("H"), report("4", "4", 0, more="378=7")), (NONE, BROKEN)),
        ((accepted("J"), report("4", "4", 0, more="378=6")), (NONE, BROKEN)),
        ((accepted("J"), report("4", "4", 0, more="378=4")), (NONE, NONE)),
    ],
    ids=str,
)
def test_what_an_order_asked_for(tmp_path, script, expected):
    """Goal: owed and got, owed and not got, not owed. Method: as above, the laws' status."""
    assert laws(judged(tmp_path, lines(*script))) == expected


def test_requests_that_differ_leave_open_what_was_agreed(tmp_path):
    """Goal: unknown is no finding. Method: a replacement leaves the instruction out."""
    replaced = (
        "> G 11=Y 41=X 55=ABC 54=1 40=2 44=10 38=10000 {}",
        "< 8 11=Y 41=X 37=1 17=r 55=ABC 54=1 150=5 39=0 38=10000 14=0 151=10000",
    )
    done = trade("e1", 10_000, 10_000, order="Y")
    for more, expected in (("", NONE), ("18=Q", BROKEN)):
        script = lines(accepted("Q"), *replaced, AGAIN, "+ 6", done).replace("{}", more)
        assert laws(judged(tmp_path, script)) == (expected, NONE)


def test_the_proof_says_what_was_asked_and_what_happened(tmp_path):
    """Goal: one sentence. Method: an order that trades on, and one that is gone."""
    judgement = judged(tmp_path, lines(accepted("Q"), AGAIN, "+ 6", FILLED))
    (law,) = (law for law in judgement.laws if law.name == CANCEL)
    assert law.proof == (
        "X (buy 10000 ABC) was to be cancelled (ExecInst Q, system failure) at 2026-11-02 "
        "09:00:25.062 (seq 5, gateway), yet was executed at 2026-11-02 09:00:26.070020000 "
        "(seq 6, venue)"
    )
    judgement = judged(tmp_path, lines(accepted("H"), AGAIN, "+ 40"))
    (law,) = (law for law in judgement.laws if law.name == REINSTATE)
    assert law.proof.startswith(
        "X (buy 10000 ABC) was to be reinstated (ExecInst H, system failure) at "
    )
    assert ", yet the last trace of it is 'acknowledge' at " in law.proof


def test_no_purge_excuses_an_order_that_was_to_be_reinstated(tmp_path):
    """Goal: what the order asked for stands first. Method: the same loss with and without H."""
    for code, outcome in (("", "pass"), ("H", "fail")):
        script = lines(accepted(code), AGAIN, "+ 40")
        judgement = judged(tmp_path, script, "purge-on-restart", REINSTATE)
        assert (judgement.outcome.value, judgement.orders.lost) == (outcome, 1)


def test_a_contract_may_allow_it(tmp_path):
    """Goal: only what the contract does not allow counts. Method: the law's name in `allows`."""
    script = lines(accepted("Q"), AGAIN, "+ 6", FILLED)
    assert judged(tmp_path, script).outcome.value == "fail"
    assert judged(tmp_path, script, CANCEL).outcome.value == "pass"


def test_codes_are_read_wherever_they_stand():
    """Goal: each code, first or last, and no other. Method: values with blanks between codes."""
    texts = [one.code for one in INSTRUCTIONS] + ["1 G Q", "o", "", "1 2 3 4 5 6 7 8 H", "GQ"]
    data = np.frombuffer(" ".join(texts).encode(), dtype=np.uint8)
    lengths = np.array([len(text) for text in texts])
    starts = np.cumsum([0, *(lengths[:-1] + 1)])
    found = asks(data, starts, lengths)
    assert found.tolist() == [1, 2, 4, 8, 16, 32, 8, 32, 0, 1, 0]
    assert gives_way(found).tolist() == [
        False, False, False, True, False, True, True, True, False, False, False,
    ]  # fmt: skip
