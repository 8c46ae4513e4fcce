"""Logs of both ends of one FIX session, as long as one likes: the same for the same arguments.

What the client wished and what a ledger booked of it can be written beside them, as CSV files.

Of a hundred orders some 70 are executed in two parts, 15 cancelled by the client, 10 changed and
then executed, 3 refused, and 2 expire. Heartbeats go both ways every second. A message has some
220 bytes; each order makes 6 to 12 messages in both logs together.
"""

from __future__ import annotations

import datetime
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Step = tuple[str, int, str, str]

START = datetime.datetime(2026, 11, 2, 8, tzinfo=datetime.UTC)
SYMBOLS = ("ABC", "DEF", "GHI.BK", "PTT", "KBANK", "AOT")
STEP_US = 5_000
"""From one order to the next."""

_HEARTBEAT_ORDERS = 200
_TO_VENUE = ("BANK", "EXCH")


def write_logs(folder: Path, orders: int, seed: int = 1) -> tuple[list[Path], int, Counter[str]]:
    """Write the logs; returns their paths, the messages in both, and orders by expected class."""
    names = ("BANK-EXCH", "EXCH-BANK")
    paths = [folder / f"FIX.4.4-{name}.messages.log" for name in names]
    expected: Counter[str] = Counter()
    count = 0
    with paths[0].open("w", encoding="ascii") as client, paths[1].open("w") as venue:
        numbers = dict.fromkeys(_TO_VENUE, 0)
        for sender, at_us, kind, fields in _script(orders, seed, expected):
            numbers[sender] += 1
            target = "EXCH" if sender == "BANK" else "BANK"
            text = _message(kind, numbers[sender], sender, target, at_us, fields)
            for log, own in ((client, "BANK"), (venue, "EXCH")):
                logged_us = at_us + (30 if own == sender else 300)
                log.write(f"{_stamp(logged_us)}000 : {text}\n")
            count += 2
    return paths, count, expected


def write_intents(folder: Path, orders: int, seed: int = 1) -> Path:
    """Write what the client wished, without times; returns the path."""
    path = folder / "intents.csv"
    with path.open("w", encoding="ascii") as table:
        table.write("order_id,account,side,symbol,qty\n")
        for _, _, kind, fields in _script(orders, seed, Counter()):
            if kind == "D":
                said = _said(fields)
                side = "buy" if said["54"] == "1" else "sell"
                table.write(f"{said['11']},{said['1']},{side},{said['55']},{said['38']}\n")
    return path


LEDGER_MAPPING = """version = 1
files = ["ledger.csv"]
kind = "book"
vantage = "ledger"
[time]
column = "booked"
zone = "UTC"
[columns]
exec_id = "trade"
instrument = "symbol"
qty = "qty"
"""
"""How the ledger is read."""


def write_ledger(folder: Path, orders: int, seed: int = 1) -> list[Path]:
    """Write an entry for every execution a second later, and the mapping; returns both paths."""
    path, mapping = folder / "ledger.csv", folder / "ledger.toml"
    mapping.write_text(LEDGER_MAPPING)
    with path.open("w", encoding="ascii") as table:
        table.write("booked,trade,symbol,qty\n")
        for _, at_us, kind, fields in _script(orders, seed, Counter()):
            said = _said(fields) if kind == "8" else {}
            if said.get("150") == "F":
                second, micros = divmod(at_us + 1_000_000, 1_000_000)
                moment = START + datetime.timedelta(seconds=second)
                booked = f"{moment:%Y-%m-%dT%H:%M:%S}.{micros:06d}"
                table.write(f"{booked},{said['17']},{said['55']},{said['32']}\n")
    return [path, mapping]


def _said(fields: str) -> dict[str, str]:
    return dict(field.split("=", 1) for field in fields.split("|") if field)


