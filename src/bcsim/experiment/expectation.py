"""What a scenario expects, compared with what came out."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bcsim.checkers.judgement import Judgement
    from bcsim.scenario.scenario import Count, Expectation


def unmet(
    expectation: Expectation, judgement: Judgement, systems: Mapping[str, str]
) -> tuple[str, ...]:
    """Where the expectation was wrong, one sentence each; empty when it was met.

    ``systems`` has the status of each service system, by its number.
    """
    return (*_differences(expectation, judgement), *_statuses(expectation, systems))


def _differences(expectation: Expectation, judgement: Judgement) -> Iterator[str]:
    if str(judgement.outcome) != expectation.outcome:
        yield f"outcome was expected to be {expectation.outcome}, it is {judgement.outcome}"
    yield from _out_of_bounds("orders", expectation.orders, asdict(judgement.orders))
    yield from _out_of_bounds("flags", expectation.flags, judgement.flags)
    for name, wanted in expectation.within_tolerance.items():
        measured = judgement.services.get(name)
        found = None if measured is None else measured.within_tolerance
        if found is not wanted:
            words = {True: "within tolerance", False: "outside tolerance", None: "not measurable"}
            yield f"service {name} was expected {words[wanted]}, it is {words[found]}"


def _statuses(expectation: Expectation, systems: Mapping[str, str]) -> Iterator[str]:
    for number, wanted in expectation.systems.items():
        if systems[number] != wanted:
            found = systems[number].replace("_", " ")
            yield f"system {number} was expected {wanted.replace('_', ' ')}, it is {found}"


def _out_of_bounds(
    what: str, bounds: Mapping[str, Count], counts: Mapping[str, int]
) -> Iterator[str]:
    for name, bound in bounds.items():
        count = counts.get(name, 0)
        if count < bound.at_least:
            yield f"{what} {name}: at least {bound.at_least} expected, there are {count}"
        if bound.at_most is not None and count > bound.at_most:
            yield f"{what} {name}: at most {bound.at_most} expected, there are {count}"
