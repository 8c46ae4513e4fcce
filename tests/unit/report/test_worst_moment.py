"""Goal: the worst moment is found, with every component in its state.

Method: timelines of a few changes on the small broker, written by hand.
"""

from __future__ import annotations

import pytest

from bcsim.engine.timeline import Attribute, Change, LogEntry, Timeline
from bcsim.report.worst_moment import worst_moment
from tests.brokerage import broker
from tests.recorded_run import scenario

FIRM = broker()


def worst(*changes, log=()):
    rows = [
        Change(time, subject, Attribute(what), value, "c") for time, subject, what, value in changes
    ]
    return worst_moment(FIRM, scenario(), Timeline(tuple(rows), tuple(log)))


def states_of(moment):
    return {name: state for name, state in moment.states.items() if state != "ok"}


def test_the_first_of_the_gravest_times():
    """Goal: most components down; of equal times the first. Method: two peaks of two."""
    moment = worst(
        (1, "oms", "up", 0),
        (2, "risk", "hang", 1),
        (3, "oms", "up", 1),
        (4, "oms", "up", 0),
    )
    assert moment.time_ns == 2
    assert states_of(moment) == {"oms": "down", "risk": "down"}
    assert moment.causes == {"oms": "c", "risk": "c"}


def test_down_counts_before_impaired():
    """Goal: one component down is worse than many slow. Method: three slow, then one down."""
    slow = [(1, name, "speed", 500) for name in ("oms", "risk", "prices")]
    moment = worst(
        *slow, *((2, name, "speed", 1000) for _, name, _, _ in slow), (3, "web", "up", 0)
    )
    assert (moment.time_ns, states_of(moment)) == (3, {"web": "down"})


@pytest.mark.parametrize(
    ("what", "value"),
    [("speed", 400), ("fallback", 1), ("split", 1), ("corruption", 7), ("halt", 1), ("servers", 0)],
)
def test_each_impairment_shows(what, value):
    """Goal: what does not work normally is seen. Method: each attribute off its normal value."""
    assert states_of(worst((5, "oms", what, value))) == {"oms": "degraded"}


def test_both_ends_of_a_bad_link_are_impaired():
    """Goal: a partition without a crash shows. Method: cut one link, in one direction."""
    moment = worst((5, "oms -> gateway", "link_up", 0))
    assert states_of(moment) == {"oms": "degraded", "gateway": "degraded"}


def test_a_component_on_its_standby_is_neither_down_nor_ok():
    """Goal: a switch-over shows. Method: one component switched while another is down."""
    changes = [(1, "oms", "up", 0), (2, "oms", "failover", 0), (2, "oms", "up", 1)]
    moment = worst(*changes, (3, "web", "up", 0), (3, "risk", "up", 0))
    assert states_of(moment) == {"oms": "standby", "web": "down", "risk": "down"}
    assert moment.of_state("standby") == ("oms",)


def test_people_called_away_by_the_plan_are_not_missing():
    """Goal: a team at work on the recovery is not impaired. Method: fewer servers, by an action."""
    change = Change(1, "desk", Attribute.SERVERS, 9, "switch-gateway")
    moment = worst_moment(FIRM, scenario(), Timeline((change,), ()))
    assert (moment.time_ns, states_of(moment)) == (None, {})


def test_nothing_wrong_has_no_worst_moment():
    """Goal: a normal day. Method: no change, and one back to normal."""
    for moment in (worst(), worst((1, "oms", "up", 1))):
        assert (moment.time_ns, states_of(moment), moment.sites_down) == (None, {}, ())


@pytest.mark.parametrize(("until_ns", "sites"), [(None, ("dc1",)), (2, ())])
def test_a_site_is_down_while_its_crash_lasts(until_ns, sites):
    """Goal: the site is shown too. Method: the crash of dc1, lasting or over by then."""
    log = [LogEntry(1, "infrastructure", "fault_on", ref="crash")]
    if until_ns:
        log.append(LogEntry(until_ns, "infrastructure", "fault_off", ref="crash"))
    assert worst((3, "oms", "up", 0), log=log).sites_down == sites
