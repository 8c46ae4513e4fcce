"""Goal: what the operator states beside the logs reaches every judgement it should.

Method: profile files over small histories; wrong ones differ in one key.
"""

from __future__ import annotations

import pytest

from bcsim.checkers.judge import check
from bcsim.errors import HistoryError
from bcsim.history.logs.contract import ALLOWANCES
from bcsim.history.logs.contract_file import read_contract
from bcsim.history.logs.remarks import remarks
from bcsim.history.matching import Matching
from bcsim.history.profile import Coverage, CutOff, Obligation, Session
from bcsim.history.schema import NULL
from bcsim.history.verdict import CLASSES
from tests.unit.checkers.log import Log, S

WHOLE = """\
version = 1
kind = "live test log"
time_zone = "Asia/Bangkok"
allows = ["at-least-once", "corrupted"]
controls = ["limit@app"]
within_plan = false
intents_recorded = true
drain = "freeze"
drain_from = "2026-11-22T10:00:00"
drain_to = "2026-11-22T11:00:00"
priority_classes = ["gold", "other"]

[segments.accounts]
A1 = "vip"
[segments.clients]
C2 = "retail"

[priorities]
vip = "gold"
retail = "other"

[[deadlines]]
within = "1 s"
segment = "vip"
[[deadlines]]
within = "5 s"

[[obligations]]
name = "confirm"
within = "2 s"
segment = "vip"

[[cut_offs]]
name = "FUND-A"
at = "10:30"

[[sessions]]
name = "day"
open = "09:30"
close = "16:30"

[[coverage]]
vantage = "ledger"
from = "2026-11-22T09:00:00"

[[services]]
name = "orders"
rto = "15 min"
mbco = "80 %"
"""

START = "1970-01-01T00:00:00+00:00"
DAY = 20_779 * 86_400 * S
"""2026-11-22 00:00 UTC."""
TEN = DAY + 3 * 3600 * S
"""2026-11-22 10:00 in Bangkok."""


@pytest.fixture
def read(tmp_path):
    """Read a text as a profile file."""

    def parse(text: str):
        path = tmp_path / "p.toml"
        path.write_text(text, encoding="utf-8")
        return read_contract(path)

    return parse


def history():
    log = Log(start=START, time_zone="UTC", coverage=(Coverage("client"),), allows=())
    at_s = TEN // S
    for number, who in enumerate(({"account": "A1"}, {"client_id": "C2"}, {"segment": "own"})):
        log.add("intend", at_s + number, intent_id=f"I{number}", **who)
    return log.history()


def test_rows_are_labelled(read):
    """Goal: segment by account or client, priority by segment. Method: three intents."""
    rows = list(read(WHOLE).label(history()).rows())
    assert [(row["segment"], row["priority"]) for row in rows] == [
        ("vip", 0),
        ("retail", 1),
        ("own", None),
    ]


def test_deadlines_are_added(read):
    """Goal: the first that fits counts, and the log's own stays. Method: two rules."""
    contract = read(WHOLE)
    found = contract.promise(contract.label(history()))
    due_s = (found.integer("deadline_ns") - found.integer("time_ns")) // S
    assert due_s.tolist() == [1, 5, 5]
    assert (history().integer("deadline_ns") == NULL).all()


def test_the_profile_is_stated(read):
    """Goal: lists are added, the rest is replaced, days are found. Method: the whole profile."""
    profile = read(WHOLE).promise(history()).profile
    assert profile.allows == ("at-least-once", "corrupted", "duplicated")
    assert profile.controls == ("limit@app",)
    assert (profile.within_plan, profile.drain) == (False, "freeze")
    assert (profile.drain_from_ns, profile.drain_to_ns) == (TEN, TEN + 3600 * S)
    assert profile.coverage == (Coverage("client"), Coverage("ledger", TEN - 3600 * S))
    assert profile.obligations == (Obligation("confirm", None, "vip", within_ns=2 * S),)
    assert CutOff("FUND-A", TEN + 1800 * S) in profile.cut_offs
    assert Session("day", TEN - 1800 * S, TEN + 23_400 * S) in profile.sessions
    assert len(profile.cut_offs) == len(profile.sessions) == 3
    assert (profile.services[0].rto_ns, profile.services[0].mbco) == (900 * S, 0.8)
    assert (profile.time_zone, profile.start) == ("Asia/Bangkok", "1970-01-01T07:00:00+07:00")


