"""Goal: service levels, outages, recovery point and tolerance as the module defines them.

Method: one service in buckets of 10 s; each history is a few intents that were answered or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bcsim.checkers.continuity import Outage
from bcsim.history.profile import ServiceTolerance
from tests.unit.checkers.log import Log, S

if TYPE_CHECKING:
    from collections.abc import Mapping


def tolerance(**changes) -> ServiceTolerance:
    values = {
        "name": "s",
        "bucket_ns": 10 * S,
        "rto_ns": 20 * S,
        "mbco": 0.5,
        "acknowledge_ns": 1 * S,
    }
    return ServiceTolerance(**{**values, **changes})


def day(served: Mapping[int, bool], target: ServiceTolerance, **profile: object) -> Log:
    """Intents by time of entry: executed and confirmed at once, or never answered."""
    log = Log(services=(target,), **profile)
    for at_s, is_served in served.items():
        name = f"I{at_s}"
        log.wish(name, at_s, channel="app")
        if is_served:
            log.fill(name, at_s + 0.1, f"E{at_s}").told(name, at_s + 0.2, exec_id=f"E{at_s}")
    return log


def measure(log: Log):
    return log.check().services["s"]


def test_no_outage():
    """Goal: a level at mbco is not bad. Method: one of two served in one bucket."""
    found = measure(day({1: True, 2: False, 12: True}, tolerance()))
    assert found.outages == ()
    assert (found.service_level_min, found.recovery_time_ns, found.within_tolerance) == (
        0.5,
        0,
        True,
    )
    levels = found.levels
    assert [levels.from_ns.tolist(), levels.entered.tolist(), levels.served.tolist()] == [
        [0, 10 * S],
        [2, 1],
        [1, 1],
    ]


def test_outage_lasts_as_the_clients_see_it():
    """Goal: from the first unserved to the next served entry. Method: a bad bucket in between."""
    found = measure(day({1: True, 12: True, 14: False, 15: False, 23: True, 24: True}, tolerance()))
    assert found.outages == (Outage(14 * S, 23 * S),)
    assert (found.downtime_s, found.recovery_time_s, found.within_tolerance) == (9.0, 9.0, True)


def test_empty_buckets_do_not_end_an_outage():
    """Goal: nobody asking is no recovery. Method: bad, empty, bad, good; and empty, good."""
    found = measure(day({1: True, 12: False, 34: False, 45: True}, tolerance(rto_ns=30 * S)))
    assert found.outages == (Outage(12 * S, 45 * S),)
    assert (found.within_tolerance, found.reason) == (False, "recovery time was 33 s, rto is 30 s")


def test_two_outages():
    """Goal: downtime adds up, the longest counts. Method: outages of 10 s and of 20 s."""
    served = {1: False, 11: True, 21: False, 31: False, 41: True}
    found = measure(day(served, tolerance(rto_ns=20 * S, mtpd_ns=25 * S)))
    assert [outage.duration_ns for outage in found.outages] == [10 * S, 20 * S]
    assert (found.downtime_s, found.recovery_time_s, found.within_tolerance) == (30.0, 20.0, True)


def test_outage_without_an_end():
    """Goal: unknown within its target, breached beyond it. Method: nobody is served again."""
    brief = measure(day({1: True, 12: False, 25: False}, tolerance()))
    assert brief.outages == (Outage(12 * S, 25 * S, has_ended=False),)
    assert (brief.within_tolerance, brief.reason) == (None, "an outage had not ended")
    long = measure(day({1: True, 12: False, 25: False, 34: False}, tolerance()))
    assert long.within_tolerance is False


def test_mtpd_and_no_mbco():
    """Goal: without mbco only a level of 0 is bad; mtpd is held, too. Method: 20 s of nothing."""
    target = tolerance(mbco=None, rto_ns=None, mtpd_ns=15 * S)
    assert measure(day({1: True, 2: False, 3: False, 12: True}, target)).outages == ()
    found = measure(day({1: False, 11: False, 21: True}, target))
    assert found.reason == "recovery time was 20 s, mtpd is 15 s"


def test_answered_too_late_is_not_served():
    """Goal: acknowledge_ns counts. Method: told after 0.2 s, 0.1 s allowed, then any time."""
    assert measure(day({1: True}, tolerance(acknowledge_ns=S // 10))).service_level_min == 0.0
    assert measure(day({1: True}, tolerance(acknowledge_ns=None))).service_level_min == 1.0


def test_refused_is_not_served_but_rejected_is():
    """Goal: a refusal for a cause lowers the level. Method: with and without one."""
    for cause, level in (("dc-loss", 0.0), (None, 1.0)):
        log = day({}, tolerance()).wish("I1", 1)
        log.told("I1", 1.1, "reject", cause=cause)
        assert measure(log).service_level_min == level


def test_service_is_of_channels_and_instruments():
    """Goal: others' orders do not count. Method: an unserved order of another channel."""
    log = day({1: True}, tolerance(channels=("app",), instruments=("ABC",)))
    log.wish("I2", 2, channel="phone").wish("I3", 3, channel="app", instrument="XYZ")
    assert measure(log).levels.entered.tolist() == [1]


