"""Conditions of the plan: what must be the case for an action to start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from bcsim.engine.continuity.dependency import Level
from bcsim.engine.continuity.situation import Progress, Situation

if TYPE_CHECKING:
    from bcsim.model.plan import Condition

Test: TypeAlias = Callable[[Situation, str], bool]


def holds(situation: Situation, condition: Condition) -> bool:
    """Whether a condition is the case now."""
    if condition.declared is not None:
        return situation.is_declared == condition.declared
    field, subject = _field(condition)
    return _TESTS[field](situation, subject)


def wording(condition: Condition) -> str:
    """A condition in words, for the decision log: ``detected oms``, ``not declared``."""
    if condition.declared is not None:
        return "declared" if condition.declared else "not declared"
    return " ".join(_field(condition))


def _field(condition: Condition) -> tuple[str, str]:
    """Name and value of the one field that is set."""
    for field in _TESTS:
        subject: str | None = getattr(condition, field)
        if subject is not None:
            return field, subject
    raise AssertionError("a condition has one field")


def _detected(situation: Situation, component: str) -> bool:
    """From the detection of an impairment until the component works normally."""
    return situation.components[component].is_noticed


def _recovered(situation: Situation, component: str) -> bool:
    """From the end of an impairment until the next one."""
    return situation.components[component].has_recovered


def _up(situation: Situation, name: str) -> bool:
    """The component works now, by whichever instance is active; for a site: it works."""
    return situation.provider(name).level == Level.WORKING


def _done(situation: Situation, action: str) -> bool:
    """From the action's success until it is started again."""
    return situation.progress.get(action) is Progress.DONE


def _failed(situation: Situation, action: str) -> bool:
    """From the action's failure until it is started again."""
    return situation.progress.get(action) is Progress.FAILED


def _signal(situation: Situation, name: str) -> bool:
    """Once it has been given."""
    return situation.signal(name).triggered


_TESTS: Final[Mapping[str, Test]] = MappingProxyType(
    {
        "detected": _detected,
        "recovered": _recovered,
        "up": _up,
        "done": _done,
        "failed": _failed,
        "signal": _signal,
    }
)
"""Fields of :class:`bcsim.model.plan.Condition`, ``declared`` apart."""
