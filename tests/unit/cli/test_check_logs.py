"""Goal: ``bcsim check`` judges logs of several systems, writes what is asked, and exits rightly.

Method: a small drill in tables: intents without times, a client's view, a venue's, a ledger's.
"""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bcsim.cli.app import main
from bcsim.history.reader import read_history
from bcsim.history.verdict_file import read_verdicts
from tests.repository import ROOT

INTENTS = "order_id,account,side,symbol,qty\n" + "".join(
    f"O{n},A,buy,ABC,100\n" for n in range(1, 5)
)
CLIENT = """\
time,what,order
2026-11-22T10:00:00+07:00,entered,O1
2026-11-22T10:00:01+07:00,entered,O2
2026-11-22T10:00:02+07:00,entered,O3
2026-11-22T10:00:03+07:00,told,O1
2026-11-22T10:00:03+07:00,told,O2
2026-11-22T10:00:09+07:00,refused,O3
"""
VENUE = """\
{"at": 1795316401000, "order": {"id": "O1"}, "trade": "E1", "side": "B", "qty": 100}
{"at": 1795316402000, "order": {"id": "O2"}, "trade": "E2", "side": "B", "qty": 100}
"""
MAPPINGS = {
    "client.toml": """\
version = 1
files = ["client.csv"]
vantage = "client"
[time]
column = "time"
[columns]
kind = "what"
order_id = "order"
[values.kind]
entered = "submit"
told = "confirm"
refused = "reject"
acknowledged = "acknowledge"
[[covers]]
vantage = "client"
""",
    "venue.toml": """\
version = 1
files = ["venue.jsonl"]
vantage = "venue"
kind = "execute"
[time]
column = "at"
form = "unix ms"
[columns]
order_id = "order.id"
exec_id = "trade"
side = "side"
qty = "qty"
[[covers]]
vantage = "venue"
from = "2026-11-22T03:00:00Z"
to = "2026-11-22T03:00:09Z"
""",
}
PROFILE = 'version = 1\nallows = ["no-deadline"]\ndrain = "heal"\n'


@pytest.fixture
def drill(tmp_path):
    """The files of the drill."""
    texts = {"i.csv": INTENTS, "client.csv": CLIENT, "venue.jsonl": VENUE, "p.toml": PROFILE}
    for name, text in {**texts, **MAPPINGS}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def words(drill, *more: str) -> list[str]:
    return [
        "check", "--log", str(drill / "client.csv"), str(drill / "venue.jsonl"),
        "--intent", str(drill / "i.csv"), "--mapping", str(drill / "client.toml"),
        "--mapping", str(drill / "venue.toml"), "--profile", str(drill / "p.toml"), *more,
    ]  # fmt: skip


def test_every_order_is_judged(drill, capsys):
    """Goal: an order is followed over three files. Method: the counts and proofs of a drill."""
    assert main(words(drill, "--json")) == 4
    document = json.loads(capsys.readouterr().out)
    counts = {name: count for name, count in document["orders"].items() if count}
    assert counts == {"intended": 4, "ok": 2, "rejected": 1, "indeterminate": 1}
    assert document["unknown"] == [
        "acknowledge is declared, yet the record holds not one",
        "1 intent: may yet have been answered",
    ]
    assert document["notes"][-2].startswith("4 rows without a time")
    assert document["notes"][-1].startswith("3 intents are joined to orders by the order's id")


def test_a_declared_table_that_is_empty_is_unknown(drill, capsys):
    """Goal: an empty table is no loss. Method: no acknowledgement at all, then a single one."""
    path, log = drill / "client.toml", drill / "client.csv"
    declares = 'version = 1\ndeclares = "all"\n'
    path.write_text(path.read_text(encoding="utf-8").replace("version = 1\n", declares))
    assert main(words(drill, "-q")) == 4
    log.write_text(f"{CLIENT}2026-11-22T10:00:02+07:00,acknowledged,O2\n", encoding="utf-8")
    capsys.readouterr()
    assert main(words(drill, "--json")) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["class"], finding["first"], finding["count"]) == ("stranded", "O4", 1)


