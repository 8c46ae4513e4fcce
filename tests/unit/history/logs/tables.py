"""One table in every format: three events of two orders, with all that can be hard in a cell."""

from __future__ import annotations

import csv
import json
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import duckdb

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ("Time", "What", "Order", "Exec", "B/S", "Stock", "Qty", "Price", "Client", "Note")
ROWS = (
    ("2026-11-22 10:00:00.5", "NEW", "O1", "", "B", "ABC", "100", "10.50", "สมชาย", ""),
    ("2026-11-22 10:00:01.25", "FILL", "O1", "E1", "B", "ABC", "40", "10.455", "สมชาย", 'a "b", c'),
    ("2026-11-22 10:00:02", "NEW", "O2", "", "S", "DEF", "7", "0.1", "C2", "x"),
)
MAPPING = """\
version = 1
vantage = "oms"
[time]
column = "Time"
zone = "Asia/Bangkok"
[columns]
kind = "What"
order_id = "Order"
exec_id = "Exec"
side = "B/S"
instrument = "Stock"
qty = "Qty"
price = "Price"
client_id = "Client"
reason = "Note"
[values.kind]
NEW = "submit"
FILL = "execute"
"""

T0 = 1_795_316_400 * 10**9
"""2026-11-22 10:00:00 in Bangkok, 03:00:00 UTC."""

EXPECTED = [
    {
        "seq": 0, "time_ns": T0 + 500_000_000, "vantage": "oms", "kind": "submit",
        "order_id": "O1", "side": "buy", "instrument": "ABC", "qty": 100, "price": 10_500,
        "client_id": "สมชาย",
    },
    {
        "seq": 1, "time_ns": T0 + 1_250_000_000, "vantage": "oms", "kind": "execute",
        "order_id": "O1", "exec_id": "E1", "side": "buy", "instrument": "ABC", "qty": 40,
        "price": 10_455, "client_id": "สมชาย", "reason": 'a "b", c',
    },
    {
        "seq": 2, "time_ns": T0 + 2_000_000_000, "vantage": "oms", "kind": "submit",
        "order_id": "O2", "side": "sell", "instrument": "DEF", "qty": 7, "price": 100,
        "client_id": "C2", "reason": "x",
    },
]  # fmt: skip
"""What the table says, prices in thousandths."""


def write_csv(path: Path, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """Text with a delimiter."""
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows([HEADER, *ROWS])
    return path


def write_tsv(path: Path) -> Path:
    """Text with tabulators."""
    return write_csv(path, "\t")


def write_jsonl(path: Path) -> Path:
    """An object a line; empty cells are left out, numbers are numbers."""
    lines = []
    for row in ROWS:
        cells: dict[str, object] = {n: c for n, c in zip(HEADER, row, strict=True) if c}
        cells |= {"Qty": int(row[6]), "Price": float(row[7])}
        lines.append(json.dumps(cells, ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_parquet(path: Path) -> Path:
    """Typed columns."""
    with duckdb.connect() as connection:
        columns = ", ".join(f'"{name}" varchar' for name in HEADER)
        connection.execute(f"create table t ({columns})")
        connection.executemany(f"insert into t values ({', '.join('?' * len(HEADER))})", ROWS)
        typed = '* replace ("Time"::timestamp as "Time", "Qty"::int as "Qty"'
        typed += ', "Price"::decimal(18, 4) as "Price")'
        connection.execute(f"copy (select {typed} from t) to '{path}' (format parquet)")
    return path


def write_xlsx(path: Path) -> Path:
    """A workbook: shared texts, an inline text, a date by its format, numbers as floats."""
    texts: list[str] = []

    def cell(place: str, text: str, column: int) -> str:
        if not text:
            return ""
        if column == 0 and not place.endswith("1"):
            return f'<c r="{place}" s="1"><v>{serial(text)}</v></c>'
        if column in {6, 7} and not place.endswith("1"):
            return f'<c r="{place}"><v>{text}</v></c>'
        if column == 9:
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        texts.append(text)
        return f'<c r="{place}" t="s"><v>{len(texts) - 1}</v></c>'

    rows = [
        f'<row r="{i}">'
        + "".join(cell(f"{chr(65 + j)}{i}", text, j) for j, text in enumerate(row))
        + "</row>"
        for i, row in enumerate([HEADER, *ROWS], start=1)
    ]
    shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{relations}"><sheets>'
        '<sheet name="Orders" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{''.join(rows)}</sheetData>"
        "</worksheet>",
        "xl/sharedStrings.xml": f"<sst {main}>{shared}</sst>",
        "xl/styles.xml": f'<styleSheet {main}><numFmts><numFmt numFmtId="170" '
        'formatCode="yyyy\\-mm\\-dd hh:mm:ss.000"/></numFmts><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="170"/></cellXfs></styleSheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return path


def serial(text: str) -> str:
    """Days since 1899-12-30 of a time on 2026-11-22, as a workbook keeps it."""
    clock = text.split(" ")[1]
    hours, minutes, seconds = clock.split(":")
    return repr(46_348 + (int(hours) * 3600 + int(minutes) * 60 + float(seconds)) / 86_400)


WRITERS = {
    "t.csv": write_csv,
    "t.tsv": write_tsv,
    "t.jsonl": write_jsonl,
    "t.parquet": write_parquet,
    "t.xlsx": write_xlsx,
}
"""File name -> what writes the table in that format."""
