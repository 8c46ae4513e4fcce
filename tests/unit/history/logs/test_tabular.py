"""Goal: a table gives one history, whatever its format, or an error with file and line.

Method: one table written in every format; wrong ones differ from it in one cell.
"""

from __future__ import annotations

import gzip

import pytest

from bcsim.errors import HistoryError
from bcsim.history.logs.mapping_file import read_mapping
from bcsim.history.logs.reader import LogOptions, read_logs
from bcsim.history.profile import Coverage
from bcsim.history.reconciliation import reconcile
from tests.unit.history.logs.tables import EXPECTED, MAPPING, T0, WRITERS, write_csv


@pytest.fixture
def options(tmp_path):
    """Options with a mapping of a text."""

    def make(text: str = MAPPING) -> LogOptions:
        path = tmp_path / "mapping.toml"
        path.write_text(text, encoding="utf-8")
        return LogOptions((read_mapping(path),))

    return make


def rows(reading):
    return [{k: v for k, v in row.items() if v is not None} for row in reading.history.rows()]


def problem(path, options):
    """The only problem with a file, as place, message and value."""
    with pytest.raises(HistoryError) as raised:
        read_logs([path], (), options)
    (found,) = raised.value.problems
    return found.line, found.message, found.value


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_history(tmp_path, options, name):
    """Goal: one table, one history, exact. Method: each format against the rows written out."""
    (reading,) = read_logs([WRITERS[name](tmp_path / name)], (), options())
    profile = reading.history.profile
    assert rows(reading) == EXPECTED
    assert (profile.qty_scale, profile.price_scale, profile.kind) == (0, 3, "live test log")
    assert reading.is_timed
    assert "3 rows, 3 events (price in units of 1e-3)" in reading.notes[0]


@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.jsonl"])
def test_gzip(tmp_path, options, name):
    """Goal: packed tables are read. Method: the text formats through gzip."""
    path = WRITERS[name](tmp_path / name)
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert rows(read_logs([path], (), options())[0]) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp874", "utf-16"])
def test_encodings(tmp_path, options, encoding):
    """Goal: Thai of any age is read. Method: three encodings, two of them named."""
    path = write_csv(tmp_path / "t.csv", ";", encoding)
    named = "" if encoding.startswith("utf-8") else f'encoding = "{encoding}"'
    text = MAPPING + f'[table]\ndelimiter = ";"\n{named}\n'
    assert rows(read_logs([path], (), options(text))[0]) == EXPECTED


def test_a_line_is_counted_by_the_file(tmp_path, options):
    """Goal: an error stands where an editor finds it. Method: a cell of three lines before it."""
    path = write_csv(tmp_path / "t.csv")
    text = path.read_text(encoding="utf-8").replace('"a ""b"", c"', '"a\n\nc"')
    path.write_text(text.replace("0.1,C2", "1O,C2"), encoding="utf-8")
    assert problem(path, options()) == (6, "price cannot be read", "1O")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("FILL", "KILL", "the event is of no known kind"),
        ("10:00:02", "25:00:02", "time: not a time"),
        (",7,", ",7.5.1,", "qty cannot be read"),
        (",7,", ",99999999999999999999,", "qty cannot be read"),
        (",7,", ",1e400,", "qty cannot be read"),
        ("2026-11-22 10:00:02", "", "the row has no time"),
        ("10:00:02,NEW", "10:00:02,", "the row does not say what happened"),
    ],
)
def test_a_wrong_cell_is_an_error(tmp_path, options, old, new, message):
    """Goal: nothing is guessed. Method: one wrong cell each, and where it is said to be."""
    path = write_csv(tmp_path / "t.csv")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    line, said, _ = problem(path, options())
    assert (line, said) == (3 if old == "FILL" else 4, message)


