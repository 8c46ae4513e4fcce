"""Goal: rows say everything that the schema has room for. Method: whole rows of one order.

Nulls are left out, and ``seq`` and ``time_ns`` where they are told elsewhere.
"""

from __future__ import annotations

from tests.unit.engine.firms import execute, firm, step, take
from tests.unit.engine.story import Wish, run, timeline

MS = 1_000_000
WHO = {
    "intent_id": "app-000000",
    "client_id": "retail-c000000",
    "segment": "retail",
    "channel": "app",
    "priority": 0,
}
ORDER = WHO | {"order_id": "app-000000.1", "idem_key": "app-000000.1"}
TERMS = {
    "account": "retail-a000000",
    "instrument": "aaa",
    "side": "sell",
    "ord_type": "limit",
    "qty": 300,
    "price": 990,
}
EXEC = {"exec_id": "app-000000.1/venue/1", "price": 1000}


def rows(history, *kinds):
    """All columns that are not null, but ``seq``."""
    return [
        {name: value for name, value in row.items() if value is not None and name != "seq"}
        for row in history.rows()
        if not kinds or row["kind"] in kinds
    ]


def event(time_ms, vantage, kind, *parts, **more):
    """An expected row."""
    row = {"time_ns": time_ms * MS, "vantage": vantage, "kind": kind}
    for part in parts:
        row |= part
    return row | more


def test_the_business_rows_of_one_order():
    """Goal: every row of an undisturbed order. Method: a sell limit that executes on arrival."""
    route = [
        take(),
        execute(),
        step("book", "ledger", role="book", legs=[{"name": "cash", "service": "10 ms"}]),
        step("confirm", "mailer", role="confirm"),
    ]
    product = {"execute_within": "10 s"}
    small = firm(route, product=product, components={"venue": {"vantage": "exchange"}})
    history = run(small, [Wish(side="sell", qty=300, limit=990)], trace="business")
    close = 6 * 3_600_000 * MS
    money = {"amount": 300_000}
    assert rows(history) == [
        event(0, "client", "intend", WHO, TERMS, deadline_ns=close + 10_000 * MS),
        event(0, "client", "submit", ORDER, TERMS, attempt=0),
        event(
            11, "front", "acknowledge", ORDER, TERMS, component="front", step=0, leg=0, attempt=0
        ),
        event(11, "front", "route", ORDER, TERMS, component="venue", step=1, attempt=0),
        event(12, "client", "acknowledge", ORDER, TERMS),
        event(
            22,
            "exchange",
            "execute",
            ORDER,
            TERMS,
            EXEC,
            money,
            component="venue",
            step=1,
            attempt=0,
        ),
        event(23, "front", "execute", ORDER, TERMS, EXEC, component="front"),
        event(
            34,
            "ledger",
            "book",
            ORDER,
            TERMS,
            EXEC,
            money,
            component="ledger",
            subject="cash",
            step=2,
            leg=0,
            attempt=0,
        ),
        event(
            45,
            "mailer",
            "confirm",
            ORDER,
            TERMS,
            EXEC,
            component="mailer",
            step=3,
            leg=0,
            attempt=0,
        ),
        event(46, "client", "confirm", ORDER, TERMS, EXEC),
    ]


def test_the_rows_of_the_full_trace():
    """Goal: send, receive, start, finish, time_out. Method: one lost request, then one served."""
    first = take(timeout="20 ms", retry={"limit": 1, "backoff": "5 ms"})
    history = run(
        firm([first]), faults=timeline("0ms app->front link_up 0", "1ms app->front link_up 1")
    )
    client = {"component": "app", "step": 0, "leg": 0}
    front = client | {"component": "front"}
    terms = TERMS | {"side": "buy", "ord_type": "market", "qty": 100}
    del terms["price"]
    kinds = ("send", "receive", "start", "finish", "time_out", "resend")
    assert rows(history, *kinds) == [
        event(0, "client", "send", ORDER, client, attempt=0),
        event(20, "client", "time_out", ORDER, client, attempt=0),
        event(25, "client", "resend", ORDER, terms, component="front", step=0, attempt=1),
        event(25, "client", "send", ORDER, client, attempt=1),
        event(26, "front", "receive", ORDER, front, attempt=1),
        event(26, "front", "start", ORDER, front, attempt=1),
        event(36, "front", "finish", ORDER, front, attempt=1),
    ]


def test_a_re_entry_names_the_first_order():
    """Goal: parent_id, and one intent. Method: a client that enters anew."""
    segment = {"patience": "20 ms", "attempts": 1, "on_timeout": {"switch": 1.0}}
    history = run(firm([take(service="100 ms")], segment=segment), trace="business")
    again = ORDER | {"order_id": "app-000000.2", "idem_key": "app-000000.2"}
    terms = TERMS | {"side": "buy", "ord_type": "market", "qty": 100}
    del terms["price"]
    assert rows(history, "submit")[1] == event(
        20, "client", "submit", again, terms, attempt=0, parent_id="app-000000.1"
    )


def test_a_first_request_is_no_resend_even_of_an_order_that_was_there_before():
    """Goal: poss_resend is what the sender knows. Method: a gateway that has forgotten all.

    The front resends at 60 on recovery and says so; the gateway, volatile and without dedup,
    crashed at 30 and takes the order for new.
    """
    route = [take(), step("route", "gateway"), execute()]
    forgetful = {"gateway": {"store": {"kind": "volatile"}, "dedup": None}}
    cut = ("5ms gateway->front link_up 0", "5ms gateway->venue link_up 0")
    crash = ("30ms gateway up 0", "40ms gateway up 1", "50ms front up 0", "60ms front up 1")
    history = run(firm(route, components=forgetful), faults=timeline(*cut, *crash))
    assert [(row["vantage"], row["time_ns"] // MS) for row in rows(history, "resend")] == [
        ("front", 60)
    ]
    sent = [row["time_ns"] // MS for row in rows(history, "send") if row["vantage"] == "gateway"]
    assert sent == [22, 71]
