"""Goal: tables as people export them are read right, or refused with what to do.

Method: tables of one or two rows, each with one thing that exports of real systems have; what is
right was decided before they were read.
"""

from __future__ import annotations

import pytest

from bcsim.errors import HistoryError
from bcsim.history.logs.mapping_file import read_mapping
from bcsim.history.logs.reader import LogOptions, read_logs, suggest_mapping

MAPPING = """\
version = 1
vantage = "ledger"
kind = "book"
[columns]
order_id = "order"
side = "side"
qty = "qty"
"""
TIME = '[time]\ncolumn = "time"\n'
ROW = {"time": "2026-11-23T10:00:00Z", "order": "A-1", "side": "buy", "qty": "100"}


@pytest.fixture
def read(tmp_path):
    """Rows of a table made of one, and of what differs from it; a mapping with more in it."""

    def rows(more="", *, time=TIME, data=None, delimiter=",", **cells):
        path, mapping = tmp_path / "t.csv", tmp_path / "m.toml"
        row = {**ROW, **cells}
        lines = [delimiter.join(row), delimiter.join(f'"{cell}"' for cell in row.values())]
        path.write_bytes("\n".join([*lines, ""]).encode() if data is None else data)
        mapping.write_text(MAPPING + time + more, encoding="utf-8")
        (reading,) = read_logs([path], (), LogOptions((read_mapping(mapping),)))
        return list(reading.history.gathered().rows())

    return rows


def problem(read, *arguments, **cells):
    """Message, value and hint of the only problem."""
    with pytest.raises(HistoryError) as raised:
        read(*arguments, **cells)
    (found,) = raised.value.problems
    return found.message, found.value, found.hint


# -- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decimal", "thousands", "text", "value"),
    [
        (".", ",", "1,234,567.5", 12_345_675),
        (".", ",", "-1,234.5", -12_345),
        (".", ",", "12,34,567", 1_234_567),
        (".", ",", "1234.5", 12_345),
        (",", ".", "1.234.567,5", 12_345_675),
        (",", ".", "1234,5", 12_345),
        (",", "", "1234,5", 12_345),
        (",", " ", "1\u202f234,5", 12_345),
        (".", "'", "1'234.5", 12_345),
    ],
)
def test_numbers_of_many_countries(read, decimal, thousands, text, value):
    """Goal: signs between thousands and before decimals. Method: the ways that are in use."""
    more = f'[table]\ndecimal = "{decimal}"\nthousands = "{thousands}"\ndelimiter = ";"\n'
    (row,) = read(more, delimiter=";", qty=text)
    assert row["qty"] == value


@pytest.mark.parametrize(
    ("decimal", "thousands", "text"),
    [
        (".", ",", "1,5"), (".", ",", "1,50"), (".", ",", ",500"), (".", ",", "1234,567"),
        (",", ".", "1.5"), (",", "", "1.500"), (".", "'", "1'5"),
    ],
)  # fmt: skip
def test_a_sign_that_is_out_of_place_is_refused(read, decimal, thousands, text):
    """Goal: 1,5 is no 15. Method: signs between thousands where no thousands end."""
    more = f'[table]\ndecimal = "{decimal}"\nthousands = "{thousands}"\ndelimiter = ";"\n'
    message, value, _ = problem(read, more, delimiter=";", qty=text)
    assert (message, value) == ("qty cannot be read", text)


# -- texts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "side"),
    [("ซื้อ", "buy"), ("ขาย", "sell"), ("Bought", "buy"), ("SLD", "sell"), ("DEBIT", "debit")],
)
def test_sides_in_words(read, text, side):
    """Goal: a side that is a word is compared. Method: Thai and English."""
    (row,) = read(side=text)
    assert row["side"] == side


@pytest.mark.parametrize("more", ["", '[values.side]\nK = "buy"\n'])
def test_an_unknown_side_is_refused(read, more):
    """Goal: what cannot be compared is not passed over. Method: a word that nobody explains."""
    message, value, hint = problem(read, more, side="Verkauf")
    assert (message, value) == ("the side is not known", "Verkauf")
    assert "[values.side]" in hint


def test_an_unknown_side_is_no_constant(tmp_path):
    """Goal: nor is it stated for all rows. Method: a constant with a slip."""
    path = tmp_path / "m.toml"
    path.write_text(MAPPING.replace('side = "side"\n', "") + TIME + '[constants]\nside = "Buy"\n')
    with pytest.raises(HistoryError, match="not a side"):
        read_mapping(path)


@pytest.mark.parametrize("blank", ["\t", "\u00a0", "\u3000", "\ufeff"])
def test_blanks_of_any_sort_do_not_count(read, blank):
    """Goal: an id that was pasted joins its order. Method: blanks that nobody sees."""
    (row,) = read(order=f"{blank}A-1{blank}", qty=f"100{blank}")
    assert (row["order_id"], row["qty"]) == ("A-1", 100)


