"""Goal: JSON Lines show a history whole and can be read back; bad lines are named.

Method: Hypothesis round trips to the same root; one spelt-out file; a table of bad lines.
"""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given

from bcsim import limits
from bcsim.errors import HistoryError
from bcsim.history.jsonl import from_jsonl, to_jsonl
from bcsim.history.profile import Profile
from bcsim.history.writer import write_history
from tests.unit.history.events import days, full_event, profiles, recorded

HEADER = '{"format":"bcsim-history","profile":{},"version":1}\n'
EVENT = '{"seq":0,"time_ns":5,"vantage":"oms","kind":"submit"}\n'


def written(history):
    stream = io.StringIO()
    to_jsonl(history, stream)
    return stream.getvalue()


def named(text):
    stream = io.StringIO(text)
    stream.name = "day.jsonl"
    return stream


@given(days, profiles)
def test_round_trip(day, profile):
    """Goal: the view is the history. Method: there and back, compared by root and rows."""
    history = recorded(day, profile)
    again = from_jsonl(io.StringIO(written(history)))
    assert again.root == history.root
    assert list(again.rows()) == list(history.rows())
    assert written(again) == written(history)


def test_trace_of_the_profile_drops_nothing():
    """Goal: reading does not judge. Method: a profile that says less than the rows."""
    history = recorded([{"kind": "send", "time_ns": 1, "vantage": "oms"}])
    history = replace(history, profile=Profile(trace="outcomes"))
    assert from_jsonl(io.StringIO(written(history))).root == history.root


def test_seq_is_kept():
    """Goal: a selection can be shown and read back. Method: rows 1 and 3 of four."""
    history = recorded([full_event(number) for number in range(4)]).select(slice(1, None, 2))
    again = from_jsonl(io.StringIO(written(history)))
    assert again.columns.integer("seq").tolist() == [1, 3]
    assert again.root == history.root


def test_form():
    """Goal: people can read and compare it. Method: one whole file, spelt out."""
    event = {"kind": "notify", "time_ns": -5, "vantage": "client", "actor": "ธนาคาร", "qty": 0}
    lines = written(recorded([event], Profile(source="x"))).splitlines()
    assert lines[0].startswith('{"format":"bcsim-history","profile":{"allows":[],')
    assert lines[0].endswith('"trace":"full","version":1,"within_plan":null},"version":1}')
    assert lines[1:] == [
        '{"seq":0,"time_ns":-5,"vantage":"client","kind":"notify","qty":0,"actor":"ธนาคาร"}'
    ]


def test_from_a_file(tmp_path):
    """Goal: a large file is shown without being loaded. Method: path and history agree."""
    history = recorded([full_event(number) for number in range(5)])
    write_history(history, tmp_path / "history.parquet")
    assert written(tmp_path / "history.parquet") == written(history)
    assert written(str(tmp_path / "history.parquet")) == written(history)


def test_empty_lines_are_passed_over():
    """Goal: a file edited by hand is read. Method: blank lines, CRLF, no last newline."""
    text = HEADER + "\n" + EVENT.replace("\n", "\r\n") + "  \n" + EVENT.replace("0", "1", 1).strip()
    assert from_jsonl(named(text)).columns.integer("seq").tolist() == [0, 1]


