"""Goal: links fall with what carries them, and with cuts; delays add up, losses combine.

Method: a line over two networks, and disruptions that overlap on one link.
"""

from __future__ import annotations

from tests.unit.engine.continuity.firms import changes, component, crash, firm, run

LINKS = {
    "default": {"latency": "1 ms"},
    "oms -> exchange": {"latency": "1 ms", "over": ["line", "router"]},
    "app-line": {"latency": "40 ms", "over": ["internet"]},
}
NETWORKS = {name: component("network") for name in ("line", "router", "internet")}
WIRED = firm({"oms": component(), "exchange": component(), **NETWORKS}, links=LINKS)


def of_links(timeline):
    return [line for line in changes(timeline) if "link" in line]


def test_a_link_is_down_while_anything_that_carries_it_is():
    """Goal: Link.over. Method: two carriers fail and return at different times."""
    timeline = run(WIRED, crash("line", lasts="20 min"), crash("router", "00:20", lasts="20 min"))
    assert of_links(timeline) == [
        "600 oms -> exchange link_up=0 (line-crash)",
        "2400 oms -> exchange link_up=1 (router-crash)",
    ]


def test_a_frozen_network_carries_nothing():
    """Goal: a hang of a carrier cuts too. Method: it hangs for a minute."""
    hang = {"id": "h", "kind": "hang", "at": "00:10", "lasts": "60 s", "targets": ["router"]}
    assert of_links(run(WIRED, hang)) == [
        "600 oms -> exchange link_up=0 (h)",
        "660 oms -> exchange link_up=1 (h)",
    ]


def test_a_channels_line_falls_under_its_own_name():
    """Goal: links that channels use have a carrier too. Method: the internet is gone."""
    assert of_links(run(WIRED, crash("internet"))) == ["600 app-line link_up=0 (internet-crash)"]


def test_a_cut_outlasts_its_carriers_return():
    """Goal: both reasons must go. Method: cut while the carrier is down, and for longer."""
    cut = {
        "id": "cut",
        "kind": "cut-link",
        "at": "00:15",
        "lasts": "1 h",
        "source_side": ["oms"],
        "target_side": ["exchange"],
    }
    assert of_links(run(WIRED, crash("line", lasts="10 min"), cut)) == [
        "600 oms -> exchange link_up=0 (line-crash)",
        "4500 oms -> exchange link_up=1 (cut)",
    ]


def test_a_pair_that_is_named_twice_is_one_pair():
    """Goal: overlapping sides do not double a delay. Method: both ways between the same two."""
    both = {"source_side": ["oms", "line"], "target_side": ["line", "oms"], "both_ways": True}
    slow = {"id": "x", "kind": "degrade-link", "at": "00:10", "latency": "5 ms"} | both
    assert of_links(run(WIRED, slow)) == [
        "600 oms -> line link_latency=5000000 (x)",
        "600 line -> oms link_latency=5000000 (x)",
    ]


def test_delays_add_and_losses_combine():
    """Goal: two bad things are worse than one. Method: 10 and 5 ms, losses of a half each."""

    def degraded(name, at, latency):
        return {
            "id": name,
            "kind": "degrade-link",
            "at": at,
            "lasts": "10 min",
            "source_side": ["oms"],
            "target_side": ["line"],
            "latency": latency,
            "loss": 0.5,
        }

    timeline = run(WIRED, degraded("a", "00:10", "10 ms"), degraded("b", "00:15", "5 ms"))
    assert of_links(timeline) == [
        "600 oms -> line link_latency=10000000 (a)",
        "600 oms -> line link_loss=500000 (a)",
        "900 oms -> line link_latency=15000000 (a)",
        "900 oms -> line link_loss=750000 (a)",
        "1200 oms -> line link_latency=5000000 (b)",
        "1200 oms -> line link_loss=500000 (b)",
        "1500 oms -> line link_latency=0 (b)",
        "1500 oms -> line link_loss=0 (b)",
    ]
