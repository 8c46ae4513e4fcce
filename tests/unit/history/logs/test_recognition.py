"""Goal: a file's content tells its format. Method: the beginning of each format, and of none."""

from __future__ import annotations

import gzip
import zipfile

import pytest

from bcsim.errors import HistoryError
from bcsim.history.jsonl import to_jsonl
from bcsim.history.logs.recognition import Format, recognise
from bcsim.history.writer import write_history
from tests.unit.checkers.log import Log
from tests.unit.history.logs.tables import WRITERS

FIX = b"8=FIX.4.4\x019=5\x0135=0\x0110=163\x01"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (FIX, Format.FIX),
        (b"20261122-05:03:03 : " + FIX, Format.FIX),
        (b"a,b\n1,2\n", Format.TEXT_TABLE),
        (b"\xef\xbb\xbfa;b\n", Format.TEXT_TABLE),
        ("ก,ข\n1,2\n".encode("cp874"), Format.TEXT_TABLE),
        (b'{"a": 1}\n{"a": 2}\n', Format.JSON_TABLE),
        (b'[{"a": 1}, {"a": 2}]', Format.JSON_TABLE),
        (b'{"events": "many"}\n{"events": "few"}\n', Format.OCEL_JSON),
        (b'{"format":"bcsim-history"}\n', Format.HISTORY_JSONL),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_text_formats(tmp_path, content, expected, packed):
    """Goal: every text format, packed or not. Method: its first bytes."""
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(content) if packed else content)
    assert recognise(path) is expected


def test_files_of_tables(tmp_path):
    """Goal: tables are told apart. Method: one table in every format."""
    found = {name: recognise(writer(tmp_path / name)) for name, writer in WRITERS.items()}
    assert found == {
        "t.csv": Format.TEXT_TABLE,
        "t.tsv": Format.TEXT_TABLE,
        "t.jsonl": Format.JSON_TABLE,
        "t.parquet": Format.PARQUET_TABLE,
        "t.xlsx": Format.SPREADSHEET,
    }


def test_histories(tmp_path):
    """Goal: bcsim's own files are known. Method: one history in both formats."""
    write_history(Log().wish("I").history(), tmp_path / "h")
    with (tmp_path / "j").open("w", encoding="utf-8") as stream:
        to_jsonl(Log().wish("I").history(), stream)
    assert recognise(tmp_path / "h") is Format.HISTORY_PARQUET
    assert recognise(tmp_path / "j") is Format.HISTORY_JSONL


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"\x00\x01\x02", "the format is not known"),
        (b"<html></html>", "the format is not known"),
        (b"\x1f\x8b\x08\x00", "the file cannot be unpacked"),
        (b"PK\x03\x04rest", "the archive cannot be read"),
        (b"PAR1rest", "cannot read the file"),
    ],
)
def test_no_format(tmp_path, content, said):
    """Goal: what is no log is named. Method: empty, binary, damaged."""
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(HistoryError, match=said):
        recognise(path)


def test_an_archive_of_something_else(tmp_path):
    """Goal: not every archive is a workbook. Method: an archive with one text."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("log.txt", "x")
    with pytest.raises(HistoryError, match="the archive holds no workbook"):
        recognise(tmp_path / "a.zip")
