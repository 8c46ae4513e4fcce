"""Days of small random firms: Hypothesis draws the firm, its orders, and what goes wrong.

Everything that a model can say about a step, a component or a client is drawn somewhere here, so
a law that holds for these days holds for the whole language of models.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hypothesis import strategies as st

from bcsim.engine.timeline import Attribute, Change, Timeline
from bcsim.model.firm import Firm
from bcsim.units import NS_PER_MS, NS_PER_S
from tests.unit.engine.firms import DAY_LONG, DURABLE, VOLATILE, data
from tests.unit.engine.story import Wish, run

COMPONENTS = ("front", "oms", "risk", "gateway", "venue", "ledger", "dealer", "desk")
PAIRS: tuple[str, ...] = (
    "app -> front",
    "front -> app",
    "front -> oms",
    "oms -> front",
    "oms -> risk",
    "oms -> gateway",
    "gateway -> venue",
    "venue -> gateway",
    "gateway -> oms",
    "oms -> ledger",
    "default",
)
TRIED_AGAIN = tuple(p for p in PAIRS if "app" not in p and p != "default")
"""Links over which nothing is sent that is sent only once."""

WRONG = {
    Attribute.FAILOVER,
    Attribute.FAILBACK,
    Attribute.SPLIT,
    Attribute.CORRUPTION,
    Attribute.FALLBACK,
}
"""What leads to second or wrong executions, or is a standby's."""

END_NS = 2 * NS_PER_S
"""Nothing goes wrong after this."""

SHORT_RUN: dict[str, Any] = {
    "window": {"start": "10:00", "end": "10:01"},
    "drain": {"limit": "1 min"},
}


@dataclass(frozen=True)
class Day:
    """A firm, its clients' wishes, and its timeline."""

    firm: Firm
    wishes: tuple[Wish, ...]
    faults: Timeline
    seed: int

    def history(self, faults: Timeline | None = None, **options: Any) -> Any:
        """Run it, under its own timeline or another one."""
        timeline = self.faults if faults is None else faults
        plot = SHORT_RUN | options.pop("scenario", {})
        return run(self.firm, self.wishes, timeline, seed=self.seed, scenario=plot, **options)


def sometimes(value: Any) -> st.SearchStrategy[Any]:
    """None, or a value, or one of a strategy."""
    found = value if isinstance(value, st.SearchStrategy) else st.just(value)
    return st.one_of(st.none(), found)


SERVICES = st.sampled_from(["0 s", "10 ms", "25 ms", "exponential 20 ms"])
LATENCIES = st.sampled_from(["0 s", "1 ms", "3 ms", "exponential 5 ms"])
BATCHES = st.sampled_from([["10:00:01"], ["10:00:01", "10:00:01.05", "10:00:30"]])


class Luck(StrEnum):
    """How much a firm can get wrong."""

    ANY = "any"
    """Everything."""
    SOUND = "sound"
    """It can lose orders, but not execute them twice: dedup and durable stores, no fallback."""
    PATIENT = "patient"
    """Nor lose them: every step is tried until it is done, and the client is told all."""


@st.composite
def manners(draw: st.DrawFn, luck: Luck) -> dict[str, Any]:
    """How a step deals with trouble."""
    timeout = draw(st.sampled_from(["20 ms", "100 ms", None]))
    if luck is Luck.PATIENT:
        timeout = timeout or "200 ms"
    elif timeout is None:
        return {}
    retry = {
        "limit": draw(st.integers(0, 3)),
        "backoff": draw(st.sampled_from(["5 ms", "20 ms"])),
        "cap": draw(sometimes("25 ms")),
        "jitter": draw(st.sampled_from([0.0, 0.3])),
    }
    breaker = {"failures": draw(st.integers(1, 3)), "window": "1 s", "open": "100 ms"}
    found = {
        "timeout": timeout,
        "retry": draw(sometimes(retry)),
        "breaker": draw(sometimes(breaker)),
        "bulkhead": draw(sometimes(st.integers(1, 2))),
        "on_failure": draw(st.sampled_from(["park", "reject", "continue"])),
    }
    if luck is Luck.PATIENT:
        found["on_failure"] = "park"
    return {name: value for name, value in found.items() if value is not None}


