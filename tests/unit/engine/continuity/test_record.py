"""Goal: the record writes states once, events always, and knows what brought them about.

Method: write the same twice, end a state without a cause, leave a cause out.
"""

from __future__ import annotations

import pytest

from bcsim.engine.continuity.agenda import Agenda
from bcsim.engine.continuity.record import PLAN, PRIORITIES, Record
from bcsim.engine.timeline import Attribute, Change, LogEntry
from tests.unit.engine.continuity.firms import component, firm


def new_record():
    return Record(Agenda(), firm({"oms": component(servers=4)}))


def test_a_state_is_written_when_it_changes():
    """Goal: no row for what is so already. Method: normal, changed, the same, back."""
    record = new_record()
    states = (1, 0, 0, 1)
    written = [
        record.state("oms", Attribute.UP, value, "fire" if not value else "") for value in states
    ]
    assert written == [False, True, False, True]
    assert record.timeline().changes == (
        Change(0, "oms", Attribute.UP, 0, "fire"),
        Change(0, "oms", Attribute.UP, 1, "fire"),
    )


def test_servers_and_priorities_begin_as_the_model_says():
    """Goal: normal values come from the model. Method: write them, then others."""
    record = new_record()
    usual = ("vulnerable", "client", "house")
    assert not record.state("oms", Attribute.SERVERS, 4, "x")
    assert not record.state(PRIORITIES, Attribute.PRIORITY, 1, "x", usual)
    assert record.state("oms", Attribute.SERVERS, 3, "x")
    assert record.state(PRIORITIES, Attribute.PRIORITY, 1, "x", usual[::-1])
    assert record.value("oms", Attribute.SERVERS) == 3


def test_another_detail_is_another_state():
    """Goal: a halt that begins to cancel is news. Method: the same value, two details."""
    record = new_record()
    assert record.state("oms", Attribute.HALT, 1, "halt")
    assert record.state("oms", Attribute.HALT, 1, "halt", ("cancel",))


def test_events_are_written_every_time():
    """Goal: a second reconciliation is not lost. Method: the same event twice."""
    record = new_record()
    for _ in range(2):
        record.event("orders", Attribute.RECONCILE, 1, "compare")
    assert (
        record.timeline().changes == (Change(0, "orders", Attribute.RECONCILE, 1, "compare"),) * 2
    )


def test_nothing_changes_without_a_cause():
    """Goal: every change can be explained. Method: a first change without a cause."""
    with pytest.raises(AssertionError, match="nothing has caused oms up to become 0"):
        new_record().state("oms", Attribute.UP, 0)


def test_log_entries_keep_their_fields():
    """Goal: fields of the log are columns of the history. Method: one entry."""
    record = new_record()
    record.log(PLAN, "declare", actor="malee", reason="deputy")
    assert record.timeline().log == (
        LogEntry(0, "plan", "declare", actor="malee", reason="deputy"),
    )
