"""Goal: with a key nothing identifying is left, and everything that verdicts need is.

Method: a small reading with names everywhere; then every output of ``bcsim check`` is searched.
"""

from __future__ import annotations

import json

import duckdb
import pytest

from bcsim.cli.app import main
from bcsim.errors import HistoryError, Problem
from bcsim.history.logs.pseudonyms import Pseudonyms, read_key, without_values
from bcsim.history.logs.reading import Reading
from tests.unit.checkers.log import Log

KEY = b"0123456789abcdef"
NAMES = Pseudonyms(KEY)


def reading() -> Reading:
    log = Log(controls=("limit-check",)).wish("I1", client_id="Somchai Jaidee", account="A-77")
    log.add("control_pass", 0.5, "oms", order_id="I1.1", subject="limit-check")
    log.add("reject", 1, "client", order_id="I1.1", reason="call Mrs Jaidee", account="A-77")
    log.add("reject", 2, "oms", order_id="I1.1", reason="queue full", actor="Preecha")
    log.fill("I1", 3, "E1").add("bust", 4, "venue", order_id="I1.1", ref="E1")
    log.add("orphan", 5, "oms", order_id="I1.1", ref="mail 17 to A-77", reason="control:limit")
    return Reading(log.history(), ("3 rows of A-77 are odd", "account of Somchai Jaidee"))


def test_names_go_and_links_stay():
    """Goal: who is hidden, what happened is not. Method: every text of a reading."""
    (hidden,) = NAMES.apply([reading()])
    rows = [
        {k: v for k, v in row.items() if isinstance(v, str)}
        for row in hidden.history.gathered().rows()
    ]
    client, account = NAMES.of("Somchai Jaidee"), NAMES.of("A-77")
    assert rows[0]["client_id"] == client
    assert rows[0]["account"] == rows[3]["account"] == account
    assert rows[2]["subject"] == "limit-check"
    assert rows[3]["reason"] == NAMES.of("call Mrs Jaidee")
    assert (rows[4]["reason"], rows[4]["actor"]) == ("queue full", NAMES.of("Preecha"))
    assert rows[6]["ref"] == "E1"
    assert (rows[7]["ref"], rows[7]["reason"]) == (NAMES.of("mail 17 to A-77"), "control:limit")
    assert hidden.notes == (f"3 rows of {account} are odd", f"account of {client}")


def test_what_a_contradictory_report_states_stays():
    """Goal: numbers of a report tell of nobody; names beside numbers do. Method: both."""
    log = Log().wish("I1")
    for said in ("CumQty 3000, not 2000", "OrdStatus New, not Filled", "Jaidee 3000, not 2000"):
        log.add("contradict", 1, "venue", order_id="I1.1", subject="running total", reason=said)
    (hidden,) = NAMES.apply([Reading(log.history())])
    rows = list(hidden.history.gathered().rows())[-3:]
    assert {row["subject"] for row in rows} == {"running total"}
    assert [row["reason"] for row in rows] == [
        "CumQty 3000, not 2000",
        "OrdStatus New, not Filled",
        NAMES.of("Jaidee 3000, not 2000"),
    ]


def test_a_pseudonym_depends_on_key_and_name():
    """Goal: equal exactly for equal names under one key. Method: two keys, two names."""
    other = Pseudonyms(b"another key of 16")
    assert NAMES.of("A") == Pseudonyms(KEY).of("A")
    assert len({NAMES.of("A"), NAMES.of("B"), other.of("A"), other.of("B")}) == 4
    assert NAMES.of("A") == "p-6d633551c5e6271c"


def test_a_key_must_be_long(tmp_path):
    """Goal: no key that can be tried out. Method: 15 bytes, 16 bytes, no file."""
    path = tmp_path / "key"
    path.write_bytes(KEY[:15] + b"\n")
    with pytest.raises(HistoryError, match="the key is too short"):
        read_key(path)
    path.write_bytes(KEY + b"\n")
    assert read_key(path) == NAMES
    with pytest.raises(HistoryError, match="no such file"):
        read_key(tmp_path / "none")


def test_what_decides_verdicts_stays():
    """Goal: a key changes no verdict. Method: the market's side, a control that only the profile
    file names, and the words of failed controls and of the aftermath.
    """
    log = Log().wish("I1", client_id="Somchai Jaidee")
    log.add("execute", 1, "venue", exec_id="E1", client_id="market")
    log.add("control_pass", 1, "oms", order_id="I1.1", subject="credit-check", ref="back-entry")
    log.add("control_fail", 2, "oms", order_id="I1.1", subject="suitability", reason="unsuitable")
    log.add("respond", 3, "desk", intent_id="I1", subject="first response")
    log.add("repair", 4, "desk", intent_id="I1", subject="re-enter")
    (hidden,) = NAMES.apply([Reading(log.history())], controls=("credit-check@app",))
    rows = list(hidden.history.gathered().rows())
    market, passed, failed, first, again = rows[-5:]
    assert market["client_id"] == "market"
    assert (passed["subject"], passed["ref"]) == ("credit-check", "back-entry")
    assert (failed["subject"], failed["reason"]) == ("suitability", "unsuitable")
    assert (first["subject"], again["subject"]) == ("first response", "re-enter")


