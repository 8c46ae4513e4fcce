"""One sheet of an XLSX workbook as CSV: read as a stream, numbers by their digits.

The format is ECMA-376 (5th edition, 2021), part 1, chapter 18: a zip archive of XML. Only the
standard library reads it here. A number stays the text that the file has; a cell formatted as a
date is the day and time that it shows, exact to the millisecond.
"""

from __future__ import annotations

import csv
import posixpath
import re
import zipfile
import zlib
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from itertools import islice
from typing import TYPE_CHECKING, Final

from bcsim import limits
from bcsim.errors import HistoryError, Problem
from bcsim.history.logs.xml_events import Element, XmlError, elements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bcsim.history.logs.mapping import TableForm

_BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(45, 48)})
"""Number formats that are dates or times in every workbook (18.8.30)."""

_QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_MS_PER_DAY: Final = 86_400_000
_CELL: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_COLUMNS_MAX: Final = 16_384
_TO_15_DIGITS: Final = Context(prec=15, rounding=ROUND_HALF_EVEN)
_EXPONENT_MAX: Final = 14
"""Powers of ten up to which 15 digits are all that a number has; beyond, it stays as it is."""
_EPOCHS: Final = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001
_DAYS_MAX: Final = 2_958_466
"""Days up to the year 9999, the last that a workbook may show."""


