"""Goal: slips of a tired engineer are named, with exit code 2, and never judged as if meant.

Method: the shipped drill with one thing wrong on the command line or in a file at a time.
"""

from __future__ import annotations

import re

import pytest

from bcsim.cli.app import main
from tests.repository import ROOT

DRILL = ROOT / "tests/logs/fix-drill"
LOG = DRILL / "out_keep/ini.messages.log"
INTENTS = DRILL / "intents.csv"
MAPPING = """\
version = 1
files = ["{files}"]
kind = "intend"
vantage = "client"
[time]
column = "at"
zone = "{zone}"
[columns]
intent_id = "order_id"
order_id = "order_id"
side = "side"
instrument = "instrument"
qty = "qty"
"""


@pytest.fixture
def said(capsys):
    """Exit code of a check, and all that it wrote."""

    def check(*words):
        code = main(["check", *map(str, words)])
        written = capsys.readouterr()
        return code, " ".join((written.out + written.err).split())

    return check


def with_times(folder, zone, files="wishes.csv"):
    """The drill's intents with the times at which the log shows their orders, and a mapping."""
    first = {}
    for line in LOG.read_text(encoding="ascii").splitlines():
        found = re.search(r"^(\d{8})-([\d:.]+) .*\x0135=D\x01.*\x0111=(C\d+)\x01", line)
        if found and found[3] not in first:
            first[found[3]] = f"{found[1][:4]}-{found[1][4:6]}-{found[1][6:]} {found[2]}"
    table, mapping = folder / "wishes.csv", folder / "wishes.toml"
    header, *rows = INTENTS.read_text(encoding="utf-8").splitlines()
    timed = [f"{row},{first[row.split(',')[0]]}" for row in rows]
    table.write_text("\n".join([f"{header},at", *timed]) + "\n", encoding="utf-8")
    mapping.write_text(MAPPING.format(files=files, zone=zone), encoding="utf-8")
    return table, mapping


def test_nothing_wrong(said, tmp_path):
    """Goal: the other tests begin from something right. Method: intents with and without times."""
    assert said("--log", LOG, "--intent", INTENTS, "-q")[0] == 0
    table, mapping = with_times(tmp_path, "UTC")
    assert said("--log", LOG, "--intent", table, "--mapping", mapping, "-q")[0] == 0


def test_a_log_given_as_intents(said):
    """Goal: a log states no wishes. Method: a FIX log behind --intent."""
    code, text = said("--log", LOG, "--intent", LOG)
    assert code == 2
    assert "a FIX log is no list of intents" in text


def test_a_mapping_for_another_file(said, tmp_path):
    """Goal: a slip in `files` is not a mapping that is left unused. Method: a wrong pattern."""
    table, mapping = with_times(tmp_path, "UTC", files="whishes.csv")
    code, text = said("--log", LOG, "--intent", table, "--mapping", mapping)
    assert code == 2
    assert "the mapping is for none of the files (got whishes.csv)" in text


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        ("ini.mesages.log=client", "no FIX log and no comp id has the name"),
        ("ini.messages.log=cleint", "did you mean 'client'?"),
        ("ini.messages.log", "is not NAME=VANTAGE"),
    ],
)
def test_a_vantage_point_that_is_not_there(said, stated, problem):
    """Goal: a name is some file's. Method: slips in the file, in the vantage point, in both."""
    code, text = said("--log", LOG, "--intent", INTENTS, "--vantage", stated)
    assert code == 2
    assert problem in text


def test_intents_in_another_time_zone(said, tmp_path):
    """Goal: hours off are noticed. Method: wishes five hours behind and seven before their
    orders: the one cannot be, the other leaves everything unknown, and is remarked on."""
    table, mapping = with_times(tmp_path, "America/New_York")
    code, text = said("--log", LOG, "--intent", table, "--mapping", mapping)
    assert code == 2
    assert "60 of 60 intents are later than their own orders (got 5.0 h or more)" in text
    table, mapping = with_times(tmp_path, "Asia/Bangkok")
    code, text = said("--log", LOG, "--intent", table, "--mapping", mapping)
    assert code == 4
    assert "60 intents are whole or half hours before their orders, by 7.0 h or more" in text


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("torn.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x33", "cannot be unpacked"),
        ("empty.log", b"", "the file is empty"),
        ("noise.bin", bytes(range(128, 256)), "not in UTF-8"),
        ("readme.md", b"# Title\n\nSome words, and more.\n", "needs a mapping"),
    ],
)
def test_a_file_that_is_no_log(said, tmp_path, name, data, problem):
    """Goal: whatever it is, it is named. Method: torn, empty, binary, prose; a folder; none."""
    path = tmp_path / name
    path.write_bytes(data)
    code, text = said("--log", path)
    assert code == 2
    assert problem in text
    assert name in text
    for wrong in (tmp_path, tmp_path / "missing.log"):
        code, text = said("--log", wrong)
        assert code == 2
        assert "check the path" in text
