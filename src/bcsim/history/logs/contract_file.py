"""Profile files in TOML: what a contract allows and promises, read with every problem named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bcsim.history.logs.contract import ALLOWANCES, Contract, Daily, Deadline
from bcsim.history.logs.times import instant, is_zone
from bcsim.history.logs.toml import TomlTable, read_toml
from bcsim.history.matching import BUSINESS_KEY, LINKS, TERMS, Matching
from bcsim.history.profile import (
    FREEZE,
    HEAL,
    LIVE_TEST_LOG,
    PAPER_EXERCISE,
    PURGE_ON_RESTART,
    SIMULATION,
    Coverage,
    Obligation,
    ServiceTolerance,
)
from bcsim.history.schema import Kind
from bcsim.history.verdict import CLASSES
from bcsim.units import UnitError, parse_duration

if TYPE_CHECKING:
    from pathlib import Path

VERSION: Final = 1

_KEYS: Final = (
    "version", "kind", "time_zone", "allows", "controls", "declared_kinds", "within_plan", "drain",
    "drain_from", "drain_to", "priority_classes", "segments", "priorities", "deadlines",
    "obligations", "cut_offs", "sessions", "coverage", "services", "intents_recorded", "matching",
)  # fmt: skip
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
_OWED: Final = ("acknowledge", "execute", "confirm", "settle", "book")
_LAWS: Final = (
    "final ends", "intents", "quantity", "trades", "cash", "exec ids", "cancel-on-failure",
    "reinstate-on-failure",
)  # fmt: skip
_SEGMENTED: Final = {"accounts": "account", "clients": "client_id"}


def read_contract(path: Path) -> Contract:
    """Read a profile file; raises HistoryError with every problem found."""
    top = read_toml(path)
    top.allow(*_KEYS)
    top.integer("version", VERSION, least=VERSION, most=VERSION)
    zone = top.text("time_zone")
    if zone and not is_zone(zone):
        expected = "an IANA name such as Asia/Bangkok, or UTC"
        top.note("there is no such time zone", "time_zone", value=zone, expected=expected)
        zone = "UTC"  # to find what else does not hold
    contract = Contract(
        profile=_profile(top, zone),
        time_zone=zone,
        segments=_segments(top),
        priorities=_priorities(top),
        deadlines=tuple(
            Deadline(_duration(t, "within") or 0, t.text("channel"), t.text("segment"))
            for t in top.tables("deadlines", "within", "channel", "segment")
        ),
        cut_offs=tuple(
            Daily(t.text("name"), _moment(t, "at", zone))
            for t in top.tables("cut_offs", "name", "at")
        ),
        sessions=tuple(
            Daily(t.text("name"), _moment(t, "open", zone), _moment(t, "close", zone))
            for t in top.tables("sessions", "name", "open", "close")
        ),
        matching=_matching(top),
    )
    top.raise_problems()
    return contract


def _profile(top: TomlTable, zone: str) -> dict[str, object]:
    """Fields of the history's profile that the file states."""
    kinds = tuple(kind.value for kind in Kind)
    stated: dict[str, object] = {
        "allows": _allows(top),
        "controls": top.texts("controls"),
        "coverage": _coverage(top, zone),
        "obligations": tuple(_obligations(top)),
        "services": tuple(_services(top)),
        "priority_classes": top.texts("priority_classes"),
    }
    if top.has("declared_kinds"):
        stated["declared_kinds"] = top.texts("declared_kinds", choices=kinds)
    if top.has("kind"):
        choices = (SIMULATION, PAPER_EXERCISE, LIVE_TEST_LOG)
        stated["kind"] = top.text("kind", choices=choices)
    if top.has("drain"):
        stated["drain"] = top.text("drain", choices=(HEAL, FREEZE))
    for key in ("within_plan", "intents_recorded"):
        if top.has(key):
            stated[key] = top.flag(key)
    for key in ("drain_from", "drain_to"):
        if top.has(key):
            stated[f"{key}_ns"] = _instant(top, key, zone)
    return stated


def _allows(top: TomlTable) -> tuple[str, ...]:
    """What is allowed: each name, and the classes that it stands for wherever they occur."""
    choices = (*ALLOWANCES, *(c.value for c in CLASSES), *_LAWS)
    named = top.texts("allows", choices=choices)
    everywhere = (allowed for allowed in named if allowed != PURGE_ON_RESTART)
    implied = (name for allowed in everywhere for name in ALLOWANCES.get(allowed, ()))
    return tuple(dict.fromkeys((*named, *implied)))


