"""The whole judgement of a spoiled day, compared with what one injected defect must change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.checkers.base import LawStatus
from bcsim.checkers.judge import check
from tests.mutation.day import expected_classes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bcsim.checkers.judgement import Judgement
    from tests.mutation.day import Day

Verdict = tuple[str, tuple[str, ...]]


def verdict(name: str, *flags: str) -> Verdict:
    """A class with its flags."""
    return (name, flags)


def assert_judged(
    day: Day,
    changes: Mapping[str, Verdict | None],
    outcome: str,
    *,
    broken: Iterable[str] = (),
    services: Mapping[str, bool | None] | None = None,
    unknown: int = 0,
) -> Judgement:
    """Judge a day and compare everything with the clean day but for the stated changes.

    ``changes`` maps an intent to its verdict, or to None if it must not be judged at all;
    ``unknown`` is the number of reasons for which something is unknown.
    """
    judgement = check(day.history())
    changed = {**expected_classes(), **changes}
    expected = {intent: wanted for intent, wanted in changed.items() if wanted is not None}
    judged = judgement.verdicts.as_map()
    pairs = {name: (judged.get(name), expected.get(name)) for name in {*judged, *expected}}
    differing = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    assert not differing, f"(judged, expected): {dict(sorted(differing.items()))}"
    assert judgement.outcome.value == outcome
    statuses = judgement.conservation
    assert {name for name, s in statuses.items() if s is LawStatus.BROKEN} == set(broken)
    within = {name: measure.within_tolerance for name, measure in judgement.services.items()}
    expected_services = {"securities": True, "payments": True, **(services or {})}
    assert within == expected_services, (within, expected_services)
    assert len(judgement.unknown_reasons) == unknown, judgement.unknown_reasons
    return judgement
