"""Components as the kernel reads them: stations, instances, venues, channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.kernels import record as r

if TYPE_CHECKING:
    from bcsim.engine.fast.imprint import Imprinter
    from bcsim.model.component import Component


class Components:
    """Components, their instances, and channels."""

    def __init__(self, imprinter: Imprinter) -> None:
        self.of = imprinter

    def imprint(self) -> None:
        """Put components and channels in their place."""
        self._components()
        self._channels()

    def _components(self) -> None:
        draft, firm = self.of.draft, self.of.firm
        draft.m[r.RANK_COUNT] = len(firm.priorities)
        draft.m[r.RANK_ORDER] = draft.table(list(range(len(firm.priorities))))
        self._number_batches()
        names = sorted([*firm.components, *firm.channels])
        for index, (name, spec) in enumerate(firm.components.items()):
            station = self._station(name, spec, index)
            self.of.stations[name] = station
            draft.m[station + r.STATION_NAME_ORDER] = names.index(name)
            for number in (0, 1):
                instance = self._instance(name, station, number)
                draft.m[station + r.STATION_FIRST + number] = instance
        for name in self.of.blueprint.venues:
            venue = draft.record(r.VENUE_SIZE, {r.VENUE_STATION: self.of.stations[name]})
            self.of.venues[name] = venue
            draft.m[self.of.stations[name] + r.STATION_VENUE] = venue
        draft.m[r.VENUES] = draft.table(list(self.of.venues.values()))
        draft.m[r.VENUE_COUNT] = len(self.of.venues)
        draft.m[r.KEEPS_EXECUTIONS] = int(bool(firm.reconciliations))

    def _number_batches(self) -> None:
        """Number the batch steps of each component; journeys may share one."""
        for stage in self.of.blueprint.stages():
            if stage.step.batch is not None:
                known = self.of.batches.setdefault(stage.step.component, {})
                known.setdefault(stage.step.id, len(known))

    def _station(self, name: str, spec: Component, index: int) -> int:
        words, firm = self.of.words, self.of.firm
        store = r.STORE_NONE
        if spec.store is not None:
            is_volatile = spec.store.kind == "volatile"
            store = r.STORE_VOLATILE if is_volatile else r.STORE_DURABLE
        sides = {s for c in firm.reconciliations.values() for s in (c.left, c.right)}
        keeps = (2 if name in sides else 1) if spec.store is not None else 0
        limit = spec.queue.limit
        journals = spec.store is not None and spec.standby is not None
        return self.of.draft.record(
            r.STATION_SIZE,
            {
                r.STATION_INDEX: index,
                r.STATION_NAME: words.number(name),
                r.STATION_VANTAGE: words.number(spec.vantage or name),
                r.STATION_NODE: self.of.nodes.get(name, -1),
                r.STATION_UP: 1,
                r.STATION_SPEED: 1000,
                r.STATION_SERVERS: spec.servers,
                r.STATION_ACTIVE: r.ACTIVE_FIRST,
                r.STATION_RATE: spec.rate_limit or 0,
                r.STATION_QUEUE_LIMIT: -1 if limit is None else limit,
                r.STATION_IS_DURABLE: int(spec.queue.durable),
                r.STATION_STORE: store,
                r.STATION_KEEPS_FACTS: keeps,
                r.STATION_JOURNALS: self._journal_windows(name) if journals else 0,
                r.STATION_HORIZON: -1 if spec.dedup is None else spec.dedup.horizon,
                r.STATION_NO_ANSWER: words.number(f"no answer from {name}"),
                r.STATION_BATCHES: len(self.of.batches.get(name, {})),
            },
        )

    def _journal_windows(self, name: str) -> int:
        """Times during which a memory's changes have to be undone by a failover to come."""
        windows = sorted(
            (change.value, change.time_ns)
            for change in self.of.timeline.changes
            if change.attribute == "failover" and change.subject == name
        )
        joined: list[list[int]] = []
        for start, end in windows:
            if joined and start <= joined[-1][1]:
                joined[-1][1] = max(joined[-1][1], end)
            else:
                joined.append([start, end])
        return self.of.draft.table([len(joined), *(time for window in joined for time in window)])

    def _instance(self, name: str, station: int, number: int) -> int:
        draft = self.of.draft
        batch_count = len(self.of.batches.get(name, {}))
        return draft.record(
            r.INSTANCE_SIZE,
            {
                r.INSTANCE_STATION: station,
                r.INSTANCE_NUMBER: number,
                r.INSTANCE_LINES: draft.block(len(self.of.firm.priorities) * r.LINE_SIZE),
                r.INSTANCE_BATCHES: draft.block(batch_count * r.BATCH_SIZE),
                r.INSTANCE_RUN_ORDER: draft.block(batch_count),
                r.INSTANCE_MISSED: draft.block(batch_count),
            },
        )

    def _channels(self) -> None:
        names = sorted([*self.of.firm.components, *self.of.firm.channels])
        for number, (name, spec) in enumerate(self.of.firm.channels.items()):
            time = self.of.draft.distribution(spec.enquiry)
            self.of.channels[name] = self.of.draft.record(
                r.CHANNEL_SIZE,
                {
                    r.CHANNEL_NAME: self.of.words.number(name),
                    r.CHANNEL_NAME_ORDER: names.index(name),
                    r.CHANNEL_NUMBER: number,
                    r.CHANNEL_NODE: self.of.nodes[name],
                    r.CHANNEL_DESK: self.of.stations[spec.desk] if spec.desk else 0,
                    r.CHANNEL_ENQUIRY: time,
                    r.CHANNEL_CLOSED_BY: r.NULL,
                },
            )
