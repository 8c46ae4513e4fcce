"""System 1: culture, board and senior management."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.conduct.onset import reaction_s

if TYPE_CHECKING:
    from bcsim.conduct.day import Day
    from bcsim.conduct.measure import Measures


def measure_governance(day: Day) -> Measures:
    """Measure decisions and approvals.

    Returns
    -------
    dict
        ``time_to_declare_s``: first declaration, in seconds since the fault began whose
        detection led to it (see ``bcsim.conduct.onset``), ``None`` without
        either; ``declarations_count``; ``declared_by_deputy_count``;
        ``tolerances_without_approver_count``: services whose targets nobody has approved,
        ``None`` without a model.
    """
    declarations = list(day.history.rows("declare"))
    return {
        "time_to_declare_s": reaction_s(day.history, declarations),
        "declarations_count": len(declarations),
        "declared_by_deputy_count": sum(row["reason"] == "deputy" for row in declarations),
        "tolerances_without_approver_count": None
        if day.firm is None
        else sum(service.tolerance.approver is None for service in day.firm.services.values()),
    }
