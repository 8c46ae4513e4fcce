"""Scorecards: what a day makes of a team's variable pay."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from bcsim.history.schema import NULL_CODE, Kind
from bcsim.history.verdict import Flag, VerdictClass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bcsim.conduct.day import Day
    from bcsim.model.firm import Firm
    from bcsim.model.remuneration import Scorecard

    Bools: TypeAlias = NDArray[np.bool_]

BYPASSED: Final = "orders-bypassing-controls"
COMPLAINTS: Final = "complaints"

_CLASSES: Final[Mapping[str, tuple[VerdictClass, ...]]] = {
    "orders-done": (VerdictClass.OK, VerdictClass.RECOVERED, VerdictClass.LATE),
    "orders-on-time": (VerdictClass.OK, VerdictClass.RECOVERED),
    "orders-late": (VerdictClass.LATE,),
    "orders-lost": (VerdictClass.LOST, VerdictClass.STRANDED),
    "orders-wrong": (VerdictClass.PHANTOM, VerdictClass.DUPLICATED, VerdictClass.CORRUPTED),
}
"""What a scorecard counts -> classes of the orders that count."""

_PAID_FOR: Final = ("orders-done", "orders-on-time")


@dataclass(frozen=True, eq=False)
class Tally:
    """What a scorecard counts on a day: of its orders, which are done, late and so on.

    Parameters
    ----------
    counted
        bool ``(orders of the scorecard,)`` for everything that can be counted; complaints are
        missing where nobody has looked for them.
    """

    counted: Mapping[str, Bools]

    @property
    def orders_count(self) -> int:
        """Orders that belong to the scorecard."""
        return len(self.counted[BYPASSED])

    def share(self, what: str) -> float | None:
        """Share of the orders of which something is counted; ``None`` without orders."""
        if what not in self.counted or not self.orders_count:
            return None
        return int(np.count_nonzero(self.counted[what])) / self.orders_count

    def without_bypasses(self) -> Tally:
        """The same day, had the orders that bypassed a control not been done at all."""
        kept = ~self.counted[BYPASSED]
        changed = {what: self.counted[what] & kept for what in (*_PAID_FOR, BYPASSED)}
        return Tally({**self.counted, **changed})


def tally(day: Day, firm: Firm, card: Scorecard) -> Tally:
    """Count a scorecard's orders."""
    mine = _belongs(day, firm, card)
    classes = day.verdicts.classes[mine]
    counted = {
        what: np.isin(classes, [verdict.code for verdict in verdicts])
        for what, verdicts in _CLASSES.items()
    }
    flagged = (day.verdicts.flags & Flag.CONTROL_BYPASSED.bit) != 0
    counted[BYPASSED] = (flagged | _names(day, Kind.CONTROL_SKIP))[mine]
    if day.aftermath is not None:
        text = day.aftermath.columns.text("intent_id")
        codes = text.codes[day.aftermath.is_kind(Kind.COMPLAIN)]
        complaining = {text.name(code) for code in np.unique(codes).tolist()}
        own = [str(name) in complaining for name in day.verdicts.intents]
        counted[COMPLAINTS] = np.array(own, dtype=np.bool_)[mine]
    return Tally(counted)


def failed_gates(card: Scorecard, counts: Tally) -> list[str] | None:
    """Quality gates that are not passed; ``None`` if of one it cannot be told."""
    shares = {name: counts.share(gate.counts) for name, gate in card.gates.items()}
    if None in shares.values():
        return None
    return [n for n, gate in card.gates.items() if (shares[n] or 0) > gate.at_most]


def score(card: Scorecard, counts: Tally) -> float | None:
    """Weighted mean of the indicators, each at most 1; ``None`` without orders."""
    total = sum(indicator.weight for indicator in card.indicators.values())
    reached = 0.0
    for indicator in card.indicators.values():
        share = counts.share(indicator.counts)
        if share is None:
            return None
        reached += indicator.weight * min(1.0, share / indicator.target)
    return reached / total


def pay(card: Scorecard, counts: Tally) -> float | None:
    """Share of the variable pay that is paid, 0 to 1; ``None`` where something is not known."""
    gained, failed = score(card, counts), failed_gates(card, counts)
    if gained is None or failed is None:
        return None
    lost = 0.0
    for penalty in card.penalties.values():
        share = counts.share(penalty.counts)
        if share is None:
            return None
        lost += min(penalty.at_most, penalty.each * share * 1000)
    kept = prod(1 - card.gates[name].loses for name in failed)
    return max(0.0, gained * kept * (1 - min(1.0, lost)))


def clawback_count(card: Scorecard, counts: Tally) -> int:
    """Orders for which pay can be claimed back."""
    eligible = np.zeros(counts.orders_count, dtype=np.bool_)
    for what in card.clawback:
        eligible |= counts.counted.get(what, np.False_)
    return int(np.count_nonzero(eligible))


def _belongs(day: Day, firm: Firm, card: Scorecard) -> Bools:
    """Which subjects of the verdicts a scorecard counts: bool ``(intents,)``."""
    if card.channels:
        text = day.history.columns.text("channel")
        wanted = [text.code_of(channel) for channel in card.channels]
        return np.isin(text.codes[day.first_rows], wanted)
    text = day.history.columns.text("component")
    return _mentioned(day, text.codes == text.code_of(firm.teams[card.team].component))


def _names(day: Day, kind: str) -> Bools:
    """Which subjects a row of some kind names."""
    return _mentioned(day, day.history.is_kind(kind))


def _mentioned(day: Day, rows: Bools) -> Bools:
    """Which subjects some rows name: bool ``(intents,)``."""
    codes = day.history.codes("intent_id")
    own = codes[day.first_rows]
    mentioned: Bools = np.isin(own, codes[rows]) & (own != NULL_CODE)
    return mentioned
