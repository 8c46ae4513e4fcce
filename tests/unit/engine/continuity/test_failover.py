"""Goal: standbys take over when they should, with what they should know, or fail to.

Method: one component with a standby; constant times; whole timelines by hand. The chance of a
switch is compared with the binomial distribution.
"""

from __future__ import annotations

import math

import pytest

from tests.unit.engine.continuity.firms import action, changes, component, crash, firm, log, run

LAGGING = {"kind": "replicated", "lag": "4 s"}


def pair(*, actions=None, more=None, **standby):
    """OMS with a standby that needs the wide area network; both detected at once."""
    usual = {"kind": "warm", "site": "dc2", "switch": "60 s", "decision": "automatic"}
    needs = [{"kind": "hard", "on": ["wan"]}]
    oms = {
        "site": "dc1",
        "store": LAGGING,
        "monitor": {"delay": "30 s"},
        "standby": usual | {"dependencies": needs} | standby,
    }
    return firm({"oms": component(**oms | (more or {})), "wan": component()}, actions=actions)


def of_oms(timeline):
    return [line for line in changes(timeline) if " oms " in line]


def attempts(timeline):
    """Every attempt to switch over: seconds, what became of it, (cause)."""
    return [
        f"{entry.time_ns // 10**9} {entry.reason} ({entry.cause})"
        for entry in timeline.log
        if entry.kind == "failover"
    ]


def test_an_automatic_standby_takes_over_with_what_was_replicated():
    """Goal: switch on detection, R = crash − lag, up at once. Method: a crash at 600 s."""
    timeline = run(pair(), crash())
    assert changes(timeline) == [
        "600 oms up=0 (oms-crash)",
        "690 oms failover=596000000000 (oms-crash)",
        "690 oms up=1 (oms-crash)",
    ]
    assert log(timeline, "failover", "recover") == [
        "690 failover component=oms actor=automatic reason=done cause=oms-crash",
        "690 recover component=oms subject=crash cause=oms-crash",
    ]


def test_everything_in_one_instant_still_goes_down_first():
    """Goal: a crash is a crash, however fast the switch. Method: no time for anything."""
    fast = pair(switch="0 s", more={"monitor": {"delay": "0 s"}, "store": {"kind": "replicated"}})
    assert changes(run(fast, crash())) == [
        "600 oms up=0 (oms-crash)",
        "600 oms failover=600000000000 (oms-crash)",
        "600 oms up=1 (oms-crash)",
    ]


@pytest.mark.parametrize("store", [None, {"kind": "durable"}, {"kind": "volatile"}])
def test_what_is_not_replicated_is_not_there(store):
    """Goal: without replication the standby starts with nothing. Method: other stores."""
    assert of_oms(run(pair(more={"store": store}), crash()))[1] == "690 oms failover=0 (oms-crash)"


@pytest.mark.parametrize(
    ("lag", "at", "lasts", "recovery_point_s"),
    [
        (None, "00:05", None, 296),
        (None, "00:05", "2 min", 596),
        ("2 min", "00:05", None, 480),
        ("10 min", "00:05", None, 296),
        (None, "00:10:30", None, 596),
    ],
)
def test_a_lag_or_cut_of_replication_moves_the_recovery_point(lag, at, lasts, recovery_point_s):
    """Goal: R is the last instant that got across. Method: cut, cut and healed, longer lag,
    a lag longer than it lasts, a cut after the crash.
    """
    late = {"id": "late", "kind": "replication-lag", "at": at, "lasts": lasts, "target": "oms"}
    if lag is not None:
        late["lag"] = lag
    expected = f"690 oms failover={recovery_point_s}000000000 (oms-crash)"
    assert of_oms(run(pair(), late, crash()))[1] == expected


def test_a_hang_switches_too_and_ends_the_hang():
    """Goal: frozen counts as standstill. Method: a hang; R is when it froze, less the lag."""
    hang = {"id": "stuck", "kind": "hang", "at": "00:10", "targets": ["oms"]}
    assert of_oms(run(pair(), hang)) == [
        "600 oms hang=1 (stuck)",
        "690 oms failover=596000000000 (stuck)",
        "690 oms hang=0 (stuck)",
    ]


def test_slowness_does_not_switch_by_itself():
    """Goal: automatic standbys answer a standstill only. Method: slow for the whole day."""
    slow = {"id": "slow", "kind": "slow", "at": "00:10", "targets": ["oms"], "speed": 10}
    assert log(run(pair(), slow), "failover") == []


def test_up_waits_for_what_the_standby_needs():
    """Goal: the switch works, the component is up when its network is. Method: wan is down."""
    timeline = run(pair(), crash("wan", lasts="30 min"), crash())
    assert of_oms(timeline) == [
        "600 oms up=0 (oms-crash)",
        "690 oms failover=596000000000 (oms-crash)",
        "2400 oms up=1 (wan-crash)",
    ]


