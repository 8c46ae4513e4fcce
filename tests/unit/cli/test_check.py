"""Goal: ``bcsim check`` reads, judges, presents, and exits with the outcome.

Method: histories written to files of both formats, and the command run on them.
"""

from __future__ import annotations

import json

import pytest

from bcsim.cli.app import main
from bcsim.history.jsonl import to_jsonl
from bcsim.history.profile import Coverage
from bcsim.history.writer import write_history
from tests.unit.checkers.log import Log


def good() -> Log:
    return Log().wish("I1").fill("I1", 1, "E1").told("I1", 2, exec_id="E1", qty=100)


def lost() -> Log:
    log = good()
    for number in (2, 3, 4):
        log.wish(f"I{number}", number).told(f"I{number}", number, "acknowledge")
    return log


def late() -> Log:
    log = Log().wish("I1", deadline_ns=1)
    return log.fill("I1", 1, "E1").told("I1", 2, exec_id="E1")


def unknown() -> Log:
    log = Log(intents_recorded=False).wish("I1")
    return log.fill("I1", 1, "E1").told("I1", 2, exec_id="E1")


@pytest.fixture
def file(tmp_path):
    """Write a log as a Parquet file."""

    def write(log: Log, name: str = "history.parquet") -> str:
        write_history(log.history(), tmp_path / name)
        return str(tmp_path / name)

    return write


@pytest.mark.parametrize(
    ("log", "code", "sentence"),
    [
        (good, 0, "PASS: every order was executed correctly, completely and on time."),
        (lost, 1, "FAIL: orders went wrong, or a tolerance was breached."),
        (late, 3, "LATE ONLY: every order was right, but not everything was on time."),
        (unknown, 4, "UNKNOWN: the evidence cannot tell."),
    ],
)
def test_exit_code_and_sentence(file, capsys, log, code, sentence):
    """Goal: the exit code is the outcome. Method: a history of each outcome, quietly."""
    assert main(["check", "--quiet", "--log", file(log())]) == code
    assert capsys.readouterr().out.splitlines() == [sentence]


def test_text(file, capsys):
    """Goal: classes, findings and proofs for people. Method: three losses, two proofs."""
    assert main(["check", "--log", file(lost()), "--proofs", "2"]) == 1
    out = capsys.readouterr().out
    assert "lost × 3" in out
    assert "lost, the first 2:" in out
    assert out.count("I2 (buy 100 ABC) was acknowledged") == 2  # the finding, and the first
    assert "not judged: slipped, because no execution reports a price" in out


@pytest.mark.parametrize(("proofs", "keys"), [(0, 0), (1, 1), (2, 2)])
def test_json(file, capsys, proofs, keys):
    """Goal: one document, as many proofs as asked for. Method: 0, 1 and 2 proofs."""
    assert main(["check", "--json", "--proofs", str(proofs), "--log", file(lost())]) == 1
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert (document["bcsim"], document["outcome"], captured.err) == (1, "fail", "")
    (finding,) = document["findings"]
    assert ("proof" in finding) == (proofs > 0)
    assert len(finding.get("proofs", [finding["proof"]] if proofs else [])) == keys


def test_json_lines(tmp_path, capsys):
    """Goal: the readable format is judged alike. Method: the same history in JSON Lines."""
    path = tmp_path / "drill.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        to_jsonl(good().history(), stream)
    assert main(["check", "-q", "--log", str(path)]) == 0
    assert capsys.readouterr().err == ""


def test_several_logs(file):
    """Goal: logs of one drill are judged together. Method: executions in another file."""
    wishes = Log().wish("I1").told("I1", 2, exec_id="E1", qty=100)
    executions = Log().fill("I1", 1, "E1")
    names = [file(wishes, "wishes.parquet"), file(executions, "venue.parquet")]
    assert main(["check", "-q", "--log", *names]) == 0
    assert main(["check", "-q", "--log", names[0], "--log", names[1]]) == 0
    assert main(["check", "-q", "--log", names[0]]) == 1


def test_profile(file, tmp_path):
    """Goal: a profile beside the log replaces its own. Method: one that covers nothing."""
    log = good()
    assert main(["check", "-q", "--log", file(log)]) == 0
    path = tmp_path / "profile.json"
    path.write_text(Log(coverage=(Coverage("oms"),)).history().profile.to_json(), encoding="utf-8")
    assert main(["check", "-q", "--log", file(log), "--profile", str(path)]) == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such file or directory"),
        (b"", "the file is empty"),
        (b"PAR1 but not really", "history.log"),
        (b"\xff\xfe", "there is no header"),
        (b"{", "the table cannot be read"),
        (b"\x1f\x8bnot gzip", "cannot be unpacked"),
        (b"a,b\n1,2\n", "the table needs a mapping"),
    ],
)
def test_bad_log(tmp_path, capsys, content, said):
    """Goal: a file that is no history is named, exit 2. Method: absent, and wrong ones."""
    path = tmp_path / "history.log"
    if content is not None:
        path.write_bytes(content)
    assert main(["check", "--log", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert "history.log" in captured.err


@pytest.mark.parametrize("content", [None, b"[]", b'{"kindd": 1}', b"\xff"])
def test_bad_profile(file, tmp_path, capsys, content):
    """Goal: a bad profile is refused. Method: absent, not an object, unknown key, not text."""
    path = tmp_path / "profile.json"
    if content is not None:
        path.write_bytes(content)
    assert main(["check", "--log", file(good()), "--profile", str(path)]) == 2
    assert "profile.json" in capsys.readouterr().err