@pytest.mark.parametrize(
    ("due", "code"),
    [("2026-11-22T10:00:02+07:00", 3), ("2026-11-22T10:00:03+07:00", 0), ("", 0)],
)
def test_deadlines_of_intents(drill, due, code):
    """Goal: late alone is exit 3. Method: two orders told at 10:00:03, due before, then, never."""
    rows = [f"O{n},buy,ABC,100,2026-11-22T10:00:00+07:00,{due}\n" for n in (1, 2)]
    header = "order_id,side,symbol,qty,time,deadline\n"
    (drill / "i.csv").write_text(header + "".join(rows), encoding="utf-8")
    text = CLIENT.replace("2026-11-22T10:00:02+07:00,entered,O3\n", "")
    text = text.replace("refused,O3", "told,O2")
    (drill / "client.csv").write_text(text, encoding="utf-8")
    assert main(words(drill, "-q")) == code


def test_everything_is_written(drill, capsys):
    """Goal: one folder holds the judgement in every form. Method: read each file back."""
    out = drill / "out"
    assert main(words(drill, "--out", str(out))) == 4
    shown = capsys.readouterr().out
    names = ["index.html", "junit.xml", "verdicts.parquet", "history.parquet", "judgement.json"]
    assert [line for line in shown.splitlines() if line.startswith("written: ")] == [
        f"written: {out / name}" for name in names
    ]
    assert sorted(path.name for path in out.iterdir()) == sorted(names)
    document = json.loads((out / "judgement.json").read_text(encoding="utf-8"))
    assert document["outcome"] == "unknown"
    assert read_verdicts(out / "verdicts.parquet").as_map()["O3"] == ("rejected", ())
    assert len(read_history(out / "history.parquet", verify=True)) == 12
    root = ElementTree.parse(out / "junit.xml").getroot()
    assert (root.get("failures"), root.get("errors")) == ("0", "1")
    assert "O4" in (out / "index.html").read_text(encoding="utf-8")


def test_the_written_history_is_judged_alike(drill, capsys):
    """Goal: what was judged can be judged again. Method: check the history that was written."""
    main(words(drill, "--json", "--out", str(drill / "out")))
    first = json.loads(capsys.readouterr().out)
    assert main(["check", "--json", "--log", str(drill / "out" / "history.parquet")]) == 4
    again = json.loads(capsys.readouterr().out)
    assert {k: again[k] for k in ("orders", "findings", "unknown")} == {
        k: first[k] for k in ("orders", "findings", "unknown")
    }


def test_single_files(drill):
    """Goal: each form alone. Method: three options, three files and no more."""
    names = ("r.html", "j.xml", "v.parquet")
    options = [("--html", "--junit", "--verdicts")[i] for i in range(3)]
    more = [word for o, n in zip(options, names, strict=True) for word in (o, str(drill / n))]
    before = {path.name for path in drill.iterdir()}
    assert main(words(drill, "-q", *more)) == 4
    assert {path.name for path in drill.iterdir()} - before == set(names)


def test_a_mapping_is_proposed(drill, capsys):
    """Goal: a person gets a mapping to begin with. Method: the proposal for two tables."""
    assert main(["check", "--suggest-mapping", "--log", str(drill / "client.csv")]) == 0
    first = capsys.readouterr().out
    assert first.splitlines()[0].startswith("# How bcsim reads client.csv: a proposal")
    assert 'order_id = "order"' in first.splitlines()
    assert main(["check", "--suggest-mapping", "--intent", str(drill / "i.csv")]) == 0
    assert 'kind = "intend"' in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["check"], "Missing option '--log'"),
        (["check", "--suggest-mapping"], "Missing option '--log'"),
        (["check", "--log", "x", "--vantage", "venue"], "is not NAME=VANTAGE"),
    ],
)
def test_bad_usage(more, said, capsys):
    """Goal: a wrong command line is explained. Method: three of them, exit 2."""
    assert main(more) == 2
    assert said in capsys.readouterr().err


