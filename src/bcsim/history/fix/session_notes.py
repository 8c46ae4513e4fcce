"""What is worth knowing about the sessions in FIX logs, in one sentence each, with counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.history.fix.messages import LOGON, RESEND_REQUEST, SEQUENCE_RESET, YES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcsim.history.fix.ends import End
    from bcsim.history.fix.messages import Messages
    from bcsim.history.fix.session import Direction


def notes_on_sessions(
    traffic: Messages, directions: Sequence[Direction], ends: Sequence[End], names: Sequence[str]
) -> list[str]:
    """Notes on every log end: messages, repeats, logons, resets, gaps.

    Parameters
    ----------
    traffic
        Messages of all logs with ``end``.
    directions
        What :func:`bcsim.history.fix.session.directions_of` found in them.
    ends
        Ends by number.
    names
        Comp ids by code.
    """
    notes = []
    for number, end in enumerate(ends):
        here = traffic.take(np.flatnonzero(traffic["end"] == number))
        own = names[end.party] if end.party >= 0 else end.vantage
        notes.append(f"log of {own} ({end.vantage}): {_counts(here)}")
        for direction in directions:
            if direction.end == number:
                way = f"{names[direction.sender]} to {names[direction.target]}"
                notes += [f"log of {own}: {text}" for text in _of_direction(direction, way)]
    return notes


def _counts(here: Messages) -> str:
    kinds = here["type"]
    counted = {
        "possible duplicates": int(np.count_nonzero(here["poss_dup"] == YES)),
        "logons": int(np.count_nonzero(kinds == LOGON)),
        "resend requests": int(np.count_nonzero(kinds == RESEND_REQUEST)),
        "gap fills": int(np.count_nonzero((kinds == SEQUENCE_RESET) & (here["gap_fill"] == YES))),
    }
    parts = [f"{count:,} {name}" for name, count in counted.items() if count]
    return ", ".join([f"{len(here):,} messages", *parts])


def _of_direction(direction: Direction, way: str) -> list[str]:
    notes = []
    if direction.resets:
        notes.append(f"{way}: {direction.resets} announced resets of the sequence numbers")
    if direction.falls:
        notes.append(
            f"{way}: sequence numbers began anew {len(direction.falls)} times without a reset "
            "flag, as after the loss of a message store"
        )
    explained = [gap for gap in direction.gaps if gap.explanation]
    for reason in dict.fromkeys(gap.explanation for gap in explained):
        count = sum(gap.count for gap in explained if gap.explanation == reason)
        notes.append(f"{way}: {count:,} messages are not in this log: {reason}")
    missing = [gap for gap in direction.gaps if not gap.explanation]
    if missing:
        count = sum(gap.count for gap in missing)
        notes.append(
            f"{way}: {count:,} messages in {len(missing)} gaps are not in this log, and nothing "
            "explains it: what is absent from it there is unknown"
        )
    return notes