# -- times -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form"),
    [("2569-11-23T10:00:00Z", "iso"), ("23/11/2569 10:00:00", "%d/%m/%Y %H:%M:%S")],
)
def test_a_year_of_the_buddhist_era(read, text, form):
    """Goal: 2569 is refused and explained. Method: the form iso, and a pattern."""
    time = TIME + f'form = "{form}"\nzone = "Asia/Bangkok"\n'
    data = f"time,order,side,qty\n{text},A-1,buy,100\n".encode()
    message, value, hint = problem(read, time=time, data=data)
    assert (message, value) == ("time: not a time", text)
    assert hint == "years of the Buddhist era are 543 ahead: write those of the common era"


@pytest.mark.parametrize("offset", ["+25:00", "-15:00", "+07:60"])
def test_an_offset_that_no_place_has(read, offset):
    """Goal: a torn offset is no offset. Method: more hours and minutes than there are."""
    data = f"time,order,side,qty\n2026-11-23T10:00:00{offset},A-1,buy,100\n".encode()
    assert problem(read, data=data)[0] == "time: not a time"


# -- files -----------------------------------------------------------------------------------


def test_a_header_of_two_lines_has_all_its_columns(read):
    """Goal: columns behind the break are found. Method: a mapping that names the two lines."""
    data = b'"time\n(UTC)",order,side,qty\n2026-11-23T10:00:00Z,A-1,buy,100\n'
    (row,) = read(time='[time]\ncolumn = "time\\n(UTC)"\n', data=data)
    assert (row["order_id"], row["qty"]) == ("A-1", 100)


def test_utf_16_says_so_itself(read):
    """Goal: what Excel calls Unicode text is read. Method: UTF-16, and no encoding named."""
    text = "time\torder\tside\tqty\n2026-11-23T10:00:00Z\tก-1\tbuy\t100\n"
    (row,) = read(data=text.encode("utf-16"))
    assert row["order_id"] == "ก-1"


def test_thai_of_windows_by_its_usual_name(read):
    """Goal: the name that browsers and databases use is known. Method: windows-874."""
    data = "time,order,side,qty\n2026-11-23T10:00:00Z,ก-1,ซื้อ,100\n".encode("cp874")
    (row,) = read('[table]\nencoding = "windows-874"\n', data=data)
    assert (row["order_id"], row["side"]) == ("ก-1", "buy")


def test_thai_of_windows_is_proposed(tmp_path):
    """Goal: who has such a file gets a proposal. Method: a list of intents in cp874."""
    path = tmp_path / "wishes.csv"
    path.write_bytes("เลขที่คำสั่ง,ซื้อขาย,จำนวน\nก-1,ซื้อ,100\n".encode("cp874"))
    text = suggest_mapping(path, is_intents=True)
    assert "# OPEN: say whether the table is in cp874: [table] encoding.\n" in text
    assert 'encoding = "cp874"' in text
    assert 'side = "ซื้อขาย"' in text


def test_unknown_sides_are_asked_for(tmp_path):
    """Goal: no list of intents is read whose sides mean nothing. Method: two words, one known."""
    path = tmp_path / "wishes.csv"
    path.write_text("order_id,side,qty\nO1,Kauf,1\nO2,Sold,2\n", encoding="utf-8")
    text = suggest_mapping(path, is_intents=True)
    assert "# OPEN: say what 1 text of column side mean, in [values.side].\n" in text
    assert text.endswith('[values.side]\n"Sold" = "sell"\n# "Kauf" = "…"  # buy or sell\n')
    with pytest.raises(HistoryError, match="the table needs a mapping"):
        read_logs([], [path])


@pytest.mark.parametrize(("row", "count"), [("x,y", 2), ("a,b,c,d,e", 5)])
def test_a_row_of_another_width_is_counted(read, row, count):
    """Goal: the error says what is wrong with the row. Method: too few cells, too many."""
    data = f"time,order,side,qty\n{row}\n".encode()
    said = f"the row has {count} cells, and the header has 4"
    assert problem(read, data=data) == ("the table cannot be read", "", said)


def test_a_table_is_given_once(tmp_path):
    """Goal: rows are not counted twice. Method: one file by two names."""
    path = tmp_path / "wishes.csv"
    path.write_text("order_id,side,qty\nO1,buy,1\n", encoding="utf-8")
    (tmp_path / "sub").mkdir()
    with pytest.raises(HistoryError, match="the file is given twice"):
        read_logs([], [path, tmp_path / "sub" / ".." / "wishes.csv"])


def test_a_mapping_that_no_file_uses(tmp_path):
    """Goal: a mapping is not passed over in silence. Method: one for logs, beside intents."""
    path, mapping = tmp_path / "wishes.csv", tmp_path / "m.toml"
    path.write_text("order_id,side,qty\nO1,buy,1\n", encoding="utf-8")
    mapping.write_text(MAPPING + TIME, encoding="utf-8")
    with pytest.raises(HistoryError, match="the mapping is for none of the files"):
        read_logs([], [path], LogOptions((read_mapping(mapping),)))
