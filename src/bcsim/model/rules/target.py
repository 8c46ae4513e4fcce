"""Rules for the targets of the nine service systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.model.finding import Finding, dangling
from bcsim.model.service_system import Better, MeasureUnit, measure_definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm


def target_references(firm: Firm) -> Iterator[Finding]:
    """Every target is of a measure that exists, on the side on which it is better."""
    known = measure_definitions()
    for name, target in firm.targets.items():
        path = ("targets", name)
        for finding in dangling(path, name, "measure", known):
            yield Finding(
                finding.path,
                finding.message,
                finding.value,
                finding.expected,
                finding.hint,
                at_key=True,
            )
        if name not in known:
            continue
        definition = known[name]
        if target.within is not None and definition.unit is not MeasureUnit.SECONDS:
            yield Finding(
                (*path, "within"),
                "a time for a measure that is none",
                value=name,
                expected="at_least or at_most",
            )
        is_floor = target.at_least is not None
        wrong = Better.LOWER if is_floor else Better.HIGHER
        if definition.better is wrong:
            yield Finding(
                path,
                f"{name} is better {'lower' if is_floor else 'higher'}",
                value="at_least" if is_floor else "at_most",
                expected="at_most" if is_floor else "at_least",
                severity="warning",
            )
