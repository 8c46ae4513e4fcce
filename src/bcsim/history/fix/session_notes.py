"""What is worth knowing about the sessions in FIX logs, in one sentence each, with counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.history.fix.messages import LOGON, RESEND_REQUEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bcsim.history.fix.ends import End
    from bcsim.history.fix.session import Direction
    from bcsim.history.fix.traffic import Tally


def notes_on_sessions(
    tallies: Mapping[int, Tally],
    directions: Sequence[Direction],
    ends: Sequence[End],
    names: Sequence[str],
) -> list[str]:
    """Notes on every log end: messages, repeats, logons, resets, gaps.

    Parameters
    ----------
    tallies
        Counts of the messages in the logs of each end.
    directions
        What :func:`bcsim.history.fix.session.directions_of` found in them.
    ends
        Ends by number.
    names
        Comp ids by code.
    """
    notes = []
    for number, end in enumerate(ends):
        own = names[end.party] if end.party >= 0 else end.vantage
        notes.append(f"log of {own} ({end.vantage}): {_counts(tallies[number])}")
        for direction in directions:
            if direction.end == number:
                way = f"{names[direction.sender]} to {names[direction.target]}"
                notes += [f"log of {own}: {text}" for text in _of_direction(direction, way)]
    return notes


def _counts(tally: Tally) -> str:
    counted = {
        "possible duplicates": tally.duplicates,
        "logons": tally.of_type(LOGON),
        "resend requests": tally.of_type(RESEND_REQUEST),
        "gap fills": tally.gap_fills,
    }
    parts = [f"{count:,} {name}" for name, count in counted.items() if count]
    return ", ".join([f"{tally.count:,} messages", *parts])


def _of_direction(direction: Direction, way: str) -> list[str]:
    notes = []
    if direction.resets:
        notes.append(f"{way}: {direction.resets} announced resets of the sequence numbers")
    if direction.falls:
        notes.append(
            f"{way}: sequence numbers began anew {len(direction.falls)} times without a reset "
            "flag, as after the loss of a message store"
        )
    if direction.crossings:
        notes.append(
            f"{way}: sequence numbers went back {direction.crossings} times without a logon, as "
            "where several sessions have these comp ids: what is absent there is unknown; judge "
            "the logs of each session by themselves"
        )
    explained = [gap for gap in direction.gaps if gap.explanation]
    for reason in dict.fromkeys(gap.explanation for gap in explained):
        count = sum(gap.count for gap in explained if gap.explanation == reason)
        notes.append(f"{way}: {count:,} messages are not in this log: {reason}")
    missing = [gap for gap in direction.gaps if gap.missing and not gap.explanation]
    if missing:
        count = sum(gap.count for gap in missing)
        notes.append(
            f"{way}: {count:,} messages in {len(missing)} gaps are not in this log, and nothing "
            "explains it: what is absent from it there is unknown"
        )
    return notes
