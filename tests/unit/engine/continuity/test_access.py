"""Goal: access that the plan opens is on record until it is closed; exposed data too.

Method: the log of a small firm, whole lines.
"""

from __future__ import annotations

import pytest

from tests.unit.engine.continuity.firms import action, component, crash, firm, log, run

CLASSES = {
    name: {"name": name, "sensitivity": "confidential", "personal": True}
    for name in ("accounts", "orders")
}
OPEN = "restored without access control"
RECORDS = ("grant", "revoke", "expose")
LEAK = {"id": "theft", "kind": "leak", "at": "00:20", "target": "oms", "lasts": "5 min"}


def world(**actions):
    holder = component(holds=["accounts", "orders"], monitor={"delay": "0 s"})
    return firm(
        {"oms": holder, "web": component(monitor={"delay": "0 s"})},
        data_classes=CLASSES,
        actions=actions,
    )


def opened(kind="grant-access", **more):
    return action(kind, when=[{"detected": "oms"}], target=["oms"]) | more


def closed(**more):
    return action("revoke-access", when=[{"recovered": "oms"}], target=["oms", "web"]) | more


def test_break_glass_is_granted_and_revoked():
    """Goal: a right is called like the action that gave it. Method: two rights, one revocation."""
    plan = {"glass": opened(), "vault": opened(target=["web", "oms"]), "close": closed()}
    timeline = run(world(**plan), crash(lasts="1 h"))
    assert log(timeline, *RECORDS) == [
        "600 grant component=oms subject=glass ref=glass reason=grant-access",
        "600 grant component=web subject=vault ref=vault reason=grant-access",
        "600 grant component=oms subject=vault ref=vault reason=grant-access",
        "4200 revoke component=oms subject=glass ref=close reason=revoke-access",
        "4200 revoke component=oms subject=vault ref=close reason=revoke-access",
        "4200 revoke component=web subject=vault ref=close reason=revoke-access",
    ]


def test_nothing_closes_by_itself_and_nothing_twice():
    """Goal: stand-down leaves access open; a second revocation finds none. Method: both."""
    plan = {
        "glass": opened(),
        "end": action("stand-down", when=[{"recovered": "oms"}]),
    }
    assert log(run(world(**plan), crash(lasts="1 h")), *RECORDS) == [
        "600 grant component=oms subject=glass ref=glass reason=grant-access"
    ]
    again = {"glass": opened(), "close": closed(), "again": closed(delay="1 h")}
    assert log(run(world(**again), crash(lasts="1 h")), "revoke") == [
        "4200 revoke component=oms subject=glass ref=close reason=revoke-access"
    ]


@pytest.mark.parametrize("controls", [True, False])
def test_restored_without_access_control(controls):
    """Goal: what is restored open is seen until it is closed. Method: with and without control."""
    restored = opened("restore", access_control=controls, delay="10 min")
    plan = {"restore": restored, "close": closed(delay="1 h")}
    expected = [
        f"1200 grant component=oms subject=restore ref=restore reason={OPEN}",
        "1200 expose component=oms subject=accounts ref=restore reason=seen cause=restore",
        "1200 expose component=oms subject=orders ref=restore reason=seen cause=restore",
        "4800 revoke component=oms subject=restore ref=close reason=revoke-access",
    ]
    assert log(run(world(**plan), crash()), *RECORDS) == ([] if controls else expected)


@pytest.mark.parametrize(
    ("more", "exposed"),
    [
        ({}, ["accounts", "orders"]),
        ({"data": ["orders"]}, ["orders"]),
    ],
)
@pytest.mark.parametrize("how", ["seen", "altered", "lost"])
def test_a_leak_exposes_data(more, exposed, how):
    """Goal: all classes or some, and how. Method: a leak of five minutes; nothing else changes."""
    timeline = run(world(), LEAK | more | {"how": how})
    assert timeline.changes == ()
    assert log(timeline) == [
        "1200 fault_on component=oms subject=leak ref=theft",
        *(
            f"1200 expose component=oms subject={name} ref=theft reason={how} cause=theft"
            for name in exposed
        ),
        "1500 fault_off component=oms subject=leak ref=theft",
    ]
