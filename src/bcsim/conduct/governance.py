"""System 1: culture, board and senior management."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from bcsim.history.history import History
    from bcsim.model.firm import Firm


def measure_governance(firm: Firm, history: History) -> dict[str, float | int | None]:
    """Measure decisions and approvals.

    Returns
    -------
    dict
        ``time_to_declare_s``: first declaration minus first fault, in seconds, ``None``
        without either; ``declarations_count``; ``declared_by_deputy_count``;
        ``tolerances_without_approver_count``: services whose targets nobody has approved.
    """
    faults = list(history.rows("fault_on"))
    declarations = list(history.rows("declare"))
    time_to_declare_s = None
    if faults and declarations:
        first_fault, first = faults[0]["time_ns"], declarations[0]["time_ns"]
        assert isinstance(first_fault, int), "a time is never null"
        assert isinstance(first, int), "a time is never null"
        time_to_declare_s = (first - first_fault) / NS_PER_S
    return {
        "time_to_declare_s": time_to_declare_s,
        "declarations_count": len(declarations),
        "declared_by_deputy_count": sum(row["reason"] == "deputy" for row in declarations),
        "tolerances_without_approver_count": sum(
            service.tolerance.approver is None for service in firm.services.values()
        ),
    }