@pytest.mark.parametrize("lost", [crash("dc2", "00:05"), crash("dc2", "00:10:59")])
def test_a_standby_that_is_down_cannot_take_over(lost):
    """Goal: no switch onto rubble. Method: its site is lost before, or during the switch."""
    timeline = run(pair(), lost, crash())
    assert of_oms(timeline) == ["600 oms up=0 (oms-crash)"]
    assert attempts(timeline) == ["690 failed: the standby is down (oms-crash)"]


def test_it_takes_over_as_soon_as_it_is_repaired():
    """Goal: an automatic standby that was down switches when it can, if that is still needed.

    Method: its site returns while the first instance is down, and after it was repaired.
    """
    lost = crash("dc2", "00:05", lasts="15 min")
    assert of_oms(run(pair(), lost, crash())) == [
        "600 oms up=0 (oms-crash)",
        "1260 oms failover=596000000000 (oms-crash)",
        "1260 oms up=1 (oms-crash)",
    ]
    repaired = run(pair(), lost, crash(lasts="5 min"))
    assert of_oms(repaired) == ["600 oms up=0 (oms-crash)", "900 oms up=1 (oms-crash)"]
    assert len(log(repaired, "failover")) == 1


def test_a_switch_is_called_off_when_it_works_again():
    """Goal: no needless loss. Method: the crash is over while the switch is under way."""
    timeline = run(pair(), crash(lasts="80 s"))
    assert of_oms(timeline) == ["600 oms up=0 (oms-crash)", "680 oms up=1 (oms-crash)"]
    assert attempts(timeline) == ["690 cancelled: it works again (oms-crash)"]


@pytest.mark.parametrize(
    ("lasts", "expected"),
    [(None, ["690 failed", "1290 done"]), ("1 h", ["690 failed", "1290 failed"])],
)
def test_failover_fails_spoils_the_next_switch_or_all_while_it_lasts(lasts, expected):
    """Goal: one spoilt switch, or an unusable standby. Method: two crashes, two switches."""
    spoilt = {
        "id": "s",
        "kind": "failover-fails",
        "at": "00:01",
        "lasts": lasts,
        "targets": ["oms"],
    }
    first, second = crash(lasts="5 min"), crash("oms", "00:20", id="second")
    timeline = run(pair(), spoilt, first, second)
    assert [line.rsplit(" ", 1)[0] for line in attempts(timeline)] == expected


def planned(drop_lag):
    actions = {
        "move": action("fail-over", target=["oms"], when=[{"detected": "wan"}], drop_lag=drop_lag)
    }
    standby = {"kind": "warm", "site": "dc2", "switch": "60 s"}
    world = {
        "oms": component(site="dc1", store=LAGGING, standby=standby),
        "wan": component(monitor={"delay": "0 s"}),
    }
    return firm(world, actions=actions)


def test_a_planned_switch_loses_nothing():
    """Goal: R = now where the first instance still works; otherwise the lag is lost.

    Method: the plan moves a healthy system, waiting for the lag or accepting it.
    """
    assert of_oms(run(planned("wait"), crash("wan"))) == ["664 oms failover=664000000000 (move)"]
    assert of_oms(run(planned("accept"), crash("wan"))) == ["660 oms failover=656000000000 (move)"]


def test_a_planned_switch_waits_for_replication():
    """Goal: nothing is switched before the standby has caught up. Method: replication is cut
    when the switch is due, and back later.
    """
    cut = {
        "id": "cut",
        "kind": "replication-lag",
        "at": "00:05",
        "lasts": "20 min",
        "target": "oms",
    }
    assert of_oms(run(planned("wait"), cut, crash("wan"))) == [
        "1504 oms failover=1504000000000 (move)"
    ]


def test_a_planned_switch_becomes_a_forced_one_if_the_first_instance_dies():
    """Goal: waiting ends with the crash, and the lag is lost. Method: it crashes while waiting."""
    cut = {"id": "cut", "kind": "replication-lag", "at": "00:05", "target": "oms"}
    assert of_oms(run(planned("wait"), cut, crash("wan"), crash("oms", "00:15"))) == [
        "900 oms up=0 (oms-crash)",
        "900 oms failover=296000000000 (move)",
        "900 oms up=1 (move)",
    ]


def test_switches_work_as_often_as_stated():
    """Goal: success is a chance. Method: 300 seeds, successes within 4.9 standard deviations.

    False-alarm rate 1e-6 (normal approximation of the binomial).
    """
    runs, chance = 300, 0.8
    shaky = pair(success=chance)
    done = sum(
        "reason=done" in log(run(shaky, crash(), seed=seed, horizon="1 h"), "failover")[0]
        for seed in range(runs)
    )
    assert abs(done - runs * chance) < 4.9 * math.sqrt(runs * chance * (1 - chance))