@st.composite
def journeys(draw: st.DrawFn, luck: Luck) -> list[dict[str, Any]]:
    """A way from the client to the books; only a firm of any luck has a fallback."""

    def one(name: str, at: str, **more: Any) -> dict[str, Any]:
        return {"id": name, "component": at, "service": draw(SERVICES)} | draw(manners(luck)) | more

    paper = {
        "component": "dealer",
        "service": "30 ms",
        "timeout": "200 ms",
        "skips": draw(st.sampled_from([[], ["limits"]])),
        "mistype": draw(st.sampled_from([0.0, 0.5])),
        "back_entry": "40 ms",
    }
    on_paper = {} if luck is not Luck.ANY else draw(st.sampled_from([{}, {"fallback": paper}]))
    times, rerun = draw(BATCHES), draw(st.sampled_from(["start", "checkpoint"]))
    is_patient = luck is Luck.PATIENT

    def batch(last: str) -> dict[str, Any]:
        if not is_patient:
            return {"batch": {"at": times, "rerun": rerun}}
        # Waiting for a run is no failure, and no reason to keep others out.
        manners_of_batch = {"timeout": "30 s", "bulkhead": None, "breaker": None}
        return {"batch": {"at": [*times, last], "rerun": rerun}} | manners_of_batch

    legs = [{"name": n, "service": "5 ms", "fail": draw(st.sampled_from([0.0, 0.4]))} for n in "ab"]
    do = one("execute", "venue", role="execute")
    if do.get("on_failure") == "continue":
        del do["on_failure"]
    route = [
        one("take", "front", role="acknowledge"),
        one("accept", "oms", **on_paper),
        one("limits", "risk", role="control", control="limits", mode="call"),
        one("note", "oms"),
        one("route", "gateway"),
        do | draw(st.sampled_from([{}, batch("10:45")])),
        one("fill", "oms"),
        one("book", "ledger", role="book")
        | draw(st.sampled_from([{}, {"legs": legs}, batch("10:50")])),
        one("confirm", "ledger", role="confirm", mode=draw(st.sampled_from(["call", "hand-over"])))
        | ({"bulkhead": None} if is_patient else {}),  # a call to itself can block it for ever
    ]
    needed = {"take", "execute"} | ({"confirm"} if is_patient else set())
    return [s for s in route if s["id"] in needed or draw(st.booleans())]


@st.composite
def components(draw: st.DrawFn, luck: Luck) -> dict[str, Any]:
    """Each component with its own memory; sound ones forget nothing."""
    found: dict[str, Any] = {}
    is_sound = luck is not Luck.ANY
    queues: list[dict[str, Any]] = [{}, {"durable": True}, {"limit": 2, "durable": True}]
    if luck is not Luck.PATIENT:  # two legs never find room in it
        queues.append({"limit": 0})
    for name in COMPONENTS:
        stores = [DURABLE] if is_sound else [None, VOLATILE, DURABLE]
        memories = [DAY_LONG] if is_sound else [None, {"horizon": "50 ms"}, DAY_LONG]
        found[name] = {
            "servers": draw(st.integers(1, 3)),
            "queue": draw(st.sampled_from(queues)),
            "store": draw(st.sampled_from(stores)),
            "dedup": draw(st.sampled_from(memories)),
            "rate_limit": draw(sometimes(st.sampled_from([20, 200]))),
        }
    if luck is Luck.PATIENT:  # nobody repairs an order that its team has forgotten
        found["desk"]["queue"] = {"durable": True}
    if not is_sound:
        found["oms"]["store"] = {"kind": "replicated"}
        found["oms"]["standby"] = {"kind": "hot", "site": "b", "switch": "1 s"}
    return found


@st.composite
def firms(draw: st.DrawFn, luck: Luck = Luck.ANY) -> Firm:
    """A firm of one journey."""
    habits = [{"resubmit": 1.0}, {"enquire": 1.0}, {"resubmit": 0.5, "enquire": 0.3}, {}]
    if luck is Luck.ANY:
        habits.append({"switch": 0.6, "resubmit": 0.2})
    segment = {
        "patience": draw(st.sampled_from(["50 ms", "1 s"])),
        "on_timeout": draw(st.sampled_from(habits)),
        "attempts": draw(st.integers(0, 3)),
    }
    fills = draw(st.integers(1, 3))
    product = {
        "instruments": {
            "aaa": {"name": "A", "price": 1000, "tick": 10, "volatility": 1.0},
            "bbb": {"name": "B", "price": 500, "tick": 10},
        },
        "sessions": [
            {"name": "am", "open": "09:00", "close": "10:00:01"},
            {"name": "pm", "open": "10:00:02", "close": "10:00:40"},
        ],
        "price_grid": "100 ms",
        "partial_fill": draw(st.sampled_from([0.0, 0.7])),
        "fills": fills,
        "fill_gap": draw(sometimes(st.sampled_from(["30 ms", "exponential 30 ms"]))),
        "execute_within": "10 s",
        "acknowledge_within": "5 s",
    }
    limits = {
        "name": "Limits",
        "coverage": draw(st.sampled_from([0.5, 1.0])),
        "false_alarm": draw(st.sampled_from([0.0, 0.3])),
        "on_hit": draw(st.sampled_from(["reject", "repair"])),
        "repair_team": "desk",
    }
    check = {
        "name": "Check",
        "left": draw(st.sampled_from(["front", "gateway", "venue"])),
        "right": draw(st.sampled_from(["venue", "ledger"])),
        "at": ["10:00:03", "10:00:20"],
        "grace": "1 s",
        "team": "desk",
        "work": "20 ms",
        "missing": draw(st.sampled_from(["re-enter", "book", "report"])),
        "excess": draw(st.sampled_from(["bust", "report"])),
        "differing": draw(st.sampled_from(["correct", "report"])),
    }
    link = {
        "latency": draw(LATENCIES),
        "loss": draw(st.sampled_from([0.0, 0.0, 0.2])),
        "on_disconnect": draw(st.sampled_from(["keep", "cancel"])),
    }
    model = data(
        draw(journeys(luck)),
        components=draw(components(luck)),
        links={"default": {"latency": draw(LATENCIES)}, "gateway -> venue": link},
        segment=segment,
        product=product,
        channel={"desk": "desk", "enquiry": "30 ms"},
        controls={"limits": limits},
        reconciliations={"check": check},
    )
    return Firm.model_validate_json(json.dumps(model))


