"""Goal: what engines and operators make of FIX logs changes no verdict.

Method: one client's log, or a script of a session, in the manner of an engine or a log shipper;
what it should come to was written down before it was judged. Verdicts and outcome are compared
whole.
"""

from __future__ import annotations

import datetime
import gzip
import json

import pytest

from bcsim.checkers.judge import check
from bcsim.history.logs.fix import read_fix
from bcsim.history.logs.recognition import Format, recognise
from bcsim.history.reconciliation import reconcile
from tests.fix_intents import intents
from tests.fix_session import FixSession, message
from tests.unit.history.fix.test_hand_written import NAME, TERMS, Hand, fill, judged, report

ORDERS = {f"A{number}": 100 for number in range(6)}
ALL_OK = ("pass", dict.fromkeys(ORDERS, "ok"))


def day() -> Hand:
    """Six orders, each executed in two parts."""
    log = Hand("bare").on()
    for name in ORDERS:
        log.entered(name, oid=f"V{name}").add("<", fill(name, f"{name}a", 40, 40))
        log.add("<", fill(name, f"{name}b", 60, 100))
    return log.off()


def shipped(line: str, separator: str = "\x01") -> tuple[str, bool, str]:
    """Message with another separator, whether the client sent it, and when it was logged."""
    is_own = "\x0149=BANK\x01" in line
    sent = line.split("\x0152=")[1].split("\x01", maxsplit=1)[0]
    moment = datetime.datetime.strptime(f"{sent}+0000", "%Y%m%d-%H:%M:%S.%f%z")
    moment += datetime.timedelta(milliseconds=0 if is_own else 2)
    return line.replace("\x01", separator), is_own, moment.strftime("%Y-%m-%dT%H:%M:%S.%f")


def message_first(line: str) -> str:
    """JSON of a log shipper whose first key is the message."""
    text, is_own, time = shipped(line)
    return json.dumps({"message": text, "direction": "OUT" if is_own else "IN", "ts": f"{time}Z"})


def words_behind(line: str) -> str:
    """A layout that ends with the direction."""
    text, is_own, time = shipped(line, "|")
    return f"{time} {text} [{'sent' if is_own else 'received'}]"


def columns(line: str) -> str:
    """A table whose first column is the message."""
    text, is_own, time = shipped(line, "|")
    return f'"{text}",{"TX" if is_own else "RX"},{time}'


@pytest.mark.parametrize("shape", [message_first, words_behind, columns])
def test_what_stands_behind_a_message_is_about_it(tmp_path, shape):
    """Goal: no message gets the direction or time of the one before it. Method: three layouts."""
    path = tmp_path / "gateway.log"
    path.write_text("\n".join(shape(line) for line in day().lines) + "\n", encoding="utf-8")
    assert judged([path], ORDERS) == ALL_OK


@pytest.mark.parametrize(
    "separator",
    ["[SOH]", "\\001", "\\1", "\u2401", "&#1;", "&#x1;", "^", "~", "#", "\t", " | ", "\\\\u0001"],
)
def test_any_separator(tmp_path, separator):
    """Goal: whatever stands for SOH is understood. Method: what viewers and shippers write."""
    path = tmp_path / NAME
    lines = [shipped(line, separator)[0] for line in day().lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert judged([path], ORDERS) == ALL_OK


@pytest.mark.parametrize("kind", ["twice", "packed", "earlier", "renamed"])
def test_a_copy_of_a_log_is_left_out(tmp_path, kind):
    """Goal: a log given twice shows nothing twice. Method: the notes, and a resend it would be."""
    log = Hand("log4j").on().entered("A").add("<", fill("A", "e", 100, 100)).off()
    name = "gateway.log" if kind == "renamed" else NAME
    path = log.write(tmp_path / name)
    other = tmp_path / "other"
    other.mkdir()
    copy = {
        "twice": path,
        "packed": other / f"{name}.gz",
        "earlier": other / name,
        "renamed": other / "copy.txt",
    }[kind]
    data = path.read_bytes()
    if kind == "packed":
        copy.write_bytes(gzip.compress(data))
    elif kind != "twice":
        copy.write_bytes(data[: data.rindex(b"2026-11-02")] if kind == "earlier" else data)
    for paths in ([path, copy], [copy, path]):
        assert judged(paths, {"A": 100}) == ("pass", {"A": "ok"})
        notes = [note for note in read_fix(paths).notes if "left out" in note]
        assert len(notes) == 1
        assert not [note for note in read_fix(paths).notes if "anew" in note]


def test_logs_of_two_ends_that_are_alike_are_no_copies(tmp_path):
    """Goal: both ends count. Method: bare messages, the same bytes, under each end's name."""
    data = "\n".join(day().lines).encode()
    paths = [tmp_path / NAME, tmp_path / "FIX.4.4-EXCH-BANK.messages.log"]
    for path in paths:
        path.write_bytes(data + b"\n")
    assert judged(paths, ORDERS) == ALL_OK
    assert not [note for note in read_fix(paths).notes if "left out" in note]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("35=F|11=C|41=A|55=ABC|54=1|38=100", "ok"),
        ("35=G|11=C|41=A|55=ABC|54=1|40=2|44=10|38=50", "ok"),
        ("35=H|11=A|37=V1|55=ABC|54=1", "ok"),
    ],
)
@pytest.mark.parametrize("reject", ["35=3|45={}", "35=j|45={}|379={}|380=3"])
def test_a_reject_refuses_what_it_names(tmp_path, asked, expected, reject):
    """Goal: a refused cancel or question ends no order. Method: each request, both rejects."""
    log = Hand().on().entered("A").add(">", asked)
    own = asked.split("11=")[1].split("|")[0]
    log.add("<", reject.format(log.numbers[">"], own)).add("<", fill("A", "e", 100, 100)).off()
    assert judged([log.write(tmp_path / NAME)], {"A": 100}) == ("pass", {"A": expected})


