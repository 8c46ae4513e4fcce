"""One FIX log file, decoded: its messages, its clock and what was damaged in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.errors import HistoryError, Problem
from bcsim.history.fix import blocks, stamps
from bcsim.history.fix.framing import delimiter_of, frame
from bcsim.history.fix.messages import UNREAD, Messages, concatenate, messages_of
from bcsim.history.fix.options import FAIL
from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from bcsim.history.fix.framing import Framed
    from bcsim.history.fix.messages import Dictionaries
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
    """The messages of one file in the order of the file.

    Parameters
    ----------
    traffic
        Session columns of every message, with ``time_ns``: when it was logged, UTC, ns since
        1970; the SendingTime where the log has no timestamps.
    life
        Columns of the messages about orders; ``message`` is their row in ``traffic``.
    directions
        Per message 1 where the log says that it was sent, -1 received, 0 neither.
    is_store
        Whether it is an engine's message store: messages that were to be sent, not a log.
    """

    name: str
    traffic: Messages
    life: Messages
    directions: NDArray[np.int8]
    is_store: bool = False
    notes: tuple[str, ...] = ()
    damage: Mapping[str, int] = field(default_factory=dict)


def read_log(
    path: Path, dictionaries: Dictionaries, options: FixOptions, *, is_store: bool = False
) -> LogFile:
    """Decode a log.

    Raises
    ------
    bcsim.errors.HistoryError
        If the file cannot be read, holds no whole FIX message, or (``on_damage="fail"``) a
        damaged one.
    """
    delimiter = delimiter_of(blocks.beginning(path))
    pieces: list[tuple[Messages, Messages]] = []
    said: list[NDArray[np.int8]] = []
    damage: dict[str, int] = {}
    layout: stamps.Layout | None = None
    for block in blocks.blocks(path):
        if delimiter is None:
            delimiter = delimiter_of(block)
        if delimiter is None:
            continue
        framed = frame(block, delimiter)
        _count(damage, framed, path, options)
        if not len(framed.begins):
            continue
        layout = layout or stamps.layout_of(framed)
        said.append(stamps.directions(framed))
        pieces.append(messages_of(framed, layout, dictionaries))
    if not pieces:
        raise HistoryError(_no_messages(path))
    traffic, life = _joined(pieces)
    file = LogFile(path.name, traffic, life, np.concatenate(said), is_store, damage=damage)
    return _timed(_noted(file), layout)


def _joined(pieces: list[tuple[Messages, Messages]]) -> tuple[Messages, Messages]:
    begin = 0
    for traffic, life in pieces:
        life.columns["message"] = life["message"] + begin
        begin += len(traffic)
    return concatenate([one for one, _ in pieces]), concatenate([two for _, two in pieces])


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


def _noted(file: LogFile) -> LogFile:
    notes = [
        f"{file.name}: {file.damage[name]} {text}"
        for name, text in _DAMAGE.items()
        if file.damage[name]
    ]
    if file.damage["broken_lines"]:
        notes.append(f"{file.name}: {file.damage['broken_lines']} {_REPAIRS}")
    for code, name in UNREAD.items():
        count = int(np.count_nonzero(file.traffic["type"] == code))
        if count:
            notes.append(f"{file.name}: {count} messages {name} are not understood")
    return replace(file, notes=tuple(notes))


def _timed(file: LogFile, layout: stamps.Layout | None) -> LogFile:
    """Add ``time_ns``: the log's own clock in UTC where it has one."""
    log_ns, sending_ns = file.traffic["log_ns"], file.traffic["sending_ns"]
    known = (log_ns != NULL) & (sending_ns != NULL)
    notes = list(file.notes)
    if layout is not None and layout.zone_ns is None and known.any():
        ahead_ns = int(np.median(log_ns[known] - sending_ns[known]))
        zone_ns = round(ahead_ns / _ZONE_STEP_NS) * _ZONE_STEP_NS
        if zone_ns:
            log_ns = np.where(log_ns == NULL, NULL, log_ns - zone_ns)
            notes.append(
                f"{file.name}: its clock is {zone_ns // 60_000_000_000} minutes from UTC, "
                "judged by the SendingTimes"
            )
    time_ns = np.where(log_ns == NULL, sending_ns, log_ns)
    if not file.is_store and (log_ns == NULL).any():
        if layout is None:
            notes.append(f"{file.name}: no timestamps before the messages; SendingTime is taken")
        time_ns = np.maximum.accumulate(np.where(time_ns == NULL, NULL, time_ns))
    undated = int(np.count_nonzero(time_ns == NULL))
    if undated:
        notes.append(f"{file.name}: {undated} messages without any time were left out")
    traffic = Messages({**file.traffic.columns, "log_ns": log_ns, "time_ns": time_ns})
    timed = replace(file, traffic=traffic, notes=tuple(notes))
    return _without(timed, time_ns == NULL) if undated else timed


def _without(file: LogFile, dropped: NDArray[np.bool_]) -> LogFile:
    kept = np.flatnonzero(~dropped)
    if not len(kept):
        message = "no message of the log has a time"
        raise HistoryError(Problem(message, file.name, expected="SendingTime (tag 52)"))
    new_row = np.cumsum(~dropped) - 1
    life = file.life.take(np.flatnonzero(~dropped[file.life["message"]]))
    life.columns["message"] = new_row[life["message"]]
    return replace(
        file, traffic=file.traffic.take(kept), life=life, directions=file.directions[kept]
    )
