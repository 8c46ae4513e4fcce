"""Goal: people's work beside the journeys takes their time. Method: tiny runs.

Orders reach the desk's team 1 ms after their wish and take 10 ms, unless a test says otherwise.
"""

from __future__ import annotations

from bcsim.engine.arrivals import Source, arrival_times
from bcsim.engine.description import describe
from bcsim.engine.reference.flow import run_orders
from bcsim.engine.watch import make_watches
from bcsim.history.writer import MemoryRecorder
from tests.unit.engine.firms import execute, firm, scenario, step, take
from tests.unit.engine.story import CALM, Wish, blueprint_of, lines, run, story, timeline

ASKS = {"patience": "20 ms", "attempts": 1, "on_timeout": {"enquire": 1.0}}


def test_an_enquiry_takes_a_person_and_ends_with_a_status():
    """Goal: occupies the desk; the client is told. Method: a front that needs 1 s.

    Asked at 20, answered by the desk after 5 s, told 1 ms later.
    """
    small = firm(
        [take(service="1 s")],
        segment=ASKS,
        channel={"desk": "desk", "enquiry": "5 s"},
        components={"desk": {}},
    )
    history = run(small)
    assert story(
        history, "component", "subject", "actor", "reason", only="enquire notify"
    ) == lines("""
        20ms client enquire 0.1 component=desk
        5.021s client notify 0.1 subject=status actor=desk reason=true
    """)


def test_enquiries_compete_with_orders_for_the_same_people():
    """Goal: one team, one queue. Method: the desk takes orders too, and has one person.

    The enquiry begins at 20 and lasts until 5020; an order wished at 30 waits for that.
    """
    history = run(
        firm(
            [step("note", "front", "100 ms"), take("desk")],
            segment=ASKS,
            channel={"desk": "desk", "enquiry": "5 s"},
        ),
        [Wish()],
    )
    assert story(history, only="acknowledge notify") == lines("""
        5.021s client notify 0.1
        5.03s desk acknowledge 0.1
        5.031s client acknowledge 0.1
    """)


def test_without_a_desk_an_enquiry_leads_nowhere():
    """Goal: the client has asked, nobody answers. Method: a channel without a desk."""
    history = run(firm([take(service="1 s")], segment=ASKS))
    assert story(history, only="enquire notify") == ["20ms client enquire 0.1"]


def test_general_enquiries_only_take_time():
    """Goal: background load of lowest priority. Method: arrivals of a source, and one order.

    A thousand enquiries a day in the hour from 10:00; each takes 10 s of the only person: the
    order of 30 min waits for the one in hand, whose end is known from the arrivals.
    """
    small = firm(
        [take("desk")],
        channel={"desk": "desk", "enquiry": "10 s", "enquiries_per_day": 200.0},
    )
    plot = scenario()
    made = blueprint_of(small, [Wish("30min")], plot=plot, seed=1)
    ((channel, source),) = made.enquiries
    assert (channel, source.orders_per_day) == ("app", 200.0)
    recorder = MemoryRecorder(describe(made, is_settled=True))
    run_orders(made, CALM, recorder, make_watches(small, plot, ()))
    found = [row["time_ns"] for row in recorder.history().rows("acknowledge")]
    expected = _end_of_order(source, made, 30 * 60 * 10**9 + 1_000_000)
    assert found[0] == expected


def _end_of_order(source: Source, made, arrival_ns):
    """When one person, who serves enquiries of 10 s in turn, has done an order of 10 ms."""
    day = made.firm.profiles["day"]
    times = arrival_times(day, source, made.streams.at("arrival", source.name))
    free = 0
    for time in times:
        begin = max(free, int(time) + made.moments.midnight)
        if begin >= arrival_ns:
            break
        free = begin + 10 * 10**9
    return max(free, arrival_ns) + 10_000_000


# -- repairs ---------------------------------------------------------------------------------

