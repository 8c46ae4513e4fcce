"""Goal: a mapping file says what it means, or every problem at once with its line.

Method: small files; wrong ones differ in one key.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bcsim.errors import HistoryError
from bcsim.history.logs.mapping import (
    EventRule,
    Span,
    TableForm,
    TableMapping,
    TimeForm,
    mapping_for,
)
from bcsim.history.logs.mapping_file import read_mapping

WHOLE = """\
version = 1
files = ["orders*.csv"]
kind = "submit"
vantage = "oms"
declares = ["submit", "settle"]

[table]
delimiter = ";"
decimal = ","
thousands = "."

[time]
columns = ["Day", "Clock"]
form = "%d/%m/%Y %H:%M:%S"
zone = "Asia/Bangkok"

[deadline]
column = "Due"
form = "unix s"

[columns]
order_id = "No"
qty = "Units"

[constants]
channel = "phone"

[values.side]
K = "buy"

[scales]
qty = 2

[when]
State = "open"

[[covers]]
vantage = "oms"
from = "2026-11-22T09:00"
"""


@pytest.fixture
def read(tmp_path):
    """Read a text as a mapping file."""

    def parse(text: str) -> TableMapping:
        path = tmp_path / "m.toml"
        path.write_text(text, encoding="utf-8")
        return read_mapping(path)

    return parse


def test_every_key(read, tmp_path):
    """Goal: each key has its place. Method: a file with all of them, compared whole."""
    assert read(WHOLE) == TableMapping(
        events=(
            EventRule(
                columns={"order_id": "No", "qty": "Units"},
                constants={"channel": "phone", "kind": "submit", "vantage": "oms"},
                time=TimeForm(("Day", "Clock"), "%d/%m/%Y %H:%M:%S", "Asia/Bangkok"),
                deadline=TimeForm(("Due",), "unix s"),
                values={"side": {"K": "buy"}},
                when={"State": ("open",)},
            ),
        ),
        form=TableForm(delimiter=";", decimal=",", thousands="."),
        scales={"qty": 2},
        declares=("submit", "settle"),
        covers=(Span("oms", "2026-11-22T09:00"),),
        files=("orders*.csv",),
        source=str(tmp_path / "m.toml"),
    )


def test_events_take_what_they_leave_out_from_the_top(read):
    """Goal: one row, several events. Method: two events; a column replaces a constant."""
    text = WHOLE + '[[events]]\nkind = "execute"\ntime.column = "Done"\n'
    text += '[[events]]\ncolumns.vantage = "Where"\ncolumns.channel = "Via"\n'
    first, second = read(text).events
    assert first.constants == {"channel": "phone", "kind": "execute", "vantage": "oms"}
    assert first.time == TimeForm(("Done",))
    assert second.constants == {"kind": "submit"}
    assert second.columns["vantage"] == "Where"
    assert second.time == TimeForm(("Day", "Clock"), "%d/%m/%Y %H:%M:%S", "Asia/Bangkok")


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("version = 1", "version = 2", 1, "version: out of bounds"),
        ("declares = ", "declare = ", 5, "unknown key"),
        ('"submit"\nvantage', '"submitt"\nvantage', 3, "kind: not known"),
        ('vantage = "oms"\ndecl', "decl", 0, "nothing says the vantage of an event"),
        ("order_id", "order", 22, "columns: unknown key"),
        ('"Asia/Bangkok"', '"Asia/Bankok"', 15, "time.zone: there is no such time zone"),
        ('"unix s"', '"seconds"', 19, "deadline.form: not a form of times"),
        ('delimiter = ";"', 'delimiter = "::"', 8, "table.delimiter: not one sign"),
        ('thousands = "."', 'thousands = ","', 7, "one sign cannot part both"),
        ("qty = 2", 'qty = "2"', 32, "scales.qty: out of bounds"),
        ('"oms"\nfrom', '""\nfrom', 37, "covers: a vantage is missing"),
        ('["submit", "settle"]', '["submit", "setle"]', 5, "declares: not known"),
        ('columns = ["Day", "Clock"]\n', "", 12, "time names no column"),
    ],
)
def test_a_problem_has_its_line(read, old, new, line, said):
    """Goal: a slip is found by its line. Method: one wrong key each."""
    assert old in WHOLE
    with pytest.raises(HistoryError) as raised:
        read(WHOLE.replace(old, new, 1))
    (problem,) = raised.value.problems
    assert said in problem.message
    assert problem.line == line


def test_a_slip_of_the_pen_is_guessed(read):
    """Goal: the nearest name is offered. Method: a column nearly right."""
    with pytest.raises(HistoryError, match="did you mean 'order_id'"):
        read(WHOLE.replace("order_id", "orderid"))


@pytest.mark.parametrize("text", ["= 1", "a = [", "\x00", "version = 1\nversion = 1"])
def test_not_toml(read, text):
    """Goal: a file that is no TOML is named. Method: four of them."""
    with pytest.raises(HistoryError, match="the file is not TOML"):
        read(text)


def test_a_mapping_for_a_file():
    """Goal: a name goes before a general mapping, and intents have their own. Method: three."""
    orders = TableMapping((EventRule({}, {"kind": "submit"}),), source="general")
    wishes = TableMapping((EventRule({}, {"kind": "intend"}),), source="wishes")
    named = TableMapping((EventRule({}, {"kind": "book"}),), files=("ledger*",), source="named")
    every = (orders, wishes, named)
    assert mapping_for(Path("d/ledger.csv"), every, is_intents=False) is named
    assert mapping_for(Path("d/x.csv"), every, is_intents=False) is orders
    assert mapping_for(Path("d/x.csv"), every, is_intents=True) is wishes
    assert mapping_for(Path("d/x.csv"), (named,), is_intents=True) is None
