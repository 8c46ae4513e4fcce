"""Conditions of the plan: what must be the case for an action to start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from bcsim.engine.continuity.situation import Progress, Situation

if TYPE_CHECKING:
    from bcsim.model.plan import Condition

Test: TypeAlias = Callable[[Situation, str], int | None]


def holds_since(situation: Situation, condition: Condition) -> int | None:
    """The news number since which a condition holds; ``None`` if it does not hold now."""
    if condition.declared is not None:
        return situation.declared_since if condition.declared else situation.undeclared_since
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


def _detected(situation: Situation, component: str) -> int | None:
    """From the detection of an impairment until the component works normally."""
    return situation.components[component].noticed_since


def _recovered(situation: Situation, component: str) -> int | None:
    """From the end of an impairment until the next one."""
    return situation.components[component].recovered_since


def _up(situation: Situation, component: str) -> int | None:
    """While the component works, by whichever instance is active."""
    return situation.components[component].up_since


def _done(situation: Situation, action: str) -> int | None:
    """From the action's success until it is started again."""
    return _came_to(situation, action, Progress.DONE)


def _failed(situation: Situation, action: str) -> int | None:
    """From the action's failure until it is started again."""
    return _came_to(situation, action, Progress.FAILED)


def _came_to(situation: Situation, action: str, outcome: Progress) -> int | None:
    progress, since = situation.progress.get(action, (None, 0))
    return since if progress is outcome else None


def _signal(situation: Situation, name: str) -> int | None:
    """Once it has been given."""
    return 0 if situation.signal(name).triggered else None


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
