"""Goal: what ends a fault: its duration, its repair, the restore action, or nothing.

Method: a crash under each of them, alone and against another.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.engine.continuity.firms import action, changes, component, crash, firm, log, run

RESTORE = {"fix": action("restore", target=["oms"], when=[{"detected": "oms"}], duration="30 min")}


@pytest.mark.parametrize(
    ("repair", "lasts", "data_lost", "actions", "up_s"),
    [
        (None, None, False, None, None),
        (None, "5 min", False, None, 900),
        ("20 min", None, False, None, 1800),
        ("20 min", "5 min", False, None, 900),
        (None, None, False, RESTORE, 2400),
        ("20 min", None, False, RESTORE, 1800),
        ("20 min", "5 min", True, None, None),
        ("20 min", "5 min", True, RESTORE, 2400),
        (None, "2 h", False, RESTORE, 2400),
    ],
)
def test_what_ends_a_crash(repair, lasts, data_lost, actions, up_s):
    """Goal: the stated duration, else the repair, else restore; lost data by restore only.

    Method: every combination that differs; the crash is detected at once.
    """
    broken = component(repair=repair, monitor={"delay": "0 s"})
    timeline = run(firm({"oms": broken}, actions=actions), crash(lasts=lasts, data_lost=data_lost))
    ups = [(c.time_ns // 10**9, c.value) for c in timeline.changes if c.attribute == "up"]
    assert ups == [(600, 0), *([(up_s, 1)] if up_s else [])]
    assert len(log(timeline, "fault_off")) == (1 if up_s else 0)


def test_each_target_is_repaired_in_its_own_time():
    """Goal: one cause, several repairs; the disruption is over with the last. Method: two."""
    pair = firm({"oms": component(repair="10 min"), "risk": component(repair="20 min")})
    both = {"id": "x", "kind": "crash", "at": "00:10", "targets": ["oms", "risk"]}
    timeline = run(pair, both)
    assert changes(timeline) == [
        "600 oms up=0 (x)",
        "600 risk up=0 (x)",
        "1200 oms up=1 (x)",
        "1800 risk up=1 (x)",
    ]
    assert log(timeline, "fault_off") == ["1800 fault_off component=oms subject=crash ref=x"]


def test_repair_time_is_drawn_for_each_disruption_and_target():
    """Goal: luck with an address. Method: the same crash beside another one; and another seed."""
    shaky = firm({"oms": component(repair="exponential 10 min"), "risk": component()})

    def up_ns(*disruptions, seed=7):
        timeline = run(shaky, *disruptions, seed=seed)
        return [c.time_ns for c in timeline.changes if c.subject == "oms" and c.value == 1]

    alone = up_ns(crash())
    assert len(alone) == 1
    assert up_ns(crash("risk"), crash()) == alone
    assert up_ns(crash(), seed=8) != alone
    again = up_ns(crash(), crash("oms", "12:00", id="again"))
    assert again[0] == alone[0]
    assert again[1] - 12 * 3600 * 10**9 != alone[0] - 600 * 10**9


def test_a_site_without_its_data():
    """Goal: after a fire everything at the site needs restoring, standbys there too.

    Method: the site is lost for an hour with its data; one of three instances is restored.
    """
    actions = {"fix": action("restore", target=["oms"], when=[{"recovered": "clock"}])}
    sites = firm(
        {
            "oms": component(site="dc1"),
            "risk": component(site="dc1"),
            "ledger": component(
                site="dc2", standby={"kind": "hot", "site": "dc1", "switch": "1 s"}
            ),
            "clock": component(),
        },
        actions=actions,
    )
    fire = crash("dc1", lasts="1 h", data_lost=True)
    tick = crash("clock", "02:00", lasts="1 s")
    timeline = run(sites, fire, tick)
    assert [line for line in changes(timeline) if "clock" not in line] == [
        "600 oms up=0 (dc1-crash)",
        "600 risk up=0 (dc1-crash)",
        "7201 oms up=1 (fix)",
    ]
    assert [line for line in log(timeline, "fault_off") if "clock" not in line] == []


def test_restore_ends_what_ails_a_component_but_not_its_venues_halt():
    """Goal: what restoring means. Method: five disruptions of one component, then restore."""
    kinds: list[dict[str, Any]] = [
        {"kind": "hang", "targets": ["oms"]},
        {"kind": "slow", "targets": ["oms"], "speed": 100},
        {"kind": "corrupt", "target": "oms", "probability": 0.5},
        {"kind": "replication-lag", "target": "oms"},
        {"kind": "halt", "target": "oms"},
    ]
    wounds = [{"id": k["kind"], "at": "00:10"} | k for k in kinds]
    world = firm({"oms": component(monitor={"delay": "0 s"})}, actions=RESTORE)
    timeline = run(world, *wounds)
    assert changes(timeline) == [
        "600 oms hang=1 (hang)",
        "600 oms speed=100 (slow)",
        "600 oms corruption=500000 (corrupt)",
        "600 oms halt=1 (halt)",
        "2400 oms hang=0 (fix)",
        "2400 oms speed=1000 (fix)",
        "2400 oms corruption=0 (fix)",
    ]
    assert [line.split("ref=")[1] for line in log(timeline, "fault_off")] == [
        "hang",
        "slow",
        "corrupt",
        "replication-lag",
    ]
