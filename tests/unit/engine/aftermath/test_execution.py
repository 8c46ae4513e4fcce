"""Goal: a case's executions are those that stand at the venue in the end.

Method: one history with a repetition, a bust, a correction and reports from elsewhere.
"""

from __future__ import annotations

from bcsim.engine.aftermath.case import cases_of
from bcsim.engine.aftermath.execution import Execution, executions_of
from tests.unit.engine.aftermath.aftermaths import history, verdicts, wish


def executed(at_s, exec_id, component="venue", intent="app-000000", **cells):
    terms = {"account": "a1", "instrument": "aaa", "side": "buy", "qty": 100, "price": 1000}
    named = {"intent_id": intent, "exec_id": exec_id, "component": component}
    return at_s, "execute", component, named | terms | cells


def test_executions_as_they_stand():
    """Goal: every rule of the docstring, and orders without a defect are left alone."""
    about = {"intent_id": "app-000000", "component": "venue"}
    events = [
        wish("app-000000"),
        executed(1, "x1"),
        executed(2, "x1", price=999),
        executed(2, "x1", "gateway"),
        executed(3, "x2", qty=30),
        (4, "bust", "venue", about | {"ref": "x2"}),
        (4, "bust", "venue", about | {"ref": "unheard of"}),
        executed(5, "x3", price=1010),
        (6, "correct", "venue", about | {"ref": "x3", "price": 1005, "side": "sell"}),
        (6, "correct", "venue", about | {"ref": "unheard of", "price": 1}),
        executed(7, "x4", qty=None),
        wish("app-000001"),
        executed(8, "x5", intent="app-000001"),
    ]
    past = history(events)
    found = cases_of(past, verdicts({"app-000000": "duplicated", "app-000001": "ok"}))
    assert executions_of(past, found, ("venue",)) == {
        "app-000000": (
            Execution("a1", "aaa", "buy", 100, 1000),
            Execution("a1", "aaa", "sell", 100, 1005),
        )
    }
