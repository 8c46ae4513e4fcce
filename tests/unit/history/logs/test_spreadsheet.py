"""Goal: a workbook's cells become the text that people see, and a bad workbook an error.

Method: workbooks put together part by part; each wrong one differs in one part.
"""

from __future__ import annotations

import zipfile

import pytest

from bcsim import limits
from bcsim.errors import HistoryError
from bcsim.history.logs.mapping import TableForm
from bcsim.history.logs.spreadsheet import write_sheet

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

PARTS = {
    "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELATIONS}"><workbookPr/><sheets>'
    '<sheet name="One" sheetId="1" r:id="rId1"/><sheet name="Zwei &amp; 2" sheetId="2" '
    'r:id="rId2"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
    '<Relationship Id="rId1" Target="/xl/worksheets/sheet1.xml"/>'
    '<Relationship Id="rId2" Target="worksheets/sheet2.xml"/></Relationships>',
    "xl/sharedStrings.xml": f"<sst {MAIN}><si><t>plain</t></si>"
    "<si><r><t>in </t></r><r><t>parts</t></r></si></sst>",
    "xl/styles.xml": f'<styleSheet {MAIN}><numFmts><numFmt numFmtId="170" '
    'formatCode="0.00&quot;days&quot;"/></numFmts><cellXfs><xf numFmtId="0"/>'
    '<xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>',
    "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData>"
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="str">'
    "<v>c</v></c></row>"
    '<row r="3"><c r="A3" s="1"><v>46348.5</v></c><c r="C3"><v>0.1</v></c></row>'
    '<row r="4"><c r="A4" t="b"><v>1</v></c><c r="B4" t="e"><v>#N/A</v></c>'
    '<c r="C4" s="2"><v>12345678901234567890</v></c></row>'
    "</sheetData></worksheet>",
    "xl/worksheets/sheet2.xml": f"<worksheet {MAIN}><sheetData><row><c><v>7</v></c></row>"
    "</sheetData></worksheet>",
}


@pytest.fixture
def sheet(tmp_path):
    """Text of a sheet of a workbook made of parts."""

    def read(name: str = "", form: TableForm | None = None, **changed: str) -> str:
        path = tmp_path / "w.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, text in PARTS.items():
                stem = part.rsplit("/", 1)[1].split(".")[0]
                if changed.get(stem, text):
                    archive.writestr(part, changed.get(stem, text))
        target = write_sheet(path, form or TableForm(sheet=name), tmp_path / "w.csv")
        return target.read_text(encoding="utf-8")

    return read


def test_cells(sheet):
    """Goal: every sort of cell, and rows that are left out. Method: the sheet as a whole."""
    assert sheet().splitlines() == [
        '"plain","in parts","c"',
        '"","",""',
        '"2026-11-22 12:00:00","","0.1"',
        '"true","","12345678901234567890"',
    ]


def test_a_sheet_is_chosen_by_its_name(sheet):
    """Goal: any sheet can be read. Method: the second, whose name has to be escaped."""
    assert sheet("Zwei & 2") == '"7"\n'


def test_days_may_count_from_1904(sheet):
    """Goal: old workbooks show the same day. Method: the flag of the other epoch."""
    book = PARTS["xl/workbook.xml"].replace("<workbookPr/>", '<workbookPr date1904="1"/>')
    assert "2030-11-23 12:00:00" in sheet(workbook=book)


def one_cell(cell: str) -> str:
    return f"<worksheet {MAIN}><sheetData><row><c>{cell}</c></row></sheetData></worksheet>"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("1.1000000000000001", "1.1"),
        ("250.50000000000003", "250.5"),
        ("1001.0", "1001"),
        ("1.2E-2", "0.012"),
        ("12345678901234567890", "12345678901234567890"),
        ("1.2345678901234568E+17", "1.2345678901234568E+17"),
    ],
)
def test_a_number_has_15_digits(sheet, stored, shown):
    """Goal: a price is what people see, an id what it is. Method: numbers as Excel stores them."""
    assert sheet(sheet1=one_cell(f"<v>{stored}</v>")) == f'"{shown}"\n'


def test_a_number_has_the_decimal_sign_of_the_texts(sheet):
    """Goal: 100.5 is no 1005 where points part thousands. Method: a decimal comma."""
    form = TableForm(decimal=",", thousands=".")
    assert sheet(form=form, sheet1=one_cell("<v>100.5</v>")) == '"100,5"\n'


def test_a_formula_without_a_value_is_refused(sheet):
    """Goal: nothing is read as nothing that was not calculated. Method: with and without it."""
    assert sheet(sheet1=one_cell("<f>A1*2</f><v>4</v>")) == '"4"\n'
    with pytest.raises(HistoryError, match="a formula was never calculated"):
        sheet(sheet1=one_cell("<f>A1*2</f>"))


def test_rows_above_the_header_may_be_narrower(sheet):
    """Goal: a title over the table does no harm. Method: a title, and a row that ends early."""
    cell = '<c t="str"><v>{}</v></c>'
    rows = (("Title",), ("a", "b", "c"), ("1", "2"))
    text = "".join(f"<row>{''.join(cell.format(x) for x in row)}</row>" for row in rows)
    text = f"<worksheet {MAIN}><sheetData>{text}</sheetData></worksheet>"
    assert sheet(form=TableForm(skip_lines=1), sheet1=text) == '""\n"a","b","c"\n"1","2",""\n'


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sheet1": ""}, "the workbook cannot be read"),
        ({"sheet1": "<worksheet"}, "the document is not XML"),
        ({"sheet1": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, "declares a document type"),
        ({"sharedStrings": f"<sst {MAIN}/>"}, "a cell names a text that is not there"),
        ({"workbook": "<a>" * 100}, "nested too deeply"),
    ],
)
def test_a_bad_workbook(sheet, changed, said):
    """Goal: damage is named. Method: one bad part each."""
    with pytest.raises(HistoryError, match=said):
        sheet(**changed)


def test_a_sheet_that_is_not_there(sheet):
    """Goal: the sheets that are there are offered. Method: a wrong name."""
    with pytest.raises(HistoryError, match="there is no sheet Two — there are One, Zwei & 2"):
        sheet("Two")


def test_a_bomb_is_refused(sheet, monkeypatch):
    """Goal: a small archive cannot fill the disk. Method: a limit of 1000 bytes."""
    monkeypatch.setattr(limits, "SHEET_BYTES_MAX", 1000)
    with pytest.raises(HistoryError, match="too large"):
        sheet(sheet1=PARTS["xl/worksheets/sheet1.xml"] + " " * 1_000_000)


def test_a_cell_beyond_the_last_column_is_refused(sheet):
    """Goal: a place cannot ask for endless columns. Method: column XFE, one too many."""
    text = PARTS["xl/worksheets/sheet1.xml"].replace('r="A1"', 'r="XFE1"')
    with pytest.raises(HistoryError, match="beyond the last column"):
        sheet(sheet1=text)
