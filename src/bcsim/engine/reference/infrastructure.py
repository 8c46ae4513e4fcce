"""The timeline at work: each change is applied in its place, each log line recorded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bcsim.engine.impairing import is_healthy
from bcsim.engine.reference import failover
from bcsim.engine.reference.clock import Mark, Turn, key
from bcsim.engine.timeline import Attribute

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.engine.reference.venue import Venue
    from bcsim.engine.reference.world import World
    from bcsim.engine.timeline import Change, LogEntry


class Infrastructure:
    """Applies the timeline to the run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._by_attribute: dict[Attribute, Callable[[Change], None]] = {
            Attribute.UP: self._up,
            Attribute.HANG: self._hang,
            Attribute.SPEED: self._speed,
            Attribute.SERVERS: self._servers,
            Attribute.INTAKE: self._intake,
            Attribute.FALLBACK: self._fallback,
            Attribute.LINK_UP: self._link_up,
            Attribute.LINK_LATENCY: self._link_latency,
            Attribute.LINK_LOSS: self._link_loss,
            Attribute.FAILOVER: self._failover,
            Attribute.FAILBACK: self._failback,
            Attribute.SPLIT: self._split,
            Attribute.CORRUPTION: self._corruption,
            Attribute.HALT: self._halt,
            Attribute.PRIORITY: self._priority,
            Attribute.RECONCILE: self._reconcile,
        }

    def schedule(self) -> None:
        """Put every change and every log line in its place; the log of an instant first."""
        start = self.world.clock.now
        log = [(e.time_ns, partial(self._record, e)) for e in self.world.timeline.log]
        changes = [(c.time_ns, partial(self._apply, c)) for c in self.world.timeline.changes]
        items: list[tuple[int, Callable[[], None]]] = [*log, *changes]
        for number, (time_ns, handler) in enumerate(items):
            place = key(Turn.INFRASTRUCTURE, number, mark=Mark.OTHER)
            self.world.clock.at(max(time_ns, start), place, handler)

    def _record(self, entry: LogEntry) -> None:
        self.world.scribe.emit(
            entry.kind,
            entry.vantage,
            None,
            None,
            component=entry.component,
            actor=entry.actor,
            subject=entry.subject,
            ref=entry.ref,
            reason=entry.reason,
            cause=entry.cause,
        )

    def _apply(self, change: Change) -> None:
        self._by_attribute[change.attribute](change)
        self.world.note_impairment(change, is_over=is_healthy(change, self.world.firm))
        self.world.something_is_back()

    def _up(self, change: Change) -> None:
        station = self.world.stations[change.subject]
        if change.value:
            station.recover()
            return
        station.crash()
        for venue in self.world.venues.values():
            self._disconnect(venue, change.subject, change.cause)

    def _hang(self, change: Change) -> None:
        station = self.world.stations[change.subject]
        if change.value:
            station.hang()
        else:
            station.wake()

    def _speed(self, change: Change) -> None:
        self.world.stations[change.subject].speed = max(1, change.value)

    def _servers(self, change: Change) -> None:
        scaled = self.world.blueprint.sizing
        servers = scaled.capacity(self.world.firm, change.value) if change.value else 0
        self.world.stations[change.subject].set_servers(servers)

    def _intake(self, change: Change) -> None:
        if change.value:
            self.world.intake_closed.pop(change.subject, None)
        else:
            self.world.intake_closed[change.subject] = change.cause

    def _fallback(self, change: Change) -> None:
        self.world.stations[change.subject].uses_fallback = bool(change.value)

    def _link_up(self, change: Change) -> None:
        self.world.links.state(change.subject).is_up = bool(change.value)
        if change.value:
            return
        for venue in self.world.venues.values():
            for holder in self.world.stations:
                if change.subject in self.world.blueprint.session_links(holder, venue.station.name):
                    self._disconnect(venue, holder, change.cause)

    def _disconnect(self, venue: Venue, holder: str, cause: str) -> None:
        """A session drops: its link is cut in either direction, or the holder has crashed."""
        _, link = self.world.blueprint.link(holder, venue.station.name)
        if link.on_disconnect == "cancel":
            venue.cancel_all("disconnect", cause, holder)

    def _link_latency(self, change: Change) -> None:
        self.world.links.state(change.subject).added_latency_ns = change.value

    def _link_loss(self, change: Change) -> None:
        self.world.links.state(change.subject).added_loss_ppm = change.value

    def _failover(self, change: Change) -> None:
        failover.fail_over(self.world.stations[change.subject], change.value)

    def _failback(self, change: Change) -> None:
        policy = change.detail[0] if change.detail else "quarantine"
        failover.fail_back(self.world.stations[change.subject], policy, change.cause)

    def _split(self, change: Change) -> None:
        station = self.world.stations[change.subject]
        if change.value:
            failover.split(station, change.detail)
        else:
            policy = change.detail[0] if change.detail else "quarantine"
            failover.heal(station, policy, change.cause)

    def _corruption(self, change: Change) -> None:
        self.world.stations[change.subject].corruption_ppm = change.value

    def _halt(self, change: Change) -> None:
        venue = self.world.stations[change.subject].venue
        if change.value:
            venue.halt(cancels="cancel" in change.detail, cause=change.cause)
        else:
            venue.resume()

    def _priority(self, change: Change) -> None:
        self.world.reorder_priorities(change.detail)

    def _reconcile(self, change: Change) -> None:
        self.world.reconciliations.run(change.subject)
