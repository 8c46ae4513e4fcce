"""The timeline as the kernel reads it: changes and lines of the log in their order."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bcsim.engine.impairing import IMPAIRING, is_healthy
from bcsim.engine.timeline import Attribute
from bcsim.kernels import record as r

if TYPE_CHECKING:
    from bcsim.engine.fast.imprint import Imprinter
    from bcsim.engine.timeline import Change, LogEntry

CODES = {
    Attribute.UP: r.CHANGE_UP,
    Attribute.HANG: r.CHANGE_HANG,
    Attribute.SPEED: r.CHANGE_SPEED,
    Attribute.SERVERS: r.CHANGE_SERVERS,
    Attribute.INTAKE: r.CHANGE_INTAKE,
    Attribute.FALLBACK: r.CHANGE_FALLBACK,
    Attribute.LINK_UP: r.CHANGE_LINK_UP,
    Attribute.LINK_LATENCY: r.CHANGE_LINK_LATENCY,
    Attribute.LINK_LOSS: r.CHANGE_LINK_LOSS,
    Attribute.FAILOVER: r.CHANGE_FAILOVER,
    Attribute.FAILBACK: r.CHANGE_FAILBACK,
    Attribute.SPLIT: r.CHANGE_SPLIT,
    Attribute.CORRUPTION: r.CHANGE_CORRUPTION,
    Attribute.HALT: r.CHANGE_HALT,
    Attribute.PRIORITY: r.CHANGE_PRIORITY,
    Attribute.RECONCILE: r.CHANGE_RECONCILE,
}
POLICIES = {
    "discard": r.POLICY_DISCARD,
    "replay": r.POLICY_REPLAY,
    "quarantine": r.POLICY_QUARANTINE,
    "merge": r.POLICY_MERGE,
}
REACHES = {"primary": r.REACH_PRIMARY, "standby": r.REACH_STANDBY, "both": r.REACH_BOTH}
LINKS = (Attribute.LINK_UP, Attribute.LINK_LATENCY, Attribute.LINK_LOSS)


class Changes:
    """Puts a timeline into an arena."""

    def __init__(self, imprinter: Imprinter) -> None:
        self.of = imprinter
        self.draft, self.words = imprinter.draft, imprinter.words

    def imprint(self) -> tuple[int, int]:
        """Address of the first change, and how many there are."""
        timeline, start_ns = self.of.timeline, self.of.start_ns
        log = [(entry.time_ns, self._line(entry)) for entry in timeline.log]
        changes = [(change.time_ns, self._change(change)) for change in timeline.changes]
        # All lines of the log that stand at one instant come before its changes.
        items = sorted(
            ((max(time_ns, start_ns), fields) for time_ns, fields in [*log, *changes]),
            key=lambda item: item[0],
        )
        first = len(self.draft.m)
        for time_ns, fields in items:
            self.draft.record(r.CHANGE_SIZE, {r.CHANGE_TIME: time_ns, **fields})
        return first, len(items)

    def _line(self, entry: LogEntry) -> dict[int, int]:
        words = [
            self.words.number_or_null(text)
            for text in (
                entry.component,
                entry.actor,
                entry.subject,
                entry.ref,
                entry.reason,
                entry.cause,
            )
        ]
        head = [r.KINDS.index(entry.kind), self.words.number(entry.vantage)]
        return {r.CHANGE_KIND: r.CHANGE_LOG, r.CHANGE_SUBJECT: self.draft.table(head + words)}

    def _change(self, change: Change) -> dict[int, int]:
        return {
            r.CHANGE_KIND: CODES[change.attribute],
            r.CHANGE_SUBJECT: self._subject(change),
            r.CHANGE_VALUE: self._value(change),
            r.CHANGE_CAUSE: self.words.number(change.cause),
            r.CHANGE_DETAIL: self._detail(change),
            r.CHANGE_IMPAIRS: self._impairs(change),
            r.CHANGE_WORD: self.words.number(change.subject),
        }

    def _subject(self, change: Change) -> int:
        if change.attribute in LINKS:
            return self.of.states[change.subject]
        if change.attribute is Attribute.INTAKE:
            return self.of.channels[change.subject]
        if change.attribute is Attribute.RECONCILE:
            return self.of.recons[change.subject]
        return self.of.stations.get(change.subject, 0)

    def _value(self, change: Change) -> int:
        if change.attribute is Attribute.SERVERS:
            sizing, firm = self.of.blueprint.sizing, self.of.firm
            return sizing.capacity(firm, change.value) if change.value else 0
        return change.value

    def _detail(self, change: Change) -> int:
        if change.attribute is Attribute.LINK_UP:
            return self._sessions(change)
        if change.attribute is Attribute.PRIORITY:
            return self._ranks(change)
        if change.attribute is Attribute.HALT:
            return int("cancel" in change.detail)
        is_split = change.attribute is Attribute.SPLIT
        if is_split and change.value:
            return self._reach(change)
        if is_split or change.attribute is Attribute.FAILBACK:
            return POLICIES[change.detail[0] if change.detail else "quarantine"]
        return 0

    def _sessions(self, change: Change) -> int:
        """Venues whose sessions a cut link carries, and the nodes of their holders."""
        found = [
            word
            for (venue, holder), links in self._links_of_sessions.items()
            if change.subject in links
            for word in (self.of.venues[venue], self.of.nodes[holder])
        ]
        return self.draft.table([len(found) // 2, *found])

    @cached_property
    def _links_of_sessions(self) -> dict[tuple[str, str], set[str]]:
        """Links of the session of each venue and holder."""
        holders = [name for name in self.of.stations if name in self.of.nodes]
        links_of = self.of.blueprint.session_links
        return {
            (venue, holder): links_of(holder, venue)
            for venue in self.of.venues
            for holder in holders
        }

    def _ranks(self, change: Change) -> int:
        """All ranks, those named first."""
        names = list(self.of.firm.priorities)
        first = list(dict.fromkeys(name for name in change.detail if name in names))
        rest = [name for name in names if name not in change.detail]
        return self.draft.table([names.index(name) for name in [*first, *rest]])

    def _reach(self, change: Change) -> int:
        """Which primary each node reaches in a split brain."""
        reach = {name: how for how, name in (sender.split(":", 1) for sender in change.detail)}
        return self.draft.table([REACHES[reach.get(name, "primary")] for name in self.of.nodes])

    def _impairs(self, change: Change) -> int:
        if is_healthy(change, self.of.firm):
            return r.IMPAIRS_NO_MORE
        return r.IMPAIRS if change.attribute in IMPAIRING else r.IMPAIRS_NOTHING
