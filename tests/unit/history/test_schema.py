"""Goal: the schema is the one that the semantics state. Method: compare with it, word by word."""

from __future__ import annotations

import pytest

from bcsim.history.schema import COLUMNS, INTEGER_NAMES, TEXT_NAMES, Kind, Trace, Vantage

STATED_COLUMNS = """seq time_ns vantage kind intent_id order_id idem_key parent_id leg exec_id
client_id segment channel account instrument side ord_type qty price amount deadline_ns priority
component step attempt actor subject ref reason cause"""

STATED_INTEGERS = "seq time_ns leg qty price amount deadline_ns priority step attempt"

STATED_KINDS = """intend submit resend acknowledge reject control_pass control_fail control_skip
route execute bust correct book confirm cancel_request cancel cancel_reject replace_request
replace replace_reject expire settle notify enquire orphan contradict fault_on fault_off failover
failback detect declare action recover reconcile repair complain respond redress expose grant
revoke send
receive start finish time_out"""


def test_columns_are_those_stated():
    """Goal: files are the same everywhere. Method: names, order, types and nulls as stated."""
    assert [column.name for column in COLUMNS] == STATED_COLUMNS.split()
    assert list(INTEGER_NAMES) == STATED_INTEGERS.split()
    assert set(TEXT_NAMES) == set(STATED_COLUMNS.split()) - set(STATED_INTEGERS.split())
    not_null = [column.name for column in COLUMNS if not column.nullable]
    assert not_null == ["seq", "time_ns", "vantage", "kind"]


def test_kinds_are_those_stated():
    """Goal: no kind is missing or invented. Method: the list of the semantics, in order."""
    assert [kind.value for kind in Kind] == STATED_KINDS.split()


@pytest.mark.parametrize("member", [*Kind, *Vantage])
def test_members_are_plain_texts(member):
    """Goal: a member and its text are one key. Method: equality, hash and form of each."""
    assert member == member.value == str(member)
    assert {member.value: 1}[member] == 1


def test_trace_levels_nest():
    """Goal: a higher level drops nothing of a lower. Method: the kinds that each level keeps."""
    kept = [{kind for kind in Kind if trace.keeps(kind)} for trace in Trace]
    outcomes, business, full = kept
    assert outcomes < business < full == set(Kind)
    assert {str(kind) for kind in full - business} == {
        "send", "receive", "start", "finish", "time_out",
    }  # fmt: skip
    assert {str(kind) for kind in business - outcomes} == {
        "control_pass", "control_fail", "control_skip", "route", "enquire",
        "cancel_request", "replace_request",
    }  # fmt: skip


@pytest.mark.parametrize("entry", [*COLUMNS, *Kind], ids=str)
def test_meanings_are_written(entry):
    """Goal: the generated documentation has no empty cell. Method: every entry's meaning."""
    assert len(entry.meaning) > len("short")
