"""What several checkers need is worked out once for each history, and forgotten with its facts."""

from __future__ import annotations

from functools import update_wrapper
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.checkers.facts import Facts

P = ParamSpec("P")
T = TypeVar("T")


def once(function: Callable[Concatenate[Facts, P], T]) -> Callable[Concatenate[Facts, P], T]:
    """Keep what a function of the facts returns; further arguments must be hashable."""
    kept: WeakKeyDictionary[Facts, dict[object, T]] = WeakKeyDictionary()

    def remembering(facts: Facts, /, *args: P.args, **kwargs: P.kwargs) -> T:
        known = kept.setdefault(facts, {})
        key = (args, tuple(kwargs.items()))
        if key not in known:
            known[key] = function(facts, *args, **kwargs)
        return known[key]

    return update_wrapper(remembering, function)
