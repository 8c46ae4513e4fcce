"""Goal: a gap in the numbers makes only absence from that log unknown, unless it is explained.

Method: scripts of one session with messages missing from one log; the verdicts, the coverage
and the notes say what was understood.
"""

from __future__ import annotations

import datetime

import pytest

from bcsim.checkers.judge import check
from bcsim.history.fix.options import FixOptions
from bcsim.history.logs.fix import read_fix
from bcsim.history.reconciliation import reconcile
from tests.fix_intents import intents
from tests.fix_session import FixSession
from tests.mutation.fix_scenario import lines, new, report, trade

OTHER = lines(new("O", 100), report("0", "0", 0, 100, "O"), trade("o1", 100, 100, 100, "O"))
ANSWERED = lines(new("X", 100), report("0", "0", 0, 100), trade("e1", 100, 100, 100))
WISHES = {"X": 100, "O": 100}


def judged(folder, session, *names):
    """Verdicts on both orders, and the notes."""
    reading = read_fix(session.write(folder, *names))
    judgement = check(reconcile([reading, intents(WISHES)]).history)
    verdicts = {name: verdict for name, (verdict, _) in judgement.verdicts.as_map().items()}
    return verdicts, reading.notes


def without(session, log, *numbers):
    """Lose lines of one log, counted from 0."""
    kept = [line for n, line in enumerate(session.logs[log]) if n not in numbers]
    assert len(kept) == len(session.logs[log]) - len(numbers)
    session.logs[log] = kept
    return session


def test_nothing_missing(tmp_path):
    """Goal: two complete logs, two ok orders. Method: both logs."""
    verdicts, notes = judged(tmp_path, FixSession().play(lines(ANSWERED, OTHER)))
    assert verdicts == {"X": "ok", "O": "ok"}
    assert not [note for note in notes if "not in this log" in note]


@pytest.mark.parametrize("lost", [(3,), (4,), (3, 4)])
def test_lost_answers_are_unknown_not_untold(tmp_path, lost):
    """Goal: a hole in the client's log does not prove that it was not told. Method: lose lines
    with answers about X; they are the client's, so its log has a gap that nothing explains."""
    session = without(FixSession().play(lines(ANSWERED, "< 0", OTHER)), "client", *lost)
    verdicts, notes = judged(tmp_path, session)
    assert verdicts == {"X": "indeterminate", "O": "ok"}
    assert any("nothing explains it" in note for note in notes)


def test_lost_request_is_no_loss(tmp_path):
    """Goal: a gap among requests leaves the answers known. Method: lose the venue's line of D."""
    session = without(FixSession().play(lines(ANSWERED, OTHER)), "venue", 2)
    assert judged(tmp_path, session)[0] == {"X": "ok", "O": "ok"}


def test_gap_that_is_filled_later(tmp_path):
    """Goal: what comes later as a possible duplicate is not missing. Method: the answer comes
    again under its number after a resend request."""
    again = trade("e1", 100, 100, 100, more="43=Y 34=3")
    script = lines(ANSWERED, OTHER, "> 2 7=3 16=3", again)
    session = without(FixSession().play(script), "client", 4)
    verdicts, notes = judged(tmp_path, session)
    assert verdicts == {"X": "ok", "O": "ok"}
    assert not [note for note in notes if "nothing explains it" in note]


def test_gap_that_the_receiver_asked_for(tmp_path):
    """Goal: what its engine asked for never arrived, so the client was not told. Method: a
    resend request that is never answered."""
    session = without(FixSession().play(lines(ANSWERED, OTHER, "> 2 7=3 16=0")), "client", 4)
    assert judged(tmp_path, session)[0] == {"X": "unconfirmed", "O": "ok"}


def test_reset_begins_anew(tmp_path):
    """Goal: an announced reset is no gap. Method: a logon with ResetSeqNumFlag, then 1, 2, …"""
    session = FixSession()
    for part in (ANSWERED, OTHER):
        session.numbers.clear()
        for sender in "cv":
            session.send(sender, "A", [("108", "5"), ("141", "Y")])
        for line in part.splitlines():
            session.follow(line)
    session.now += datetime.timedelta(seconds=60)
    for sender in "cv":
        session.send(sender, "5", [])
    verdicts, notes = judged(tmp_path, session)
    assert verdicts == {"X": "ok", "O": "ok"}
    assert any("2 announced resets" in note for note in notes)
    assert not [note for note in notes if "not in this log" in note]


def test_session_reject_ends_an_order(tmp_path):
    """Goal: a reject by number is the order's. Method: RefSeqNum of the order's message."""
    script = lines(OTHER, new("X", 100), "< 3 45=3 372=D 58=bad_tag")
    assert judged(tmp_path, FixSession().play(script))[0] == {"O": "ok", "X": "rejected"}


def test_business_reject_ends_an_order(tmp_path):
    """Goal: an application's reject is the order's. Method: BusinessRejectRefID."""
    script = lines(OTHER, new("X", 100), "< j 45=3 372=D 379=X 380=4 58=closed")
    assert judged(tmp_path, FixSession().play(script))[0] == {"O": "ok", "X": "rejected"}


def test_order_of_the_last_moment_is_not_judged(tmp_path):
    """Goal: what may yet be answered is unknown. Method: the logs end right after the order."""
    session = FixSession().play(OTHER)
    session.logs = {name: log[:-2] for name, log in session.logs.items()}
    session.send("c", "D", [("11", "X"), ("55", "ABC"), ("54", "1"), ("38", "100"), ("40", "1")])
    assert judged(tmp_path, session)[0] == {"O": "ok", "X": "indeterminate"}


@pytest.mark.parametrize(("settle_ns", "verdict"), [(0, "stranded"), (10**12, "indeterminate")])
def test_operator_says_how_long_an_answer_may_take(tmp_path, settle_ns, verdict):
    """Goal: the settling time is the operator's to state. Method: none, and a quarter hour."""
    session = FixSession().play(lines(OTHER, new("X", 100)))
    reading = read_fix(session.write(tmp_path), FixOptions(settle_ns=settle_ns))
    judgement = check(reconcile([reading, intents(WISHES)]).history)
    assert judgement.verdicts.class_of("X").value == verdict


def test_skew_is_estimated_and_taken_off(tmp_path):
    """Goal: clocks are compared by messages both logs show. Method: a venue 700 ms ahead with
    2 ms of latency; the note tells the estimate and its bound, and the times are corrected."""
    session = FixSession(ahead_ms=700).play(lines(ANSWERED, OTHER))
    reading = read_fix(session.write(tmp_path))
    notes = [note for note in reading.notes if "clock of" in note]
    said = "the clock of EXCH is 700.000 ms ahead of that of BANK, give or take 1.980 ms"
    assert notes == [said + " (from 10 messages in both logs); its times are corrected"]
    errors = reading.history.profile.clock_errors
    assert [(error.vantage, error.uncertainty_ns) for error in errors] == [("venue", 1_980_000)]
    history = reading.history.gathered()
    client, venue = history.integer("time_ns")[history.is_kind("submit")][:2].tolist()
    assert client < venue < client + 10_000_000
