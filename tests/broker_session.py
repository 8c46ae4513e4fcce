"""FIX logs of a broker in the middle: a bank sends to it, and it sends on to an exchange.

A script is that of :mod:`tests.fix_session` with ``1`` (bank and broker) or ``2`` (broker and
exchange) before each line.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from tests.fix_session import FixSession

if TYPE_CHECKING:
    from pathlib import Path


def broker_logs(folder: Path, script: str) -> list[Path]:
    """Logs of the bank's end, both of the broker's, and the exchange's."""
    sessions = {
        "1": FixSession(client="BANK", venue="BROKER"),
        "2": FixSession(client="BROKER", venue="EXCH"),
    }
    for session in sessions.values():
        session.send("c", "A", [("98", "0"), ("108", "5")])
        session.send("v", "A", [("98", "0"), ("108", "5")])
    for line in script.strip().splitlines():
        number, said = line.split(maxsplit=1)
        now = max(session.now for session in sessions.values())
        for session in sessions.values():
            session.now = now
        sessions[number].follow(said)
    paths = []
    for number, session in sessions.items():
        session.now = max(one.now for one in sessions.values()) + datetime.timedelta(seconds=60)
        session.send("c", "5", [])
        session.send("v", "5", [])
        (folder / number).mkdir(exist_ok=True)
        paths += session.write(folder / number)
    return paths
