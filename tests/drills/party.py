"""One party of a drill as a program of its own: a venue or a sender on a real FIX engine.

``python party.py SETTINGS.json`` runs until it is killed or told by a line on its standard input.
What it did stands in its journal, one line a deed, written before anything else happens: the
truth of the drill, which the judge never sees.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import quickfix as fix

QTY = 100


class Journal:
    """Lines ``deed order execution`` that are on disk before the next thing happens."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.lines = path.read_text().splitlines() if path.exists() else []

    def write(self, deed: str, order: str, execution: str = "-") -> None:
        """Add a line."""
        line = f"{deed} {order} {execution}"
        self.lines.append(line)
        with self._path.open("a") as stream:
            stream.write(line + "\n")
            stream.flush()
            os.fsync(stream.fileno())

    def orders(self, deed: str) -> set[str]:
        """Orders of all lines of one deed."""
        return {line.split()[1] for line in self.lines if line.split()[0] == deed}


def die() -> None:
    """End as a crashed machine does."""
    os.kill(os.getpid(), signal.SIGKILL)


class Party(fix.Application):  # type: ignore[misc]
    """What both sides share."""

    def __init__(self, settings: dict, journal: Journal) -> None:
        super().__init__()
        self.settings, self.journal, self.session = settings, journal, None

    def onCreate(self, session) -> None:
        """Remember the session."""
        self.session = session

    def onLogon(self, session) -> None:
        """Nothing to do."""

    def onLogout(self, session) -> None:
        """Nothing to do."""

    def toAdmin(self, message, session) -> None:
        """Nothing to do."""

    def fromAdmin(self, message, session) -> None:
        """Nothing to do."""

    def toApp(self, message, session) -> None:
        """Nothing to do."""

    def fromApp(self, message, session) -> None:
        """Act on an order or a report."""


def text(message, field) -> str:
    """Value of a field."""
    message.getField(field)
    return str(field.getValue())


class Venue(Party):
    """Accepts and executes whatever arrives, unless it remembers the ClOrdID (``dedup``)."""

    def fromApp(self, message, session) -> None:
        """Execute an order: journal first, then the reports; die where the settings say so."""
        order = text(message, fix.ClOrdID())
        if self.settings.get("dedup") and order in self.journal.orders("executed"):
            return
        count = len(self.journal.lines)
        execution = f"E{os.getpid()}-{count}"
        self.report(session, order, f"A{os.getpid()}-{count}", "0", 0)
        self.journal.write("executed", order, execution)
        self.report(session, order, execution, "F", QTY)
        if order == self.settings.get("die_after"):
            die()

    def report(self, session, order: str, execution: str, kind: str, cum: int) -> None:
        """Send a report."""
        message = fix.Message()
        message.getHeader().setField(fix.MsgType("8"))
        for field in (
            fix.OrderID("O" + order), fix.ExecID(execution), fix.ClOrdID(order),
            fix.ExecType(kind), fix.OrdStatus("2" if cum else "0"), fix.Symbol("ABC"),
            fix.Side("1"), fix.OrderQty(QTY), fix.LeavesQty(QTY - cum), fix.CumQty(cum),
            fix.AvgPx(10 if cum else 0),
        ):  # fmt: skip
            message.setField(field)
        if cum:
            message.setField(fix.LastQty(cum))
            message.setField(fix.LastPx(10))
        fix.Session.sendToTarget(message, session)


class Sender(Party):
    """Sends its orders one by one, and journals what it is told."""

    def fromApp(self, message, session) -> None:
        """Journal what the venue says."""
        order = text(message, fix.ClOrdID())
        if text(message, fix.ExecType()) == "F":
            self.journal.write("told", order, text(message, fix.ExecID()))
        else:
            self.journal.write("acknowledged", order)

    def send_all(self) -> None:
        """Hand every order that was not sent before to the engine."""
        sent = self.journal.orders("sent")
        for order in self.settings["orders"]:
            if order in sent:
                continue
            self.journal.write("sent", order)
            message = fix.Message()
            message.getHeader().setField(fix.MsgType("D"))
            for field in (
                fix.ClOrdID(order), fix.HandlInst("1"), fix.Symbol("ABC"), fix.Side("1"),
                fix.TransactTime(), fix.OrderQty(QTY), fix.OrdType("1"),
            ):  # fmt: skip
                message.setField(field)
            fix.Session.sendToTarget(message, self.session)
            if order == self.settings.get("die_after"):
                time.sleep(0.2)
                die()
            time.sleep(self.settings["pause_s"])


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run the party that the settings describe."""
    folder = Path(sys.argv[1]).parent
    settings = json.loads(Path(sys.argv[1]).read_text())
    journal = Journal(folder / "journal.txt")
    party = (Venue if settings["role"] == "venue" else Sender)(settings, journal)
    stated = fix.SessionSettings(str(folder / "engine.cfg"))
    store, log = fix.FileStoreFactory(stated), fix.FileLogFactory(stated)
    is_venue = settings["role"] == "venue"
    engine = (fix.SocketAcceptor if is_venue else fix.SocketInitiator)(party, store, stated, log)
    engine.start()
    _say("started")
    if not is_venue:
        sys.stdin.readline()  # go
        party.send_all()
        _say("sent")
    sys.stdin.readline()  # stop
    engine.stop()


if __name__ == "__main__":
    main()
