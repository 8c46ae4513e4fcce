"""Failover, fail-back and split brain: which instance is primary, and what it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bcsim.engine.reference.instance import Instance
    from bcsim.engine.reference.station import Station
    from bcsim.engine.reference.store import Held, Memory


def fail_over(station: Station, recovery_point_ns: int) -> None:
    """The standby takes over with the store exactly as at the recovery point.

    Insertions after that instant are missing, releases after it are undone, so orders that
    were finished are sent again.
    """
    old, new = station.instances[0], station.instances[1]
    if station.active == (1,):
        return
    _put_to_rest_if_active(station, new)
    new.memory = old.memory.as_at(recovery_point_ns)
    station.left_behind = _unknown(new, old.memory)
    _replace(station, old, new)


def fail_back(station: Station, policy: str, cause: str) -> None:
    """The first instance takes over again; what only it knew is treated by policy."""
    if station.active == (0,):
        return
    old, new = station.instances[1], station.instances[0]
    _put_to_rest_if_active(station, new)
    new.memory = old.memory.as_at(station.world.clock.now)
    # What the standby has come to know meanwhile is in good hands.
    only_first = [h for h in station.left_behind if not new.knows(h.entry.order_id, h.part)]
    station.left_behind = []
    _replace(station, old, new)
    _treat(new, only_first, policy, cause)


def split(station: Station, senders: tuple[str, ...]) -> None:
    """Both instances are primary from now on, from the same state; both resend what they hold.

    ``senders`` are ``standby:ID`` and ``both:ID``; every other sender reaches the first.
    """
    if station.active == (0, 1):
        return
    source = station.primary
    other = station.instances[1 - source.number]
    other.memory = source.memory.as_at(station.world.clock.now)
    station.active = (0, 1)
    station.split_reach = {name: reach for reach, name in (s.split(":", 1) for s in senders)}
    station.when_awake(source.custody.resend_all)
    _resume(station, other)


def heal(station: Station, policy: str, cause: str) -> None:
    """One primary remains; the standby loses, and its entries are treated by policy."""
    if station.active != (0, 1):
        return
    winner, loser = station.instances
    only_loser = _unknown(winner, loser.memory)
    if policy == "merge":
        for order_id, fact in loser.memory.facts.items():
            known = winner.memory.facts.get(order_id)
            merged = fact if known is None else known._replace(parts=known.parts | fact.parts)
            winner.memory.facts.put(order_id, merged, station.world.clock.now)
    loser.put_to_rest()
    station.active = (0,)
    station.split_reach = {}
    winner.servers.start_waiting()
    _treat(winner, only_loser, {"merge": "replay"}.get(policy, policy), cause)


def _put_to_rest_if_active(station: Station, instance: Instance) -> None:
    """In a split brain the one that takes over has work of its own, which it forgets."""
    if station.is_active(instance):
        instance.put_to_rest()


def _replace(station: Station, old: Instance, new: Instance) -> None:
    """One instance stops, the other goes on with what it knows."""
    old.put_to_rest()
    station.forget_frozen()
    station.active = (new.number,)
    _resume(station, new)


def _resume(station: Station, instance: Instance) -> None:
    """Resend what is held, now or when the component works again."""
    if station.works():
        instance.resume()
    else:
        instance.is_to_resume = True


def _unknown(instance: Instance, other: Memory) -> list[Held]:
    """Orders and fills that another memory holds and this instance does not know, in order."""
    held = [held for held_key, held in other.held.items() if not instance.knows(*held_key)]
    return sorted(held, key=lambda h: (h.entry.number, h.part))


def _treat(instance: Instance, entries: list[Held], policy: str, cause: str) -> None:
    """Discard, replay or quarantine what only the other instance knew."""
    for held in entries:
        if policy == "replay":
            instance.record(held.entry, held.terms, held.next_step - 1, part=held.part)
            instance.custody.hold(held, is_resend=True)
        elif policy == "quarantine":
            instance.world.scribe.emit(
                "reconcile",
                instance.vantage,
                held.entry,
                None,
                component=instance.name,
                subject="quarantine",
                reason="known to one instance only",
                cause=cause,
            )
