"""Events and profiles to test histories with: Hypothesis strategies and one fixed day."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from bcsim.history.profile import (
    Coverage,
    CutOff,
    Obligation,
    Profile,
    ServiceTolerance,
    Session,
)
from bcsim.history.schema import COLUMNS, NULL, Kind, Trace
from bcsim.history.writer import MemoryRecorder

REQUIRED = ("kind", "time_ns", "vantage")
OPTIONAL = [column for column in COLUMNS if column.name not in (*REQUIRED, "seq")]

integers = st.integers(NULL + 1, -NULL - 1)
texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(("", "O-1", "ลูกค้า"))

events = st.fixed_dictionaries(
    {"kind": st.sampled_from([kind.value for kind in Kind]), "time_ns": integers, "vantage": texts},
    optional={
        column.name: st.none() | (integers if column.is_integer else texts) for column in OPTIONAL
    },
)
days = st.lists(events, max_size=12)

times = st.integers(0, 2**62)
profiles = st.builds(
    Profile,
    kind=st.sampled_from(("simulation", "paper exercise", "live test log")),
    start=st.none() | texts,
    qty_scale=st.integers(0, 18),
    intents_recorded=st.booleans(),
    coverage=st.lists(st.builds(Coverage, texts, times, st.none() | times), max_size=2).map(tuple),
    sessions=st.lists(st.builds(Session, texts, times, times), max_size=2).map(tuple),
    cut_offs=st.lists(st.builds(CutOff, texts, times), max_size=2).map(tuple),
    priority_classes=st.lists(texts, max_size=3).map(tuple),
    obligations=st.lists(
        st.builds(
            Obligation,
            st.sampled_from(("acknowledge", "book")),
            channel=st.none() | texts,
            within_ns=times,
        ),
        max_size=2,
    ).map(tuple),
    declared_kinds=st.lists(st.sampled_from([k.value for k in Kind]), max_size=3).map(tuple),
    drain=st.sampled_from((None, "heal", "freeze")),
    within_plan=st.none() | st.booleans(),
    services=st.lists(
        st.builds(
            ServiceTolerance,
            texts,
            channels=st.lists(texts, max_size=2).map(tuple),
            mbco=st.none() | st.floats(0, 1) | st.integers(0, 1),
        ),
        max_size=2,
    ).map(tuple),
    source=st.none() | texts,
)


class LazyIds(Sequence[str]):
    """Ids that are written when asked for."""

    def __init__(self, size):
        self.size = size

    def __len__(self):
        return self.size

    def __getitem__(self, code):
        return f"O-{code}"


def recorded(day, profile=None, trace=Trace.FULL):
    """The history of some events."""
    recorder = MemoryRecorder(profile or Profile(), trace)
    for event in day:
        recorder.emit(**event)
    return recorder.history()


def full_event(number=0):
    """An event with a value in every column."""
    event = {c.name: 7 + number if c.is_integer else f"{c.name}-{number}" for c in OPTIONAL}
    return event | {"kind": "execute", "time_ns": 1000 * number, "vantage": "venue"}


def order_day(order_count):
    """Six events an order: most columns null, ids that many rows share, a few busy names."""
    steps = ("intend", "submit", "acknowledge", "execute", "book", "confirm")
    for order in range(order_count):
        for step, kind in enumerate(steps):
            event = {
                "kind": kind, "time_ns": 1000 * (6 * order + step), "vantage": "oms",
                "intent_id": f"I-{order:08d}", "order_id": f"O-{order:08d}",
                "client_id": f"C{order % 5003}", "side": "buy", "qty": 100, "step": step,
            }  # fmt: skip
            if kind == "execute":
                event["exec_id"] = f"E-{order}"
            yield event