def test_times_count_from_the_start_of_the_history(read):
    """Goal: a history that counts from its own start is judged alike. Method: one that does."""
    log = Log(start="2026-11-22T09:30:00+07:00", time_zone="Asia/Bangkok", coverage=())
    profile = read(WHOLE).promise(log.wish("I").history()).profile
    assert (profile.drain_from_ns, profile.drain_to_ns) == (1800 * S, 5400 * S)
    assert profile.coverage == (Coverage("ledger", -1800 * S),)
    assert CutOff("FUND-A", 3600 * S) in profile.cut_offs
    assert profile.start == "2026-11-22T09:30:00+07:00"


@pytest.mark.parametrize("start", [None, "some day"])
def test_a_history_without_a_start_has_no_times_of_day(read, start):
    """Goal: no moment is made up. Method: a profile with times over a history without a start."""
    plain = Log(start=start).wish("I").history()
    with pytest.raises(HistoryError, match="the history does not say when it starts"):
        read(WHOLE).promise(plain)
    text = 'version = 1\nallows = ["lost"]\n[[deadlines]]\nwithin = "5 s"\n'
    assert "lost" in read(text).promise(plain).profile.allows


def lost_and_doubled() -> Log:
    log = Log(kind="live test log", allows=("no-deadline",))
    log.wish("I1").told("I1", 1, "acknowledge")
    log.wish("I2").told("I2", 1, "acknowledge").fill("I2", 2, "E1").fill("I2", 3, "E2")
    log.told("I2", 4, exec_id="E1", qty=100).told("I2", 4, exec_id="E2", qty=100)
    return log.wish("I3").fill("I3", 2, "E3").told("I3", 3, exec_id="E3", qty=100)


@pytest.mark.parametrize(
    ("allows", "restart", "code"),
    [
        ("[]", True, 1),
        ('["at-least-once"]', True, 1),
        ('["purge-on-restart"]', True, 1),
        ('["at-least-once", "purge-on-restart", "quantity"]', True, 0),
        ('["at-least-once", "purge-on-restart", "quantity"]', False, 1),
        ('["at-least-once", "lost", "quantity"]', False, 0),
    ],
)
def test_what_is_not_allowed_is_a_finding(read, allows, restart, code):
    """Goal: only what the contract allows passes. Method: a loss and a double execution.

    A purge excuses the loss only where a restart was seen behind it.
    """
    contract = read(f"version = 1\nallows = {allows}\n")
    log = lost_and_doubled()
    if restart:
        log.add("recover", 5, "infrastructure", component="venue")
    judgement = check(contract.promise(log.history()))
    assert judgement.outcome.exit_code == code
    assert (judgement.orders.lost, judgement.orders.duplicated, judgement.orders.ok) == (1, 1, 1)


def test_a_restart_before_the_wish_excuses_nothing(read):
    """Goal: behind it, not before. Method: the venue came back before the orders were wished."""
    contract = read('version = 1\nallows = ["at-least-once", "purge-on-restart", "quantity"]\n')
    log = Log(kind="live test log", allows=("no-deadline",))
    log.add("recover", 1, "infrastructure", component="venue")
    log.wish("I1", 2).told("I1", 3, "acknowledge").wish("I2", 2).fill("I2", 4, "E2")
    log.told("I2", 5, exec_id="E2", qty=100)
    judgement = check(contract.promise(log.history()))
    assert (judgement.outcome.exit_code, judgement.orders.lost) == (1, 1)


