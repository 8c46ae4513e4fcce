"""FIX logs of both ends of a session, written from a script of a few words a message.

A script is lines such as::

    > D 11=X 55=ABC 54=1 40=2 44=10 38=10000
    < 8 11=X 37=1 17=e1 150=0 39=0 38=10000 14=0 151=10000
    <v 8 …       only the venue's log has it, and its number is not used at the client's end
    >c D …       only the client's log has it, and its number is not used at the venue's end
    + 5          five seconds pass

Each end's log is sound in itself: begins with a logon, ends with a logout, numbers its messages
without a gap, and has right lengths and checksums.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CLIENT, VENUE = "BANK", "EXCH"
START = datetime.datetime(2026, 11, 2, 9, 0, 0, tzinfo=datetime.UTC)
SOH = "\x01"


def message(fields: Iterable[tuple[str, str]], begin: str = "FIX.4.4") -> bytes:
    """A message with its length and checksum."""
    body = "".join(f"{tag}={value}{SOH}" for tag, value in fields)
    head = f"8={begin}{SOH}9={len(body.encode())}{SOH}{body}".encode()
    return head + f"10={sum(head) % 256:03d}{SOH}".encode()


def stamp(moment: datetime.datetime) -> str:
    """A moment as FIX writes it, in microseconds."""
    return moment.strftime("%Y%m%d-%H:%M:%S.%f")


@dataclass
class FixSession:
    """Both ends of a session, and what each logged.

    Parameters
    ----------
    latency_ms
        From sending to receipt, both ways.
    ahead_ms
        How far the venue's clock is ahead of the client's.
    """

    begin: str = "FIX.4.4"
    client: str = CLIENT
    venue: str = VENUE
    latency_ms: int = 2
    ahead_ms: int = 0
    now: datetime.datetime = START
    logs: dict[str, list[bytes]] = field(default_factory=lambda: {"client": [], "venue": []})
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def play(self, script: str) -> FixSession:
        """Log on, follow a script, log out; a client stays silent for a minute before."""
        self.send("c", "A", [("98", "0"), ("108", "5")])
        self.send("v", "A", [("98", "0"), ("108", "5")])
        for line in script.strip().splitlines():
            self.follow(line)
        self.now += datetime.timedelta(seconds=60)
        self.send("c", "5", [])
        self.send("v", "5", [])
        return self

    def follow(self, line: str) -> None:
        """Do what one line of a script says."""
        words = line.split()
        if not words:
            return
        if words[0] == "+":
            self.now += datetime.timedelta(seconds=float(words[1]))
            return
        sender = "c" if words[0].startswith(">") else "v"
        fields = [tuple(word.replace("_", " ").split("=", 1)) for word in words[2:]]
        self.send(sender, words[1], fields, only=words[0][1:])  # type: ignore[arg-type]

    def send(self, sender: str, kind: str, fields: list[tuple[str, str]], only: str = "") -> None:
        """One message, logged at both ends, or ``only`` at ``c`` or ``v``."""
        self.now += datetime.timedelta(milliseconds=10)
        ahead = datetime.timedelta(milliseconds=self.ahead_ms)
        latency = datetime.timedelta(milliseconds=self.latency_ms)
        sent = self.now + (ahead if sender == "v" else datetime.timedelta())
        for end, name in (("c", "client"), ("v", "venue")):
            if only and only != end:
                continue
            own = end == sender
            logged = self.now + (latency if not own else datetime.timedelta(microseconds=20))
            logged += ahead if end == "v" else datetime.timedelta()
            text = self._text(name, sender, kind, fields, sent)
            self.logs[name].append(f"{stamp(logged)} : ".encode() + text + b"\n")

    def _text(
        self,
        log: str,
        sender: str,
        kind: str,
        fields: list[tuple[str, str]],
        sent: datetime.datetime,
    ) -> bytes:
        given = dict(fields)
        number = self.numbers.get((log, sender), 0) + 1
        if "34" not in given:
            self.numbers[log, sender] = number
        ends = (self.client, self.venue) if sender == "c" else (self.venue, self.client)
        head = [("35", kind), ("34", given.pop("34", str(number))), ("49", ends[0])]
        head += [("52", stamp(sent)), ("56", ends[1])]
        return message([*head, *given.items()], self.begin)

    def write(self, folder: Path, *names: str) -> list[Path]:
        """Write the logs of some ends, by default of both; their paths."""
        paths = []
        for name in names or tuple(self.logs):
            own, other = (self.client, self.venue)[:: 1 if name == "client" else -1]
            path = folder / f"{self.begin}-{own}-{other}.messages.log"
            path.write_bytes(b"".join(self.logs[name]))
            paths.append(path)
        return paths
