"""The situation: everything that is the case at one moment of a run.

The processes of this package share one situation. They change it, or wait for it to change;
:mod:`bcsim.engine.continuity.settlement` turns what has changed into the timeline.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from bcsim.engine.continuity.agenda import Agenda, Lane
from bcsim.engine.continuity.bell import Bell
from bcsim.engine.continuity.fault import Fault, Impact, Owner
from bcsim.engine.continuity.instance import STANDBY_SUFFIX
from bcsim.engine.continuity.link import LinkState
from bcsim.engine.continuity.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    import simpy

    from bcsim.engine.continuity.dependency import Node, Provider
    from bcsim.engine.continuity.impairment import Impairment
    from bcsim.engine.continuity.instance import ComponentState, Instance
    from bcsim.engine.continuity.staffing import TeamState
    from bcsim.model.firm import Firm
    from bcsim.scenario.scenario import Scenario
    from bcsim.streams import Streams


class Progress(Enum):
    """How far an action of the plan is."""

    RUNNING = auto()
    DONE = auto()
    FAILED = auto()


@dataclass(eq=False, slots=True)
class PersonState:
    """A person in a run: whom the calls of this incident have reached, or not.

    ``answered`` rings when a round of calls to the person ends, however it ends.
    """

    index: int
    answered: Bell
    is_called: bool = False
    is_reached: bool = False
    has_passed_on: bool = False
    """The person has begun to call those whom the call tree names."""


@dataclass(eq=False, slots=True)
class Situation:
    """The state of the firm, of its people and of its plan in one run."""

    firm: Firm
    scenario: Scenario
    streams: Streams
    agenda: Agenda = field(default_factory=Agenda)
    record: Record = field(init=False)
    sites: dict[str, Node] = field(default_factory=dict)
    components: dict[str, ComponentState] = field(default_factory=dict)
    teams: dict[str, TeamState] = field(default_factory=dict)
    links: dict[str, LinkState] = field(default_factory=dict)
    people: dict[str, PersonState] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    touched: list[Owner] = field(default_factory=list)
    """Owners whose state has changed since the last settlement."""
    is_healed: bool = False
    """The drain has begun: nothing new goes wrong."""
    begun: dict[str, simpy.Event] = field(default_factory=dict)
    """For each disruption, the event of its beginning."""
    signals: dict[str, simpy.Event] = field(default_factory=dict)
    on_signal: list[Callable[[str], None]] = field(default_factory=list)
    is_alarmed: bool = False
    """Somebody is being looked for who may declare a disruption."""
    declared_since: int | None = None
    """News number of the declaration that holds."""
    undeclared_since: int | None = 0
    """News number since which none holds."""
    open_grants: dict[str, list[str]] = field(default_factory=dict)
    """For each component, the actions that gave access which nobody has taken back."""
    leader: str | None = None
    """The person who took the alarm and calls those who decide."""
    progress: dict[str, tuple[Progress, int]] = field(default_factory=dict)
    """For each action that was started, how far it is, and the news number of that."""
    on_impaired: list[Callable[[Impairment], None]] = field(default_factory=list)
    on_noticed: list[Callable[[Impairment], None]] = field(default_factory=list)
    _news_count: int = 0
    _numbers: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Open the record."""
        self.record = Record(self.agenda, self.firm)
        for index, name in enumerate(self.firm.people):
            self.people[name] = PersonState(index, Bell(self.agenda))

    # -- looking things up ---------------------------------------------------------------------

    def provider(self, name: str) -> Provider:
        """The component or site of that name."""
        return self.components.get(name) or self.sites[name]

    def component_of(self, instance: Instance) -> ComponentState:
        """The component that an instance belongs to."""
        return self.components[instance.name.removesuffix(STANDBY_SUFFIX)]

    def team(self, name: str) -> TeamState:
        """A team by its name, or by its component's."""
        team = self.teams.get(name) or self.components[name].team
        assert team is not None, f"{name} is not a team"
        return team

    def link(self, name: str) -> LinkState:
        """A link by its name; pairs that the model does not list have the default link."""
        return self.links.setdefault(name, LinkState(name))

    def signal(self, name: str) -> simpy.Event:
        """The event of a signal's being given."""
        return self.signals.setdefault(name, self.agenda.event())

    def next_number(self, purpose: str, entity: str) -> int:
        """Count the draws of one purpose and entity; the number is the draw's address."""
        self._numbers[purpose, entity] += 1
        return self._numbers[purpose, entity] - 1

    def news(self) -> int:
        """Number a piece of news.

        The plan tells by the number whether a condition has come to hold anew, even if it
        ceased to hold for no time at all.
        """
        self._news_count += 1
        return self._news_count

    # -- changing it ---------------------------------------------------------------------------

    def touch(self, owner: Owner) -> None:
        """Have the state of ``owner`` settled in this instant."""
        self.touched.append(owner)
        self.agenda.ask(Lane.SETTLEMENT)

    def strike(self, owner: Owner | None, impact: Impact, cause: str, amount: int = 0) -> Fault:
        """Let a fault begin."""
        fault = Fault(owner, impact, cause, self.agenda.event(), amount)
        self.faults.append(fault)
        if owner is not None:
            owner.faults.append(fault)
            self.touch(owner)
        return fault

    def lift(self, fault: Fault) -> None:
        """Let a fault end, unless it has ended."""
        if fault.ended.triggered:
            return
        self.faults.remove(fault)
        fault.ended.succeed()
        if fault.owner is not None:
            fault.owner.faults.remove(fault)
            self.touch(fault.owner)
