"""Outcomes: what became of each segment's orders of each product, in orders and in money.

Harm in money is what the firm owes by its own rules of redress, see :mod:`bcsim.conduct.redress`;
it is known where somebody has worked out debts, and only there.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.conduct.fates import AFFECTED, FATES, fates_of
from bcsim.conduct.redress import redress_ledger

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from bcsim.conduct.day import Day

NO_PRODUCT: Final = ""
"""Product of what the model does not know, and of everything without a model."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Orders of some clients: all, those affected, and harm in minor units (None: unknown)."""

    orders_count: int
    affected_count: int
    harm_money: int | None

    @property
    def harm_per_order_money(self) -> float | None:
        """Harm over orders, minor units; None where harm is not known."""
        return None if self.harm_money is None else self.harm_money / self.orders_count


def outcomes_of(day: Day) -> dict[tuple[str, str], Outcome]:
    """Outcome of each segment and product that was ordered.

    Segments come in the order of their first intents, products in the model's. Strays, which
    belong to no segment, are left out.
    """
    column = day.orders.segment
    segments = column.codes
    names, products = _products(day)
    affected = np.isin(fates_of(day.verdicts), [FATES.index(fate) for fate in AFFECTED])
    harm = _harm(day)
    found = {}
    for segment in dict.fromkeys(segments[segments >= 0].tolist()):
        for number, product in enumerate(names):
            mine = (segments == segment) & (products == number)
            if mine.any():
                found[str(column.names[segment]), product] = Outcome(
                    orders_count=int(np.count_nonzero(mine)),
                    affected_count=int(np.count_nonzero(mine & affected)),
                    harm_money=None if harm is None else int(harm[mine].sum()),
                )
    return found


def total_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Several outcomes, of which there is at least one, as one."""
    parts = list(outcomes)
    harms = [part.harm_money for part in parts if part.harm_money is not None]
    return Outcome(
        sum(part.orders_count for part in parts),
        sum(part.affected_count for part in parts),
        sum(harms) if len(harms) == len(parts) else None,
    )


def _products(day: Day) -> tuple[list[str], NDArray[np.int64]]:
    """Names of products, and the number of each subject's among them: int64 ``(subjects,)``."""
    column = day.orders.instrument
    firm = {} if day.firm is None else day.firm.products
    numbers = np.full(len(column), len(firm), dtype=np.int64)
    for number, product in enumerate(firm.values()):
        numbers[column.is_in(*product.instruments)] = number
    return [*firm, NO_PRODUCT], numbers


def _harm(day: Day) -> NDArray[np.int64] | None:
    """What is owed for each subject, minor units: int64 ``(subjects,)``; None: nobody says."""
    ledger = redress_ledger(day)
    if ledger is None:
        return None
    harm = np.zeros(len(day.verdicts.classes), dtype=np.int64)
    for entry in ledger:
        with suppress(KeyError):  # a log may tell of redress for what it does not show
            harm[day.verdicts.place_of(entry.intent)] += entry.due
    return harm
