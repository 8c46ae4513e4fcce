"""Names for people instead of ids: what the model and the scenario call things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bcsim.engine.continuity.instance import STANDBY_SUFFIX
from bcsim.engine.continuity.staffing import TRAINING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bcsim.model.firm import Firm
    from bcsim.report.account import Account
    from bcsim.report.wording import Words
    from bcsim.scenario.disruption import AnyDisruption
    from bcsim.scenario.scenario import Scenario

FAILURE: Final = "failure:"
"""Prefix of the name of a random failure."""

_NAMED_MAX: Final = 2
"""Targets that are named; further ones are counted."""

_TARGETS: Final = ("targets", "target", "teams", "site", "sources", "products")
"""Where the kinds of disruptions keep what they hit."""


@dataclass(frozen=True, slots=True)
class Names:
    """Looks ids up; an id that is nowhere in the model stands for itself."""

    firm: Firm
    scenario: Scenario
    words: Words

    def component(self, name: str) -> str:
        """A component, or the site, channel or source of demand of that name."""
        firm = self.firm
        for table in (firm.components, firm.sites, firm.channels):
            if name in table:
                return self.words.name(table[name].name)
        if name in firm.teams:
            return self.component(firm.teams[name].component)
        return name

    def service(self, name: str) -> str:
        """A service."""
        return self._named(self.firm.services, name)

    def segment(self, name: str) -> str:
        """A client segment."""
        return self._named(self.firm.segments, name)

    def product(self, name: str) -> str:
        """A product."""
        return self._named(self.firm.products, name)

    def channel(self, name: str) -> str:
        """A channel."""
        return self._named(self.firm.channels, name)

    def control(self, name: str) -> str:
        """A control."""
        return self._named(self.firm.controls, name)

    def action(self, name: str) -> str:
        """An action of the plan."""
        return self._named(self.firm.plan.actions if self.firm.plan else {}, name)

    def scorecard(self, name: str) -> str:
        """A scorecard."""
        return self._named(self.firm.scorecards, name)

    def data_class(self, name: str) -> str:
        """A class of data."""
        return self._named(self.firm.data_classes, name)

    def role(self, component: str, name: str) -> str:
        """A role of the team behind a component."""
        teams = (team for team in self.firm.teams.values() if team.component == component)
        return self._named(next(({**team.roles} for team in teams), {}), name)

    def person(self, name: str) -> str:
        """A person, or the team of that name."""
        if name in self.firm.people:
            return self.words.name(self.firm.people[name].name)
        return self.component(name)

    def disruption(self, name: str, wording: str = "disruption") -> str:
        """A disruption in a few words: ``Data centre: failed``.

        ``name`` is a disruption's id or ``failure:COMPONENT``. ``wording`` is the group of
        texts: ``disruption`` for labels, ``event`` for sentences.
        """
        spec = next((d for d in self.scenario.disruptions if d.id == name), None)
        if spec is None:
            failed = name.removeprefix(FAILURE).removesuffix(STANDBY_SUFFIX)
            return self.words.say(f"{wording}.failure", targets=self.component(failed))
        if spec.kind in {"cut-link", "degrade-link"}:
            return self.words.say(
                f"{wording}.{spec.kind}",
                source=self._several(spec.source_side),
                target=self._several(spec.target_side),
            )
        return self.words.say(f"{wording}.{spec.kind}", targets=self._several(_targets(spec)))

    def cause(self, name: str) -> str:
        """What a state is due to: a disruption, a failure, missing training or an action."""
        if name.startswith(TRAINING):
            team = self.firm.teams[name.removeprefix(TRAINING)]
            return self.words.say("disruption.training", targets=self.component(team.component))
        if name.startswith(FAILURE) or any(d.id == name for d in self.scenario.disruptions):
            return self.disruption(name)
        return self.action(name)

    def _several(self, targets: Sequence[str]) -> str:
        shown = [self.component(target) for target in targets[:_NAMED_MAX]]
        more = len(targets) - len(shown)
        if more > 0:
            return self.words.say("story.and_more", names=", ".join(shown), count=more)
        return self.words.listing(shown) if shown else ""

    def _named(self, table: Mapping[str, object], name: str) -> str:
        entry = table.get(name)
        return name if entry is None else self.words.name(entry.name)  # type: ignore[attr-defined]


def names_of(account: Account, words: Words) -> Names:
    """Names in the language of ``words``."""
    return Names(account.run.model, account.run.scenario, words)


def _targets(spec: AnyDisruption) -> tuple[str, ...]:
    """Ids of what a disruption hits."""
    for field in _TARGETS:
        found = getattr(spec, field, ())
        if found:
            return (found,) if isinstance(found, str) else tuple(found)
    return ()
