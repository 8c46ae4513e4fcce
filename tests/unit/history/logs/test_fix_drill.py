"""Goal: a real failover drill is judged exactly as its logs, read by hand, say.

Method: the logs in ``tests/logs/fix-drill`` (made for this project with the QuickFIX engine: 60
orders, the venue killed in mid-stream and restarted with its message store kept or wiped) are
read, joined with the intents and judged; the whole verdict map is compared.
"""

from __future__ import annotations

import gzip

import pytest

from bcsim.checkers.judge import check
from bcsim.errors import HistoryError
from bcsim.history.fix.options import FixOptions
from bcsim.history.logs.fix import is_fix, read_fix
from bcsim.history.logs.reader import read_logs
from bcsim.history.reconciliation import reconcile
from tests.fix_intents import intents
from tests.repository import ROOT

DRILL = ROOT / "tests" / "logs" / "fix-drill"
NAMES = [f"C{number:03d}" for number in range(1, 61)]
BOTH = ("acc.messages.log", "ini.messages.log")
STORE = "ini.store.body"


def classes(judgement):
    """Class of every intent or stray."""
    return {name: verdict for name, (verdict, _) in judgement.verdicts.as_map().items()}


def judged(folder, *names, wishes=True, **options):
    """Judgement of some files of the drill, with or without the list of intents."""
    readings = [read_fix([DRILL / folder / name for name in names], FixOptions(**options))]
    if wishes:
        readings.append(intents(dict.fromkeys(NAMES, 100), account="BANK", ord_type="market"))
    return check(reconcile(readings).history)


@pytest.mark.parametrize("names", [BOTH, BOTH[::-1]])
def test_store_kept(names):
    """Goal: 60 ok, none duplicated, though 37 messages are possible duplicates and one ClOrdID
    was sent twice. Method: whole map, outcome and flags."""
    judgement = judged("out_keep", *names)
    assert classes(judgement) == dict.fromkeys(NAMES, "ok")
    assert (judgement.outcome.value, judgement.unknown_reasons) == ("pass", ())
    assert set(judgement.flags.values()) == {0}


@pytest.mark.parametrize("names", [BOTH, (*BOTH, STORE)])
def test_store_wiped(names):
    """Goal: 27 ok, 33 stranded: not lost, for nobody acknowledged them, with or without the
    store that still holds them. Method: whole map and outcome."""
    judgement = judged("out_wipe", *names)
    expected = dict.fromkeys(NAMES[:27], "ok") | dict.fromkeys(NAMES[27:], "stranded")
    assert classes(judgement) == expected
    assert (judgement.outcome.value, judgement.unknown_reasons) == ("fail", ())


def test_stranded_orders_are_seen_in_the_store():
    """Goal: the proof shows where a stranded order is. Method: its sentence names the store."""
    assert "engine_store" in judged("out_wipe", *BOTH, STORE).proof("C028")


@pytest.mark.parametrize(("folder", "count"), [("out_keep", 60), ("out_wipe", 27)])
def test_wire_alone_never_proves_completeness(folder, count):
    """Goal: without intents what is on the wire is ok and completeness unknown. Method: both
    logs alone."""
    judgement = judged(folder, *BOTH, wishes=False)
    assert classes(judgement) == dict.fromkeys(NAMES[:count], "ok")
    assert judgement.outcome.value == "unknown"
    assert len(judgement.unknown_reasons) == 1
    assert "no stream of intents" in judgement.unknown_reasons[0]


def test_store_without_intents_claims_nothing():
    """Goal: what only the store holds stays unknown without intents. Method: logs and store."""
    judgement = judged("out_wipe", *BOTH, STORE, wishes=False)
    expected = dict.fromkeys(NAMES[:27], "ok") | dict.fromkeys(NAMES[27:], "indeterminate")
    assert (classes(judgement), judgement.outcome.value) == (expected, "unknown")


def test_sender_alone():
    """Goal: the sender's log alone shows what was executed and what was never answered.
    Method: one log; the reports received stand for the venue's word."""
    judgement = judged("out_wipe", "ini.messages.log")
    expected = dict.fromkeys(NAMES[:27], "ok") | dict.fromkeys(NAMES[27:], "stranded")
    assert classes(judgement) == expected


def test_venue_alone():
    """Goal: the venue's log cannot say what the client was told. Method: one log."""
    judgement = judged("out_wipe", "acc.messages.log")
    assert classes(judgement) == dict.fromkeys(NAMES, "indeterminate")


def test_damaged_copies(tmp_path):
    """Goal: packed, rotated and renamed logs say the same, with ends inferred from the clock.
    Method: the drill's logs packed, and split into files at an odd line."""
    pieces = []
    for name in BOTH:
        lines = (DRILL / "out_keep" / name).read_bytes().splitlines(keepends=True)
        for number, part in enumerate((lines[:41], lines[41:])):
            path = tmp_path / f"{name}.{number}.gz"
            path.write_bytes(gzip.compress(b"".join(part)))
            pieces.append(path)
    readings = [read_fix(pieces), intents(dict.fromkeys(NAMES, 100))]
    assert classes(check(reconcile(readings).history)) == dict.fromkeys(NAMES, "ok")


def test_recognition():
    """Goal: what an engine writes is told from other files. Method: beginnings of real files."""
    fix = [*DRILL.rglob("*.messages.log"), *DRILL.rglob("*.store.*"), *DRILL.rglob("*.seqnums")]
    assert len(fix) == 7
    fix += DRILL.rglob("*.event.log")
    assert len(fix) == 11
    assert all(is_fix(path.read_bytes()[:65_536]) for path in fix)
    others = [DRILL / "intents.csv", ROOT / "README.md"]
    assert not any(is_fix(path.read_bytes()[:65_536]) for path in others)


def test_origin_is_stated():
    """Goal: data in the repository says where it is from. Method: the folder's note."""
    assert "Made for this project" in (DRILL / "README.md").read_text(encoding="utf-8")


def test_an_empty_log_beside_others_is_noted(tmp_path):
    """Goal: engines leave empty logs. Method: one beside the drill's; then alone, an error."""
    empty = tmp_path / "GLOBAL.messages.current.log"
    empty.touch()
    (reading,) = read_logs([empty, *(DRILL / "out_keep" / name for name in BOTH)])
    assert f"{empty.name}: empty" in reading.notes
    with pytest.raises(HistoryError, match="the file is empty"):
        read_logs([empty])
