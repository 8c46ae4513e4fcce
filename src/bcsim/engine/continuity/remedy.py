"""Remedies: what each kind of action does once its work is finished.

Two tables: effects that take place at once, and those that take further time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from bcsim.engine.continuity.access import expose_restored, grant_access, revoke_access
from bcsim.engine.continuity.agenda import Steps
from bcsim.engine.continuity.call_tree import forget_calls
from bcsim.engine.continuity.deed import Deed
from bcsim.engine.continuity.failback import switch_back
from bcsim.engine.continuity.failover import Mandate, switch_over
from bcsim.engine.continuity.notice import give_notice
from bcsim.engine.continuity.record import PRIORITIES
from bcsim.engine.continuity.recovery import restore
from bcsim.engine.continuity.relocation import relocate, return_home
from bcsim.engine.continuity.situation import Situation
from bcsim.engine.timeline import Attribute
from bcsim.model.plan import ActionKind

if TYPE_CHECKING:
    from collections.abc import Iterable

Effect: TypeAlias = Callable[[Situation, Deed], None]
Work: TypeAlias = Callable[[Situation, Deed, str], Steps[str | None]]
"""What is done for one target; it gives the reason if it does not work."""


def apply_remedy(situation: Situation, deed: Deed) -> Steps[str | None]:
    """Bring the action's effect about, for all targets at the same time.

    Returns
    -------
    str or None
        Why it did not work, target by target.
    """
    kind = deed.action.kind
    if kind in _AT_ONCE:
        _AT_ONCE[kind](situation, deed)
        return None
    agenda, work = situation.agenda, _IN_TIME[kind]
    runs = [(t, agenda.start(work(situation, deed, t))) for t in deed.action.target]
    yield agenda.all_of(run for _, run in runs)
    reasons = [f"{target}: {run.value}" for target, run in runs if run.value is not None]
    return "; ".join(reasons) or None


def _fall_back(situation: Situation, deed: Deed) -> None:
    _set_all(situation, deed, deed.action.target, Attribute.FALLBACK, 1)


def _stop_intake(situation: Situation, deed: Deed) -> None:
    channels = deed.action.target or situation.firm.channels
    _set_all(situation, deed, channels, Attribute.INTAKE, 0)


def _resume_intake(situation: Situation, deed: Deed) -> None:
    channels = deed.action.target or situation.firm.channels
    _set_all(situation, deed, channels, Attribute.INTAKE, 1)


def _prioritise(situation: Situation, deed: Deed) -> None:
    order = deed.action.order or situation.firm.priorities
    situation.record.state(PRIORITIES, Attribute.PRIORITY, 1, deed.name, order)


def _restore(situation: Situation, deed: Deed) -> None:
    for target in deed.action.target:
        restore(situation, target, deed.name)
    if not deed.action.access_control:
        expose_restored(situation, deed)


def _reconcile(situation: Situation, deed: Deed) -> None:
    for reconciliation in deed.action.target:
        situation.record.event(reconciliation, Attribute.RECONCILE, 1, deed.name)


def _stand_down(situation: Situation, deed: Deed) -> None:
    """End what the plan has put in place; with targets, only their fallbacks and intake."""
    firm, only = situation.firm, deed.action.target
    components = [name for name in firm.components if name in only or not only]
    channels = [name for name in firm.channels if name in only or not only]
    _set_all(situation, deed, components, Attribute.FALLBACK, 0)
    _set_all(situation, deed, channels, Attribute.INTAKE, 1)
    situation.record.state(PRIORITIES, Attribute.PRIORITY, 1, deed.name, firm.priorities)
    return_home(situation, deed.name)
    if situation.declared_since is not None:
        situation.declared_since, situation.undeclared_since = None, situation.news()
    forget_calls(situation)


def _set_all(
    situation: Situation, deed: Deed, subjects: Iterable[str], attribute: Attribute, value: int
) -> None:
    for subject in subjects:
        situation.record.state(subject, attribute, value, deed.name)


def _fail_over(situation: Situation, deed: Deed, target: str) -> Steps[str | None]:
    component = situation.components[target]
    was_impaired = target in deed.impaired
    mandate = Mandate(deed.name, deed.actor, deed.name, was_impaired=was_impaired)
    is_planned = deed.action.drop_lag == "wait"
    return (yield from switch_over(situation, component, mandate, is_planned=is_planned))


def _fail_back(situation: Situation, deed: Deed, target: str) -> Steps[str | None]:
    mandate = Mandate(deed.name, deed.actor, deed.name)
    return (yield from switch_back(situation, situation.components[target], mandate))


def _relocate_staff(situation: Situation, deed: Deed, target: str) -> Steps[str | None]:
    return (yield from relocate(situation, situation.team(target), deed.name))


_AT_ONCE: Final[Mapping[ActionKind, Effect]] = MappingProxyType(
    {
        ActionKind.MANUAL_FALLBACK: _fall_back,
        ActionKind.STOP_INTAKE: _stop_intake,
        ActionKind.RESUME_INTAKE: _resume_intake,
        ActionKind.PRIORITISE: _prioritise,
        ActionKind.NOTIFY_CLIENTS: give_notice,
        ActionKind.NOTIFY_REGULATOR: give_notice,
        ActionKind.NOTIFY_BOARD: give_notice,
        ActionKind.GRANT_ACCESS: grant_access,
        ActionKind.REVOKE_ACCESS: revoke_access,
        ActionKind.RESTORE: _restore,
        ActionKind.RECONCILE: _reconcile,
        ActionKind.STAND_DOWN: _stand_down,
    }
)

_IN_TIME: Final[Mapping[ActionKind, Work]] = MappingProxyType(
    {
        ActionKind.FAIL_OVER: _fail_over,
        ActionKind.FAIL_BACK: _fail_back,
        ActionKind.RELOCATE_STAFF: _relocate_staff,
    }
)

assert _AT_ONCE.keys() | _IN_TIME.keys() == set(ActionKind), "every kind of action has an effect"