def test_service_that_nobody_used():
    """Goal: unused is not kept, and not an unknown outcome. Method: an order of another one."""
    judgement = day({1: True}, tolerance(channels=("phone",))).check()
    found = judgement.services["s"]
    assert (found.within_tolerance, found.service_level_min) == (None, None)
    assert found.reason == "nobody wished anything of this service"
    assert judgement.outcome.value == "pass"


def test_indeterminate_intents_are_taken_both_ways():
    """Goal: known only if it does not matter. Method: one, and many, without a drain."""
    served = {1: True, 12: False, 23: True}
    assert measure(day(served, tolerance(), drain=None)).within_tolerance is True
    served = {1: True, 12: False, 23: False, 34: True}
    found = measure(day(served, tolerance(), drain=None))
    assert (found.within_tolerance, found.reason) == (None, "intents are indeterminate")


@pytest.mark.parametrize(
    ("faults", "point", "within"),
    [
        ((("fault_on", 50, "crash"),), 48.0, False),
        ((("fault_on", 5, "slow"), ("fault_on", 50, "crash")), 48.0, False),
        ((("fault_on", 5, "slow"),), 3.0, False),
        ((("failover", 4, None),), 2.0, True),
        ((), None, None),
        ((("fault_on", 1, "crash"),), None, None),
    ],
)
def test_recovery_point(faults, point, within):
    """Goal: from the lost order's acknowledgement to what forgot it. Method: several faults."""
    log = Log(services=(tolerance(rpo_ns=2 * S, rto_ns=None, mbco=0.0),)).wish("I1", 1)
    events = [(at_s, kind, subject) for kind, at_s, subject in faults]
    for at_s, kind, subject in sorted([*events, (2, "acknowledge", None)]):
        if kind == "acknowledge":
            log.told("I1", at_s, kind)
        else:
            log.add(kind, at_s, "infrastructure", component="oms", subject=subject)
    judgement = log.check()
    assert judgement.orders.lost == 1
    found = judgement.services["s"]
    assert (found.recovery_point_s, found.within_tolerance) == (point, within)


def test_document():
    """Goal: the shape of check --json. Method: all keys of one measure."""
    assert measure(day({1: True}, tolerance(rpo_ns=0, mtpd_ns=S))).to_document() == {
        "downtime_s": 0.0,
        "recovery_time_s": 0.0,
        "rto_s": 20.0,
        "recovery_point_s": 0.0,
        "rpo_s": 0.0,
        "mtpd_s": 1.0,
        "service_level_min": 1.0,
        "mbco": 0.5,
        "within_tolerance": True,
    }