BAD_LINES = [
    ("{", "the line is not JSON", "", ""),
    ('{"seq":1,"seq":2}', "the line is not JSON", "", "repeated keys seq"),
    ("7", "the line is not an event", "", ""),
    (EVENT.replace("vantage", "vantge"), "the event is incomplete", "", ""),
    (EVENT.replace('"oms"', '"oms","actr":"x"'), "unknown column", "actr",
     "did you mean 'actor'?"),
    (EVENT.replace("submit", "sumbit"), "unknown kind", "kind=sumbit", "did you mean 'submit'?"),
    (EVENT.replace("0", "true", 1), "the value does not fit", "seq=True", ""),
    (EVENT.replace("5", "5.0"), "the value does not fit", "time_ns=5.0", ""),
    (EVENT.replace("5", "null"), "the value does not fit", "time_ns=None", ""),
    (EVENT.replace("5", "9223372036854775808"), "the value does not fit",
     "time_ns=9223372036854775808", ""),
    (EVENT.replace("5", "-9223372036854775808"), "the value does not fit",
     "time_ns=-9223372036854775808", ""),
    (EVENT.replace('"oms"', "7"), "the value does not fit", "vantage=7", ""),
    (EVENT.replace("oms", r"\ud800"), "the value does not fit", r"vantage='\ud800'", ""),
    (EVENT, "out of order", "seq=0 after seq=0", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "message", "value", "hint"), BAD_LINES, ids=[f"{b[1]} {b[2]}" for b in BAD_LINES]
)
def test_a_bad_line_is_named(line, message, value, hint):
    """Goal: file, line, value and what to do. Method: one bad line between good ones."""
    good = EVENT.replace("0", "9", 1)
    with pytest.raises(HistoryError) as caught:
        from_jsonl(named(HEADER + EVENT + line.strip() + "\n" + good))
    (problem,) = caught.value.problems
    assert (problem.message, problem.place) == (message, "day.jsonl:3:1")
    assert problem.value == value
    assert hint in problem.hint
    assert problem.source_line == line.strip()


def test_all_bad_lines_are_named_up_to_a_bound(monkeypatch):
    """Goal: a file is mended once, but a wrong file ends soon. Method: a bound of 3."""
    text = HEADER + "{\n" * 2 + EVENT + "[]\n" + "{\n" * 50
    monkeypatch.setattr(limits, "PROBLEMS_SHOWN_MAX", 3)
    with pytest.raises(HistoryError) as caught:
        from_jsonl(named(text))
    assert [problem.line for problem in caught.value.problems] == [2, 3, 5]


BAD_HEADERS = [
    ("", "the header is not JSON"),
    ("{", "the header is not JSON"),
    ("[]", "the first line is not a header"),
    (EVENT, "the first line is not a header"),
    ('{"format":"bcsim-history"}', "the file is of a version that this bcsim does not know"),
    ('{"format":"bcsim-history","version":2}', "the file is of a version that this bcsim does"),
    ('{"format":"bcsim-history","version":1,"profile":7}', "profile does not hold"),
    ('{"format":"bcsim-history","version":1,"profile":{"kin":""}}', "profile.kin does not hold"),
]


@pytest.mark.parametrize(("header", "message"), BAD_HEADERS)
def test_a_bad_header_is_named(header, message):
    """Goal: nothing is guessed about a file. Method: one fault in the first line."""
    with pytest.raises(HistoryError, match=message) as caught:
        from_jsonl(named(header))
    assert caught.value.problems[0].file == "day.jsonl"


def test_a_line_has_a_bound(monkeypatch):
    """Goal: memory is bounded. Method: a line of exactly the bound, and one longer."""
    event = EVENT.strip()
    monkeypatch.setattr(limits, "LOG_LINE_BYTES_MAX", len(event))
    header = '{"format":"bcsim-history","version":1}'
    assert len(from_jsonl(named(f"{header}\n{event}\n"))) == 1
    with pytest.raises(HistoryError, match="the line is too long") as caught:
        from_jsonl(named(f"{header}\n{event} \n"))
    assert caught.value.problems[0].line == 2


def test_bytes_that_are_not_utf_8():
    """Goal: a wrong encoding is named with its line. Method: one wrong byte in line 2."""
    raw = io.BytesIO(HEADER.encode() + EVENT.encode().replace(b"oms", b"\xff"))
    stream = io.TextIOWrapper(raw, encoding="utf-8")
    with pytest.raises(HistoryError, match="not UTF-8"):
        from_jsonl(stream)
