"""Goal: the decision log is read as what lasted from when to when.

Method: logs of a few lines, written by hand; and the log of a recorded run.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bcsim.checkers.judge import check
from bcsim.engine.timeline import LogEntry, Timeline
from bcsim.report.account import Account, Deed, Disruption, account_of, bucket_of
from bcsim.report.run_folder import read_run
from bcsim.units import NS_PER_H, NS_PER_MIN
from tests.recorded_run import MINUTES, SECONDS, scenario


def act(time_ns, reason, ref="paper", actor="desk", kind="manual-fallback"):
    return LogEntry(time_ns, "plan", "action", actor=actor, subject=kind, ref=ref, reason=reason)


@pytest.fixture
def retold(folder):
    """Tells a recorded run with another log, and other disruptions."""
    run = read_run(folder)

    def tell(*log, **scenario_changes) -> Account:
        timeline = Timeline(run.timeline.changes, log)
        return account_of(replace(run, timeline=timeline, scenario=scenario(**scenario_changes)))

    return tell


def test_deeds_run_from_their_first_line_to_their_last(retold):
    """Goal: waiting, work, end and result of actions. Method: three actions, one done twice."""
    log = [
        act(1, "waiting: nobody of desk is free"),
        act(2, "started"),
        act(3, "started", "tell-clients", "malee", "notify-clients"),
        act(4, "attempt 1 failed: it did not work"),
        act(5, "failed: it did not work"),
        act(6, "started"),
        act(7, "done"),
        LogEntry(8, "plan", "action", subject="call", ref="somchai", reason="reached"),
        act(9, "no mandated person reached", "switch-gateway", None, "fail-over"),
        act(9, "failed: no mandated person reached", "switch-gateway", None, "fail-over"),
    ]
    assert retold(*log).deeds == (
        Deed("paper", 1, 2, 5, "failed", "desk", "it did not work"),
        Deed("tell-clients", 3, 3, None, "running", "malee"),
        Deed("paper", 6, 6, 7, "done", "desk"),
        Deed("switch-gateway", 9, None, 9, "failed", None, "no mandated person reached"),
    )


def test_disruptions_end_or_last(retold):
    """Goal: each disruption has its span. Method: two, one of which comes twice."""

    def fault(time_ns, kind, ref):
        return LogEntry(time_ns, "infrastructure", kind, ref=ref)

    log = [
        fault(1, "fault_on", "crash"),
        fault(2, "fault_on", "failure:web"),
        fault(3, "fault_off", "failure:web"),
        fault(4, "fault_on", "failure:web"),
    ]
    assert retold(*log).disruptions == (
        Disruption("crash", 1),
        Disruption("failure:web", 2, 3),
        Disruption("failure:web", 4),
    )


def test_the_trigger_is_what_was_noticed(retold):
    """Goal: a latent disruption does not count as the beginning. Method: one an hour earlier."""
    latent = {"id": "broken", "kind": "failover-fails", "at": "09:00", "targets": ["oms"]}
    crash = {"id": "crash", "kind": "crash", "at": "10:02", "targets": ["oms"]}
    log = [
        LogEntry(0, "infrastructure", "fault_on", ref="broken"),
        LogEntry(NS_PER_H, "infrastructure", "fault_on", ref="crash"),
    ]
    account = retold(*log, disruptions=[latent, crash])
    assert account.trigger == Disruption("crash", NS_PER_H)
    alone = retold(log[0], disruptions=[latent])
    assert alone.trigger == Disruption("broken", 0, is_latent=True)
    assert retold().trigger is None


def test_the_recorded_run(account):
    """Goal: the parts fit together. Method: what the scenario and the model make happen."""
    start_ns = 62 * MINUTES
    (crash,) = account.disruptions
    assert (crash.from_ns, crash.to_ns) == (start_ns, start_ns + 4 * MINUTES)
    assert account.trigger == crash
    assert {mark.time_ns for mark in account.detections} == {start_ns + 10 * SECONDS}
    assert [(m.actor, m.is_deputy) for m in account.declarations] == [("malee", False)]
    assert [mark.component for mark in account.takeovers] == ["web", "oms"]
    assert [deed.state for deed in account.deeds] == ["done"] * 4
    assert account.window_ns == (60 * MINUTES, 70 * MINUTES)
    assert account.end_ns == 130 * MINUTES
    assert (
        sum(account.fate_totals.values()) == account.intended_count == account.fates.heights.sum()
    )
    assert account.worst.sites_down == ("dc1",)


@pytest.mark.parametrize(
    ("minutes", "bucket"), [(10, 1), (180, 1), (181, 2), (450, 5), (1440, 10), (10_000, 60)]
)
def test_bars_stay_wide_enough(minutes, bucket):
    """Goal: at most 180 bars, in round minutes. Method: windows of several lengths."""
    assert bucket_of((0, minutes * NS_PER_MIN)) == bucket * NS_PER_MIN


def test_proofs_in_thai(account):
    """Goal: the Thai report proves what the English one does. Method: the judge's own proofs."""
    judgement = check(account.run.history)
    findings = [one for one in account.run.measures.findings if ": " not in one.name]
    assert findings
    assert account.thai_proofs == {
        one.name: judgement.prove(judgement.verdicts.place_of(one.first), one.name, "th").sentence
        for one in findings
    }
    english = {one.name: one.proof for one in findings}
    assert all(account.thai_proofs[name] != proof for name, proof in english.items())