def test_all_bad_files_are_named_at_once(drill, capsys):
    """Goal: files are mended once. Method: two bad logs and a bad list of intents."""
    (drill / "client.csv").write_text("time,what,order\nx,y,z\n", encoding="utf-8")
    (drill / "venue.jsonl").write_text("{\n", encoding="utf-8")
    (drill / "i.csv").write_text("", encoding="utf-8")
    assert main(words(drill)) == 2
    err = capsys.readouterr().err
    assert "client.csv:2:1: error: time: not a time (got x)" in err
    assert "venue.jsonl" in err
    assert "i.csv: error: the file is empty" in err


def test_nothing_is_written_when_something_is_wrong(drill):
    """Goal: bad input leaves no result. Method: a damaged log, and no folder after it."""
    (drill / "venue.jsonl").write_text("{\n", encoding="utf-8")
    assert main(words(drill, "--out", str(drill / "out"))) == 2
    assert not (drill / "out").exists()


def test_a_probe_of_a_chaos_experiment(drill):
    """Goal: fit for a process probe with tolerance 0. Method: run it as one would be run."""
    (drill / "i.csv").write_text(INTENTS.rsplit("O4", 1)[0], encoding="utf-8")
    text = MAPPINGS["client.toml"].replace('acknowledged = "acknowledge"\n', "")
    (drill / "client.toml").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bcsim", *words(drill, "--quiet")],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    said = "PASS: every order was executed correctly, completely and on time.\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")


# -- what is written -------------------------------------------------------------------------


def test_no_evidence_is_overwritten(drill, capsys):
    """Goal: a report never takes the place of a log. Method: a log, a profile, one name twice."""
    both = ["--html", str(drill / "x"), "--junit", str(drill / "x")]
    for more, name in (
        (["--html", str(drill / "client.csv")], "client.csv: error: the file cannot be written"),
        (["--junit", str(drill / "." / "p.toml")], "p.toml: error: the file cannot be written"),
        (both, "x: error: the file cannot be written: another output has its name"),
    ):
        assert main(words(drill, *more)) == 2
        assert name in capsys.readouterr().err
    assert (drill / "client.csv").read_text(encoding="utf-8") == CLIENT
    assert not (drill / "x").exists()


def test_a_report_that_cannot_be_written_leaves_nothing(drill, capsys, monkeypatch):
    """Goal: no half of a file on a full disk. Method: no space behind 1 kB; a folder as a file."""
    write = Path.write_text

    def full(path, text, **how):
        if path.suffix != ".part":
            return write(path, text, **how)
        write(path, text[:1000], **how)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    before = sorted(drill.iterdir())
    assert main(words(drill, "-q", "--html", str(drill / "x.html"))) == 2
    said = "x.html: error: the file cannot be written: no space left on device"
    assert said in capsys.readouterr().err
    assert sorted(drill.iterdir()) == before
    assert main(words(drill, "-q", "--html", str(drill))) == 2
    assert "is a directory" in capsys.readouterr().err


def test_a_side_in_thai_is_compared(drill, capsys):
    """Goal: who bought and wished to sell is not served. Method: intents of Thai sides."""
    for side, classes in (("ซื้อ", {}), ("ขาย", {"corrupted": 1})):
        text = f"เลขที่คำสั่ง,ซื้อขาย,จำนวน\nO1,{side},100\n"
        (drill / "i.csv").write_text(text, encoding="utf-8")
        main(words(drill, "--json"))
        orders = json.loads(capsys.readouterr().out)["orders"]
        assert {name: n for name, n in orders.items() if n and name == "corrupted"} == classes