def test_an_order_whose_cancel_is_refused_is_still_owed(tmp_path):
    """Goal: it is lost if nothing follows. Method: a business reject of the cancel."""
    log = Hand().on().entered("A").add(">", "35=F|11=C|41=A|55=ABC|54=1|38=100")
    log.add("<", f"35=j|45={log.numbers['>']}|379=C|380=4").off()
    assert judged([log.write(tmp_path / NAME)], {"A": 100}) == ("fail", {"A": "lost"})


def test_a_reject_in_a_later_session_of_the_same_number(tmp_path):
    """Goal: the last message of a number is meant. Method: numbers begin anew before an order."""
    log = Hand().on().entered("A").add("<", fill("A", "e", 100, 100)).off()
    log.numbers = {">": 0, "<": 0}
    log.on("141=Y").add(">", f"35=D|11=B|{TERMS}|40=2|44=10|38=100")
    log.add("<", f"35=3|45={log.numbers['>']}").off()
    expected = ("pass", {"A": "ok", "B": "rejected"})
    assert judged([log.write(tmp_path / NAME)], {"A": 100, "B": 100}) == expected


DONE = "< 8 11=X 37=1 17=e2 150=3 39=3 55=ABC 54=1 38=100 14=40 151={left} 6=10"
RESTATED = "< 8 11=X 37=1 17=e3 150=D 39=1 378=1 55=ABC 54=1 38=100 14=40 151=60 6=10"
REST = "< 8 11=X 37=1 17=e4 150=F 39=2 55=ABC 54=1 38=100 14=100 151=0 6=10 32=60 31=10"


@pytest.mark.parametrize("left", [0, 60])
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (f"{DONE}\n+ 60000\n{RESTATED}\n{REST}", ("pass", {"X": "ok"})),
        (f"{DONE}\n+ 60000\n{REST}", ("pass", {"X": "ok"})),
        (f"{DONE}\n+ 3600\n{RESTATED}\n{REST}", ("pass", {"X": "ok"})),
        (f"{DONE}\n+ 60\n{REST}", ("fail", {"X": "recovered"})),
        (f"{DONE}\n+ 60000", ("pass", {"X": "expired"})),
    ],
)
def test_an_order_of_several_days(tmp_path, left, script, expected):
    """Goal: done for the day is no end of what goes on. Method: the next day, at once, never."""
    session = FixSession().play(f"""
        > D 11=X 55=ABC 54=1 40=2 44=10 38=100 59=1
        < 8 11=X 37=1 17=e0 150=0 39=0 55=ABC 54=1 38=100 14=0 151=100 6=0
        < 8 11=X 37=1 17=e1 150=F 39=1 55=ABC 54=1 38=100 14=40 151=60 6=10 32=40 31=10
        {script.format(left=left)}
    """)
    reading = reconcile([read_fix(session.write(tmp_path)), intents({"X": 100})])
    judgement = check(reading.history)
    verdicts = {name: verdict for name, (verdict, _) in judgement.verdicts.as_map().items()}
    assert (judgement.outcome.value, verdicts) == expected