def test_an_error_of_a_profile_file_names_nobody(tmp_path, capsys):
    """Goal: nor does a slip in the file beside the logs. Method: a segment that is no text."""
    log, profile, key = tmp_path / "t.csv", tmp_path / "p.toml", tmp_path / "key"
    log.write_text("order_id,side,qty\nO1,buy,1\n", encoding="utf-8")
    key.write_bytes(KEY)
    profile.write_text('version = 1\n[segments.clients]\n"Somchai Jaidee" = 3\n', encoding="utf-8")
    words = ["check", "--log", str(log), "--profile", str(profile), "--pseudonymise", str(key)]
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "p.toml:3:1: error: segments: an entry does not hold" in said
    assert "Somchai" not in said


def test_an_error_keeps_its_place_only():
    """Goal: a message cannot tell on a client. Method: a problem with a name in every part."""
    problem = Problem(
        "no 'A-77' here", "f.csv", 3, 1, value="A-77", expected="not A-77", hint="ask A-77",
        source_line="A-77,1",
    )  # fmt: skip
    (found,) = without_values(HistoryError(problem)).problems
    assert "A-77" not in repr(found)
    assert (found.file, found.line, found.message) == ("f.csv", 3, "no … here")


def test_a_note_loses_the_names_of_other_files():
    """Goal: one file's note does not tell on another's client. Method: two readings."""
    other = Reading(Log().wish("I9").history(), ("Somchai Jaidee sent 3 messages",))
    hidden = NAMES.apply([other, reading()])
    assert hidden[0].notes == (f"{NAMES.of('Somchai Jaidee')} sent 3 messages",)


# -- all outputs -----------------------------------------------------------------------------

SECRETS = ("Somchai", "Jaidee", "ACC-4711", "Preecha", "please ring", "0812345678", "สมหญิง")

INTENTS = """\
order_id,client,account,side,symbol,qty,remarks
O1,Somchai Jaidee,ACC-4711,buy,ABC,100,please ring 0812345678
O2,สมหญิง,ACC-4711,buy,ABC,100,
O3,Somchai Jaidee,ACC-4711,sell,ABC,5,
"""
VENUE = """\
time,kind,order_id,exec_id,client,account,side,symbol,qty,user,reason
2026-11-22T10:00:00Z,submit,O1,,Somchai Jaidee,ACC-4711,buy,ABC,100,,
2026-11-22T10:00:01Z,execute,O1,E1,Somchai Jaidee,ACC-4711,buy,ABC,60,Preecha,please ring
2026-11-22T10:00:02Z,execute,O1,E2,Somchai Jaidee,ACC-4711,buy,ABC,60,Preecha,please ring
2026-11-22T10:00:02Z,execute,O2,E3,สมหญิง,ACC-4712,buy,ABC,100,,
2026-11-22T10:00:03Z,reject,O3,,Somchai Jaidee,ACC-4711,sell,ABC,5,,Somchai has no shares
"""
MAPPING = """\
version = 1
vantage = "venue"
[time]
column = "time"
[columns]
kind = "kind"
order_id = "order_id"
exec_id = "exec_id"
client_id = "client"
account = "account"
side = "side"
instrument = "symbol"
qty = "qty"
actor = "user"
reason = "reason"
[[covers]]
vantage = "venue"
[[covers]]
vantage = "client"
"""
PROFILE = """\
version = 1
drain = "heal"
allows = ["no-deadline"]
[segments.clients]
"Somchai Jaidee" = "retail"
"""


@pytest.fixture
def drill(tmp_path):
    """Files of a small drill with names in them."""
    texts = {"i.csv": INTENTS, "v.csv": VENUE, "m.toml": MAPPING, "p.toml": PROFILE}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "key").write_bytes(KEY)
    return tmp_path


def words(drill, *more: str) -> list[str]:
    return [
        "check", "--log", str(drill / "v.csv"), "--intent", str(drill / "i.csv"), "--mapping",
        str(drill / "m.toml"), "--profile", str(drill / "p.toml"), *more,
    ]  # fmt: skip