WISHES = st.lists(
    st.builds(
        Wish,
        at=st.integers(0, 1500).map(lambda ms: f"{ms}ms"),
        side=st.sampled_from(["buy", "sell"]),
        qty=st.sampled_from([1, 100, 300]),
        limit=st.sampled_from([None, None, 980, 1020]),
        cancel=st.sampled_from([None, None, "0ms", "15ms", "200ms"]),
        instrument=st.integers(0, 1),
    ),
    min_size=1,
    max_size=6,
).map(tuple)


@st.composite
def changes(draw: st.DrawFn, luck: Luck = Luck.ANY) -> Change:
    """One change of any attribute that the firm's luck allows."""
    wrong = set() if luck is Luck.ANY else WRONG
    attribute = draw(st.sampled_from([a for a in Attribute if a not in wrong]))
    lossy = PAIRS if luck is not Luck.PATIENT else TRIED_AGAIN
    slow = [1000, 300, 50]
    if luck is Luck.PATIENT:
        slow.remove(50)  # 5 minutes' repair, begun at a twentieth of the speed: 100 minutes
    time_ns = draw(st.integers(0, END_NS // NS_PER_MS)) * NS_PER_MS
    switch = st.integers(0, 1)
    subject, values, detail = {
        Attribute.UP: (COMPONENTS, switch, ()),
        Attribute.HANG: (COMPONENTS, switch, ()),
        Attribute.SPEED: (COMPONENTS, st.sampled_from(slow), ()),
        Attribute.SERVERS: (COMPONENTS, st.integers(0, 3), ()),
        Attribute.INTAKE: (("app",), switch, ()),
        Attribute.FALLBACK: (("oms",), switch, ()),
        Attribute.LINK_UP: (PAIRS, switch, ()),
        Attribute.LINK_LATENCY: (PAIRS, st.sampled_from([0, 30 * NS_PER_MS]), ()),
        Attribute.LINK_LOSS: (lossy, st.sampled_from([0, 300_000, 1_000_000]), ()),
        Attribute.FAILOVER: (
            ("oms",),
            st.integers(0, 400).map(lambda ms: time_ns - ms * NS_PER_MS),
            (),
        ),
        Attribute.FAILBACK: (("oms",), st.just(1), ("discard", "replay", "quarantine")),
        Attribute.SPLIT: (("oms",), switch, ()),
        Attribute.CORRUPTION: (COMPONENTS, st.sampled_from([0, 500_000, 1_000_000]), ()),
        Attribute.HALT: (("venue",), switch, ()),
        Attribute.PRIORITY: (("priorities",), st.just(1), ()),
        Attribute.RECONCILE: (("check",), st.just(1), ()),
    }[attribute]
    value = draw(values)
    details: tuple[str, ...] = (draw(st.sampled_from(detail)),) if detail else ()
    if attribute is Attribute.SPLIT:
        reach = ("standby:gateway", "both:front")
        details = reach if value else (draw(st.sampled_from(["discard", "merge", "quarantine"])),)
    if attribute is Attribute.HALT and value:
        details = draw(st.sampled_from([(), ("cancel",)]))
    return Change(time_ns, draw(st.sampled_from(subject)), attribute, value, "fault", details)


def timelines(luck: Luck = Luck.ANY, max_size: int = 8) -> st.SearchStrategy[Timeline]:
    """Up to some changes, sorted by time; nothing is healed."""
    found = st.lists(changes(luck), max_size=max_size)
    return found.map(lambda c: Timeline(tuple(sorted(c, key=lambda change: change.time_ns)), ()))


@st.composite
def days(draw: st.DrawFn, luck: Luck = Luck.ANY) -> Day:
    """A firm, its orders and its timeline."""
    return Day(draw(firms(luck)), draw(WISHES), draw(timelines(luck)), draw(st.integers(0, 3)))


def healed(day: Day) -> Timeline:
    """The day's timeline, and at its end everything that was wrong is right again."""
    normal = {
        Attribute.UP: 1,
        Attribute.HANG: 0,
        Attribute.SPEED: 1000,
        Attribute.LINK_UP: 1,
        Attribute.LINK_LATENCY: 0,
        Attribute.LINK_LOSS: 0,
        Attribute.HALT: 0,
        Attribute.INTAKE: 1,
    }
    places = {(change.attribute, change.subject): None for change in day.faults.changes}
    ends = [
        Change(END_NS, subject, attribute, normal[attribute], "fault")
        for attribute, subject in places
        if attribute in normal
    ]
    ends += [
        Change(END_NS, subject, Attribute.SERVERS, day.firm.components[subject].servers, "fault")
        for attribute, subject in places
        if attribute is Attribute.SERVERS
    ]
    return Timeline((*day.faults.changes, *ends), ())
