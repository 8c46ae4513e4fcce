"""What an importer assumes where a file is silent: one numbered list, with the places it fills."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bcsim.model.finding import Path

_NAMES_SHOWN_MAX = 12


@dataclass(slots=True)
class _Assumption:
    """One assumption: what is assumed, of which things, and where the model has it."""

    what: str
    names: dict[str, None] = field(default_factory=dict)
    paths: list[Path] = field(default_factory=list)

    def sentence(self) -> str:
        """The assumption as the model's file lists it."""
        names = list(self.names)
        shown = ", ".join(names[:_NAMES_SHOWN_MAX])
        more = len(names) - _NAMES_SHOWN_MAX
        return f"assumption: {self.what.replace('{}', shown + (f', +{more}' if more > 0 else ''))}"


@dataclass(slots=True)
class Ledger:
    """Everything that was assumed, in the order in which it first came up."""

    entries: dict[str, _Assumption] = field(default_factory=dict)

    def assume(self, what: str, *paths: Path, of: str = "") -> None:
        """Note an assumption; ``{}`` in it stands for the names of all that it is ``of``."""
        entry = self.entries.setdefault(what, _Assumption(what))
        if of:
            entry.names[of] = None
        entry.paths += paths

    def sentences(self) -> tuple[str, ...]:
        """All assumptions, one sentence each."""
        return tuple(entry.sentence() for entry in self.entries.values())

    def comments(self) -> dict[Path, str]:
        """What the model's file says beside an assumed value: the assumption's number."""
        found: dict[Path, str] = {}
        for number, entry in enumerate(self.entries.values(), start=1):
            for path in entry.paths:
                found[path] = (
                    f"{found[path]}, {number}" if path in found else f"assumption {number}"
                )
        return found