def write_sheet(path: Path, form: TableForm, target: Path) -> Path:
    """Write a sheet as CSV.

    Parameters
    ----------
    path
        The workbook.
    form
        Its ``sheet`` (empty: the first), ``skip_lines`` (rows above the header, which may be
        wider) and ``decimal`` (the sign that numbers get, so that they are like the texts).
    target
        The file to write, UTF-8.

    Raises
    ------
    bcsim.errors.HistoryError
        If the workbook is damaged, has no such sheet, or holds what no workbook should.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            book = _Workbook(archive, form.decimal)
            member = book.member_of(form.sheet)
            with target.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
                writer.writerows(_even(book.rows(member), form.skip_lines))
    except XmlError as error:
        raise HistoryError(Problem(str(error), str(path), hint=error.hint)) from error
    except (zipfile.BadZipFile, zlib.error, OSError, KeyError, NotImplementedError, RuntimeError,
            EOFError) as error:  # fmt: skip
        message, hint = "the workbook cannot be read", "it is truncated, damaged or encrypted"
        raise HistoryError(Problem(message, str(path), hint=hint)) from error
    return target


def _even(rows: Iterator[list[str]], skip_lines: int) -> Iterator[list[str]]:
    """Rows as wide as the header: a workbook leaves out what is empty at the end of a row."""
    yield from ([""] for _ in islice(rows, skip_lines))
    width = 0
    for row in rows:
        while row and not row[-1] and len(row) > width:
            row.pop()
        width = width or len(row)
        if row or width:
            yield row + [""] * (width - len(row))


class _Workbook:
    """An open archive and what its cells refer to."""

    def __init__(self, archive: zipfile.ZipFile, decimal: str) -> None:
        self._archive = archive
        self._decimal = decimal
        self._sheets: dict[str, str] = {}
        self._is_1904 = False
        relations = self._relations("xl/_rels/workbook.xml.rels")
        for element in self._elements("xl/workbook.xml", "sheet", "workbookPr"):
            if element.name == "workbookPr":
                self._is_1904 = element.attributes.get("date1904", "0") in {"1", "true"}
            elif element.attributes.get("id", "") in relations:
                name = element.attributes.get("name", "")
                self._sheets[name] = relations[element.attributes["id"]]
        self._texts = [*self._strings()]
        self._is_date = [*self._formats()]

    def member_of(self, sheet: str) -> str:
        """Name in the archive of a sheet's XML."""
        if not sheet:
            return next(iter(self._sheets.values()), "xl/worksheets/sheet1.xml")
        if sheet not in self._sheets:
            raise XmlError(
                f"there is no sheet {sheet}", hint=f"there are {', '.join(self._sheets)}"
            )
        return self._sheets[sheet]

    def rows(self, member: str) -> Iterator[list[str]]:
        """Rows of a sheet as texts; rows and cells that are left out are empty."""
        expected = 1
        for row in self._elements(member, "row"):
            number = _number_of(row.attributes.get("r", ""), expected)
            for _ in range(min(number - expected, 1000)):
                yield [""]
            expected = number + 1
            cells: list[str] = []
            for cell in row.children:
                if cell.name == "c":
                    self._place(cells, cell)
            yield cells or [""]

    def _place(self, cells: list[str], cell: Element) -> None:
        place = _CELL.fullmatch(cell.attributes.get("r", ""))
        column = len(cells) if place is None else _column(place[1])
        if column >= _COLUMNS_MAX:
            raise XmlError("a cell lies beyond the last column", hint="the workbook is damaged")
        cells.extend("" for _ in range(column + 1 - len(cells)))
        cells[column] = self._text(cell)

    def _text(self, cell: Element) -> str:
        kind = cell.attributes.get("t", "n")
        if kind == "inlineStr":
            return cell.text_of("t")
        value = cell.text_of("v")
        if kind == "s":
            place = int(value) if value.isdecimal() and len(value) < 10 else -1  # noqa: PLR2004
            if not 0 <= place < len(self._texts):
                raise XmlError("a cell names a text that is not there", hint="it is damaged")
            return self._texts[place]
        if kind == "b":
            return "true" if value == "1" else "false"
        if kind == "e":
            return ""  # an error such as #N/A is no value
        style = cell.attributes.get("s", "0")
        place = int(style) if style.isdecimal() and len(style) < 10 else -1  # noqa: PLR2004
        if kind == "n" and 0 <= place < len(self._is_date) and self._is_date[place]:
            return self._date(value)
        if not value and any(child.name == "f" for child in cell.children):
            place_name = cell.attributes.get("r", "")
            hint = f"open the workbook and save it; cell {place_name} of it holds no value"
            raise XmlError("a formula was never calculated", hint=hint)
        return _number(value).replace(".", self._decimal) if kind == "n" else value

    def _date(self, value: str) -> str:
        """Day and time of a number of days, to the millisecond: a float holds no more."""
        try:
            days = Decimal(value)
        except InvalidOperation:
            return value
        if not 0 <= days < _DAYS_MAX:
            return value
        ms = int((days * _MS_PER_DAY).to_integral_value(ROUND_HALF_EVEN))
        moment = _EPOCHS[self._is_1904] + timedelta(milliseconds=ms)
        return moment.isoformat(sep=" ", timespec="milliseconds" if ms % 1000 else "seconds")

    # -- parts -------------------------------------------------------------------------------

    def _relations(self, member: str) -> dict[str, str]:
        found = {}
        for element in self._elements(member, "Relationship"):
            target = element.attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            found[element.attributes.get("Id", "")] = posixpath.normpath(path)
        return found

    def _strings(self) -> Iterator[str]:
        if "xl/sharedStrings.xml" in self._archive.namelist():
            for element in self._elements("xl/sharedStrings.xml", "si"):
                yield element.text_of("t")

    def _formats(self) -> Iterator[bool]:
        """Whether each style of a cell is a date's."""
        if "xl/styles.xml" not in self._archive.namelist():
            return
        dates = set(_BUILT_IN_DATES)
        for element in self._elements("xl/styles.xml", "numFmt", "cellXfs"):
            if element.name == "numFmt":
                number = element.attributes.get("numFmtId", "")
                code = _QUOTED.sub("", element.attributes.get("formatCode", "")).lower()
                if number.isdecimal() and re.search(r"[ymdhs]", code):
                    dates.add(int(number))
                continue
            for style in element.children:
                number = style.attributes.get("numFmtId", "")
                yield number.isdecimal() and int(number) in dates

    def _elements(self, member: str, *names: str) -> Iterator[Element]:
        if self._archive.getinfo(member).file_size > limits.SHEET_BYTES_MAX:
            message, hint = "the workbook is too large", "save the sheet as CSV"
            raise XmlError(message, hint=hint)
        with self._archive.open(member) as stream:
            yield from elements(stream, *names, bytes_max=limits.SHEET_BYTES_MAX)


def _number(value: str) -> str:
    """A number as the workbook shows it: to 15 digits, for a float holds no more.

    Behind them stands what the float is off, as in 1.1000000000000001 for 1.1. A whole number
    that is written out may be an id, and keeps its digits.
    """
    if value.lstrip("-").isdecimal():
        return value
    try:
        number = _TO_15_DIGITS.create_decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number.adjusted()) > _EXPONENT_MAX:
        return value
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _number_of(text: str, default: int) -> int:
    """Number of a row; one that goes back is taken as the next."""
    number = int(text) if text.isdecimal() and len(text) < 8 else default  # noqa: PLR2004
    return max(number, default)
