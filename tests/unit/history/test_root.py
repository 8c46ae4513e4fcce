"""Goal: the root is equal exactly when histories are, and it is what its module states.

Method: change one thing at a time; code and portion the same rows differently; compute it a
second time from the stated canonical bytes, plainly; other processes; one known answer.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.history import root
from bcsim.history.columns import HistoryColumns, TextColumn, concatenate
from bcsim.history.history import History
from bcsim.history.profile import (
    ClockError,
    Coverage,
    CutOff,
    Obligation,
    Profile,
    ServiceTolerance,
    Session,
)
from bcsim.history.schema import COLUMN_NAMES, COLUMNS, NULL, TEXT_NAMES
from tests.unit.history.events import days, full_event, profiles, recorded
from tests.unit.history.test_merkle import recursive

SMALL_LEAF_ROWS = 3


def plain_root(history):
    """The root as the module's docstring states it, row by row."""
    rows = [history.row(row) for row in range(len(history))]
    leaves = []
    for start in range(0, len(rows), root.LEAF_ROWS):
        leaf = rows[start : start + root.LEAF_ROWS]
        digests = b""
        for column in COLUMNS:
            values = [row[column.name] for row in leaf]
            if column.is_integer:
                filled = [NULL if value is None else value for value in values]
                parts = [struct.pack(f"<{len(filled)}q", *filled)]
            else:
                texts = [text for text in dict.fromkeys(values) if text is not None]
                positions = [-1 if text is None else texts.index(text) for text in values]
                encoded = [text.encode() for text in texts]
                parts = [
                    struct.pack(f"<{len(positions)}i", *positions),
                    struct.pack(f"<{len(encoded)}I", *map(len, encoded)),
                    b"".join(encoded),
                ]
            digests += b"".join(hashlib.sha256(part).digest() for part in parts)
        leaves.append(b"rows" + struct.pack("<Q", len(leaf)) + digests)
    closing = {
        "format": "bcsim-history", "version": 1, "columns": COLUMN_NAMES, "rows": len(rows),
        "profile": history.profile.to_json(),
    }  # fmt: skip
    text = json.dumps(closing, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return recursive([*leaves, b"close" + text.encode()]).hex()


@pytest.fixture
def _small_leaves(monkeypatch):
    monkeypatch.setattr(root, "LEAF_ROWS", SMALL_LEAF_ROWS)


@pytest.mark.usefixtures("_small_leaves")
@pytest.mark.parametrize("row_count", [0, 1, 2, 3, 4, 6, 7, 20])
def test_root_is_the_stated_one(row_count):
    """Goal: anybody can recompute it. Method: the stated bytes, around a leaf of 3 rows."""
    day = [full_event(number % 5) for number in range(row_count)]
    history = recorded(day, Profile(source="ลูกค้า"))
    assert history.root == plain_root(history)


@given(days, profiles)
def test_any_root_is_the_stated_one(day, profile):
    """Goal: as above for any rows and profile. Method: Hypothesis draws them."""
    history = recorded(day, profile)
    assert history.root == plain_root(history)


def test_known_answer():
    """Goal: no release changes roots unnoticed. Method: the root of two full events."""
    history = recorded([full_event(0), full_event(1)], Profile(source="known"))
    assert history.root == "7f843324edffd73bbdf53bc47675764ecd7ae0ba510e31cc02d3a855c94e5d93"


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
@pytest.mark.parametrize("row", [0, 1, 2])
def test_every_cell_counts(column, row):
    """Goal: no field of any event can be altered. Method: alter one cell in each way."""
    columns = recorded([full_event(number) for number in range(3)]).columns
    cells = [columns.event(i)[column.name] for i in range(3)]
    changes = [10**6 + row, None] if column.is_integer else ["other", "", None]
    roots = {root.root_of(columns, Profile())}
    for change in changes:
        altered = [*cells[:row], change, *cells[row + 1 :]]
        roots.add(root.root_of(_with_cells(columns, column, altered), Profile()))
    assert len(roots) == 1 + len(changes)


def _with_cells(columns, column, cells):
    if column.is_integer:
        filled = [NULL if cell is None else cell for cell in cells]
        return HistoryColumns(dict(columns) | {column.name: np.array(filled, dtype=np.int64)})
    codes = np.array([-1 if cell is None else row for row, cell in enumerate(cells)])
    names = ["unused" if cell is None else cell for cell in cells]
    return HistoryColumns(dict(columns) | {column.name: TextColumn(codes, names)})


@given(days, days)
def test_equal_exactly_when_the_rows_are(day, other):
    """Goal: no two drawn days share a root by chance or coding. Method: compare with rows."""
    mine, others = recorded(day), recorded(other)
    assert (mine.root == others.root) == (list(mine.rows()) == list(others.rows()))


@given(days, st.data())
def test_one_changed_field_changes_it(day, data):
    """Goal: sensitivity at any place. Method: draw an event and a column, and alter it."""
    history = recorded([*day, full_event()])
    row = data.draw(st.integers(0, len(day)))
    column = data.draw(st.sampled_from(COLUMNS))
    cells = [history.row(i)[column.name] for i in range(len(history))]
    if column.is_integer:
        cells[row] = 78 if cells[row] == 77 else 77
    else:
        cells[row] = f"not {cells[row]}"
    altered = _with_cells(history.columns, column, cells)
    assert root.root_of(altered, history.profile) != history.root


def test_order_counts():
    """Goal: rows cannot be swapped. Method: two rows in both orders, seq and all."""
    columns = recorded([full_event(0), full_event(1)]).columns
    swapped = columns.take(np.array([1, 0]))
    assert root.root_of(swapped, Profile()) != root.root_of(columns, Profile())


CHANGES: dict[str, Any] = {
    "version": 9,
    "kind": "paper exercise",
    "start": "2025-03-28T13:20:00+07:00",
    "time_zone": "Asia/Bangkok",
    "trace": "full",
    "qty_scale": 3,
    "price_scale": 3,
    "amount_scale": 3,
    "intents_recorded": True,
    "coverage": (Coverage("oms"),),
    "sessions": (Session("day", 0, 1),),
    "cut_offs": (CutOff("dealing", 1),),
    "priority_classes": ("client",),
    "obligations": (Obligation("book", within_ns=1),),
    "controls": ("kyc",),
    "allows": ("overtaken",),
    "declared_kinds": ("execute",),
    "drain": "heal",
    "drain_from_ns": 0,
    "drain_to_ns": 0,
    "settled": False,
    "within_plan": False,
    "services": (ServiceTolerance("equity"),),
    "source": "",
    "clock_errors": (ClockError("venue", 1),),
    "numbered_kinds": ("execute",),
}


def test_every_field_of_the_profile_counts():
    """Goal: the root covers the profile. Method: change each field; all roots differ."""
    assert list(CHANGES) == [field.name for field in fields(Profile)]
    columns = recorded([full_event()]).columns
    profiles_changed = [replace(Profile(), **{name: value}) for name, value in CHANGES.items()]
    roots = {root.root_of(columns, profile) for profile in (Profile(), *profiles_changed)}
    assert len(roots) == 1 + len(CHANGES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Coverage("oms", 0, None), Coverage("oms", 0, 0)),
        (Coverage("oms", 0), Coverage("oms", 1)),
        (Coverage("oms"), Coverage("venue")),
    ],
)
def test_parts_of_the_profile_count(one, other):
    """Goal: as above, inside its lists. Method: coverages that differ in one field."""
    roots = {root.root_of(recorded([]).columns, Profile(coverage=(c,))) for c in (one, other)}
    assert len(roots) == 2


