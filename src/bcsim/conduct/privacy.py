"""System 6: data privacy: records lost and exposed, access given, ways that are not protected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.conduct.event import time_of
from bcsim.conduct.notices import TO_REGULATOR, notice_rows
from bcsim.conduct.protection import unprotected_orders
from bcsim.history.schema import NULL_CODE, Kind
from bcsim.history.verdict import VerdictClass
from bcsim.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bcsim.conduct.day import Day
    from bcsim.conduct.event import Event
    from bcsim.conduct.measure import Measures, Value

_ALTERED: Final = "altered"
"""What became of data that an exposure changed."""


def measure_privacy(day: Day) -> Measures:
    """Measure losses, exposures and access; every measure is defined in ``6-privacy.yaml``."""
    exposures = exposures_of(day)
    is_declared = day.firm is not None and bool(day.firm.data_classes)
    is_known = is_declared or bool(exposures)
    return {
        "records_lost_count": _lost(day),
        "records_altered_count": _altered(day, exposures, is_known=is_known),
        "exposures_count": len(exposures) if is_known else None,
        "records_exposed_count": len(_exposed(day, exposures)) if is_known else None,
        "exposure_s": sum(e.to_ns - e.from_ns for e in _openings(exposures)) / NS_PER_S
        if is_known
        else None,
        **_access(day),
        "unprotected_orders_count": None
        if day.firm is None
        else len(unprotected_orders(day, day.firm)),
        "breach_notice_s": _breach_notice_s(day, exposures),
    }


def _lost(day: Day) -> Value:
    """Orders that the firm had acknowledged and of which it knows nothing any more."""
    lost = int(np.count_nonzero(day.verdicts.classes == VerdictClass.LOST.code))
    return lost if lost or _is_decided(day) else None


def _is_decided(day: Day) -> bool:
    """Whether every order has a class, and every wish was recorded."""
    is_open = (day.verdicts.classes == VerdictClass.INDETERMINATE.code).any()
    return day.history.profile.intents_recorded and not is_open


def _altered(day: Day, exposures: Sequence[Exposure], *, is_known: bool) -> Value:
    """Orders that executed otherwise than wished, and those whose records somebody altered."""
    is_corrupted = day.verdicts.classes == VerdictClass.CORRUPTED.code
    altered = int(np.count_nonzero(is_corrupted))
    by_hand = [exposure for exposure in exposures if exposure.how == _ALTERED]
    if by_hand:
        corrupted = day.history.codes("intent_id")[day.first_rows[is_corrupted]]
        altered += len(np.setdiff1d(_exposed(day, by_hand), corrupted))
    return altered if altered or (is_known and _is_decided(day)) else None


# -- exposures -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exposure:
    """Data of one class that somebody saw, altered or lost without right, at one component."""

    data_class: str | None
    component: str | None
    intent: str | None
    ref: str | None
    from_ns: int
    to_ns: int
    is_personal: bool
    how: str | None


def exposures_of(day: Day) -> list[Exposure]:
    """Every exposure, with its end: its fault's, or when the access that opened it was revoked."""
    ends = [*day.history.rows(Kind.FAULT_OFF), *day.history.rows(Kind.REVOKE)]
    classes = {} if day.firm is None else day.firm.data_classes
    found = []
    for row in day.history.rows(Kind.EXPOSE):
        named = str(row["subject"])
        is_personal = named not in classes or classes[named].personal
        from_ns, to_ns = time_of(row), _end_ns(day, row, ends)
        place = (_text(row, "subject"), _text(row, "component"), _text(row, "intent_id"))
        how = _text(row, "reason")
        found.append(Exposure(*place, _text(row, "ref"), from_ns, to_ns, is_personal, how))
    return found


