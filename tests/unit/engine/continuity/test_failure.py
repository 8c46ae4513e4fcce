"""Goal: random failures are renewal processes whose clock stands still while nothing runs.

Method: constant times to failure and repair, so that every instant is known. What comes of
drawn times is compared with formulas in tests/theory/test_availability.py.
"""

from __future__ import annotations

from tests.unit.engine.continuity.firms import action, changes, component, crash, firm, log, run

EVERY_HOUR = {"mttf": "1 h", "mttr": "10 min"}


def test_it_fails_is_repaired_and_fails_again():
    """Goal: up for mttf, down for mttr. Method: constants, three hours."""
    timeline = run(firm({"oms": component(failure=EVERY_HOUR)}), horizon="3 h")
    assert changes(timeline) == [
        "3600 oms up=0 (failure:oms)",
        "4200 oms up=1 (failure:oms)",
        "7800 oms up=0 (failure:oms)",
        "8400 oms up=1 (failure:oms)",
    ]
    assert log(timeline) == [
        "3600 fault_on component=oms subject=crash ref=failure:oms",
        "4200 fault_off component=oms subject=crash ref=failure:oms",
        "4200 recover component=oms subject=crash cause=failure:oms",
        "7800 fault_on component=oms subject=crash ref=failure:oms",
        "8400 fault_off component=oms subject=crash ref=failure:oms",
        "8400 recover component=oms subject=crash cause=failure:oms",
    ]


def test_a_failure_can_hang():
    """Goal: the effect is the model's. Method: effect hang."""
    timeline = run(firm({"oms": component(failure=EVERY_HOUR | {"effect": "hang"})}), horizon="2 h")
    assert changes(timeline) == [
        "3600 oms hang=1 (failure:oms)",
        "4200 oms hang=0 (failure:oms)",
    ]


def test_the_clock_stands_still_while_it_is_down_with_something_else():
    """Goal: time to failure counts only while up. Method: its site is dark for half an hour."""
    dark = crash("dc1", "00:30", lasts="30 min")
    timeline = run(firm({"oms": component(site="dc1", failure=EVERY_HOUR)}), dark, horizon="2 h")
    assert changes(timeline) == [
        "1800 oms up=0 (dc1-crash)",
        "3600 oms up=1 (dc1-crash)",
        "5400 oms up=0 (failure:oms)",
        "6000 oms up=1 (failure:oms)",
    ]


def standby(kind):
    return {"kind": kind, "site": "dc2", "decision": "automatic", "switch": "0 s"}


def test_a_passive_cold_standby_does_not_fail():
    """Goal: a cold standby ages from its start, a hot one from the beginning.

    Method: the first instance fails after an hour and is repaired after ten; a switch takes no
    time.
    """
    failure = {"mttf": "1 h", "mttr": "10 h"}
    shown = {}
    for kind in ("cold", "hot"):
        pair = component(standby=standby(kind), monitor={"delay": "0 s"}, failure=failure)
        shown[kind] = [
            line for line in changes(run(firm({"oms": pair}), horizon="3 h")) if " up=" in line
        ]
    assert shown["cold"] == [
        "3600 oms up=0 (failure:oms)",
        "3600 oms up=1 (failure:oms)",
        "7200 oms up=0 (failure:oms/standby)",
    ]
    # In the hot pair both fail at the same instant, and a broken standby cannot take over.
    assert shown["hot"] == ["3600 oms up=0 (failure:oms)"]


def test_the_restore_action_ends_a_repair_early():
    """Goal: whoever restores need not wait for the repair. Method: restore a minute after."""
    actions = {"fix": action("restore", target=["oms"], when=[{"detected": "oms"}])}
    broken = component(failure={"mttf": "1 h", "mttr": "10 h"}, monitor={"delay": "60 s"})
    timeline = run(firm({"oms": broken}, actions=actions), horizon="3 h")
    assert changes(timeline) == [
        "3600 oms up=0 (failure:oms)",
        "3660 oms up=1 (fix)",
        "7260 oms up=0 (failure:oms)",
        "7320 oms up=1 (fix)",
    ]


def test_luck_belongs_to_the_component():
    """Goal: another component changes nobody's luck. Method: the same one alone, and not."""
    failure = {"mttf": "exponential 1 h", "mttr": "exponential 10 min"}
    alone = firm({"oms": component(failure=failure)})
    together = firm({"risk": component(failure=failure), "oms": component(failure=failure)})
    of_oms = [c for c in run(together).changes if c.subject == "oms"]
    assert list(run(alone).changes) == of_oms
    assert len(of_oms) > 10