@pytest.mark.usefixtures("_small_leaves")
def test_portions_do_not_count():
    """Goal: any way of streaming gives one root. Method: all cuts of 8 rows, leaves of 3."""
    history = recorded([full_event(number % 3) for number in range(8)])
    for cuts in range(2**7):
        hasher = root.RootHasher()
        start = 0
        for stop in [i + 1 for i in range(7) if cuts >> i & 1] + [8]:
            hasher.add(history.columns.take(slice(start, stop)).compact())
            start = stop
        assert hasher.root(history.profile) == history.root


@given(days, st.randoms(use_true_random=False))
def test_coding_does_not_count(day, shuffler):
    """Goal: codes are an accident. Method: shuffle every column's names, add unused ones."""
    history = recorded(day)
    shuffled = dict(history.columns)
    for name in TEXT_NAMES:
        text = history.columns.text(name)
        names = [*text.names, "never used"]
        order = list(range(len(names)))
        shuffler.shuffle(order)
        new_code = np.array([*np.argsort(order), -1], dtype=np.int64)
        shuffled[name] = TextColumn(new_code[text.codes], [names[code] for code in order])
    recoded = History(HistoryColumns(shuffled), history.profile)
    assert list(recoded.rows()) == list(history.rows())
    assert recoded.root == history.root


SCRIPT = """
from bcsim.history.profile import Profile
from bcsim.history.writer import MemoryRecorder
recorder = MemoryRecorder(Profile())
for word in ("fill", "ack", "fill", "lost", "book", "cut", "late"):
    recorder.emit("execute", 5, word, actor=word * 2, qty=len(word))
print(recorder.history().root)
"""


def test_other_processes_agree():
    """Goal: hash seeds do not count. Method: two processes with different PYTHONHASHSEED."""
    roots = set()
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(_source())}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, check=True
        )
        roots.add(done.stdout)
    (only,) = roots
    assert len(only.strip()) == 64


def _source():
    return Path(root.__file__).parents[2]


def test_halves_of_one_history():
    """Goal: joined histories are as one recorded whole. Method: two recorders, joined."""
    day = [full_event(number) for number in range(5)]
    whole = recorded(day)
    joined = concatenate([whole.columns.take(slice(0, 2)), whole.columns.take(slice(2, None))])
    assert root.root_of(joined, whole.profile) == whole.root
