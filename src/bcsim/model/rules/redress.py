"""Rules for redress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.model.defect import Defect
from bcsim.model.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm


def redress_rules(firm: Firm) -> Iterator[Finding]:
    """Every rule is about an order, and can lead to a payment."""
    for kind, rule in () if firm.redress is None else firm.redress.rules.items():
        path = ("redress", "rules", kind.value)
        if kind is Defect.FAULT:
            yield Finding(
                path,
                "a fault is nobody's order",
                value=kind.value,
                expected="what it does to an order, such as late, lost or refused",
                at_key=True,
            )
        if not (rule.restore or rule.refund or rule.fixed or rule.interest):
            yield Finding(
                path,
                "this rule never pays anything",
                expected="one of restore, refund, fixed and interest",
                severity="warning",
                at_key=True,
            )


def redress_shares(firm: Firm) -> Iterator[Finding]:
    """Wrong amounts lie between two shares of what is due, the smaller one first."""
    if firm.redress is None:
        return
    low, high = firm.redress.wrong_share
    if not 0 <= low <= high:
        yield Finding(
            ("redress", "wrong_share"),
            "these are no bounds of a share",
            value=f"{low}..{high}",
            expected="from 0 up, the smaller one first",
        )


def redress_unasked(firm: Firm) -> Iterator[Finding]:
    """Somebody finds the harm that is to be made good unasked."""
    if firm.redress is not None and firm.redress.unasked and not firm.oversight:
        yield Finding(
            ("redress", "unasked"),
            "harm is made good when a line of defence finds it, but none looks",
            value="true",
            expected="oversight",
            hint="add controls under oversight, or leave unasked out",
            severity="warning",
        )