@pytest.mark.parametrize("status", ["0", "8"])
@pytest.mark.parametrize("kind", ["F", "G"])
@pytest.mark.parametrize(("is_filled", "expected"), [(True, "ok"), (False, "lost")])
def test_a_report_that_refuses_a_request(tmp_path, status, kind, is_filled, expected):
    """Goal: the order lives on. Method: a refusal as an execution report, then a fill or none."""
    log = Hand().on().entered("A").add(">", f"35={kind}|11=C|41=A|{TERMS}|40=2|44=10|38=150")
    log.add("<", f"35=8|11=C|41=A|37=V1|17=0|150=8|39={status}|{TERMS}|38=100|14=0|151=0|6=0")
    if is_filled:
        log.add("<", fill("A", "e", 100, 100))
    found = judged([log.off().write(tmp_path / NAME)], {"A": 100})
    assert found == ("pass" if is_filled else "fail", {"A": expected})


def test_corrections_of_corrections(tmp_path):
    """Goal: a reference to a correction means what it corrects. Method: two, a bust, a fill."""
    log = Hand().on().entered("A").add("<", fill("A", "e1", 40, 40))
    for own, ref, last in (("e2", "e1", 50), ("e3", "e2", 60)):
        more = f"17={own}|19={ref}|32={last}|31=10|"
        log.add("<", report("A", "G", "1", last, more=more))
    log.add("<", report("A", "H", "0", 0, more="17=e4|19=e3|32=60|31=10|"))
    log.add("<", fill("A", "e5", 100, 100)).off()
    assert judged([log.write(tmp_path / NAME)], {"A": 100}) == ("pass", {"A": "ok"})


def test_a_gap_that_is_filled_before_the_next_message(tmp_path):
    """Goal: it is no gap. Method: a possible duplicate that fills it, and then the next number."""
    log = Hand().on().entered("A")
    log.add("<", "35=4|43=Y|123=Y|36=100", number=3)
    log.numbers["<"] = 99
    log.add("<", fill("A", "e", 100, 100)).off()
    assert judged([log.write(tmp_path / NAME)], {"A": 100}) == ("pass", {"A": "ok"})


def test_names_with_sub_ids(tmp_path):
    """Goal: the file's name tells its end. Method: a name as QuickFIX/J makes it with SubIDs."""
    path = tmp_path / "FIX.4.4-BANK_DESK1-EXCH_X.messages.log"
    path.write_text("\n".join(day().lines) + "\n", encoding="utf-8")
    assert judged([path], ORDERS) == ALL_OK


@pytest.mark.parametrize(
    "line",
    [
        "20261102-09:00:00.001: Session FIX.4.4:BANK->EXCH schedule is daily",
        "20261102-09:00:00.001002000 : Created session",
    ],
)
def test_logs_of_events_are_passed_over(tmp_path, line):
    """Goal: a whole folder of an engine may be given. Method: its log of events as well."""
    events = tmp_path / "FIX.4.4-BANK-EXCH.event.log"
    events.write_text(f"{line}\n", encoding="utf-8")
    path = tmp_path / NAME
    path.write_text("\n".join(day().lines) + "\n", encoding="utf-8")
    assert recognise(events) == Format.FIX
    assert judged([events, path], ORDERS) == ALL_OK


@pytest.mark.parametrize("separator", ["\x01", "|"])
@pytest.mark.parametrize(
    ("answered", "expected"),
    [("ABC", ("pass", "ok", "ok", "ok")), ("AC", ("fail", "ok", "stranded", "ok"))],
)
def test_orders_of_a_list(tmp_path, separator, answered, expected):
    """Goal: each is an order that was sent. Method: three in a list, answers to all or to two."""
    log = Hand(separator=separator).on()
    group = "".join(f"11={name}|67=1|{TERMS}|38=100|40=1|" for name in "ABC")
    log.add(">", f"35=E|66=L1|394=1|68=3|73=3|{group}")
    for name in answered:
        log.add("<", report(name, "0", "0", 0, more=f"37=V{name}|"))
        log.add("<", fill(name, f"e{name}", 100, 100, more=f"37=V{name}|"))
    path = log.off().write(tmp_path / NAME)
    outcome, *verdicts = expected
    found = judged([path], dict.fromkeys("ABC", 100))
    assert found == (outcome, dict(zip("ABC", verdicts, strict=True)))
    assert not [note for note in read_fix([path]).notes if "gap" in note or "anew" in note]


def test_a_list_that_holds_no_order(tmp_path):
    """Goal: it is a message and nothing else. Method: a group of none, and one order by itself."""
    log = Hand().on().add(">", "35=E|66=L1|394=1|68=0|73=0").entered("A")
    path = log.add("<", fill("A", "e", 100, 100)).off().write(tmp_path / NAME)
    assert judged([path], {"A": 100}) == ("pass", {"A": "ok"})
    assert [note for note in read_fix([path]).notes if "1 messages NewOrderList" in note]