def everything_in(folder) -> str:
    """All text of all files, the cells of Parquet files as text."""
    parts = []
    for path in sorted(folder.iterdir()):
        raw = path.read_bytes()
        parts.append(raw.decode("utf-8", "replace"))
        if path.suffix == ".parquet":
            with duckdb.connect() as connection:
                query = f"select * from read_parquet('{path}')"
                parts.append(repr(connection.execute(query).fetchall()))
    return "\n".join(parts)


def found_in(text: str) -> list[str]:
    escaped = json.dumps(text)
    return [s for s in SECRETS if s in text or json.dumps(s)[1:-1] in escaped]


def test_no_output_names_anybody(drill, capsys):
    """Goal: nothing identifying leaves. Method: search text, JSON and every file of --out."""
    key = ["--pseudonymise", str(drill / "key"), "--proofs", "20"]
    codes = [
        main(words(drill, *key, "--out", str(drill / "out"))),
        main(words(drill, *key, "--json")),
    ]
    shown = capsys.readouterr()
    everything = everything_in(drill / "out")
    assert codes == [1, 1]
    assert len(list((drill / "out").iterdir())) == 5
    assert found_in(shown.out + shown.err + everything) == []
    assert NAMES.of("Somchai Jaidee") in everything


def fix(second: int, number: int, fields: str) -> str:
    """One line of a FIX log of the bank, with length and checksum."""
    body = f"49=BANK|56=EXCH|34={number}|52=20261122-10:00:{second:02d}|{fields}|".replace(
        "|", "\x01"
    )
    head = f"8=FIX.4.4\x019={len(body.encode())}\x01"
    total = sum((head + body).encode()) % 256
    return f"20261122-10:00:{second:02d}.000 : {head}{body}10={total:03d}\x01\n"


def test_no_output_of_a_fix_log_names_anybody(tmp_path, capsys):
    """Goal: FIX accounts and texts are hidden too. Method: an order with both, all outputs."""
    log, key = tmp_path / "fix.log", tmp_path / "key"
    order = "11=O1|1=ACC-4711|21=1|38=100|40=1|54=1|55=ABC|60=20261122-10:00:01"
    log.write_text(
        fix(0, 1, "35=A|98=0|108=5") + fix(1, 2, f"35=D|{order}|58=please ring Somchai"),
        encoding="utf-8",
    )
    key.write_bytes(KEY)
    words = ["check", "--log", str(log), "--out", str(tmp_path / "out"), "--proofs", "9"]
    assert main(words) == 4
    plain = capsys.readouterr().out + everything_in(tmp_path / "out")
    assert "ACC-4711" in found_in(plain)
    assert main([*words, "--pseudonymise", str(key)]) == 4
    shown = capsys.readouterr()
    assert found_in(shown.out + shown.err + everything_in(tmp_path / "out")) == []


def test_without_a_key_names_are_there(drill, capsys):
    """Goal: the search above can fail. Method: the same without a key."""
    assert main(words(drill, "--out", str(drill / "out"))) == 1
    found = found_in(capsys.readouterr().out + everything_in(drill / "out"))
    assert set(found) >= {"Somchai", "Jaidee", "ACC-4711", "สมหญิง"}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("v.csv", ",60,Preecha", ",6O Preecha,Preecha"),
        ("v.csv", "2026-11-22T10:00:03Z", "ACC-4711"),
        ("v.csv", "reject,O3", "Somchai,O3"),
        ("v.csv", "O3,,Somchai", 'O3,,"Somchai'),
        ("v.csv", "buy,ABC,100,,\n", "buy,ABC,100,,ACC-4711,Somchai\n"),
        ("i.csv", "order_id,", "สมหญิง,"),
        ("m.toml", '"reason"', '"Preecha"'),
    ],
)
def test_no_error_names_anybody(drill, capsys, file, old, new):
    """Goal: what cannot be read is not quoted. Method: a name where it is an error."""
    path = drill / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert main(words(drill, "--pseudonymise", str(drill / "key"))) == 2
    shown = capsys.readouterr()
    assert file[0] in shown.err
    assert [s for s in found_in(shown.out + shown.err) if s != "Preecha" or file != "m.toml"] == []


def test_verdicts_are_the_same_under_pseudonyms(drill, capsys):
    """Goal: hiding changes no verdict. Method: counts with and without a key."""
    main(words(drill, "--json"))
    plain = json.loads(capsys.readouterr().out)
    main(words(drill, "--json", "--pseudonymise", str(drill / "key")))
    hidden = json.loads(capsys.readouterr().out)
    assert hidden["orders"] == plain["orders"]
    assert plain["orders"]["duplicated"] == plain["orders"]["corrupted"] == 1
