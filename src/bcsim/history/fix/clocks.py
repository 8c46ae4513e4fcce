"""One clock for all ends: what each end's times are shifted by, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bcsim.history.fix.messages import Messages
from bcsim.history.fix.skew import Skew, skew_of
from bcsim.history.profile import ClockError
from bcsim.history.schema import Vantage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bcsim.history.fix.ends import End

_FIRST: tuple[str, ...] = (Vantage.GATEWAY.value, Vantage.CLIENT.value)
"""Vantage points whose clock is preferred: the firm's own, as its other logs go by it."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Clock of each end against the one that all are brought to.

    Parameters
    ----------
    ahead_ns
        What is taken from the times of each end.
    uncertainty_ns
        Largest error of an end's times against the others that is left; None where no pair of
        logs tells.
    """

    ahead_ns: tuple[int, ...]
    uncertainty_ns: tuple[int | None, ...]
    notes: tuple[str, ...]

    def errors(self, ends: Sequence[End]) -> tuple[ClockError, ...]:
        """What a profile says of it: the largest error at each vantage point, if there is any."""
        largest: dict[str, int] = {}
        for end, error_ns in zip(ends, self.uncertainty_ns, strict=True):
            if error_ns:
                largest[end.vantage] = max(largest.get(end.vantage, 0), error_ns)
        return tuple(ClockError(vantage, error_ns) for vantage, error_ns in largest.items())

    def corrected(self, traffic: Messages) -> Messages:
        """Shift times to the common clock, and sort by end and time."""
        ahead = np.array(self.ahead_ns, dtype=np.int64)[traffic["end"]]
        return Messages({**traffic.columns, "time_ns": traffic["time_ns"] - ahead})


def clocks_of(samples: Mapping[int, Messages], ends: Sequence[End], names: Sequence[str]) -> Clocks:
    """Compare the clocks of all ends that share a session, from the preferred one on.

    Parameters
    ----------
    samples
        By end: messages to compare (:mod:`bcsim.history.fix.samples`), with ``is_own``.
    ends
        The ends by number.
    names
        Comp ids by code.
    """
    order = sorted(range(len(ends)), key=lambda number: _preference(ends[number]))
    ahead: dict[int, int] = {order[0]: 0} if order else {}
    unsure: dict[int, int] = {order[0]: 0} if order else {}
    notes: list[str] = []
    waiting = [end for end in order if end not in ahead]
    reached = list(ahead)
    while reached:
        base = reached.pop(0)
        for end in list(waiting):
            skew = skew_of(samples[base], samples[end])
            if skew is None:
                continue
            waiting.remove(end)
            reached.append(end)
            ahead[end] = ahead[base] + skew.ahead_ns
            unsure[end] = unsure[base] + skew.uncertainty_ns
            notes.append(_note(skew, _name(ends[end], names), _name(ends[base], names)))
    notes += [
        f"{_name(ends[end], names)}: no message stands in its log and another with both times, "
        "so its clock is taken as it is"
        for end in waiting
    ]
    return Clocks(
        tuple(ahead.get(end, 0) for end in range(len(ends))),
        tuple(unsure.get(end) for end in range(len(ends))),
        tuple(notes),
    )


def _preference(end: End) -> int:
    return _FIRST.index(end.vantage) if end.vantage in _FIRST else len(_FIRST)


def _name(end: End, names: Sequence[str]) -> str:
    return names[end.party] if end.party >= 0 else end.vantage


def _note(skew: Skew, name: str, base: str) -> str:
    known = f"from {skew.pairs} messages in both logs"
    if not skew.is_steady:
        return (
            f"the clocks of {name} and {base} drift against each other by at least "
            f"{(skew.least_ns - skew.most_ns) / 1e6:.3f} ms ({known}); no one difference fits"
        )
    if skew.ahead_ns == 0:
        return (
            f"the clocks of {name} and {base} agree within "
            f"{skew.uncertainty_ns / 1e6:.3f} ms ({known})"
        )
    word = "ahead of" if skew.ahead_ns > 0 else "behind"
    return (
        f"the clock of {name} is {abs(skew.ahead_ns) / 1e6:.3f} ms {word} that of {base}, "
        f"give or take {skew.uncertainty_ns / 1e6:.3f} ms ({known}); its times are corrected"
    )