@pytest.mark.parametrize(
    ("allows", "outcome"), [("[]", "fail"), ('["cancel-on-disconnect"]', "pass")]
)
def test_a_cancellation_because_of_a_disconnect(read, allows, outcome):
    """Goal: a finding unless the contract allows it. Method: cause says disconnect."""
    log = Log(kind="live test log", allows=("no-deadline",))
    log.wish("I1").told("I1", 1, "acknowledge").wish("I2").fill("I2", 2, "E2")
    log.told("I2", 3, exec_id="E2", qty=100).add("cancel", 4, "venue", order_id="I1.1")
    log.told("I1", 5, "cancel", cause="disconnect")
    judgement = check(read(f"version = 1\nallows = {allows}\n").promise(log.history()))
    assert judgement.outcome.value == outcome
    assert judgement.orders.cancelled == 1
    if outcome == "fail":
        (finding,) = judgement.findings
        assert finding.name == "law: cancel-on-disconnect"
        assert finding.proof.startswith("I1 (buy 100 ABC) was cancelled at ")
        assert finding.proof.endswith("because its session broke")


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('"at-least-once"', '"at-most-once"', 4, "allows: not known"),
        ('"Asia/Bangkok"', '"Asia"', 3, "time_zone: there is no such time zone"),
        ('"1 s"', '"1"', 23, "deadlines.within: "),
        ('"10:30"', '"25:30"', 35, "cut_offs.at: not a time"),
        ('"80 %"', '"0.8"', 49, "services.mbco: not a share"),
        ('vip = "gold"', 'vip = "silver"', 19, "priorities.vip: not a priority class"),
        ('"freeze"', '"melt"', 8, "drain: not known"),
        ('name = "confirm"', 'name = "confirmed"', 0, "obligations.name: not known"),
    ],
)
def test_a_problem_has_its_line(read, old, new, line, said):
    """Goal: a slip is found by its line. Method: one wrong key each."""
    assert old in WHOLE
    with pytest.raises(HistoryError) as raised:
        read(WHOLE.replace(old, new, 1))
    problem = raised.value.problems[0]
    assert problem.message.startswith(said)
    assert not line or problem.line == line


def test_a_cancellation_that_nobody_asked_for_is_said():
    """Goal: what the contract does not allow is not silent. Method: one asked for, one not."""

    def said(**profile):
        log = Log(kind="live test log", **profile)
        log.wish("I1").add("cancel_request", 1, order_id="I1.1").add("cancel", 2, order_id="I1.1")
        log.wish("I2").add("cancel", 2, "venue", order_id="I2.1")
        log.wish("I3").add("cancel", 2, "venue", order_id="I3.1", cause="disconnect")
        return remarks(log.add("cancel", 3, order_id="I2.1").history())

    (remark,) = said()
    assert remark.startswith("1 order was cancelled though no log shows that anybody asked")
    assert said(allows=("cancel-on-disconnect",)) == ()


def test_allowances_are_classes():
    """Goal: an allowance names what counts no more. Method: every implied name is a class."""
    names = {verdict.value for verdict in CLASSES}
    assert {name for implied in ALLOWANCES.values() for name in implied} <= names
    assert "cancel-on-disconnect" in ALLOWANCES


def test_matching_is_stated(read):
    """Goal: what joins records without a key. Method: all of it; then each slip."""
    text = 'version = 1\n[matching]\nbusiness_key = ["account", "qty"]\nwithin = "2 s"\n'
    contract = read(text + 'links = ["OrderID", "business key"]\n')
    assert contract.matching == Matching(("account", "qty"), 2 * S, ("OrderID", "business key"))
    contract = read('version = 1\n[matching]\nexecution_key = ["qty"]\nexecution_within = "2 s"\n')
    assert contract.matching == Matching(execution_terms=("qty",), execution_within_ns=2 * S)
    for wrong, said in (
        (text.replace('within = "2 s"\n', ""), "matching.within: a business key needs a time"),
        ('version = 1\n[matching]\nexecution_key = ["qty"]\n',
         "matching.execution_within: a business key needs a time"),
        (text.replace('"qty"', '"size"'), "matching.business_key: not known"),
        ('version = 1\n[matching]\nwithin = "2 s"\nlinks = ["business key"]\n',
         "matching.links: there is no business key to link by"),
    ):  # fmt: skip
        with pytest.raises(HistoryError) as raised:
            read(wrong)
        assert raised.value.problems[0].message.startswith(said)
