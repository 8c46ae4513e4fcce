"""Goal: what does not matter changes no verdict.

Method: a busy session of every scenario of the order state matrices is renamed, shifted in
time, split, rotated, written with other delimiters, in other prose, with skewed clocks; the
whole verdict map must stay what the scenarios say.
"""

from __future__ import annotations

import datetime
import re

import pytest

from bcsim.checkers.judge import check
from bcsim.history.logs.fix import read_fix
from bcsim.history.reconciliation import reconcile
from tests.fix_intents import intents
from tests.fix_session import START, FixSession
from tests.mutation.fix_matrices import SCENARIOS

LETTERS = [letter for letter, scenario in SCENARIOS.items() if set(scenario.wishes) == {"X"}]
IDS = re.compile(r"(?<= )(11|41|17|19|37)=(\S+)")


def renamed(script, mark):
    """A script whose every id carries a mark, so that scenarios can share a session."""
    return IDS.sub(lambda found: f"{found.group(1)}={mark}{found.group(2)}", script)


def busy(mark="", **session):
    """All scenarios with one order one after the other, their wishes and their verdicts."""
    scripts: list[str] = []
    wishes: dict[str, int | None] = {}
    verdicts: dict[str, str] = {}
    for letter in LETTERS:
        scenario = SCENARIOS[letter]
        prefix = f"{mark}{letter}/"
        scripts.append(renamed(scenario.script, prefix))
        wishes |= {prefix + name: qty for name, qty in scenario.wishes.items()}
        verdicts |= {prefix + name: verdict for name, verdict in scenario.verdicts.items()}
    return FixSession(**session).play("\n".join(scripts)), wishes, verdicts


def classes(paths, wishes):
    """Class of every order in some logs."""
    judgement = check(reconcile([read_fix(paths), intents(wishes)]).history)
    return {name: verdict for name, (verdict, _) in judgement.verdicts.as_map().items()}


@pytest.mark.parametrize(
    "session",
    [
        {},
        {"mark": "é-"},
        {"mark": "a" * 90},
        {"now": START + datetime.timedelta(days=400)},
        {"client": "EXCH", "venue": "BANK"},
        {"begin": "FIX.4.2"},
        {"begin": "FIXT.1.1"},
        {"ahead_ms": 700},
        {"ahead_ms": -90_000},
        {"latency_ms": 9},
    ],
    ids=str,
)
def test_names_times_and_clocks_do_not_matter(tmp_path, session):
    """Goal: ids, dates, versions, clocks and latency change no verdict. Method: play anew."""
    played, wishes, verdicts = busy(**session)
    assert len(verdicts) > 40
    assert classes(played.write(tmp_path), wishes) == verdicts


@pytest.mark.parametrize("delimiter", [b"|", b"^A", b"<SOH>"])
def test_delimiters_do_not_matter(tmp_path, delimiter):
    """Goal: logs made readable are read. Method: replace SOH; checksums stay those of SOH."""
    played, wishes, verdicts = busy()
    paths = played.write(tmp_path)
    for path in paths:
        path.write_bytes(path.read_bytes().replace(b"\x01", delimiter))
    assert classes(paths, wishes) == verdicts


@pytest.mark.parametrize(
    "prose",
    [
        rb"INFO \1-\2-\3 \4 [session-7] message: 8=FIX",
        rb"[\1/\2/\3 \4 UTC] \n8=FIX",
        rb"\1-\2-\3T\4+00:00|8=FIX",
        rb"<\1\2\3-\4> noise 58=FIX noise\n2026 \1\2\3-\4 : 8=FIX",
    ],
)
def test_prose_around_messages_does_not_matter(tmp_path, prose):
    """Goal: logs as engines and loggers write them. Method: rewrite every line's beginning."""
    played, wishes, verdicts = busy()
    paths = played.write(tmp_path)
    begin = re.compile(rb"(\d{4})(\d\d)(\d\d)-([\d:.]+) : 8=FIX")
    for path in paths:
        text, count = begin.subn(prose, path.read_bytes())
        assert count > 40
        path.write_bytes(text)
    assert classes(paths, wishes) == verdicts


def test_local_time_in_the_log_does_not_matter(tmp_path):
    """Goal: a log in local time is understood by its SendingTimes. Method: shift by 7 h."""
    played, wishes, verdicts = busy()
    paths = played.write(tmp_path)

    def later(found):
        text = found.group(1).decode() + "+0000"
        moment = datetime.datetime.strptime(text, "%Y%m%d-%H:%M:%S.%f%z")
        moment += datetime.timedelta(hours=7)
        return moment.strftime("%Y%m%d-%H:%M:%S.%f").encode() + b" : 8=FIX"

    for path in paths:
        path.write_bytes(re.sub(rb"([\d:.-]+) : 8=FIX", later, path.read_bytes()))
    assert classes(paths, wishes) == verdicts


@pytest.mark.parametrize("pieces", [2, 7])
def test_rotation_does_not_matter(tmp_path, pieces):
    """Goal: rotated logs are one log. Method: split each log into files of equal lines."""
    played, wishes, verdicts = busy()
    paths = []
    for path in played.write(tmp_path):
        lines = path.read_bytes().splitlines(keepends=True)
        size = -(-len(lines) // pieces)
        for number in range(pieces):
            part = path.with_name(f"{path.name}.{number}")
            part.write_bytes(b"".join(lines[number * size : (number + 1) * size]))
            paths.append(part)
        path.unlink()
    assert classes(paths[::-1], wishes) == verdicts


def test_broken_lines_do_not_matter(tmp_path):
    """Goal: messages that a log broke over lines are read. Method: break after 60 bytes."""
    played, wishes, verdicts = busy()
    paths = played.write(tmp_path)
    for path in paths:
        lines = path.read_bytes().splitlines()
        path.write_bytes(b"\n".join(line[:90] + b"\n" + line[90:] for line in lines))
    assert classes(paths, wishes) == verdicts


def test_small_blocks_do_not_matter(tmp_path, monkeypatch):
    """Goal: where a block is cut changes nothing. Method: blocks of 1 kB."""
    played, wishes, verdicts = busy()
    paths = played.write(tmp_path)
    monkeypatch.setattr("bcsim.history.fix.blocks.BLOCK_BYTES", 1024)
    assert classes(paths, wishes) == verdicts
