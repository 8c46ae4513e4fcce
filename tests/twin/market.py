"""The rest of a random firm: who wishes what through which channel, and what is done about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bcsim.history.schema import Kind
from bcsim.model.firm import Firm
from tests.twin.firms import (
    CHANNELS,
    CHECKS,
    COMPONENTS,
    CONTROLS,
    PRIORITIES,
    TIMES,
    FirmMaker,
)

if TYPE_CHECKING:
    from tests.twin.chooser import Chooser
    from tests.twin.firms import Emphasis

SOURCES = {
    "app-share": ("app", "retail", "share", "way"),
    "phone-share": ("phone", "private", "share", "paper"),
    "app-fund": ("app", "private", "fund", "fund"),
    "branch-share": ("branch", "retail", "share", "way"),
    "phone-fund": ("phone", "retail", "fund", "fund"),
}
"""Sources of demand: channel, segment, product and journey; no branch sells funds."""

INSTRUMENTS = {"share": ("aaa", "bbb", "ccc"), "fund": ("ddd",)}

SESSIONS: tuple[list[tuple[str, str]], ...] = (
    [("09:59:58", "10:05")],
    [("09:59:58", "10:00:00.5"), ("10:00:01", "10:00:02")],
    [("10:00:00.1", "10:00:00.3"), ("10:00:00.3", "10:00:01.005"), ("10:00:02", "10:03")],
    [("10:00:01", "10:00:04")],
    [("09:59:58", "10:00:00.2")],
)


def firm(choose: Chooser, emphasis: Emphasis) -> Firm:
    """A random firm."""
    maker = FirmMaker(choose, emphasis)
    components = {name: maker.component(name) for name in COMPONENTS}
    model: dict[str, Any] = {
        "format": "bcsim-model/1",
        "name": "Twin",
        "priorities": list(PRIORITIES),
        "sites": {"b": {"name": "Second site"}},
        "components": components,
        "links": maker.links(),
        "channels": {name: _channel(choose, maker, name) for name in CHANNELS},
        "segments": {name: _segment(choose, maker) for name in ("retail", "private")},
        "products": {name: _product(choose, maker, name) for name in ("share", "fund")},
        "controls": {name: _control(choose) for name in CONTROLS},
        "journeys": maker.journeys(),
        "profiles": {"day": {"points": PROFILE_POINTS}},
        "demand": {name: _demand(choose, maker, name) for name in SOURCES},
        "services": {"all": {"name": "All", "products": ["share", "fund"], "tolerance": TOLERANCE}},
        "reconciliations": {
            name: _check(choose, maker, components)
            for name in CHECKS
            if choose.chance(emphasis.checks)
        },
    }
    if choose.chance(emphasis.signals):
        model["plan"] = {"name": "Plan", "signals": _signals(choose)}
    return Firm.model_validate_json(json.dumps(model))


PROFILE_POINTS = [{"at": "10:00", "intensity": 1}, {"at": "10:00:03", "intensity": 0}]
TOLERANCE = {"rto": "1 h", "mtpd": "2 h", "mbco": 0.5}


def _channel(choose: Chooser, maker: FirmMaker, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "link": choose.pick(("default", "net", "net"))}
    if choose.chance(70):
        found |= {"desk": choose.pick(("desk", "dealer")), "enquiry": maker.service()}
        if choose.chance(30):
            found["enquiries_per_day"] = choose.pick((5.0, 40.0))
    return found


def _segment(choose: Chooser, maker: FirmMaker) -> dict[str, Any]:
    second = choose.maybe(CHANNELS, 85)
    tied = ("50 ms", "20 ms", "10 ms", "200 ms", "5 ms", "1 s")
    loose = ("50 ms", "exponential 60 ms", "uniform 5 ms..300 ms", "1 s")
    return {
        "name": "Segment",
        "clients": 3,
        "accounts_per_client": 2,
        "priority": choose.pick(PRIORITIES),
        "patience": choose.pick(tied if maker.is_tied else loose),
        "on_timeout": choose.pick(HABITS if choose.chance(maker.emphasis.fickle) else HABITS[:2]),
        "attempts": choose.pick((2, 0, 1, 4, 15)),
        "risk_level": choose.pick((8, 1, 3)),
    } | ({"second_channel": second} if second else {})


HABITS: tuple[dict[str, float], ...] = (
    {},
    {"resubmit": 1.0},
    {"switch": 1.0},
    {"enquire": 1.0},
    {"resubmit": 0.4, "switch": 0.3, "enquire": 0.3},
    {"resubmit": 0.3, "switch": 0.3, "enquire": 0.2},
)


def _product(choose: Chooser, maker: FirmMaker, name: str) -> dict[str, Any]:
    gaps = ("30 ms", "5 ms", "0 s") if maker.is_tied else ("exponential 30 ms", "uniform 1 ms..1 s")
    sessions = choose.pick(SESSIONS)
    dues = {
        f"{what}_within": choose.maybe(("1 s", "50 ms", "5 s"))
        for what in ("acknowledge", "execute", "confirm", "settle")
    }
    found = {
        "name": name,
        "instruments": {
            n: {"name": n, "price": 1000, "tick": 10, "volatility": choose.pick((1.0, 0.0, 3.0))}
            for n in INSTRUMENTS[name]
        },
        "sessions": [
            {"name": f"s{n}", "open": opening, "close": close}
            for n, (opening, close) in enumerate(sessions)
        ],
        "price_grid": choose.pick(("100 ms", "50 ms", "500 ms")),
        "limit_share": 0.4,
        "limit_offset": 3,
        "partial_fill": choose.pick((0.0, 0.5, 1.0)),
        "fills": choose.number(1, 4),
        "fill_gap": choose.maybe(gaps, 70),
        "quantity": [1, 3],
        "lot": choose.pick((100, 1)),
        "cut_off": choose.maybe(("10:00:01",), 30),
        "risk_level": choose.pick((1, 3, 4)),
    }
    return {key: value for key, value in (found | dues).items() if value is not None}


def _control(choose: Chooser) -> dict[str, Any]:
    return {
        "name": "Control",
        "coverage": choose.pick((0.5, 1.0, 0.0)),
        "false_alarm": choose.pick((0.0, 0.0, 0.3, 1.0)),
        "on_hit": choose.pick(("reject", "repair")),
        "repair_team": choose.pick(("desk", "dealer")),
        "finds": choose.pick(("altered", "altered", "unsuitable")),
        "bypass": choose.pick((None, *PRESSURES)),
    }


PRESSURES = (
    {"waiting": 0, "chance": 1.0},
    {"waiting": 0, "chance": 0.5},
    {"waiting": 1, "chance": 0.7},
    {"waiting": 2, "chance": 0.0},
)


def _demand(choose: Chooser, maker: FirmMaker, name: str) -> dict[str, Any]:
    channel, segment, product, journey = SOURCES[name]
    after = ("5 ms", "50 ms", "0 s") if maker.is_tied else ("exponential 50 ms", "uniform 0 s..2 s")
    return {
        "channel": channel,
        "segment": segment,
        "product": product,
        "journey": journey,
        "profile": "day",
        "orders_per_day": choose.pick((1.0, 2.0, 4.0)),
        "cancel": choose.pick((0.0, 0.4)),
        "cancel_after": choose.pick(after),
    }


def _check(
    choose: Chooser, maker: FirmMaker, components: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """A comparison of two components that remember, unless only one of all does."""
    able = [name for name in COMPONENTS if "store" in components[name]]
    usual: list[str] = [
        name for name in ("oms", "gateway", "venue", "ledger", "pool") if name in able
    ]
    able = able if len(able) > 1 else list(COMPONENTS)
    usual = usual if len(usual) > 1 and choose.chance(80) else able
    left = choose.pick(usual)
    return {
        "name": "Check",
        "left": left,
        "right": choose.pick([name for name in usual if name != left]),
        "at": choose.some(TIMES, 25),
        "grace": choose.pick(("0 s", "10 ms", "500 ms")),
        "team": choose.pick(("desk", "dealer")),
        "work": maker.service(),
        "missing": choose.pick(("re-enter", "book", "report")),
        "excess": choose.pick(("bust", "report")),
        "differing": choose.pick(("correct", "report")),
    }


COUNTED = tuple(kind.value for kind in Kind)
FREQUENT = ("acknowledge", "resend", "execute", "reject", "route", "book", "intend", "detect")


def _signals(choose: Chooser) -> dict[str, Any]:
    """Up to three signals, which may go off at one instant."""
    found: dict[str, Any] = {}
    for number in range(choose.number(1, 3)):
        if choose.chance(40):
            found[f"signal-{number}"] = {
                "kind": "backlog",
                "component": choose.pick(COMPONENTS),
                "above": choose.number(1, 3),
            }
        else:
            found[f"signal-{number}"] = {
                "kind": "count",
                "event": choose.pick(FREQUENT if choose.chance(80) else COUNTED),
                "above": choose.number(1, 8),
            } | ({"component": choose.pick(COMPONENTS)} if choose.chance(40) else {})
    return found