STOPS = {
    "limits": {
        "name": "Limits",
        "coverage": 1,
        "false_alarm": 1,
        "on_hit": "repair",
        "repair_team": "desk",
    }
}
CHECK = step("limits", "risk", role="control", control="limits", mode="call")


def test_a_stopped_order_is_named_and_mended():
    """Goal: a reconcile row when found, a repair row when mended. Method: whole lines."""
    history = run(firm([take(), CHECK, execute()], controls=STOPS, components={"desk": {}}))
    columns = ("actor", "component", "subject", "reason")
    assert story(history, *columns, only="reconcile repair") == lines("""
        22ms desk reconcile 0.1 component=risk subject=limits reason=terms differ from the client's wish
        5min0.022s desk repair 0.1 actor=desk component=risk subject=correct
    """)


def test_a_repair_during_a_crash_of_the_holder_is_not_lost():
    """Goal: the order goes on when the holder is back. Method: down when the repair is done.

    Mended at 5:00.022 while the front is down until 6 min; resent then.
    """
    history = run(
        firm([take(), CHECK, execute()], controls=STOPS, components={"desk": {}}),
        faults=timeline("4min front up 0", "6min front up 1"),
    )
    assert story(history, only="repair send execute", without="client") == lines("""
        11ms front send 0.1
        5min0.022s desk repair 0.1
        6min front send 0.1
        6min0.011s venue execute 0.1
        6min0.012s front execute 0.1
    """)


def test_a_hung_holder_goes_on_after_its_hang():
    """Goal: nothing is sent while hung. Method: hung from 4 to 6 min."""
    history = run(
        firm([take(), CHECK, execute()], controls=STOPS, components={"desk": {}}),
        faults=timeline("4min front hang 1", "6min front hang 0"),
    )
    assert story(history, only="send", without="client") == lines("""
        11ms front send 0.1
        6min front send 0.1
    """)


def test_a_repair_finds_the_order_at_the_new_primary():
    """Goal: failover does not strand an order that waits for its repair. Method: switch at 1 min.

    The standby asks the control anew, which remembers that it has stopped the order.
    """
    standby = {
        "store": {"kind": "replicated"},
        "standby": {"kind": "hot", "site": "b", "switch": "1 s"},
    }
    history = run(
        firm([take(), CHECK, execute()], controls=STOPS, components={"desk": {}, "front": standby}),
        faults=timeline("1min front failover 1min"),
    )
    assert story(history, "attempt", only="repair send execute", without="client") == lines("""
        11ms front send 0.1 attempt=0
        1min front send 0.1 attempt=2048
        5min0.022s desk repair 0.1
        5min0.022s front send 0.1 attempt=2048
        5min0.033s venue execute 0.1 attempt=2048
        5min0.034s front execute 0.1
    """)


def test_a_switch_after_the_repair_was_done_does_not_strand_it_either():
    """Goal: a repair that nobody heard counts. Method: the holder is down from 4 to 6 min, switched."""
    standby = {
        "store": {"kind": "replicated"},
        "standby": {"kind": "hot", "site": "b", "switch": "1 s"},
    }
    history = run(
        firm([take(), CHECK, execute()], controls=STOPS, components={"desk": {}, "front": standby}),
        faults=timeline("4min front up 0", "6min front failover 4min", "6min front up 1"),
    )
    assert story(history, only="repair execute", without="client front") == lines("""
        5min0.022s desk repair 0.1
        6min0.013s venue execute 0.1
    """)


def test_a_client_that_holds_its_order_itself_gets_it_mended():
    """Goal: also before anybody took it over. Method: a control as the first call."""
    history = run(firm([CHECK, take(), execute()], controls=STOPS, components={"desk": {}}))
    assert story(history, only="control_fail repair acknowledge", without="client") == lines("""
        11ms risk control_fail 0.1
        5min0.011s desk repair 0.1
        5min0.022s front acknowledge 0.1
    """)