def _matching(top: TomlTable) -> Matching:
    """What joins records that share no key; likeness needs a time within which it counts."""
    keys = ("business_key", "within", "links", "execution_key", "execution_within")
    table = top.table("matching", *keys)
    terms = table.texts("business_key", choices=TERMS)
    links = table.texts("links", choices=LINKS)
    within_ns = _duration(table, "within") if table.has("within") else None
    if within_ns is None and (terms or BUSINESS_KEY in links):
        table.note("a business key needs a time", "within", expected='such as "2 s"')
    if BUSINESS_KEY in links and not terms:
        table.note("there is no business key to link by", "links", expected="business_key = […]")
    executions = table.texts("execution_key", choices=TERMS)
    execution_ns = None
    if table.has("execution_within"):
        execution_ns = _duration(table, "execution_within")
    elif executions:
        table.note("a business key needs a time", "execution_within", expected='such as "5 min"')
    return Matching(terms, within_ns or 0, links, executions, execution_ns or 0)


def _segments(top: TomlTable) -> dict[str, dict[str, str]]:
    table = top.table("segments", *_SEGMENTED)
    return {
        column: table.table(key).named_texts()
        for key, column in _SEGMENTED.items()
        if table.has(key)
    }


def _priorities(top: TomlTable) -> dict[str, str]:
    """Segment -> priority class; the classes stand in ``priority_classes``, the best first."""
    classes = top.texts("priority_classes")
    table = top.table("priorities")
    found = table.named_texts()
    for segment, name in found.items():
        if name not in classes:
            table.note("not a priority class", segment, value=name, expected=", ".join(classes))
    return {segment: name for segment, name in found.items() if name in classes}


def _coverage(top: TomlTable, zone: str) -> tuple[Coverage, ...]:
    found = []
    for table in top.tables("coverage", "vantage", "from", "to"):
        begin = _instant(table, "from", zone) if table.has("from") else 0
        end = _instant(table, "to", zone) if table.has("to") else None
        found.append(Coverage(_named(table, "vantage"), begin or 0, end))
    return tuple(found)


def _obligations(top: TomlTable) -> list[Obligation]:
    return [
        Obligation(
            table.text("name", choices=_OWED),
            table.text("channel") or None,
            table.text("segment") or None,
            within_ns=_duration(table, "within") or 0,
        )
        for table in top.tables("obligations", "name", "channel", "segment", "within")
    ]


def _services(top: TomlTable) -> list[ServiceTolerance]:
    keys = ("name", "channels", "instruments", "rto", "rpo", "mtpd", "mbco", "bucket", "answer")
    return [
        ServiceTolerance(
            name=_named(table, "name"),
            channels=table.texts("channels"),
            instruments=table.texts("instruments"),
            rto_ns=_duration(table, "rto", needed=False),
            rpo_ns=_duration(table, "rpo", needed=False),
            mtpd_ns=_duration(table, "mtpd", needed=False),
            mbco=_share(table, "mbco"),
            bucket_ns=_duration(table, "bucket", needed=False) or 60_000_000_000,
            acknowledge_ns=_duration(table, "answer", needed=False),
        )
        for table in top.tables("services", *keys)
    ]


# -- values ----------------------------------------------------------------------------------


def _named(table: TomlTable, key: str) -> str:
    name = table.text(key)
    if not name:
        table.note("a name is missing", key, expected=f'{key} = "…"')
    return name


def _duration(table: TomlTable, key: str, *, needed: bool = True) -> int | None:
    text = table.text(key)
    if not text and not needed:
        return None
    try:
        return parse_duration(text)
    except UnitError as error:
        table.note(error.reason, key, value=text, expected=error.expected)
        return None


def _share(table: TomlTable, key: str) -> float | None:
    """A share as a text in percent, ``"80 %"``."""
    if not table.has(key):
        return None
    found = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*%", table.text(key))
    if found is None or float(found[1]) > 100:  # noqa: PLR2004 - percent
        table.note("not a share", key, value=table.text(key), expected='such as "80 %"')
        return None
    return float(found[1]) / 100


def _moment(table: TomlTable, key: str, zone: str) -> str:
    """A time of day, or a full time; either needs the zone to be known."""
    text = table.text(key)
    if _CLOCK.fullmatch(text):
        if not zone:
            table.note("a time of day needs a zone", key, value=text, hint='time_zone = "…"')
    elif instant(text, zone) is None:
        expected = "HH:MM, or a date and time with an offset or with time_zone"
        table.note("not a time", key, value=text, expected=expected)
    return text


def _instant(table: TomlTable, key: str, zone: str) -> int | None:
    text = table.text(key)
    found = instant(text, zone)
    if found is None:
        expected = "a date and time such as 2026-11-22T10:00:00, with an offset or with time_zone"
        table.note("not a time", key, value=text, expected=expected)
    return found
