"""Goal: what does not matter in a log changes no verdict.

Method: a drill of 24 orders with every fate is written as tables; ids are renamed, times are
shifted or told in another zone, rows of one time change places, files are split, formats are
changed. The verdicts are compared as a whole map with those of the plain files.
"""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from bcsim.checkers.judge import check
from bcsim.history.logs.contract_file import read_contract
from bcsim.history.logs.mapping_file import read_mapping
from bcsim.history.logs.reader import LogOptions, read_logs
from bcsim.history.reconciliation import reconcile

FATES = ("ok", "lost", "duplicated", "partial", "stranded", "rejected", "unconfirmed", "corrupted")

MAPPING = """\
version = 1
declares = "all"
[time]
column = "time"
zone = "UTC"
[columns]
vantage = "at"
kind = "what"
order_id = "order"
exec_id = "exec"
side = "side"
instrument = "stock"
qty = "qty"
[[covers]]
vantage = "client"
[[covers]]
vantage = "venue"
"""
PROFILE = 'version = 1\nallows = ["no-deadline"]\ndrain = "heal"\n'

Row = list[str]
HEADER = ["time", "at", "what", "order", "exec", "side", "stock", "qty"]


def stamp(second: int) -> str:
    return f"2026-11-22 10:{second // 60:02d}:{second % 60:02d}"


def rows_of(number: int, fate: str) -> list[Row]:
    """What the logs hold of one order."""
    order, second = f"O{number:02d}", 10 * number

    def row(
        after: int, at: str, what: str, execution: str = "", qty: str = "", side: str = ""
    ) -> Row:
        return [stamp(second + after), at, what, order, execution, side, "ABC" if qty else "", qty]

    rows = [row(0, "client", "submit", qty="100", side="buy")]
    if fate in {"ok", "lost", "duplicated", "partial", "unconfirmed", "corrupted"}:
        rows.append(row(1, "client", "acknowledge"))
    if fate == "rejected":
        rows += [row(1, "venue", "reject"), row(2, "client", "reject")]
    quantities = {"ok": (100,), "duplicated": (100, 100), "partial": (40,), "unconfirmed": (100,)}
    if fate == "corrupted":
        rows += [row(2, "venue", "execute", f"E{number}", "100", "sell")]
        rows += [row(3, "client", "confirm", f"E{number}", "100", "sell")]
    for i, qty in enumerate(quantities.get(fate, ())):
        execution = f"E{number}.{i}"
        rows.append(row(2 + i, "venue", "execute", execution, str(qty), "buy"))
        if fate != "unconfirmed":
            rows.append(row(4 + i, "client", "confirm", execution, str(qty), "buy"))
    return rows


def drill() -> tuple[list[Row], list[Row]]:
    """Intents and events of 24 orders, and one more row that closes the record."""
    intents = [[f"O{n:02d}", "buy", "ABC", "100"] for n in range(24)]
    events = [row for n in range(24) for row in rows_of(n, FATES[n % len(FATES)])]
    events += [[stamp(600), at, "enquire", "O00", "", "", "", ""] for at in ("client", "venue")]
    return intents, sorted(events, key=lambda row: row[0])


def text_of(rows: list[Row], header: list[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    return stream.getvalue()


@pytest.fixture
def verdicts(tmp_path):
    """Judge texts of logs by name, and a list of intents."""

    def judge(logs: dict[str, str], intents: list[Row], mapping: str = MAPPING):
        for name, text in logs.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        texts = {"i.csv": text_of(intents, ["order_id", "side", "symbol", "qty"])}
        for name, text in (texts | {"m.toml": mapping, "p.toml": PROFILE}).items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        options = LogOptions((read_mapping(tmp_path / "m.toml"),))
        paths = [tmp_path / name for name in logs]
        reading = reconcile(read_logs(paths, [tmp_path / "i.csv"], options))
        contract = read_contract(tmp_path / "p.toml")
        return check(contract.promise(reading.history)).verdicts.as_map()

    return judge


@pytest.fixture
def plain(verdicts):
    """The verdicts of the plain files."""
    intents, events = drill()
    return verdicts({"l.csv": text_of(events, HEADER)}, intents)


def test_the_drill_has_every_fate(plain):
    """Goal: the drill below is worth comparing. Method: the whole map, by construction."""
    assert {order: found for order, (found, _) in plain.items()} == {
        f"O{n:02d}": FATES[n % len(FATES)] for n in range(24)
    }


def test_renaming_changes_nothing(verdicts, plain):
    """Goal: ids are only ids. Method: every order and execution under another name."""
    intents, events = drill()

    def renamed(text: str) -> str:
        return re.sub(r"^([OE])(\d+)", lambda m: f"{m[1].lower()}-{997 * (int(m[2]) + 1)}", text)

    other = [[renamed(cell) for cell in row] for row in events]
    found = verdicts(
        {"l.csv": text_of(other, HEADER)}, [[renamed(row[0]), *row[1:]] for row in intents]
    )
    assert found == {renamed(order): verdict for order, verdict in plain.items()}


@pytest.mark.parametrize("zone", ["Asia/Bangkok", "America/New_York", "Pacific/Kiritimati"])
def test_another_clock_changes_nothing(verdicts, plain, zone):
    """Goal: only differences of times count. Method: the same texts in three other zones."""
    intents, events = drill()
    mapping = MAPPING.replace('"UTC"', f'"{zone}"')
    assert verdicts({"l.csv": text_of(events, HEADER)}, intents, mapping) == plain


def test_the_order_of_rows_changes_nothing(verdicts, plain):
    """Goal: a log need not be sorted. Method: orders in reverse, intents in reverse."""
    intents, events = drill()
    shuffled = sorted(events, key=lambda row: row[3], reverse=True)
    assert verdicts({"l.csv": text_of(shuffled, HEADER)}, intents[::-1]) == plain


@pytest.mark.parametrize("parts", [2, 3, 7])
def test_splitting_changes_nothing(verdicts, plain, parts):
    """Goal: rotated files are one log. Method: every n-th row in a file of its own."""
    intents, events = drill()
    logs = {f"l{i}.csv": text_of(events[i::parts], HEADER) for i in range(parts)}
    assert verdicts(logs, intents) == plain


def test_a_file_for_each_vantage_point_changes_nothing(verdicts, plain):
    """Goal: each system has its own log. Method: client and venue apart, in two formats."""
    intents, events = drill()
    lines = [
        json.dumps({name: cell for name, cell in zip(HEADER, row, strict=True) if cell})
        for row in events
        if row[1] == "venue"
    ]
    client = text_of([row for row in events if row[1] == "client"], HEADER)
    assert verdicts({"c.csv": client, "v.jsonl": "\n".join(lines) + "\n"}, intents) == plain


def test_something_that_matters_changes_a_verdict(verdicts, plain):
    """Goal: the comparisons above can fail. Method: leave one confirmation out."""
    intents, events = drill()
    rest = [row for row in events if row[2:4] != ["confirm", "O16"]]
    found = verdicts({"l.csv": text_of(rest, HEADER)}, intents)
    assert {order for order in plain if found[order] != plain[order]} == {"O16"}
    assert found["O16"] == ("unconfirmed", ())
