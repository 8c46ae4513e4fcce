"""Failover, fail-back and split brain: which instance is primary, and what it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bcsim.engine.reference.instance import Instance
    from bcsim.engine.reference.station import Station
    from bcsim.engine.reference.store import Held, HeldKey


def fail_over(station: Station, recovery_point_ns: int) -> None:
    """The standby takes over with the store exactly as at the recovery point.

    Insertions after that instant are missing, releases after it are undone, so orders that
    were finished are sent again.
    """
    old, new = station.instances[0], station.instances[1]
    if station.active == (1,):
        return
    new.memory = old.memory.as_at(recovery_point_ns)
    station.left_behind = {
        held_key: held
        for held_key, held in old.memory.held.items()
        if held_key not in new.memory.held
    }
    old.put_to_rest()
    station.active = (1,)
    if station.works():
        new.resume()


def fail_back(station: Station, policy: str) -> None:
    """The first instance takes over again; its own old entries are treated by policy."""
    if station.active == (0,):
        return
    old, new = station.instances[1], station.instances[0]
    now = station.world.clock.now
    new.memory = old.memory.as_at(now)
    old.put_to_rest()
    station.active = (0,)
    _treat(station, new, station.left_behind, policy)
    station.left_behind = {}
    if station.works():
        new.resume()


def split(station: Station, senders: tuple[str, ...]) -> None:
    """Both instances are primary from now on, from the same state; both resend what they hold.

    ``senders`` are ``standby:ID`` and ``both:ID``; every other sender reaches the first.
    """
    source = station.primary
    other = station.instances[1 - source.number]
    other.memory = source.memory.as_at(station.world.clock.now)
    station.active = (0, 1)
    station.split_reach = {name: reach for reach, name in (s.split(":", 1) for s in senders)}
    if station.works():
        other.resume()


def heal(station: Station, policy: str) -> None:
    """One primary remains; the standby loses, and its entries are treated by policy."""
    if station.active != (0, 1):
        return
    winner, loser = station.instances
    only_loser = {
        held_key: held
        for held_key, held in loser.memory.held.items()
        if held_key not in winner.memory.held and held_key[0] not in winner.memory.facts
    }
    if policy == "merge":
        for order_id, fact in loser.memory.facts.items():
            if order_id not in winner.memory.facts:
                winner.memory.facts.put(order_id, fact, station.world.clock.now)
    loser.put_to_rest()
    station.active = (0,)
    station.split_reach = {}
    _treat(station, winner, only_loser, {"merge": "replay"}.get(policy, policy))


def _treat(station: Station, instance: Instance, entries: dict[HeldKey, Held], policy: str) -> None:
    """Discard, replay or quarantine entries that only the losing side knows."""
    for held_key, held in entries.items():
        if policy == "replay" and held_key not in instance.memory.held:
            instance.custody.hold(held, is_resend=True)
        elif policy == "quarantine":
            station.world.scribe.emit(
                "reconcile",
                instance.vantage,
                held.entry,
                None,
                component=station.name,
                subject="quarantine",
                reason="known to one instance only",
                cause=station.cause,
            )
