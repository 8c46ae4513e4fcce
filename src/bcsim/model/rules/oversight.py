"""Rules for the oversight of the three lines of defence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.model.component import ComponentKind
from bcsim.model.defect import Defect
from bcsim.model.finding import Finding, dangling
from bcsim.model.rules.reference import each_dangling, of_other_kind, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm

_KNOWN_AT_ONCE: Final = frozenset({Defect.RECOVERED, Defect.REFUSED})
"""What the firm knows as it arises: it answered the client itself."""


def oversight_references(firm: Firm) -> Iterator[Finding]:
    """Makers and checkers are teams; what a control stands on exists."""
    for name, control in firm.oversight.items():
        for key, team in (("made_by", control.made_by), ("checked_by", control.checked_by)):
            path = ("oversight", name, key)
            yield from dangling(path, team, "component", firm.components)
            yield from of_other_kind(firm, path, team, {ComponentKind.TEAM}, "a maker or checker")
        place = ("oversight", name, "off_while")
        yield from each_dangling(place, control.off_while, "component", firm.components)
        yield from repeated(place, control.off_while, "component")


def oversight_names(firm: Firm) -> Iterator[Finding]:
    """A control of the oversight is not one inside a journey."""
    for name in firm.oversight:
        if name in firm.controls:
            yield Finding(
                ("oversight", name),
                "a control inside a journey has this name already",
                value=repr(name),
                expected="another name",
                at_key=True,
            )


def oversight_independence(firm: Firm) -> Iterator[Finding]:
    """Who checks is not who made the work."""
    for name, control in firm.oversight.items():
        if control.made_by == control.checked_by:
            yield Finding(
                ("oversight", name, "checked_by"),
                "the team checks its own work",
                value=repr(control.checked_by),
                expected="another team",
                hint="every check will count as not independent",
                severity="warning",
            )


def oversight_finds(firm: Firm) -> Iterator[Finding]:
    """A control looks for what is not known at once."""
    for name, control in firm.oversight.items():
        for position, kind in enumerate(control.finds):
            if kind in _KNOWN_AT_ONCE:
                yield Finding(
                    ("oversight", name, "finds", position),
                    "the firm knows of this as it arises",
                    value=kind.value,
                    expected="a defect that somebody has to find",
                )