def _end_ns(day: Day, exposure: Event, ends: Sequence[Event]) -> int:
    begun_ns = time_of(exposure)
    later = (
        time_of(row)
        for row in ends
        if time_of(row) >= begun_ns
        and exposure["ref"] is not None
        and (
            row["ref"] == exposure["ref"]
            if row["kind"] == Kind.FAULT_OFF
            else (row["subject"], row["component"]) == (exposure["ref"], exposure["component"])
        )
    )
    return min(later, default=max(day.end_ns, begun_ns))


def _openings(exposures: Sequence[Exposure]) -> set[Exposure]:
    """Exposures without repeats: several classes at one place by one cause are open once."""
    first = {(e.component, e.ref, e.from_ns, e.intent): e for e in reversed(exposures)}
    return set(first.values())


def _exposed(day: Day, exposures: Sequence[Exposure]) -> NDArray[np.int64]:
    """Codes of the intents whose records were exposed: those named, and those kept there.

    A component with a store keeps whatever it took on until the exposure ends, any other only
    what it worked on meanwhile.
    """
    history = day.history
    intents = history.codes("intent_id").astype(np.int64)
    times, text = history.integer("time_ns"), history.columns.text("component")
    mask = np.zeros(len(intents), dtype=np.bool_)
    for exposure in exposures:
        if not exposure.is_personal:
            continue
        if exposure.intent is not None:
            mask |= intents == history.columns.text("intent_id").code_of(exposure.intent)
        elif exposure.component is not None:
            is_there = (text.codes == text.code_of(exposure.component)) & (times <= exposure.to_ns)
            if not _has_store(day, exposure.component):
                is_there &= times >= exposure.from_ns
            mask |= is_there
    return np.unique(intents[mask & (intents != NULL_CODE)])


def _has_store(day: Day, component: str) -> bool:
    spec = None if day.firm is None else day.firm.components.get(component)
    return spec is None or spec.store is not None


def _breach_notice_s(day: Day, exposures: Sequence[Exposure]) -> Value:
    """Seconds from the first exposure of personal data to the next notice to a regulator."""
    begun_ns = min((e.from_ns for e in exposures if e.is_personal), default=None)
    if begun_ns is None:
        return None
    notices = (day.history.row(position) for position in notice_rows(day).tolist())
    told = (
        time_of(row)
        for row in notices
        if row["reason"] == TO_REGULATOR and time_of(row) >= begun_ns
    )
    first_ns = min(told, default=None)
    return None if first_ns is None else (first_ns - begun_ns) / NS_PER_S


# -- access ----------------------------------------------------------------------------------


def _access(day: Day) -> Measures:
    """Rights that were given beyond what is normal, and how long they were open."""
    grants = grants_of(day)
    if day.firm is None and not grants:
        return dict.fromkeys(("grants_count", "grants_not_revoked_count", "grant_open_s_max"))
    open_ns = [
        (max(day.end_ns, grant.from_ns) if grant.to_ns is None else grant.to_ns) - grant.from_ns
        for grant in grants
    ]
    return {
        "grants_count": len(grants),
        "grants_not_revoked_count": sum(grant.to_ns is None for grant in grants),
        "grant_open_s_max": max(open_ns) / NS_PER_S if open_ns else None,
    }


@dataclass(frozen=True, slots=True)
class Grant:
    """A right that was given at a component; ``to_ns`` None: nobody has taken it back."""

    name: str | None
    component: str | None
    from_ns: int
    to_ns: int | None


def grants_of(day: Day) -> list[Grant]:
    """Every right that was given beyond what is normal, and when it was taken back."""
    revokes = sorted(day.history.rows(Kind.REVOKE), key=time_of)
    found = []
    for row in day.history.rows(Kind.GRANT):
        name, component = _text(row, "subject"), _text(row, "component")
        ends = (
            time_of(end)
            for end in revokes
            if (end["subject"], end["component"]) == (name, component)
            and time_of(end) >= time_of(row)
        )
        found.append(Grant(name, component, time_of(row), next(ends, None)))
    return found


def _text(row: Event, column: str) -> str | None:
    value = row[column]
    assert value is None or isinstance(value, str), f"{column} is a column of texts"
    return value
