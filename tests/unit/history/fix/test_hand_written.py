"""Goal: logs as engines write them are judged as a person who reads them would.

Method: small logs of one end only, written by hand in the manner of real engines; what each should
come to was written down before it was first judged. Verdicts and outcome are compared whole.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field

import pytest

from bcsim.checkers.judge import check
from bcsim.history.logs.fix import read_fix
from bcsim.history.reconciliation import reconcile
from tests.fix_intents import intents
from tests.fix_session import message

TERMS = "55=ABC|54=1"
STYLES = {
    "quickfix": "20261102-{stamp} : {text}",
    "log4j": "2026-11-02 {comma} INFO  [Processor] - {ends} {way}: {text} took 1 ms",
    "bare": "{text}",
}


@dataclass
class Hand:
    """A log of the client's end; ``>`` is sent, ``<`` received, a tenth of a second apart."""

    style: str = "quickfix"
    separator: str = "\x01"
    begin: str = "FIX.4.4"
    numbers: dict[str, int] = field(default_factory=lambda: {">": 0, "<": 0})
    lines: list[str] = field(default_factory=list)
    clock_ms: int = 0

    def add(self, way: str, body: str, after_s: float = 0.1, number: int | None = None) -> Hand:
        """One message, ``tag=value`` with bars between them."""
        self.clock_ms += round(after_s * 1000)
        minute, ms = divmod(self.clock_ms, 60_000)
        stamp = f"09:{minute:02d}:{ms // 1000:02d}.{ms % 1000:03d}"
        if number is None:
            self.numbers[way] += 1
            number = self.numbers[way]
        own, other = ("BANK", "EXCH")[:: 1 if way == ">" else -1]
        kind, *rest = (part.partition("=")[::2] for part in body.strip("|").split("|") if part)
        head = [kind, ("34", str(number)), ("49", own), ("52", f"20261102-{stamp}"), ("56", other)]
        text = message([*head, *rest], self.begin).decode().replace("\x01", self.separator)
        said = {"way": "outgoing" if way == ">" else "incoming", "ends": "BANK->EXCH"}
        comma = stamp.replace(".", ",")
        self.lines.append(STYLES[self.style].format(stamp=stamp, comma=comma, text=text, **said))
        return self

    def on(self, more: str = "") -> Hand:
        """Both sides log on."""
        for way in "><":
            self.add(way, f"35=A|98=0|108=30|{more}")
        return self

    def off(self) -> Hand:
        """A minute later both log out."""
        return self.add(">", "35=5", 60).add("<", "35=5")

    def entered(self, order: str, qty: int = 100, oid: str = "V1", more: str = "") -> Hand:
        """Sent, and accepted."""
        self.add(">", f"35=D|11={order}|{TERMS}|40=2|44=10|38={qty}")
        return self.add("<", report(order, "0", "0", 0, qty, f"37={oid}|{more}"))

    def write(self, path, lines=slice(None)):
        """Write some of the lines."""
        text = "\n".join(self.lines[lines]) + "\n"
        data = text.encode()
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
        return path


def report(order: str, kind: str, status: str, cum: int, qty: int = 100, more: str = "") -> str:
    left = 0 if status in "48C" else qty - cum
    venue = "" if "37=" in more else "37=V1|"
    number = "" if "17=" in more else "17=0|"
    return (
        f"35=8|11={order}|{venue}{number}150={kind}|39={status}|{TERMS}|38={qty}|14={cum}|151={left}|"
        f"6={10 if cum else 0}|{more}"
    )


def fill(order: str, name: str, last: int, cum: int, qty: int = 100, more: str = "") -> str:
    status = "2" if cum >= qty else "1"
    return report(order, "F", status, cum, qty, f"17={name}|32={last}|31=10|{more}")


def judged(paths, wishes):
    """Outcome, and class of everything."""
    reading = reconcile([read_fix(paths), intents(wishes)])
    judgement = check(reading.history)
    verdicts = {name: verdict for name, (verdict, _) in judgement.verdicts.as_map().items()}
    return judgement.outcome.value, verdicts


NAME = "FIX.4.4-BANK-EXCH.messages.log"


def test_prose_around_messages(tmp_path):
    """Goal: words around messages do no harm. Method: log4j, carets, a note, a torn last line."""
    for separator in ("^A", "|"):
        log = Hand("log4j", separator).on().entered("A")
        log.add("<", fill("A", "e1", 40, 40)).add("<", fill("A", "e2", 60, 100)).off()
        log.lines.insert(3, "*** session up, 2 messages pending ***")
        log.lines.append(log.lines[-1][:90])
        assert judged([log.write(tmp_path / "gateway.log")], {"A": 100}) == ("pass", {"A": "ok"})


