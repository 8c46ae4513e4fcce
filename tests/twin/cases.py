"""Cases: a random firm, its clients' wishes, a scenario and a timeline of trouble."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from bcsim.engine.arrivals import NO_CANCEL, Intents
from bcsim.engine.blueprint import Blueprint, make_blueprint
from bcsim.engine.sizing import Sizing
from bcsim.engine.timeline import LogEntry, Timeline
from bcsim.history.schema import NULL
from bcsim.limits import SEED_MAX
from bcsim.streams import Streams
from bcsim.units import NS_PER_MS
from tests.twin import market
from tests.twin.chooser import BYTES, Chooser
from tests.twin.firms import COMPONENTS, Emphasis
from tests.twin.trouble import WINDOW_NS, Trouble, timeline
from tests.unit.engine.firms import scenario

if TYPE_CHECKING:
    from bcsim.model.firm import Firm
    from bcsim.scenario.scenario import Scenario

Wish = dict[str, int]
"""A row of the table of intents, by column; ``cancel_ns`` is the time of the request."""


@dataclass(frozen=True, repr=False)
class Case:
    """Everything that both engines are given."""

    firm: Firm
    plot: Scenario
    wishes: tuple[Wish, ...] | None
    """``None``: the firm's own arrivals."""
    faults: Timeline
    seed: int
    sizing: Sizing

    @cached_property
    def blueprint(self) -> Blueprint:
        """The blueprint of the case."""
        streams = Streams(self.seed, self.seed % 3)
        made = make_blueprint(self.firm, self.plot, self.sizing, streams, self.faults)
        if self.wishes is None:
            return made
        return dataclasses.replace(made, intents=_intents(self.wishes, made))

    def __repr__(self) -> str:
        """The case as data, to be read in a report of a failure."""
        parts = {
            "firm": self.firm.model_dump(mode="json", exclude_defaults=True),
            "scenario": self.plot.model_dump(mode="json", exclude_defaults=True),
            "wishes": self.wishes,
            "timeline": self.faults.to_document(),
            "seed": self.seed,
            "sizing": self.sizing,
        }
        return "\n".join(f"{name}: {part}" for name, part in parts.items())

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:  # noqa: FBT001 - a protocol
        """Have Hypothesis print the case as data too."""
        printer.text(f"\n{self!r}")


def _intents(wishes: tuple[Wish, ...], blueprint: Blueprint) -> Intents:
    """The table of intents that holds exactly these wishes."""
    rows = sorted(wishes, key=lambda wish: (wish["time_ns"], wish["source"]))
    index = [sum(o["source"] == row["source"] for o in rows[:n]) for n, row in enumerate(rows)]
    names = [f.name for f in dataclasses.fields(Intents) if f.name not in ("sources", "index")]
    columns = {name: np.array([row[name] for row in rows], dtype=np.int64) for name in names}
    return Intents(
        sources=blueprint.intents.sources, index=np.array(index, dtype=np.int64), **columns
    )


def _wish(choose: Chooser, sources: list[str], trouble: Trouble, *, is_tied: bool) -> Wish:
    """One client's wish; in a tied case at the times at which things go wrong."""
    source = choose.number(0, len(sources) - 1)
    product = market.SOURCES[sources[source]][2]
    loose_ns = 0 if is_tied else choose.number(0, trouble.horizon_ms * 1000) * 1000
    time_ns = trouble.moment() if is_tied else loose_ns
    price = choose.pick((NULL, NULL, 980, 1020, 1000))
    delay_ns = choose.maybe((0, 5, 15, 200, 1000), 30)
    return {
        "source": source,
        "time_ns": time_ns,
        "client": choose.number(0, 2),
        "account": choose.number(0, 5),
        "instrument": choose.number(0, len(market.INSTRUMENTS[product]) - 1),
        "is_buy": choose.number(0, 1),
        "is_limit": int(price != NULL),
        "qty": choose.pick((100, 1, 3, 300)),
        "price": price,
        "cancel_ns": NO_CANCEL if delay_ns is None else time_ns + delay_ns * NS_PER_MS,
    }


DRAINS = ("20 s", "0 s", "20 ms", "500 ms", "5 s", "20 s", "6 min")


def _events(choose: Chooser) -> tuple[list[dict[str, Any]], list[LogEntry]]:
    """Surges, price shocks and triggers, and the lines of the log that give them their time."""
    found: list[dict[str, Any]] = []
    spans: list[LogEntry] = []

    def add(what: dict[str, Any]) -> None:
        start, end = sorted(choose.number(0, 2500) * NS_PER_MS for _ in range(2))
        found.append(what | {"at": "10:00:01"})
        for kind, time_ns in (("fault_on", start), ("fault_off", end)):
            spans.append(LogEntry(time_ns, "infrastructure", kind, ref=what["id"]))

    if choose.chance(15):
        factors = {"orders": choose.pick((3.0, 1.0)), "enquiries": choose.pick((1.0, 4.0))}
        add({"id": "rush", "kind": "surge"} | factors)
    if choose.chance(15):
        add({"id": "fall", "kind": "price-shock", "change": choose.pick((-0.05, 0.1))})
    return found, spans


def _triggers(choose: Chooser, emphasis: Emphasis) -> list[dict[str, Any]]:
    """Disruptions that wait for an event, which both engines have to notice."""
    return [
        {
            "id": f"wait-{number}",
            "kind": "crash",
            "targets": ["oms"],
            "on": {
                "event": choose.pick(market.FREQUENT),
                "count": choose.number(1, 5),
            }
            | ({"component": choose.pick(COMPONENTS)} if choose.chance(40) else {}),
        }
        for number in range(2)
        if choose.chance(emphasis.signals)
    ]


def cases(emphasis: Emphasis) -> st.SearchStrategy[Case]:
    """Random cases of one family."""
    luck = st.binary(min_size=BYTES, max_size=BYTES)
    return luck.map(lambda drawn: case_of(emphasis, Chooser(drawn)))


def case_of(emphasis: Emphasis, choose: Chooser) -> Case:
    """The case that comes of some choices."""
    firm = market.firm(choose, emphasis)
    trouble = Trouble(choose, firm)
    names = (*trouble.motifs, *emphasis.motifs * 5)
    for _ in range(choose.number(1, emphasis.troubles)):
        trouble.add(choose.pick(names))
    events, spans = _events(choose)
    drain = {"kind": choose.pick(("heal", "freeze")), "limit": choose.pick(DRAINS)}
    heals = drain["kind"] == "heal"
    plot = scenario(
        trace=choose.pick(emphasis.trace),
        window={"start": "10:00", "end": "10:00:03"},
        drain=drain,
        disruptions=[*events, *_triggers(choose, emphasis)],
    )
    faults = timeline(trouble, spans, WINDOW_NS if heals else None)
    wishes = None
    if not choose.chance(emphasis.natural):
        is_tied = choose.chance(emphasis.tied)
        count = choose.number(1, emphasis.wishes)
        sources = list(firm.demand)
        wishes = tuple(_wish(choose, sources, trouble, is_tied=is_tied) for _ in range(count))
    seed = choose.pick((0, 1, 2, 3, SEED_MAX))
    return Case(firm, plot, wishes, faults, seed, Sizing(orders=choose.maybe((5, 30), 10)))
