"""Several histories as one: the logs of one drill, each written at a vantage point of its own."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.errors import HistoryError, Problem
from bcsim.history.columns import HistoryColumns, concatenate
from bcsim.history.history import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcsim.history.profile import Profile

_JOINED: Final = frozenset(
    {
        "allows",
        "clock_errors",
        "controls",
        "coverage",
        "cut_offs",
        "declared_kinds",
        "numbered_kinds",
        "obligations",
        "services",
        "sessions",
    }
)
"""Keys of a profile that are lists: the joint profile has what any of them has."""


def join(histories: Sequence[History], profile: Profile | None = None) -> History:
    """Put the events of several histories in one order of time, numbered anew.

    Events of one time keep the order of the histories. Times must count from the same moment.

    Parameters
    ----------
    histories
        One or more; one alone is returned as it is, but for ``profile``.
    profile
        Profile of the result; by default the profiles joined: lists together, intents recorded
        if any says so, and everything else equal.

    Raises
    ------
    bcsim.errors.HistoryError
        Naming every key in which the profiles contradict each other.
    """
    assert histories, "nothing to join"
    if profile is None:
        profile = join_profiles([history.profile for history in histories])
    if len(histories) == 1:
        only = histories[0]
        return only if profile == only.profile else History(only.columns, profile)
    columns = concatenate([history.columns for history in histories])
    order = np.argsort(columns.integer("time_ns"), kind="stable")
    columns = columns.take(order)
    numbered = {name: columns[name] for name in columns if name != "seq"}
    return History(HistoryColumns({**numbered, "seq": np.arange(len(order))}), profile)


def join_profiles(profiles: Sequence[Profile]) -> Profile:
    """Join what several histories of one drill say about themselves; raises as :func:`join`."""
    first = profiles[0]
    joined: dict[str, object] = {
        name: tuple(dict.fromkeys(entry for p in profiles for entry in getattr(p, name)))
        for name in _JOINED
    }
    if any(not profile.declared_kinds for profile in profiles):
        joined["declared_kinds"] = ()  # one of them claims to hold all kinds
    joined["intents_recorded"] = any(profile.intents_recorded for profile in profiles)
    joined["settled"] = all(profile.settled for profile in profiles)
    joined["source"] = ", ".join(dict.fromkeys(p.source for p in profiles if p.source)) or None
    _refuse_contradictions(profiles, set(joined))
    return replace(first, **joined)  # type: ignore[arg-type]


def _refuse_contradictions(profiles: Sequence[Profile], joined: set[str]) -> None:
    problems = []
    for name in (field.name for field in fields(profiles[0])):
        values = dict.fromkeys(str(getattr(profile, name)) for profile in profiles)
        if name not in joined and len(values) > 1:
            problems.append(
                Problem(
                    "the histories contradict each other",
                    value=f"{name}={' and '.join(values)}",
                    expected="one value",
                    hint="state the profile of all of them together",
                )
            )
    if problems:
        raise HistoryError(problems)
