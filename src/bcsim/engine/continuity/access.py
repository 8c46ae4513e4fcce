"""Access: rights that the plan gives and takes back, and data that is open to the wrong people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.continuity.record import INFRASTRUCTURE, PLAN

if TYPE_CHECKING:
    from bcsim.engine.continuity.deed import Deed
    from bcsim.engine.continuity.situation import Situation
    from bcsim.scenario.disruption import Leak


def grant_access(situation: Situation, deed: Deed) -> None:
    """Give access to every target beyond what is normal; the right is called like the action."""
    for target in deed.action.target:
        _grant(situation, deed, target, deed.action.kind.value)


def revoke_access(situation: Situation, deed: Deed) -> None:
    """Take back every right to the targets that is still open, the oldest first."""
    for target in deed.action.target:
        for granted in situation.open_grants.pop(target, ()):
            situation.record.log(
                PLAN,
                "revoke",
                component=target,
                actor=deed.actor,
                subject=granted,
                ref=deed.name,
                reason=deed.action.kind.value,
            )


def expose_restored(situation: Situation, deed: Deed) -> None:
    """Whoever reaches the restored components sees their data, until that is taken back."""
    for target in deed.action.target:
        held = () if target in situation.sites else situation.firm.components[target].holds
        if held:
            _grant(situation, deed, target, "restored without access control")
        for data_class in held:
            _expose(situation, PLAN, target, data_class, deed.name, "seen")


def expose_leaked(situation: Situation, leak: Leak) -> None:
    """Data of a component gets into the wrong hands, or is changed or deleted by them."""
    held = situation.firm.components[leak.target].holds
    for data_class in leak.data or held:
        _expose(situation, INFRASTRUCTURE, leak.target, data_class, leak.id, leak.how)


def _grant(situation: Situation, deed: Deed, target: str, reason: str) -> None:
    situation.open_grants.setdefault(target, []).append(deed.name)
    situation.record.log(
        PLAN,
        "grant",
        component=target,
        actor=deed.actor,
        subject=deed.name,
        ref=deed.name,
        reason=reason,
    )


def _expose(
    situation: Situation, vantage: str, target: str, data_class: str, ref: str, reason: str
) -> None:
    situation.record.log(
        vantage,
        "expose",
        component=target,
        subject=data_class,
        ref=ref,
        reason=reason,
        cause=ref,
    )
