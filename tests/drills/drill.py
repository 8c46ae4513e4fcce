"""A drill on loopback: parties on a real FIX engine, crashes, logs, and the journals' truth."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ORDERS = [f"C{number:03d}" for number in range(1, 31)]
DEADLINE_S = 30.0
PARTY = Path(__file__).with_name("party.py")

_SETTINGS = """[DEFAULT]
ConnectionType={kind}
StartTime=00:00:00
EndTime=00:00:00
HeartBtInt=2
ReconnectInterval=1
UseDataDictionary=N
FileStorePath={folder}/store
FileLogPath={folder}/log
ResetOnLogon={reset}
{where}
"""
_SESSION = """[SESSION]
BeginString=FIX.4.4
SenderCompID={own}
TargetCompID={other}
"""


@dataclass
class Running:
    """A party: its folder, what it is told, and its process."""

    folder: Path
    settings: dict
    process: Any = field(init=False)

    def start(self) -> None:
        """Start it, or start it again after a crash."""
        (self.folder / "party.json").write_text(json.dumps(self.settings))
        self.process = subprocess.Popen(
            [sys.executable, str(PARTY), str(self.folder / "party.json")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self.process.stdout.readline() == "started\n"

    def send(self) -> None:
        """Have a sender send its orders, once its log has begun with the first logon.

        An order that its engine is handed before that is older than any log, so what the logs
        say of it would be a matter of milliseconds.
        """
        begin = time.monotonic()
        while not any(path.stat().st_size for path in self.folder.glob("log/FIX*messages*")):
            assert time.monotonic() - begin < DEADLINE_S, "it sends no logon"
            time.sleep(0.01)
        self.tell()

    def tell(self) -> None:
        """Let it go on: a sender to send, anybody to stop."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def wait_for_crash(self) -> None:
        """Wait until it has killed itself."""
        assert self.process.wait(DEADLINE_S) == -9
        self._close()
        self.settings.pop("die_after", None)

    def stop(self) -> None:
        """Log out and end."""
        self.tell()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        self._close()

    def _close(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()

    def wipe(self) -> None:
        """Lose the message store."""
        shutil.rmtree(self.folder / "store")

    def journal(self) -> list[list[str]]:
        """What it did."""
        path = self.folder / "journal.txt"
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


@dataclass
class Drill:
    """A venue and senders in one folder.

    Parameters
    ----------
    reset
        Whether sequence numbers are reset at every logon.
    dedup
        Whether the venue recognises a ClOrdID that it has executed.
    """

    folder: Path
    senders: tuple[str, ...] = ("BANK",)
    reset: bool = False
    dedup: bool = False
    pause_s: float = 0.05
    parties: dict[str, Running] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._prepare(
            "EXCH", "acceptor", f"SocketAcceptPort={port}", self.senders,
            {"role": "venue", "dedup": self.dedup},
        )  # fmt: skip
        for name in self.senders:
            where = f"SocketConnectHost=127.0.0.1\nSocketConnectPort={port}"
            told = {"role": "sender", "orders": ORDERS, "pause_s": self.pause_s}
            self._prepare(name, "initiator", where, ("EXCH",), told)

    def _prepare(self, name, kind, where, others, settings) -> None:
        folder = self.folder / name
        folder.mkdir()
        text = _SETTINGS.format(
            kind=kind, folder=folder, where=where, reset="Y" if self.reset else "N"
        )
        text += "".join(_SESSION.format(own=name, other=other) for other in others)
        (folder / "engine.cfg").write_text(text)
        self.parties[name] = Running(folder, settings)

    def settle(self) -> None:
        """Wait until nobody's journal grows, and a heartbeat longer; then log out."""
        before, since = None, time.monotonic()
        begin = since
        while time.monotonic() - since < 6 and time.monotonic() - begin < DEADLINE_S:
            now = [len(party.journal()) for party in self.parties.values()]
            if now != before:
                before, since = now, time.monotonic()
            time.sleep(0.2)
        for name in (*self.senders, "EXCH"):
            self.parties[name].stop()

    def logs(self) -> list[Path]:
        """Message logs of all parties."""
        return sorted(self.folder.glob("*/log/*messages*"))

    def stores(self) -> list[Path]:
        """Message stores of the senders."""
        return sorted(path for name in self.senders for path in
                      (self.folder / name / "store").glob("*.body"))  # fmt: skip

    def truth(self) -> dict[str, str]:
        """Class of each order by what the parties did and were told."""
        executed: dict[str, int] = {}
        for deed, order, _ in self.parties["EXCH"].journal():
            executed[order] = executed.get(order, 0) + (deed == "executed")
        lines = [line for name in self.senders for line in self.parties[name].journal()]
        told = {order for deed, order, _ in lines if deed == "told"}
        acknowledged = {order for deed, order, _ in lines if deed == "acknowledged"}
        sent = [order for deed, order, _ in lines if deed == "sent"]
        return {
            order: _class_of(
                executed.get(order, 0), sent.count(order), order in told, order in acknowledged
            )
            for order in ORDERS
        }


def _class_of(executions: int, entries: int, is_told: bool, is_acknowledged: bool) -> str:  # noqa: FBT001
    if executions > 1:
        return "duplicated"
    if executions and is_told:
        return "ok" if entries == 1 else "recovered"
    if executions:
        return "unconfirmed"
    return "lost" if is_acknowledged else "stranded"
