"""What is wished, as the kernel reads it: products, sources with their streams, wishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bcsim.engine.blueprint import product_close
from bcsim.engine.deadline import deadlines
from bcsim.kernels import record as r
from bcsim.streams import CONSTANT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.engine.arrivals import Source
    from bcsim.engine.fast.imprint import Imprinter

BLOCK_PURPOSES = ("service", "link_latency", "link_loss", "retry_jitter", "leg_failure")
PURPOSES = (
    *((purpose, "") for purpose in BLOCK_PURPOSES),
    ("fill", ""),
    ("mistype", ""),
    ("corruption_field", "/mistype"),
    ("corruption_value", "/mistype"),
    ("back_entry", ""),
    ("back_entry_step", ""),
    ("enquiry", ""),
    ("repair_work", ""),
    ("patience", ""),
    ("on_timeout", ""),
)
"""Streams of an order in the order of ``KEY_SERVICE`` …: purpose, and what follows the entity."""


class Demand:
    """What is wished: products, sources with the keys of their streams, enquiries."""

    def __init__(self, imprinter: Imprinter) -> None:
        self.of = imprinter

    def imprint(self) -> None:
        """Put products and sources in their place."""
        self._products()
        self._sources()

    def _products(self) -> None:
        draft, moments, prices = self.of.draft, self.of.blueprint.moments, self.of.blueprint.prices
        for name, spec in self.of.firm.products.items():
            sessions = [moments.of_clock(time) for s in spec.sessions for time in (s.open, s.close)]
            path = prices.paths[name]
            found = [self.of.blueprint.route_of(channel, name) for channel in self.of.firm.channels]
            routes = [0 if route is None else self.of.routes[route.name] for route in found]
            words = [self.of.words.number(name) for name in spec.instruments]
            splits, gap = draft.chance(spec.partial_fill), draft.distribution(spec.fill_gap)
            lane = draft.block(r.LANE_SIZE)
            self.of.products[name] = draft.record(
                r.PRODUCT_SIZE,
                {
                    r.PRODUCT_SESSIONS: draft.table(sessions),
                    r.PRODUCT_SESSION_COUNT: len(spec.sessions),
                    r.PRODUCT_CLOSE: product_close(spec, moments.midnight),
                    r.PRODUCT_SPLITS: splits,
                    r.PRODUCT_FILLS: spec.fills,
                    r.PRODUCT_GAP: gap,
                    r.PRODUCT_INSTRUMENTS: len(spec.instruments),
                    r.PRODUCT_WORDS: draft.table(words),
                    r.PRODUCT_PRICES: draft.table(path),
                    r.PRODUCT_POINTS: path.shape[1],
                    r.PRODUCT_GRID: prices.grid_ns[name],
                    r.PRODUCT_FROM: prices.from_ns,
                    r.PRODUCT_ROUTES: draft.table(routes),
                    r.PRODUCT_LANE: lane,
                },
            )

    def _sources(self) -> None:
        draft = self.of.draft
        used = dict.fromkeys(s.demand.segment for s in self.of.blueprint.intents.sources)
        segments = {name: self._segment(name) for name in used}
        sources = []
        for number, source in enumerate(self.of.blueprint.intents.sources):
            demand = source.demand
            sources.append(
                draft.record(
                    r.SOURCE_SIZE,
                    {
                        r.SOURCE_NUMBER: number,
                        r.SOURCE_CHANNEL: self.of.channels[demand.channel],
                        r.SOURCE_SEGMENT: segments[demand.segment],
                        r.SOURCE_PRODUCT: self.of.products[demand.product],
                        r.SOURCE_ROUTE: self.of.routes[demand.journey],
                        r.SOURCE_IS_UNSUITABLE: int(
                            not self.of.firm.suits(demand.product, demand.segment)
                        ),
                    },
                )
            )
        draft.m[r.SOURCES] = draft.table(sources)
        for place, keys in enumerate(self.source_keys(draft.m[r.BLOCKS])):
            draft.m[sources[place] + r.SOURCE_KEYS] = draft.table(keys)
        self._keys_by_place()
        self._enquiries()

    def source_keys(self, blocks: int) -> list[list[int]]:
        """Keys of each source's streams, for some blocks of 16 effects."""
        return [
            [
                word
                for purpose, behind in PURPOSES
                for generation in range(self.of.generations)
                for block in range(blocks)
                for word in self._key(purpose, source, generation, behind, block)
            ]
            for source in self.of.blueprint.intents.sources
        ]

    def _key(
        self, purpose: str, source: Source, generation: int, behind: str, block: int
    ) -> tuple[int, int]:
        if block and purpose not in BLOCK_PURPOSES:
            return 0, 0
        entity = self._entity(source, generation) + behind
        stream = self.of.blueprint.streams.at(purpose, f"{entity}^{block}" if block else entity)
        return stream.key0, stream.key1

    @staticmethod
    def _entity(source: Source, generation: int) -> str:
        return source.name if generation == 0 else f"{source.name}#{generation}"

    def _table_of_keys(self, purposes: tuple[str, ...], place: str) -> int:
        """Keys by source and generation of streams that belong to a component or control."""
        words = []
        for source in self.of.blueprint.intents.sources:
            for generation in range(self.of.generations):
                entity = f"{self._entity(source, generation)}/{place}"
                for purpose in purposes:
                    stream = self.of.blueprint.streams.at(purpose, entity)
                    words += [stream.key0, stream.key1]
        return self.of.draft.table(words)

    def _keys_by_place(self) -> None:
        draft = self.of.draft
        corruption: tuple[str, ...] = ("corruption_hit", "corruption_field", "corruption_value")
        for change in self.of.timeline.changes:
            if change.attribute not in ("corruption", "split"):
                continue
            is_split = change.attribute == "split"
            field = r.STATION_CHOICE_KEYS if is_split else r.STATION_CORRUPTION_KEYS
            purposes = ("route_choice",) if is_split else corruption
            station = self.of.stations[change.subject]
            if not draft.m[station + field]:
                draft.m[station + field] = self._table_of_keys(purposes, change.subject)
        for name, control in self.of.controls.items():
            draft.m[control + r.CONTROL_KEYS] = self._table_of_keys(("control_catch",), name)
            if self.of.firm.controls[name].bypass is not None:
                keys = self._table_of_keys(("control_bypass",), name)
                draft.m[control + r.CONTROL_BYPASS_KEYS] = keys

    def _segment(self, name: str) -> int:
        draft, spec = self.of.draft, self.of.firm.segments[name]
        place = len(draft.x)
        draft.x += spec.on_timeout.weights
        second = self.of.channels[spec.second_channel] if spec.second_channel else 0
        patience = draft.distribution(spec.patience)
        is_fixed = spec.patience.kind == CONSTANT
        lane = draft.lane(spec.patience.quantile(0.5)) if is_fixed else 0
        return draft.record(
            r.SEGMENT_SIZE,
            {
                r.SEGMENT_NAME: self.of.words.number(name),
                r.SEGMENT_RANK: self.of.blueprint.ranks[spec.priority],
                r.SEGMENT_PATIENCE: patience,
                r.SEGMENT_CHANCES: place,
                r.SEGMENT_ATTEMPTS: spec.attempts,
                r.SEGMENT_SECOND: second,
                r.SEGMENT_LANE: lane,
            },
        )

    def _enquiries(self) -> None:
        """Tables of the enquiries that are not about a late answer."""
        draft = self.of.draft
        tables = []
        for number, (channel, source) in enumerate(self.of.blueprint.enquiries):
            times = self.of.blueprint.enquiry_times(source)
            if not len(times):
                continue
            luck = self.of.blueprint.streams.at("enquiry", source.name)
            tables.append(
                draft.record(
                    r.ENQUIRIES_SIZE,
                    {
                        r.ENQUIRIES_CHANNEL: self.of.channels[channel],
                        r.ENQUIRIES_NUMBER: number,
                        r.ENQUIRIES_KEY: luck.key0,
                        r.ENQUIRIES_KEY + 1: luck.key1,
                        r.ENQUIRIES_TABLE: draft.table(times),
                        r.ENQUIRIES_COUNT: len(times),
                    },
                )
            )
        draft.m[r.ENQUIRIES] = draft.table(tables)
        draft.m[r.ENQUIRY_COUNT] = len(tables)

    def wishes(self) -> NDArray[np.int64]:
        """The table of wishes: the columns that the kernel reads, row by row."""
        intents = self.of.blueprint.intents
        columns = [
            intents.time_ns,
            intents.source,
            intents.index,
            intents.instrument,
            intents.is_buy,
            intents.qty,
            intents.price,
            intents.cancel_ns,
            deadlines(self.of.blueprint),
        ]
        return np.stack(columns, axis=1).reshape(-1)
