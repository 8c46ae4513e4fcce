"""One FIX log file, decoded: its messages, its clock and what was damaged in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.errors import HistoryError, Problem
from bcsim.history.fix import blocks, stamps
from bcsim.history.fix.ahead import ahead
from bcsim.history.fix.framing import delimiter_of, frame
from bcsim.history.fix.messages import UNREAD, Messages, located_in, messages_of
from bcsim.history.fix.options import FAIL
from bcsim.history.fix.samples import Samples
from bcsim.history.fix.traffic import Runs, Tally
from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from bcsim.history.fix.aside import Aside
    from bcsim.history.fix.framing import Framed
    from bcsim.history.fix.messages import Dictionaries, Located
    from bcsim.history.fix.options import FixOptions

_ZONE_STEP_NS: Final = 15 * 60_000_000_000
"""Time zones differ by quarters of an hour."""

_DAMAGE: Final[Mapping[str, str]] = {
    "wrong_sums": "messages with a wrong checksum were left out",
    "wrong_lengths": "messages with a wrong length were left out",
    "truncated": "messages without an end were left out",
}
_REPAIRS: Final = "messages were put together from several lines"


@dataclass(frozen=True, eq=False)
class LogFile:
    """What is kept in memory of one file; its messages about orders are put aside.

    Parameters
    ----------
    number
        Of the file among those that are read together.
    traffic
        Session columns of the messages that :mod:`bcsim.history.fix.traffic` keeps, in the order
        of the file, with ``time_ns``: when it was logged, UTC, ns since 1970; the SendingTime
        where the log has no timestamps.
    tally
        Counts of all messages.
    samples
        Messages by which its clock is compared with others, with ``log_ns`` in UTC.
    zone_ns
        What was taken from the log's times to have them in UTC.
    last_about_ns
        Time of the last message about an order; null if there is none.
    is_store
        Whether it is an engine's message store: messages that were to be sent, not a log.
    """

    number: int
    name: str
    traffic: Messages
    tally: Tally
    samples: Messages
    zone_ns: int = 0
    last_about_ns: int = NULL
    is_store: bool = False
    notes: tuple[str, ...] = ()


@dataclass(eq=False)
class FileReader:
    """A file while it is read, block by block.

    Parameters
    ----------
    aside
        Where its messages about orders go, in the order of the file: all columns, ``file`` and
        ``number`` of the message in it, and ``base_ns`` and ``floor_ns``: its time is the
        first, less the zone, but not before the second.
    latest_ns
        Latest time in the log, and latest SendingTime that stood for one, so far.
    """

    number: int
    is_store: bool
    aside: Aside
    tally: Tally = field(default_factory=Tally)
    runs: Runs = field(default_factory=Runs)
    samples: Samples = field(default_factory=Samples)
    latest_ns: tuple[int, int] = (NULL, NULL)
    unstamped: int = 0
    undated: int = 0
    last_about_ns: int = NULL
    damage: dict[str, int] = field(default_factory=dict)

    def take(self, traffic: Messages, life: Messages, said: NDArray[np.int8]) -> None:
        """Take the messages of a block."""
        traffic = self._timed(traffic)
        dated = (traffic["base_ns"] != NULL) | (traffic["floor_ns"] != NULL)
        if not dated.all():
            self.undated += int(np.count_nonzero(~dated))
            traffic, life, said = _without(traffic, life, said, dated)
        first = self.tally.count
        self.tally.add(traffic, said)
        self.runs.add(traffic)
        self.samples.add(traffic)
        rows = life["message"]
        columns = {name: traffic[name][rows] for name in _OF_SESSION}
        columns["file"] = np.full(len(rows), self.number, dtype=np.int32)
        columns["number"] = rows + first
        times_ns = time_ns(Messages(columns), 0)
        self.last_about_ns = max(self.last_about_ns, int(times_ns.max(initial=NULL)))
        del life.columns["message"]
        self.aside.add(Messages({**life.columns, **columns}))

    def _timed(self, traffic: Messages) -> Messages:
        """Add what the times are made of; a line without a stamp is no older than those before."""
        log_ns, sending_ns = traffic["log_ns"], traffic["sending_ns"]
        lacking = log_ns == NULL
        floor_ns = np.where(lacking, sending_ns, NULL)
        base_ns = log_ns
        self.unstamped += int(np.count_nonzero(lacking))
        if not self.is_store and len(log_ns):
            latest = [
                np.maximum.accumulate(np.maximum(values, before))
                for values, before in zip((log_ns, floor_ns), self.latest_ns, strict=True)
            ]
            base_ns, floor_ns = (np.where(lacking, latest[0], log_ns),
                                 np.where(lacking, latest[1], NULL))  # fmt: skip
            self.latest_ns = (int(latest[0][-1]), int(latest[1][-1]))
        return Messages({**traffic.columns, "base_ns": base_ns, "floor_ns": floor_ns})


_OF_SESSION: Final = (
    "type", "seq", "poss_dup", "sending_ns", "sender", "target", "base_ns", "floor_ns"
)  # fmt: skip
"""Session columns that the life of an order needs."""


def read_log(
    path: Path, dictionaries: Dictionaries, options: FixOptions, reading: FileReader
) -> LogFile:
    """Decode a log.

    Raises
    ------
    bcsim.errors.HistoryError
        If the file cannot be read, holds no whole FIX message, or (``on_damage="fail"``) a
        damaged one.
    """
    layout = None
    looked_at = 0
    for block in ahead(_blocks(path)):
        _count(reading.damage, block.framed, path, options)
        if block.located is None:
            continue
        layout = block.layout
        said = stamps.directions(block.framed, max(stamps.SAMPLES - looked_at, 0))
        looked_at += len(said)
        reading.take(*messages_of(block.located, dictionaries), said)
    if not looked_at:
        raise HistoryError(_no_messages(path))
    return _whole(path.name, reading, layout)


@dataclass(frozen=True, eq=False)
class _Block:
    """A block whose values are found but not read; ``located`` is None without messages."""

    framed: Framed
    layout: stamps.Layout | None
    located: Located | None


def _blocks(path: Path) -> Iterator[_Block]:
    """The blocks of a log, from the first on that shows how fields are divided."""
    beginning = blocks.beginning(path)
    delimiter = delimiter_of(beginning)
    layout = None if delimiter is None else _layout(beginning, delimiter)
    for block in blocks.blocks(path):
        delimiter = delimiter or delimiter_of(block)
        if delimiter is None:
            continue
        framed = frame(block, delimiter)
        if not len(framed.begins):
            yield _Block(framed, layout, None)
            continue
        layout = layout or _layout(block, delimiter)
        yield _Block(framed, layout, located_in(framed, layout))


def _layout(text: bytes, delimiter: bytes) -> stamps.Layout | None:
    """Where the timestamps stand, learned from the first messages."""
    framed = frame(text, delimiter)
    return stamps.layout_of(framed) if len(framed.begins) else None


def _count(damage: dict[str, int], framed: Framed, path: Path, options: FixOptions) -> None:
    for name in (*_DAMAGE, "broken_lines"):
        damage[name] = damage.get(name, 0) + int(getattr(framed, name))
    wrong = {name: damage[name] for name in _DAMAGE if damage[name]}
    if wrong and options.on_damage == FAIL:
        raise HistoryError(
            [
                Problem(
                    f"{count} {_DAMAGE[name].replace('were left out', 'were found')}",
                    str(path),
                    hint="skip damaged messages, or give the log as the engine wrote it",
                )
                for name, count in wrong.items()
            ]
        )


def _no_messages(path: Path) -> Problem:
    return Problem(
        "the log holds no whole FIX message",
        str(path),
        expected="messages from 8=FIX to 10=, with fields divided by SOH, | or ^A",
    )


def _whole(name: str, reading: FileReader, layout: stamps.Layout | None) -> LogFile:
    """Draw together what was kept, on the clock of UTC."""
    notes = _notes(name, reading)
    if not reading.tally.count:
        message = "no message of the log has a time"
        raise HistoryError(Problem(message, name, expected="SendingTime (tag 52)"))
    samples, zone_ns = reading.samples.messages(), 0
    if layout is not None and layout.zone_ns is None and len(samples):
        ahead_ns = int(np.median(samples["log_ns"] - samples["sending_ns"]))
        zone_ns = round(ahead_ns / _ZONE_STEP_NS) * _ZONE_STEP_NS
    if zone_ns:
        notes.append(
            f"{name}: its clock is {zone_ns // 60_000_000_000} minutes from UTC, "
            "judged by the SendingTimes"
        )
    if not reading.is_store and reading.unstamped and layout is None:
        notes.append(f"{name}: no timestamps before the messages; SendingTime is taken")
    if reading.undated:
        notes.append(f"{name}: {reading.undated} messages without any time were left out")
    traffic = reading.runs.messages()
    return LogFile(
        number=reading.number,
        name=name,
        traffic=Messages({**traffic.columns, "time_ns": time_ns(traffic, zone_ns)}),
        tally=reading.tally,
        samples=Messages({**samples.columns, "log_ns": samples["log_ns"] - zone_ns}),
        zone_ns=zone_ns,
        last_about_ns=_less(reading.last_about_ns, zone_ns),
        is_store=reading.is_store,
        notes=tuple(notes),
    )


def time_ns(messages: Messages, zone_ns: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """When messages were logged, UTC, given what their logs' clocks are ahead of it."""
    base_ns = messages["base_ns"]
    known = np.where(base_ns == NULL, NULL, base_ns - zone_ns)
    found: NDArray[np.int64] = np.maximum(known, messages["floor_ns"])
    return found


def _less(value_ns: int, by_ns: int) -> int:
    return NULL if value_ns == NULL else value_ns - by_ns


def _notes(name: str, reading: FileReader) -> list[str]:
    damage = reading.damage
    notes = [f"{name}: {damage[kind]} {text}" for kind, text in _DAMAGE.items() if damage[kind]]
    if damage["broken_lines"]:
        notes.append(f"{name}: {damage['broken_lines']} {_REPAIRS}")
    for code, kind in UNREAD.items():
        count = reading.tally.of_type(code)
        if count:
            notes.append(f"{name}: {count} messages {kind} are not understood")
    return notes


def _without(
    traffic: Messages, life: Messages, said: NDArray[np.int8], kept: NDArray[np.bool_]
) -> tuple[Messages, Messages, NDArray[np.int8]]:
    """A block without some of its messages."""
    new_row = np.cumsum(kept) - 1
    life = life.take(np.flatnonzero(kept[life["message"]]))
    life.columns["message"] = new_row[life["message"]]
    return traffic.take(np.flatnonzero(kept)), life, said[kept[: len(said)]]
