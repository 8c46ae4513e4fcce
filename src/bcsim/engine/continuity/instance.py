"""Instances and components: which instance is active, and how well the component works."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bcsim.engine.continuity.dependency import Level, Node

if TYPE_CHECKING:
    from bcsim.engine.continuity.bell import Bell
    from bcsim.engine.continuity.fault import Fault
    from bcsim.engine.continuity.impairment import Impairment
    from bcsim.engine.continuity.replication import Replication
    from bcsim.engine.continuity.staffing import TeamState
    from bcsim.model.component import Component

STANDBY_SUFFIX: Final = "/standby"
"""What a standby's name adds to its component's; identifiers have no slash."""


@dataclass(eq=False, slots=True)
class Instance(Node):
    """One instance of a component: the first one, or its standby.

    ``turned`` rings when the level changes, or the instance begins or ceases to run. It runs
    while it works and is in use; a passive instance runs only in a hot pair.
    """

    turned: Bell = field(kw_only=True)
    is_running: bool = True
    seen: tuple[Level, bool] = (Level.WORKING, True)
    """Level and ``is_running`` when the bell last rang."""


@dataclass(eq=False, slots=True)
class ComponentState:
    """A component in a run; ``index`` is its position in the model."""

    name: str
    index: int
    spec: Component
    first: Instance
    standby: Instance | None
    replication: Replication
    replication_changed: Bell
    team: TeamState | None = None
    """The people behind it, if it is a team."""
    active: Instance = field(init=False)
    faults: list[Fault] = field(default_factory=list)
    is_split: bool = False
    """Both instances are primary."""
    is_switching: bool = False
    """A switch-over or fail-back is under way."""
    impairment: Impairment | None = None
    impaired_count: int = 0
    up_since: int | None = 0
    """News number since which it works; see :meth:`Situation.news`."""
    noticed_since: int | None = None
    """News number of the first detection since it last worked normally."""
    recovered_since: int | None = None
    """News number since which it works normally, after an impairment."""

    def __post_init__(self) -> None:
        """Begin with the first instance."""
        self.active = self.first

    @property
    def dependents(self) -> list[Node]:
        """The nodes that need the component; its instances share this list."""
        return self.first.dependents

    @property
    def instances(self) -> tuple[Instance, ...]:
        """The first instance, and the standby if there is one."""
        return (self.first,) if self.standby is None else (self.first, self.standby)

    @property
    def serving(self) -> Instance:
        """The instance whose state is the component's: in a split, the better one."""
        if self.is_split and self.standby is not None and self.standby.level > self.active.level:
            return self.standby
        return self.active

    @property
    def level(self) -> Level:
        """How well the component works."""
        return self.serving.level

    @property
    def cause(self) -> str:
        """What keeps it from working; "" if it works."""
        return self.serving.cause

    @property
    def works(self) -> bool:
        """Whether it does its work, at whatever speed."""
        return self.level == Level.WORKING

    def is_in_use(self, instance: Instance) -> bool:
        """Whether an instance runs if it can: active, or half of a hot pair."""
        spec = self.spec.standby
        is_hot = spec is not None and spec.kind == "hot"
        return self.is_split or is_hot or instance is self.active