def test_a_rotated_log_with_a_reset(tmp_path):
    """Goal: parts are one log. Method: gzip and plain, cut within an order, numbers reset."""
    log = Hand().on().entered("A").entered("B", oid="V2").add("<", fill("B", "b", 100, 100))
    cut = len(log.lines)
    log.add("<", fill("A", "a", 100, 100)).off()
    log.numbers = {">": 0, "<": 0}
    log.on("141=Y").add(">", "35=0", 30).add("<", "35=0").off()
    paths = [log.write(tmp_path / NAME, slice(cut, None))]
    paths.append(log.write(tmp_path / f"{NAME}.1.gz", slice(cut)))
    assert judged(paths, {"A": 100, "B": 100}) == ("pass", {"A": "ok", "B": "ok"})


def test_a_fill_that_comes_again(tmp_path):
    """Goal: what was lost on the wire and resent is no gap. Method: PossDup and a gap fill."""
    log = Hand().on().entered("A")
    log.numbers["<"] += 1
    log.add("<", "35=0", 1).add(">", "35=2|7=3|16=0")
    log.add("<", fill("A", "a", 100, 100, more="43=Y|122=20261102-09:00:00.5"), number=3)
    log.add("<", "35=4|43=Y|122=20261102-09:00:01|123=Y|36=5", number=4).off()
    assert judged([log.write(tmp_path / NAME)], {"A": 100}) == ("pass", {"A": "ok"})


def test_numbers_set_by_hand(tmp_path):
    """Goal: a reset is no gap. Method: SequenceReset without GapFill between two orders."""
    log = Hand().on().entered("A").add("<", fill("A", "a", 100, 100)).add("<", "35=4|123=N|36=100")
    log.numbers["<"] = 99
    log.entered("B", oid="V2").add("<", fill("B", "b", 100, 100)).off()
    found = judged([log.write(tmp_path / NAME)], {"A": 100, "B": 100})
    assert found == ("pass", {"A": "ok", "B": "ok"})


def test_busts_and_corrections_that_only_the_client_logged(tmp_path):
    """Goal: what the client is told counts as the venue's word. Method: busted and executed
    again, corrected, and busted and cancelled; the second as FIX 4.2 says it."""
    log = Hand().on().entered("A").add("<", fill("A", "a1", 100, 100))
    log.add("<", report("A", "H", "0", 0, more="17=a2|19=a1")).add("<", fill("A", "a3", 100, 100))
    log.entered("B", oid="V2").add("<", fill("B", "b1", 100, 100))
    corrected = report("B", "G", "2", 100, more="17=b2|19=b1|32=100|31=9.9")
    log.add("<", corrected.replace("|6=10|", "|6=9.9|"))
    log.entered("C", oid="V3").add("<", fill("C", "c1", 100, 100))
    log.add("<", report("C", "H", "0", 0, more="17=c2|19=c1"))
    log.add(">", f"35=F|11=C2|41=C|{TERMS}|38=100").add("<", report("C2", "4", "4", 0, more="41=C"))
    found = judged([log.off().write(tmp_path / NAME)], {"A": 100, "B": 100, "C": 100})
    assert found == ("pass", {"A": "ok", "B": "ok", "C": "cancelled"})
    log = Hand(begin="FIX.4.2").on().entered("A", more="20=0")
    log.add("<", report("A", "1", "1", 40, more="20=0|17=e1|32=40|31=10"))
    log.add("<", report("A", "1", "0", 0, more="20=1|17=e2|19=e1|32=40|31=10"))
    log.add("<", report("A", "2", "2", 100, more="20=0|17=e3|32=100|31=10")).off()
    name = NAME.replace("4.4", "4.2")
    assert judged([log.write(tmp_path / name)], {"A": 100}) == ("pass", {"A": "ok"})


