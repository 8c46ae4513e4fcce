"""Bounds: what is known of a number, and three-valued answers to questions about it.

A run shows many facts only in part: an outage that had not ended, clients who did not try. Such
a fact is a pair of bounds, and an answer is given only where every value between them would give
the same. Missing evidence is unknown, and never an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    Number: TypeAlias = int | Fraction


class Answer(StrEnum):
    """Met, not met, or unknown."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Least and most that a number may be; None where there is no bound."""

    low: Number | None = None
    high: Number | None = None

    def __post_init__(self) -> None:
        assert self.low is None or self.high is None or self.low <= self.high, "low <= high"

    def above(self, threshold: Number) -> Answer:
        """Whether it is more than a threshold."""
        if self.low is not None and self.low > threshold:
            return Answer.MET
        if self.high is not None and self.high <= threshold:
            return Answer.NOT_MET
        return Answer.UNKNOWN

    def at_least(self, threshold: Number) -> Answer:
        """Whether it is a threshold or more."""
        if self.low is not None and self.low >= threshold:
            return Answer.MET
        if self.high is not None and self.high < threshold:
            return Answer.NOT_MET
        return Answer.UNKNOWN

    def at_most(self, threshold: Number) -> Answer:
        """Whether it is a threshold or less."""
        return negated(self.above(threshold))


UNBOUNDED = Bounds()
"""Nothing is known."""


def exactly(number: Number) -> Bounds:
    """A number that is known."""
    return Bounds(number, number)


def negated(answer: Answer) -> Answer:
    """The answer to the opposite question."""
    opposite = {Answer.MET: Answer.NOT_MET, Answer.NOT_MET: Answer.MET}
    return opposite.get(answer, Answer.UNKNOWN)


def met_count(answers: Iterable[Answer]) -> Bounds:
    """How many of some questions are met."""
    given = list(answers)
    met = given.count(Answer.MET)
    return Bounds(met, met + given.count(Answer.UNKNOWN))


def any_met(answers: Iterable[Answer]) -> Answer:
    """Whether one of some questions is met; of none, it is not."""
    return met_count(answers).at_least(1)


def all_met(answers: Iterable[Answer]) -> Answer:
    """Whether all of some questions are met; of none, they are."""
    return negated(any_met(negated(answer) for answer in answers))