def test_every_wrong_row_is_named(tmp_path, options):
    """Goal: a file is mended once. Method: two wrong cells in two rows."""
    path = write_csv(tmp_path / "t.csv")
    text = path.read_text(encoding="utf-8").replace("10.50", "x").replace("10:00:02", "y")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(HistoryError) as raised:
        read_logs([path], (), options())
    assert [p.line for p in raised.value.problems] == [2, 4]


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ("2026-10-25 02:30:00", "time: local time that occurs twice"),
        ("2026-03-29 02:30:00", "time: local time that never occurs"),
    ],
)
def test_local_times_must_be_unambiguous(tmp_path, options, clock, said):
    """Goal: nobody guesses summer time. Method: Berlin's two odd hours of 2026."""
    path = write_csv(tmp_path / "t.csv")
    text = path.read_text(encoding="utf-8").replace("2026-11-22 10:00:02", clock)
    path.write_text(text, encoding="utf-8")
    berlin = options(MAPPING.replace("Asia/Bangkok", "Europe/Berlin"))
    assert problem(path, berlin) == (4, said, clock)


def test_a_zone_must_be_named(tmp_path, options):
    """Goal: times are never taken for some zone. Method: the mapping without its zone."""
    path = write_csv(tmp_path / "t.csv")
    with pytest.raises(HistoryError, match="no time zone") as raised:
        read_logs([path], (), options(MAPPING.replace('zone = "Asia/Bangkok"\n', "")))
    assert len(raised.value.problems) == 3


def test_a_stated_scale_holds(tmp_path, options):
    """Goal: digits are never dropped. Method: two digits for a price that has three."""
    path = write_csv(tmp_path / "t.csv")
    stated = options(MAPPING + "[scales]\nprice = 2\n")
    assert problem(path, stated) == (3, "price cannot be read", "10.455")


def test_a_row_with_a_column_for_each_time(tmp_path, options):
    """Goal: an order database is read. Method: one row an order, three columns of times."""
    path = tmp_path / "orders.csv"
    path.write_text(
        "id,placed,acked,done,qty\n"
        "O1,2026-11-22T03:00:00Z,2026-11-22T03:00:01Z,2026-11-22T03:00:02Z,5\n"
        "O2,2026-11-22T03:00:01Z,2026-11-22T03:00:03Z,,6\n",
        encoding="utf-8",
    )
    text = 'version = 1\nvantage = "oms"\n[columns]\norder_id = "id"\nqty = "qty"\n'
    for kind, column in (("submit", "placed"), ("acknowledge", "acked"), ("execute", "done")):
        text += f'[[events]]\nkind = "{kind}"\ntime.column = "{column}"\n'
    found = rows(read_logs([path], (), options(text))[0])
    assert [(r["order_id"], r["kind"], (r["time_ns"] - T0) // 10**9) for r in found] == [
        ("O1", "submit", 0),
        ("O1", "acknowledge", 1),
        ("O1", "execute", 2),
        ("O2", "submit", 1),
        ("O2", "acknowledge", 3),
    ]


def test_rows_are_left_out_when_told(tmp_path, options):
    """Goal: a mapping leaves rows out by word or by condition. Method: both, one row each."""
    path = write_csv(tmp_path / "t.csv")
    by_word = options(MAPPING.replace('FILL = "execute"', 'FILL = ""'))
    assert [r["order_id"] for r in rows(read_logs([path], (), by_word)[0])] == ["O1", "O2"]
    path.write_text(path.read_text(encoding="utf-8").replace(",FILL,", "x,FILL,"), encoding="utf-8")
    assert len(read_logs([path], (), by_word)[0].history) == 2  # its time is nobody's business
    path = write_csv(tmp_path / "t.csv")
    by_condition = options(MAPPING + '[when]\nStock = ["ABC"]\n')
    assert [r["order_id"] for r in rows(read_logs([path], (), by_condition)[0])] == ["O1", "O1"]


def test_coverage_and_declarations(tmp_path, options):
    """Goal: what the table claims is in the profile. Method: two spans and one empty kind."""
    text = MAPPING.replace("version = 1", 'version = 1\ndeclares = ["settle"]')
    text += '[[covers]]\nvantage = "oms"\n[[covers]]\nvantage = "venue"\nto = "2026-11-22T11:00"\n'
    (reading,) = read_logs([write_csv(tmp_path / "t.csv")], (), options(text))
    profile = reading.history.profile
    begin = T0 + 500_000_000
    assert profile.declared_kinds == ("submit", "execute", "settle")
    assert profile.coverage == (
        Coverage("oms", begin, T0 + 2 * 10**9),
        Coverage("venue", begin, T0 + 3600 * 10**9),
    )


def test_a_table_without_rows(tmp_path, options):
    """Goal: a header alone is a declared table that is empty. Method: no rows."""
    path = tmp_path / "t.csv"
    path.write_text(write_csv(path).read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
    (reading,) = read_logs([path], (), options())
    assert len(reading.history) == 0
    assert reading.history.profile.declared_kinds == ("submit", "execute")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("a,a\n1,2\n", "the header has a name more than once"),
        ("\n1,2\n", "there is no header"),
        ("a,b\n1\n", "the table cannot be read"),
        ("a" * 1_048_577, "the header is too long"),
        ("Time,What\n1,2\n", "the table has no column Order"),
    ],
)
def test_a_wrong_header(tmp_path, options, header, said):
    """Goal: a table that is none is named. Method: five of them."""
    path = tmp_path / "t.csv"
    path.write_text(header, encoding="utf-8")
    mapping = (
        MAPPING
        if said.startswith("the table has")
        else MAPPING.split("[time]")[0]
        + ('kind = "submit"\n[time]\ncolumn = "a"\n[columns]\norder_id = "b"\n')
    )
    with pytest.raises(HistoryError, match=said):
        read_logs([path], (), options(mapping))