def _script(orders: int, seed: int, expected: Counter[str]) -> Iterator[Step]:
    yield "BANK", 0, "A", "98=0|108=30|"
    yield "EXCH", 500, "A", "98=0|108=30|"
    for number in range(orders):
        at_us = 1000 + number * STEP_US
        if number % _HEARTBEAT_ORDERS == 0:
            yield "BANK", at_us - 200, "0", ""
            yield "EXCH", at_us - 100, "0", ""
        draw = _mixed(number, seed)
        share = draw % 100
        order = _Order(number, draw // 100, at_us)
        if share < 70:  # noqa: PLR2004 - the shares of the docstring
            expected["ok"] += 1
            yield from order.executed()
        elif share < 85:  # noqa: PLR2004
            expected["cancelled"] += 1
            yield from order.cancelled()
        elif share < 95:  # noqa: PLR2004
            expected["ok"] += 1
            yield from order.changed()
        elif share < 98:  # noqa: PLR2004
            expected["rejected"] += 1
            yield order.entered()
            yield order.report(1, "8", "8", 0, 0, text="58=no credit|")
        else:
            expected["expired"] += 1
            yield order.entered()
            yield order.report(1, "0", "0", 0, 0)
            yield order.report(2, "C", "C", 0, 0)
    yield "BANK", 60_000_000 + orders * STEP_US, "5", ""
    yield "EXCH", 60_001_000 + orders * STEP_US, "5", ""


def _mixed(number: int, seed: int) -> int:
    """A number that looks drawn by lot: the finaliser of SplitMix64 (S. Vigna, 2015)."""
    mixed = (number + seed * 0x9E3779B97F4A7C15) % 2**64
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % 2**64
    return mixed ^ (mixed >> 31)


class _Order:
    """One order and what is said of it."""

    def __init__(self, number: int, draw: int, at_us: int) -> None:
        self.number = number
        self.at_us = at_us
        self.qty = 100 * (1 + draw % 50)
        self.price = f"{10 + draw % 40}.{draw % 4 * 25:02d}"
        self.id = f"ORD{number:09d}"
        self.terms = f"54={1 + draw % 2}|55={SYMBOLS[draw % 6]}|60={_stamp(at_us)}|"
        self.account = f"1=ACC{draw % 997:04d}|"

    def entered(self) -> Step:
        """The order itself."""
        fields = (
            f"11={self.id}|{self.account}21=1|38={self.qty}|40=2|44={self.price}|{self.terms}59=0|"
        )
        return "BANK", self.at_us, "D", fields

    def request(self, step: int, kind: str, more: str) -> Step:
        """A request to cancel or change it, under an id of its own."""
        fields = f"11={self.id}{kind}|41={self.id}|38={self.qty}|{more}{self.terms}"
        return "BANK", self.at_us + 100 * step, kind, fields

    def report(  # noqa: PLR0913 - what a report says
        self, step: int, exec_type: str, status: str, last: int, cum: int, *,
        ids: str = "", text: str = "",
    ) -> Step:  # fmt: skip
        """An execution report."""
        ended = status in "248C"
        left = 0 if ended else self.qty - cum
        ids = ids or f"11={self.id}|"
        done = f"31={self.price}|32={last}|" if last else ""
        average = f"6={self.price if cum else 0}|"
        fields = (
            f"{average}{ids}37=OID{self.number:09d}|38={self.qty}|17=X{self.number:09d}{step}|"
            f"14={cum}|39={status}|150={exec_type}|151={left}|{done}{self.terms}{text}"
        )
        return "EXCH", self.at_us + 100 * step, "8", fields

    def executed(self) -> Iterator[Step]:
        """In two parts."""
        half = self.qty // 2
        yield self.entered()
        yield self.report(1, "0", "0", 0, 0)
        yield self.report(2, "F", "1", half, half)
        yield self.report(3, "F", "2", self.qty - half, self.qty)

    def cancelled(self) -> Iterator[Step]:
        """By the client, before anything was executed."""
        ids = f"11={self.id}F|41={self.id}|"
        yield self.entered()
        yield self.report(1, "0", "0", 0, 0)
        yield self.request(2, "F", "")
        yield self.report(3, "6", "6", 0, 0, ids=ids)
        yield self.report(4, "4", "4", 0, 0, ids=ids)

    def changed(self) -> Iterator[Step]:
        """To a larger quantity, and then executed."""
        ids = f"11={self.id}G|41={self.id}|"
        yield self.entered()
        yield self.report(1, "0", "0", 0, 0)
        self.qty += 100
        yield self.request(2, "G", f"40=2|44={self.price}|")
        yield self.report(3, "5", "0", 0, 0, ids=ids)
        yield self.report(4, "F", "2", self.qty, self.qty, ids=f"11={self.id}G|")


def _message(kind: str, number: int, sender: str, target: str, at_us: int, fields: str) -> str:
    body = f"35={kind}|34={number}|49={sender}|52={_stamp(at_us)}|56={target}|{fields}"
    head = f"8=FIX.4.4|9={len(body)}|{body}".replace("|", "\x01")
    return f"{head}10={sum(head.encode()) % 256:03d}\x01"


def _stamp(at_us: int) -> str:
    """``YYYYMMDD-HH:MM:SS.ffffff``, of a day or two."""
    second, micros = divmod(at_us, 1_000_000)
    return f"{_second(second)}.{micros:06d}"


_KNOWN: dict[int, str] = {}


def _second(second: int) -> str:
    if second not in _KNOWN:
        _KNOWN.clear()
        moment = START + datetime.timedelta(seconds=second)
        _KNOWN[second] = moment.strftime("%Y%m%d-%H:%M:%S")
    return _KNOWN[second]
