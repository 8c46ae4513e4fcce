"""A component as the order layer sees it: its state, and which instance is its primary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.engine.reference.instance import Instance
from bcsim.engine.reference.servers import FULL_SPEED
from bcsim.engine.reference.venue import Venue
from bcsim.streams import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.engine.reference.message import Answer, Entry, Request
    from bcsim.engine.reference.store import Held
    from bcsim.engine.reference.world import World
    from bcsim.model.component import Component


class Station:
    """One component during a run."""

    def __init__(self, world: World, name: str, spec: Component, index: int) -> None:
        self.world = world
        self.name = name
        self.spec = spec
        self.index = index
        self.vantage = spec.vantage or name
        self.is_up = True
        self.is_hung = False
        self.speed = FULL_SPEED
        self.servers = spec.servers
        self.uses_fallback = False
        self.corruption_ppm = 0
        self.instances = [Instance(self.world, self, number) for number in (0, 1)]
        self.active: tuple[int, ...] = (0,)
        self.split_reach: dict[str, str] = {}
        """In a split brain, senders that reach the standby only, or both."""
        self.left_behind: list[Held] = []
        """Orders that only the old primary knows, after a failover."""
        self.venue = Venue(world, self)
        self._frozen: list[Callable[[], None]] = []

    @property
    def primary(self) -> Instance:
        """The active instance; in a split brain the first of the two."""
        return self.instances[self.active[0]]

    def works(self) -> bool:
        """Whether work can start now."""
        return self.is_up and not self.is_hung

    def is_active(self, instance: Instance) -> bool:
        """Whether an instance is a primary now."""
        return instance.number in self.active

    def instance(self, number: int) -> Instance:
        """The instance that now answers for one of the two: itself while it is a primary."""
        return self.instances[number] if number in self.active else self.primary

    def when_awake(self, handler: Callable[[], None]) -> None:
        """Call ``handler`` now; when hung, on waking up; when crashed, never."""
        if not self.is_up:
            return
        if self.is_hung:
            self._frozen.append(handler)
        else:
            handler()

    # -- messages --------------------------------------------------------------------------

    def receive(self, request: Request) -> None:
        """A request arrives; a crashed component does not hear it."""
        task, holder = request.task, request.pursuit.holder
        draw = address(task.stage.number, 0, request.attempt)
        self.when_awake(
            lambda: self.reached_by(holder.name, holder.number, task.entry, draw).receive(request)
        )

    def reached_by(self, sender: str, number: int, entry: Entry, draw: int) -> Instance:
        """Instance that a sender's message comes to: the one it reaches, or one by draw.

        ``number`` is that of the sender's own instance, which is the one that it reaches when
        a component sends to itself.
        """
        if len(self.active) == 1:
            return self.primary
        if sender == self.name:
            return self.instances[number]
        reach = self.split_reach.get(sender, "primary")
        if reach == "both":
            luck = self.world.streams.at("route_choice", f"{entry.stream_entity}/{self.name}")
            return self.instances[luck.integer(0, 1, entry.intent.index, draw)]
        return self.instances[1 if reach == "standby" else 0]

    def hear(self, answer: Answer) -> None:
        """An answer arrives for one of the instances."""
        number = answer.request.pursuit.holder.number
        self.when_awake(lambda: self.instance(number).custody.hear(answer))

    # -- state changes ---------------------------------------------------------------------

    def crash(self) -> None:
        """Stop working at once."""
        if not self.is_up:
            return
        self.is_up = False
        self.is_hung = False
        self._frozen.clear()
        for number in self.active:
            self.instances[number].crash()
        self.venue.crash()

    def recover(self) -> None:
        """Work again, with what survived."""
        if self.is_up:
            return
        self.is_up = True
        for number in self.active:
            self.instances[number].resume()
        self.venue.reopen()

    def hang(self) -> None:
        """Freeze: nothing is answered."""
        if self.is_hung or not self.is_up:
            return
        self.is_hung = True
        for number in self.active:
            self.instances[number].servers.freeze()
            self.instances[number].batches.freeze()

    def wake(self) -> None:
        """Go on after a hang; what arrived meanwhile is dealt with in its order."""
        if not self.is_hung:
            return
        self.is_hung = False
        for number in self.active:
            instance = self.instances[number]
            instance.servers.thaw()
            instance.batches.thaw()
            if instance.is_to_resume:
                instance.resume()
        frozen, self._frozen = self._frozen, []
        for handler in frozen:
            handler()
        self.venue.reopen()

    def forget_frozen(self) -> None:
        """Another instance takes over: what the hung one has not dealt with is gone."""
        self._frozen.clear()

    def set_servers(self, servers: int) -> None:
        """Change the capacity; running work finishes."""
        self.servers = servers
        for number in self.active:
            self.instances[number].servers.start_waiting()
