"""Evidence: outcomes of segments and products, ageing of complaints, redress, who found what."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bcsim.conduct.complaint_case import complaint_cases, watched_to_ns
from bcsim.conduct.defence import detection_matrix
from bcsim.conduct.outcomes import outcomes_of
from bcsim.conduct.people_evidence import people_evidence
from bcsim.conduct.product_levels import product_levels
from bcsim.conduct.redress import redress_ledger
from bcsim.limits import PROOFS_MAX
from bcsim.units import NS_PER_DAY

if TYPE_CHECKING:
    from bcsim.conduct.complaint_case import ComplaintCase
    from bcsim.conduct.day import Day

    Document = dict[str, object]

AGES_D: Final = (0, 1, 7, 15, 30)
"""Bounds of the ages of complaints in days; thirty is Thailand's rule, see ``complaints``."""


def evidence_of(day: Day) -> Document:
    """What stands behind the measures; empty tables where nothing is known.

    Returns
    -------
    dict
        ``outcomes``: for each segment and product (``""``: none that the model knows) orders,
        those affected, and harm in minor units (None: unknown). ``product_levels``: product ->
        lowest service level. ``ageing``: for each span of ages, in days (``to_d`` None: without
        end), complaints answered within it, and open ones that are so old. ``redress``: orders
        with the greatest debts, at most ``PROOFS_MAX``, in minor units. ``detection``: for each
        kind of defect, how many each line found first; ``none``: nobody. ``people``: see
        ``people_evidence``.
    """
    return {
        "outcomes": [
            {
                "segment": segment,
                "product": product,
                "orders": outcome.orders_count,
                "affected": outcome.affected_count,
                "harm": outcome.harm_money,
            }
            for (segment, product), outcome in outcomes_of(day).items()
        ],
        "product_levels": product_levels(day),
        "ageing": _ageing(day),
        "redress": _redress(day),
        "detection": detection_matrix(day),
        "people": people_evidence(day),
    }


def _ageing(day: Day) -> list[Document]:
    cases = complaint_cases(day)
    if cases is None:
        return []
    to_ns = watched_to_ns(day)
    spans = [*pairwise(AGES_D), (AGES_D[-1], None)]
    return [
        {
            "from_d": from_d,
            "to_d": to_d,
            "answered": sum(_is_aged(case, to_ns, from_d, to_d, is_open=False) for case in cases),
            "open": sum(_is_aged(case, to_ns, from_d, to_d, is_open=True) for case in cases),
        }
        for from_d, to_d in spans
    ]


def _is_aged(
    case: ComplaintCase, to_ns: int, from_d: int, to_d: int | None, *, is_open: bool
) -> bool:
    """Whether a complaint is open, or not, and its age lies in a span; its end belongs to it."""
    if (case.answered_ns is None) is not is_open:
        return False
    age_ns = (to_ns if case.answered_ns is None else case.answered_ns) - case.received_ns
    is_old_enough = age_ns > from_d * NS_PER_DAY or (from_d == 0 and age_ns >= 0)
    return is_old_enough and (to_d is None or age_ns <= to_d * NS_PER_DAY)


def _redress(day: Day) -> list[Document]:
    ledger = sorted(redress_ledger(day) or (), key=lambda entry: (-entry.due, entry.intent))
    return [
        {
            "intent": entry.intent,
            "due": entry.due,
            "paid": entry.paid,
            "payments": len(entry.payments),
            "is_late": entry.is_late,
        }
        for entry in ledger[:PROOFS_MAX]
    ]
