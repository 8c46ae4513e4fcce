"""The normal day: the same firm, the same luck, and nothing goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.scenario.scenario import Expectation, Family

if TYPE_CHECKING:
    from bcsim.scenario.scenario import Scenario


def normal_day_of(scenario: Scenario) -> Scenario:
    """The scenario without its disruptions; its window, drain and trace stay.

    Components that fail by chance still do: that is what a normal day is like.
    """
    return scenario.replace(
        family=Family.NORMAL,
        tag="within-plan",
        disruptions=(),
        expect=Expectation(outcome="pass"),
    )
