"""Rules for what a scenario says will come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.history.verdict import Flag, VerdictClass
from bcsim.model.finding import Finding, dangling
from bcsim.scenario.scenario import Family

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm
    from bcsim.scenario.scenario import Scenario


FAILING: Final = frozenset(name.value for name in VerdictClass if name.failing)
"""Verdict classes of which one intent makes the outcome fail."""


def expectation_references(scenario: Scenario, firm: Firm) -> Iterator[Finding]:
    """Verdict classes, flags and services that are expected exist."""
    expect = scenario.expect
    sections = (
        ("orders", expect.orders, "verdict class", [name.value for name in VerdictClass]),
        ("flags", expect.flags, "flag", [name.value for name in Flag]),
        ("within_tolerance", expect.within_tolerance, "service", list(firm.services)),
    )
    for field, entries, sort, names in sections:
        for name in entries:
            for finding in dangling(("expect", field, name), name, sort, names):
                yield Finding(
                    finding.path,
                    finding.message,
                    finding.value,
                    finding.expected,
                    finding.hint,
                    at_key=True,
                )


def counts(scenario: Scenario) -> Iterator[Finding]:
    """Bounds leave a number between them."""
    for field in ("orders", "flags"):
        for name, count in getattr(scenario.expect, field).items():
            if count.at_most is not None and count.at_most < count.at_least:
                yield Finding(
                    ("expect", field, name),
                    "no number is within these bounds",
                    value=f"at_least={count.at_least}, at_most={count.at_most}",
                    expected="at_least ≤ at_most",
                )


def outcome(scenario: Scenario) -> Iterator[Finding]:
    """The expected outcome agrees with the tag and with the expected orders."""
    expect = scenario.expect
    failing = [name for name, count in expect.orders.items() if name in FAILING and count.at_least]
    if failing and expect.outcome != "fail":
        yield Finding(
            ("expect", "outcome"),
            f"orders of class {failing[0]} make the outcome fail",
            value=repr(expect.outcome),
            expected="fail",
            hint=f"or do not expect any {failing[0]}",
        )
    broken = [name for name, is_within in expect.within_tolerance.items() if not is_within]
    if broken and expect.outcome != "fail":
        yield Finding(
            ("expect", "outcome"),
            f"a breached tolerance, here of {broken[0]}, makes the outcome fail",
            value=repr(expect.outcome),
            expected="fail",
        )
    if scenario.tag == "within-plan" and expect.outcome == "fail":
        yield Finding(
            ("tag",),
            "a scenario within the plan must pass",
            value="within-plan",
            expected="beyond-plan, or another expected outcome",
            severity="warning",
        )


def family(scenario: Scenario) -> Iterator[Finding]:
    """On a normal day nothing is disrupted."""
    is_normal = scenario.family == Family.NORMAL
    if is_normal and scenario.disruptions:
        yield Finding(
            ("family",),
            "a normal day with disruptions",
            value="normal",
            expected="the family of what goes wrong",
            severity="warning",
        )
    if not is_normal and not scenario.disruptions:
        yield Finding(
            ("family",),
            f"a scenario of family {scenario.family.value} in which nothing goes wrong",
            expected="disruptions, or family: normal",
            severity="warning",
        )
