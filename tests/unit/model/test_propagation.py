"""Goal: what works after crashes follows the rules in the module's docstring, one by one.

Method: the test broker with one thing changed; the whole set of nodes that fall.
"""

from __future__ import annotations

import pytest

from bcsim.model.propagation import effective_up
from tests.brokerage import broker, brokerage


def fallen(data, *down):
    firm = broker(data)
    return {*firm.sites, *firm.components} - effective_up(firm, down)


def test_nothing_has_crashed():
    """Goal: a sound firm works. Method: no crash."""
    assert fallen(brokerage()) == set()


def test_names_that_are_no_nodes():
    """Goal: other names have no effect. Method: a channel's name."""
    assert fallen(brokerage(), "app") == set()


def test_hard_dependency_and_site():
    """Goal: a failure climbs from utility to site to components. Method: crash a centre's power.

    The web front end goes on at its automatic standby; the gateway's waits for the plan; the
    order system's standby needs the database of the first centre.
    """
    lost = {"power-dc1", "dc1", "oms", "order-db", "risk", "prices", "gateway"}
    assert fallen(brokerage(), "power-dc1") == lost


def test_any_of_dependency():
    """Goal: alternatives count. Method: the second centre loses grid, generator, then both."""
    data = brokerage()
    data["components"]["power-dc1"]["dependencies"] = []
    assert fallen(data, "generator") == {"generator"}
    assert fallen(data, "grid") == {"grid", "office", "desk"}
    both = {"grid", "generator", "power-dc2", "dc2", "ledger", "office", "desk"}
    assert fallen(data, "grid", "generator") == both


@pytest.mark.parametrize(("needed", "falls"), [(1, False), (2, False), (3, True)])
def test_number_needed(needed, falls):
    """Goal: `needed` of n. Method: one of three providers is down."""
    data = brokerage()
    providers = ["grid", "generator", "internet"]
    rule = {"kind": "any-of", "on": providers, "needed": needed}
    data["components"]["ledger"] |= {"site": None, "dependencies": [rule]}
    assert ("ledger" in fallen(data, "internet")) is falls


def test_degrading_dependency():
    """Goal: slower is not down, no speed at all is. Method: speed 500, then 0."""
    data = brokerage()
    assert fallen(data, "prices") == {"prices"}
    data["components"]["risk"]["dependencies"][0]["speed"] = 0
    assert fallen(data, "prices") == {"prices", "risk"}


def test_hosted_at():
    """Goal: hosted-at names sites and components. Method: the exchange's host, then a site."""
    data = brokerage()
    for host in ("internet", "office"):
        data["components"]["exchange"]["dependencies"] = [{"kind": "hosted-at", "on": [host]}]
        assert "exchange" in fallen(data, host)


def test_own_crash_spares_the_standby():
    """Goal: a component's crash is that of its first instance. Method: with and without a site."""
    assert fallen(brokerage(), "web") == set()
    assert fallen(brokerage(), "web", "dc2") == {"web", "dc2", "ledger"}


@pytest.mark.parametrize(
    ("changes", "monitor"),
    [
        ({"decision": "plan"}, {"delay": "10 s"}),
        ({"success": 0}, {"delay": "10 s"}),
        ({}, None),
        ({}, {"delay": "10 s", "miss": 1}),
    ],
)
def test_standby_that_does_not_switch(changes, monitor):
    """Goal: only a switch that happens helps. Method: each thing that prevents it."""
    data = brokerage()
    web = data["components"]["web"]
    web["standby"] |= changes
    web["monitor"] = monitor
    assert fallen(data, "web") == {"web"}


def test_standby_that_people_notice_late():
    """Goal: a missed alarm delays, it does not prevent. Method: miss 1 with a fallback delay."""
    data = brokerage()
    late = {"delay": "10 s", "miss": 1, "fallback_delay": "5 min"}
    data["components"]["web"]["monitor"] = late
    assert fallen(data, "web") == set()


@pytest.mark.parametrize(("share", "works"), [(0, False), (0.09, False), (0.1, True)])
def test_staff_at_home(share, works):
    """Goal: a team needs its site unless a server's worth works from home. Method: 10 servers."""
    data = brokerage()
    data["teams"]["desk"]["remote_share"] = share
    assert ("desk" not in fallen(data, "office")) is works


def test_the_site_of_a_team_counts():
    """Goal: staff stand on the team's site, not the component's. Method: two different ones."""
    data = brokerage()
    data["components"]["desk"]["site"] = "dc1"
    assert "desk" in fallen(data, "office")
    assert "desk" not in fallen(data, "dc1")


def test_circle():
    """Goal: in a circle all works until something falls. Method: power stands at its own site."""
    data = brokerage()
    data["components"]["power-dc2"]["site"] = "dc2"
    data["components"]["ledger"]["standby"] = None
    assert fallen(data) == set()
    assert fallen(data, "dc2") == {"dc2", "power-dc2", "ledger"}
    assert fallen(data, "power-dc2") == {"dc2", "power-dc2", "ledger"}


def test_alarms_that_go_unheard():
    """Goal: a switch needs its alarm. Method: the front end falls with the firm's monitoring.

    Where people would notice later, the standby still takes over.
    """
    data = brokerage()
    data["components"]["monitoring"] = {"name": "Monitoring", "kind": "application"}
    assert fallen(data, "web", "monitoring") == {"web", "monitoring"}
    data["components"]["web"]["monitor"]["fallback_delay"] = "5 min"
    assert fallen(data, "web", "monitoring") == {"monitoring"}