def test_a_large_table_is_read_by_the_column(tmp_path, options):
    """Goal: both ways of fetching texts agree. Method: 70 000 rows, beyond the small way."""
    count = 70_000
    path = tmp_path / "t.csv"
    lines = [f"2026-11-22T03:{i // 60 % 60:02d}:{i % 60:02d}Z,O{i},{i % 7}," for i in range(count)]
    path.write_text("t,o,n,e\n" + "\n".join(lines), encoding="utf-8")
    text = 'version = 1\nvantage = "oms"\nkind = "submit"\n[time]\ncolumn = "t"\n'
    text += '[columns]\norder_id = "o"\nsegment = "n"\nexec_id = "e"\n'
    history = read_logs([path], (), options(text))[0].history.gathered()
    assert len(history) == count
    assert history.columns.text("order_id").decode(count - 1) == f"O{count - 1}"
    assert history.columns.text("segment").names == tuple("0123456")
    assert history.columns.text("exec_id").decode(5) is None
    assert int(history.integer("time_ns")[61]) == T0 + 61 * 10**9


def test_units_that_do_not_fit_together_are_an_error(tmp_path, options):
    """Goal: no number wraps around. Method: a quantity of 18 digits behind the point, and 100."""
    fine = tmp_path / "fine.csv"
    text = write_csv(tmp_path / "t.csv").read_text(encoding="utf-8")
    fine.write_text(text.replace(",7,", ",0.000000000000000001,").replace(",100,", ",1,"))
    fine.write_text(fine.read_text(encoding="utf-8").replace(",40,", ",1,"), encoding="utf-8")
    readings = read_logs([tmp_path / "t.csv", fine], (), options())
    with pytest.raises(HistoryError, match="qty does not fit 64 bits in the finest unit"):
        reconcile(readings)


def test_ranks_may_have_names(tmp_path, options):
    """Goal: a priority class is a word in most systems. Method: words for two ranks."""
    path = tmp_path / "t.csv"
    path.write_text("t,o,p\n2026-11-22T03:00:00Z,O1,vip\n2026-11-22T03:00:00Z,O2,1\n")
    text = 'version = 1\nvantage = "oms"\nkind = "submit"\n[time]\ncolumn = "t"\n'
    text += '[columns]\norder_id = "o"\npriority = "p"\n[values.priority]\nvip = "0"\n'
    history = read_logs([path], (), options(text))[0].history.gathered()
    assert history.integer("priority").tolist() == [0, 1]


@pytest.mark.parametrize("blank", ["", ",,,,,,,,,", " , ,,,,,,,,"])
def test_rows_without_text_are_passed_over(tmp_path, options, blank):
    """Goal: what a spreadsheet leaves behind is no event. Method: such a row, and lines after."""
    path = write_csv(tmp_path / "t.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:3], blank, *lines[3:]]) + "\n", encoding="utf-8")
    assert rows(read_logs([path], (), options())[0]) == EXPECTED
    path.write_text("\n".join([*lines[:3], blank, lines[3].replace("0.1", "x")]), encoding="utf-8")
    assert problem(path, options()) == (5, "price cannot be read", "x")