def test_a_chain_of_replacements_with_fills_between(tmp_path):
    """Goal: fills while pending carry the old terms. Method: one accepted, one refused change."""
    log = Hand().on().entered("X", 1000).add("<", fill("X", "e1", 200, 200, 1000))
    log.add(">", f"35=G|11=X2|41=X|{TERMS}|40=2|44=10|38=1500")
    log.add("<", report("X2", "E", "E", 200, 1000, "41=X"))
    log.add("<", report("X", "F", "E", 500, 1000, "17=e2|32=300|31=10"))
    log.add("<", report("X2", "5", "1", 500, 1500, "41=X"))
    log.add(">", f"35=G|11=X3|41=X2|{TERMS}|40=2|44=10.5|38=1200")
    log.add("<", report("X3", "E", "E", 500, 1500, "41=X2"))
    log.add("<", "35=9|37=V1|11=X3|41=X2|39=1|434=2|102=0|58=too late")
    log.add("<", fill("X2", "e3", 1000, 1500, 1500)).off()
    assert judged([log.write(tmp_path / NAME)], {"X": 1000}) == ("pass", {"X": "ok"})


def test_rejects_of_session_and_application(tmp_path):
    """Goal: each refuses its order. Method: by number only, and by reference."""
    log = Hand().on().add(">", f"35=D|11=A|{TERMS}|40=2|44=x|38=100")
    log.add("<", "35=3|45=2|371=44|372=D|373=5|58=incorrect value")
    log.add(">", f"35=D|11=B|{TERMS}|40=2|44=10|38=100")
    log.add("<", "35=j|45=3|372=D|379=B|380=4|58=not available").off()
    found = judged([log.write(tmp_path / NAME)], {"A": 100, "B": 100})
    assert found == ("pass", {"A": "rejected", "B": "rejected"})


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("531=7|533=2", ("pass", {"A": "cancelled", "B": "cancelled"})),
        (
            "531=7|533=1|534=1|41=A|535=V1",
            ("unknown", {"A": "indeterminate", "B": "indeterminate"}),
        ),
        ("531=0|532=0", ("fail", {"A": "lost", "B": "partial"})),
    ],
    ids=["each reported", "none reported", "refused"],
)
def test_orders_cancelled_all_together(tmp_path, answer, expected):
    """Goal: a mass cancellation may have ended what is not heard of again. Method: an order with
    nothing, and one with a part; reports on each, none, and a refusal."""
    log = Hand().on().entered("A").entered("B", oid="V2").add("<", fill("B", "b", 40, 40))
    log.add(">", "35=q|11=M|530=7").add("<", f"35=r|11=M|37=W|530=7|{answer}")
    if expected[0] == "pass":
        log.add("<", report("A", "4", "4", 0)).add("<", report("B", "4", "4", 40))
    assert judged([log.off().write(tmp_path / NAME)], {"A": 100, "B": 100}) == expected


@pytest.mark.parametrize(
    ("kinds", "expected"), [("223", ("pass", "ok")), ("22", ("unknown", "indeterminate"))]
)
def test_a_multileg_order(tmp_path, kinds, expected):
    """Goal: legs are no executions of their own. Method: reports on legs and on the whole; on
    legs only, which does not tell how much of the order was executed."""
    log = Hand().on().add(">", f"35=AB|11=L|{TERMS}|40=2|44=1|38=100|555=2|600=X|624=1|600=Y|624=2")
    log.add("<", report("L", "0", "0", 0, more="442=3"))
    for number, kind in enumerate(kinds):
        log.add("<", fill("L", f"e{number}", 100, 100, more=f"442={kind}"))
    outcome, verdicts = judged([log.off().write(tmp_path / NAME)], {"L": 100})
    assert (outcome, verdicts["L"]) == expected


def test_an_unsolicited_cancel_and_a_trade_that_is_not_known(tmp_path):
    """Goal: both end as cancelled. Method: the venue cancels; a fill is refused and busted."""
    log = Hand().on().entered("A").add("<", report("A", "4", "4", 0, more="58=by the exchange"), 5)
    log.entered("B", oid="V2").add("<", fill("B", "b1", 100, 100))
    log.add(">", f"35=Q|37=V2|17=b1|127=D|{TERMS}|32=100|31=10")
    log.add("<", report("B", "H", "0", 0, more="17=b2|19=b1")).add("<", report("B", "4", "4", 0))
    found = judged([log.off().write(tmp_path / NAME)], {"A": 100, "B": 100})
    assert found == ("pass", {"A": "cancelled", "B": "cancelled"})


def test_a_log_that_does_not_show_whose_it_is(tmp_path):
    """Goal: who was told is unknown. Method: no stamps, a plain name."""
    log = Hand("bare").on().entered("A").add("<", fill("A", "a", 100, 100)).off()
    found = judged([log.write(tmp_path / "messages.txt")], {"A": 100})
    assert found == ("unknown", {"A": "indeterminate"})