@pytest.mark.parametrize(
    ("more", "wait_s", "count"),
    [("", 60_000, 1), ("43=Y", 60_000, 0), ("97=Y", 60_000, 0), ("", 60, 0)],
)
def test_a_cl_ord_id_of_another_day_is_said(tmp_path, more, wait_s, count):
    """Goal: what is unique in a day only is no secret. Method: next day, repeats, the same day."""
    order = "> D 11=X 55=ABC 54=1 40=2 44=10 38=100"
    session = FixSession().play(f"{order}\n+ {wait_s}\n{order} {more}")
    notes = read_fix(session.write(tmp_path)).notes
    assert sum("again on another day" in note for note in notes) == count


@pytest.mark.parametrize("text", ["done|by desk", "|", "a||b|", "|x=1|"])
def test_a_separator_within_a_value(tmp_path, text):
    """Goal: it divides nothing. Method: a text with bars, in a log with bars, and right sums."""
    log = Hand().on().entered("A").add("<", fill("A", "e", 100, 100, more="58=?|1=acc|")).off()
    lines = []
    for line in log.lines:
        stamp, _, body = line.partition(" : ")
        fields = [field.partition("=")[::2] for field in body.split("\x01")[2:-2]]
        whole = message([(tag, text if value == "?" else value) for tag, value in fields])
        lines.append(f"{stamp} : {whole.decode()}".replace("\x01", "|"))
    path = tmp_path / NAME
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert judged([path], {"A": 100}) == ("pass", {"A": "ok"})
    assert not [note for note in read_fix([path]).notes if "checksum" in note]


def test_a_wrong_sum_stays_wrong(tmp_path):
    """Goal: no damage is talked away. Method: a byte changed in a text with a bar."""
    log = Hand(separator="|").on().entered("A").off()
    fields = [("35", "8"), ("34", "3"), ("49", "EXCH"), ("56", "BANK"), ("58", "a|b")]
    damaged = message(fields).decode().replace("\x01", "|").replace("a|b", "a|c")
    path = tmp_path / NAME
    path.write_text("\n".join([*log.lines, damaged]) + "\n", encoding="utf-8")
    notes = read_fix([path]).notes
    assert [note for note in notes if "1 messages with a wrong checksum" in note]


def mixed(left_out: str = "") -> Hand:
    """Two sessions of the same comp ids, message by message, but for those with some text."""
    logs = [Hand(), Hand()]
    for log, prefix in zip(logs, "PQ", strict=True):
        log.on()
        for number in range(4):
            name = f"{prefix}{number}"
            log.entered(name, oid=f"V{name}")
            log.add("<", fill(name, f"e{name}", 100, 100, more=f"37=V{name}|"))
        log.off()
    both = Hand()
    both.lines = [line for pair in zip(*(log.lines for log in logs), strict=True) for line in pair]
    both.lines = [line for line in both.lines if not left_out or left_out not in line]
    return both


def test_mixed_sessions_prove_no_absence(tmp_path):
    """Goal: what one session lacks, the other's numbers hide. Method: a fill is not in the log."""
    log = mixed("\x0117=eQ1\x01")
    wishes = {f"{prefix}{number}": 100 for prefix in "PQ" for number in range(4)}
    outcome, verdicts = judged([log.write(tmp_path / NAME)], wishes)
    assert (outcome, verdicts["Q1"]) == ("unknown", "indeterminate")
    notes = read_fix([log.write(tmp_path / NAME)]).notes
    assert sum("as where several sessions have these comp ids" in note for note in notes) == 2
    assert not [note for note in notes if "gaps" in note]


@pytest.mark.parametrize("data", ["\x0111=B\x0114=0\x0139=8\x01", "\x018=FIX.4.4\x019=5\x01"])
@pytest.mark.parametrize("tags", [(212, 213), (95, 96), (354, 355)])
def test_data_that_holds_separators(tmp_path, data, tags):
    """Goal: a field of data hides nothing. Method: fields and headers in it, before all others."""
    log = Hand().on().entered("A")
    more = f"{tags[0]}={len(data)}|{tags[1]}={data}|"
    log.add("<", fill("A", "e", 100, 100).replace("35=8|", f"35=8|{more}")).off()
    assert judged([log.write(tmp_path / NAME)], {"A": 100}) == ("pass", {"A": "ok"})


def test_ids_that_say_that_there_is_none(tmp_path):
    """Goal: NONE is no order. Method: fills of two orders with 11=NONE, told by OrderID."""
    log = Hand().on().entered("A").entered("B", oid="V2")
    for name, oid in (("A", "V1"), ("B", "V2")):
        report = fill(name, f"e{name}", 100, 100, more=f"37={oid}|")
        log.add("<", report.replace(f"11={name}|", "11=NONE|"))
    found = judged([log.off().write(tmp_path / NAME)], {"A": 100, "B": 100})
    assert found == ("pass", {"A": "ok", "B": "ok"})
