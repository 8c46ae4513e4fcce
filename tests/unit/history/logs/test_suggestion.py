"""Goal: a proposed mapping is right where names are plain, and asks where they are not.

Method: small tables; the proposal as text, and read back as a mapping.
"""

from __future__ import annotations

import pytest

from bcsim.errors import HistoryError
from bcsim.history.logs.mapping_file import read_mapping
from bcsim.history.logs.reader import LogOptions, read_logs, suggest_mapping
from bcsim.history.schema import NULL
from tests.unit.history.logs.tables import EXPECTED, write_csv


def table(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return path


def open_questions(text):
    mark = "# OPEN: "
    return [line.removeprefix(mark) for line in text.splitlines() if line.startswith(mark)]


def test_a_proposal_as_a_whole(tmp_path):
    """Goal: names, form of times, kinds, and what is open. Method: the text of a proposal."""
    path = table(
        tmp_path,
        "TransactTime;ExecType;ClOrdID;Symbol;Buy/Sell;Flag\n"
        "22/11/2026 10:00:00;Filled;O1;ABC;B;x\n22/11/2026 10:00:01;Odd;O1;ABC;B;y\n",
    )
    assert suggest_mapping(path, is_intents=False) == (
        "# How bcsim reads t.csv: a proposal, to be checked by somebody who knows it.\n"
        "# OPEN: say what 1 text of column ExecType mean, in [values.kind].\n"
        '# OPEN: say who wrote the table: vantage = "ledger", "oms", "venue" ….\n'
        "# OPEN: say in which time zone column TransactTime is: zone.\n"
        "version = 1\n"
        'files = ["t.csv"]\n'
        '# vantage = "ledger"\n'
        "\n"
        "[table]\n"
        'delimiter = ";"\n'
        "\n"
        "[time]\n"
        'column = "TransactTime"\n'
        'form = "%d/%m/%Y %H:%M:%S"\n'
        '# zone = "Asia/Bangkok"  # of times that state no offset\n'
        "\n"
        "[columns]\n"
        'kind = "ExecType"\n'
        'order_id = "ClOrdID"\n'
        'instrument = "Symbol"\n'
        'side = "Buy/Sell"\n'
        '# not used: "Flag"\n'
        "\n"
        "[values.kind]\n"
        '"Filled" = "execute"\n'
        '# "Odd" = "…"  # a kind, or "" to leave such rows out\n'
    )


def test_a_proposal_that_is_filled_in_is_a_mapping(tmp_path):
    """Goal: from proposal to history. Method: answer every question of a proposal."""
    path = write_csv(tmp_path / "t.csv")
    text = suggest_mapping(path, is_intents=False)
    assert len(open_questions(text)) == 3
    text = text.replace('# vantage = "ledger"', 'vantage = "oms"')
    text = text.replace('# zone = "Asia/Bangkok"', 'zone = "Asia/Bangkok"')
    text = text.replace("[columns]\n", '[columns]\nkind = "What"\nexec_id = "Exec"\n')
    text += 'reason = "Note"\n[values.kind]\nNEW = "submit"\nFILL = "execute"\n'
    text = text.replace('# kind = "execute"\n', "").replace('instrument = "Stock"\n', "")
    text = text.replace("[values.kind]", 'instrument = "Stock"\n[values.kind]', 1)
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    (reading,) = read_logs([path], (), LogOptions((read_mapping(tmp_path / "m.toml"),)))
    rows = [
        {k: v for k, v in row.items() if v is not None} for row in reading.history.gathered().rows()
    ]
    assert rows == EXPECTED


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (("2026-11-22T10:00:00Z", "2026-11-22 10:00:00.5+07:00"), "iso"),
        (("20261122-10:00:00", "20261122-10:00:00.123"), "fix"),
        (("1795323784", "1795323785.5"), "unix s"),
        (("1795323784000", "1795323785001"), "unix ms"),
        (("1795323784000000", "1795323785001000"), "unix us"),
        (("1795323784000000000", "1795323785001000000"), "unix ns"),
        (("22/11/2026 10:00:00", "01/02/2026 10:00:00"), "%d/%m/%Y %H:%M:%S"),
        (("11/22/2026 10:00:00", "01/02/2026 10:00:00"), "%m/%d/%Y %H:%M:%S"),
    ],
)
def test_forms_of_times(tmp_path, cells, form):
    """Goal: a sample tells how times are written. Method: two cells of each form."""
    path = table(tmp_path, "time,order_id\n" + "".join(f"{cell},O\n" for cell in cells))
    assert f'form = "{form}"' in suggest_mapping(path, is_intents=False).splitlines()


def test_day_or_month_is_asked(tmp_path):
    """Goal: 3 April is not 4 March. Method: days below 13 only."""
    path = table(tmp_path, "time,order_id\n03/04/2026 10:00:00,O\n")
    asked = [q for q in open_questions(suggest_mapping(path, is_intents=False)) if "month" in q]
    assert asked == ["say whether column time begins with the day or the month: form."]


@pytest.mark.parametrize(
    "header", ["order_id,account,side,qty", "ClOrdID,Acct,Side,OrderQty", "เลขที่คำสั่ง,บัญชี,side,จำนวน"]
)
def test_plain_intents_need_no_mapping(tmp_path, header):
    """Goal: a list of intents is read as it is. Method: three headers, one of them Thai."""
    path = table(tmp_path, f"{header}\nC1,A,B,100\n")
    (reading,) = read_logs([], [path])
    (row,) = (
        {k: v for k, v in r.items() if v is not None} for r in reading.history.gathered().rows()
    )
    assert row == {
        "seq": 0, "time_ns": 0, "vantage": "client", "kind": "intend", "intent_id": "C1",
        "order_id": "C1", "idem_key": "C1", "account": "A", "side": "buy", "qty": 100,
    }  # fmt: skip
    assert not reading.is_timed
    assert reading.history.gathered().profile.intents_recorded


def test_intents_with_times_and_some_deadlines(tmp_path):
    """Goal: what an intent states is kept, what it leaves out is null. Method: two intents."""
    text = "order_id,time,due\nC1,2026-11-22T03:00:00Z,2026-11-22T04:00:00Z\n"
    path = table(tmp_path, text + "C2,2026-11-22T03:00:01Z,\n")
    (reading,) = read_logs([], [path])
    t0 = 1_795_316_400 * 10**9
    assert reading.is_timed
    assert reading.history.gathered().integer("time_ns").tolist() == [t0, t0 + 10**9]
    assert reading.history.gathered().integer("deadline_ns").tolist() == [t0 + 3600 * 10**9, NULL]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("what,qty\nC1,1\n", "say which column names the intent"),
        ("order_id,time\nC1,2026-11-22 10:00:00\n", "say in which time zone column time is"),
    ],
)
def test_intents_that_need_a_mapping(tmp_path, text, question):
    """Goal: nothing is guessed. Method: no id, and a time without a zone."""
    with pytest.raises(HistoryError, match="the table needs a mapping") as raised:
        read_logs([], [table(tmp_path, text)])
    assert question in raised.value.problems[0].expected


def test_quotes_in_names_are_escaped(tmp_path):
    """Goal: any header gives a TOML file. Method: quotes and a backslash in a name."""
    path = table(tmp_path, '"or""der\\no wish",time\nC1,2026-11-22T10:00:00Z\n')
    text = suggest_mapping(path, is_intents=False)
    assert '# not used: "or\\"der\\\\no wish"' in text.splitlines()
