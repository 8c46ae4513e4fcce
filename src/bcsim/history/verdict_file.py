"""Verdicts as a Parquet file: one row an intent, its class as text, a boolean column a flag."""

# ruff: noqa: S608 - SQL is made of the flags' names, of numbers and of quoted paths

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from bcsim.errors import HistoryError, Problem
from bcsim.history import parquet
from bcsim.history.arrow import ColumnStream
from bcsim.history.columns import TextColumn
from bcsim.history.verdict import CLASSES, FLAGS, Verdicts

FORMAT: Final = "bcsim-verdicts"
VERSION: Final = 1


def write_verdicts(verdicts: Verdicts, path: Path | str) -> None:
    """Write verdicts; the file appears whole or not at all.

    Columns: ``intent_id`` text, ``class`` text, and a boolean for every flag, by its name.
    """
    path = Path(path)
    everyone = np.arange(len(verdicts), dtype=np.int32)
    numbers = [verdicts.classes.astype(np.int64), verdicts.flags.astype(np.int64)]
    batch = (numbers, [TextColumn(everyone, verdicts.intents)])
    stream = ColumnStream(("class", "flags"), ("intent_id",), iter([batch]))
    classes = ", ".join(parquet.literal(verdict.value) for verdict in CLASSES)
    flags = ", ".join(f"(flags & {flag.bit}) <> 0 as {flag.value}" for flag in FLAGS)
    query = f"select intent_id, ([{classes}])[class + 1] as class, {flags} from verdicts"
    metadata = parquet.metadata_option({"format": FORMAT, "version": str(VERSION)})
    with parquet.staging(path) as folder, parquet.session(threads=1) as connection:
        connection.register("verdicts", stream)
        whole = Path(folder, "whole.parquet")
        with parquet.file_errors(path, "write"):
            parquet.write(connection, query, whole, f"compression zstd, {metadata}")
            whole.replace(path)


def read_verdicts(path: Path | str) -> Verdicts:
    """Read verdicts; raises HistoryError if the file does not hold any."""
    path = Path(path)
    classes = ", ".join(parquet.literal(verdict.value) for verdict in CLASSES)
    flags = " + ".join(f"{flag.value}::int * {flag.bit}" for flag in FLAGS)
    query = (
        f"select intent_id, (list_position([{classes}], class) - 1)::tinyint as class, "
        f"({flags})::int as flags from {parquet.scan([path])} order by file_row_number"
    )
    with parquet.session() as connection:
        _check_format(parquet.read_metadata(connection, path), path)
        with parquet.file_errors(path, "read"):
            found = connection.execute(query).fetchnumpy()
    if any(np.ma.is_masked(column) for column in found.values()):
        message = "the file holds nulls or unknown classes"
        raise HistoryError(Problem(message, str(path), hint="the file was altered"))
    columns = {name: np.ma.getdata(column) for name, column in found.items()}
    return Verdicts(columns["intent_id"].tolist(), columns["class"], columns["flags"])


def _check_format(metadata: dict[str, str], path: Path) -> None:
    stated = f"format={metadata.get('format')}, version={metadata.get('version')}"
    expected = f"format={FORMAT}, version={VERSION}"
    if stated != expected:
        message = "the file does not hold verdicts that this bcsim knows"
        raise HistoryError(Problem(message, str(path), value=stated, expected=expected))
