"""Controls: nothing executes without passing every mandatory control first.

A mandatory control is named by the profile's ``controls``: ``NAME`` binds every order,
``NAME@CHANNEL`` the orders of one channel, ``NAME@CHANNEL/INSTRUMENT`` those of one instrument
on it. The channel is that on which the order that executed was entered, else that of the wish.
An execution bypassed it when the control was skipped, failed, or left no trace, and no pass was
seen before the first execution. That it left no trace proves something only where the vantage
points that report the control were watched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.checkers.arrays import (
    NEVER,
    first_positions,
    happened,
    last_positions,
    pick,
    tri,
)
from bcsim.checkers.base import Checked
from bcsim.history.schema import NULL_CODE, Kind
from bcsim.history.verdict import Flag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.facts import Facts

SUITABILITY: Final = "suitability"
"""Control, or reason of a failed one, that says that a product does not suit a client."""

_KINDS: Final = (Kind.CONTROL_PASS, Kind.CONTROL_FAIL, Kind.CONTROL_SKIP)


def check(facts: Facts) -> Checked:
    """Mark executions that went past a mandatory control, and unsuitable ones."""
    record = facts.record
    none = np.zeros(facts.subjects.count, dtype=np.bool_)
    executed = facts.executions.first_rows(facts.subjects.count, facts.executions.subject)
    if not all(record.claims(kind) for kind in _KINDS):
        reason = "controls are not recorded"
        unknown = tri(none, happened(executed))
        return Checked(
            {Flag.CONTROL_BYPASSED: unknown, Flag.UNSUITABLE: unknown},
            unjudged={Flag.CONTROL_BYPASSED: reason, Flag.UNSUITABLE: reason},
        )
    bypassed, unseen = none, none
    channels = _channels(facts, executed)
    reasons = []
    for name, scopes in _mandatory(record.profile.controls).items():
        rows = _rows_of(facts, name)
        bound = _binds(facts, scopes, channels) & happened(executed)
        if not len(rows):
            if bound.any():
                reasons.append(f"control {name} is mandatory, yet the record holds no trace of it")
            unseen = unseen | bound
            continue
        past = _went_past(facts, name, rows, executed) & bound
        proved = _watched(facts, rows) | _left_a_trace(facts, rows)
        bypassed, unseen = bypassed | (past & proved), unseen | past
    return Checked(
        {
            Flag.CONTROL_BYPASSED: tri(bypassed, unseen),
            Flag.UNSUITABLE: tri(_unsuitable(facts, executed), none),
        },
        reasons=tuple(reasons),
    )


def _mandatory(controls: Iterable[str]) -> dict[str, list[str]]:
    """Scopes of each mandatory control: empty, ``CHANNEL`` or ``CHANNEL/INSTRUMENT``."""
    scopes: dict[str, list[str]] = {}
    for control in controls:
        name, _, scope = control.partition("@")
        scopes.setdefault(name, []).append(scope)
    return scopes


def _rows_of(facts: Facts, control: str) -> Ints:
    rows = _about(facts, facts.record.rows(*_KINDS))
    return rows[facts.record.has_text("subject", rows, control)]


def _about(facts: Facts, rows: Ints) -> Ints:
    about: Ints = rows[facts.subjects.of_row[rows] != NEVER]
    return about


def _went_past(facts: Facts, name: str, rows: Ints, executed: Ints) -> Bools:
    """Executed intents whose last word of the control before the execution was no pass.

    An order that it has stopped for people to look at has passed once they have put it right.
    """
    count, of_row = facts.subjects.count, facts.subjects.of_row
    before = rows[rows < executed[of_row[rows]]]
    is_pass = facts.record.has_text("kind", before, Kind.CONTROL_PASS)
    last_pass = last_positions(count, of_row[before[is_pass]], before[is_pass])
    last_other = last_positions(count, of_row[before[~is_pass]], before[~is_pass])
    past: Bools = happened(executed) & (~happened(last_pass) | (last_other > last_pass))
    return past & ~_was_mended(facts, name, last_other, executed) & facts.wishes.is_known


def _was_mended(facts: Facts, name: str, stopped: Ints, executed: Ints) -> Bools:
    """Whether people took up what the control had stopped, and put it right in time."""
    record, of_row, count = facts.record, facts.subjects.of_row, facts.subjects.count
    taken = _about(facts, record.rows(Kind.RECONCILE))
    taken = taken[record.has_text("subject", taken, name)]
    mended = _about(facts, record.rows(Kind.REPAIR))
    mended = mended[mended < executed[of_row[mended]]]
    last_taken = last_positions(count, of_row[taken], taken)
    last_mended = last_positions(count, of_row[mended], mended)
    found: Bools = happened(last_taken) & (last_taken > stopped) & (last_mended > last_taken)
    return found


def _binds(facts: Facts, scopes: Iterable[str], channels: Ints) -> Bools:
    """Intents that a control of these scopes binds, ``(subjects,)``."""
    instruments = facts.wishes.codes("instrument")
    bound = np.zeros(facts.subjects.count, dtype=np.bool_)
    for scope in scopes:
        channel, _, instrument = scope.partition("/")
        one = np.ones(facts.subjects.count, dtype=np.bool_)
        if channel:
            one &= channels == facts.record.text("channel").code_of(channel)
        if instrument:
            one &= instruments == facts.record.text("instrument").code_of(instrument)
        bound |= one
    return bound


def _channels(facts: Facts, executed: Ints) -> Ints:
    """Channel on which the order that executed first was entered, else that of the wish."""
    record, subjects = facts.record, facts.subjects
    rows = record.told(Kind.SUBMIT, Kind.RESEND)
    rows = rows[(subjects.order_of_row[rows] != NEVER) & (record.codes("channel")[rows] >= 0)]
    entered = first_positions(subjects.order_count, subjects.order_of_row[rows], rows)
    order = pick(subjects.order_of_row, executed, NEVER)
    channel = pick(record.codes("channel"), pick(entered, order, NEVER), NULL_CODE)
    return np.where(channel == NULL_CODE, facts.wishes.codes("channel"), channel)


def _watched(facts: Facts, rows: Ints) -> Bools:
    """Whether a vantage point that reports the control was watched while it was due."""
    record = facts.record
    codes = np.unique(record.codes("vantage")[rows])
    vantages = [str(record.text("vantage").names[code]) for code in codes]
    last = np.full(facts.subjects.count, record.end_ns, dtype=np.int64)
    executions = facts.executions
    np.minimum.at(last, executions.subject, executions.time_ns)
    return record.watch.any_covers(vantages, facts.wishes.start_ns, last)


def _left_a_trace(facts: Facts, rows: Ints) -> Bools:
    """Whether a skip or a fail says itself that the control was not passed."""
    other = rows[~facts.record.has_text("kind", rows, Kind.CONTROL_PASS)]
    first = first_positions(facts.subjects.count, facts.subjects.of_row[other], other)
    return happened(first)


def _unsuitable(facts: Facts, executed: Ints) -> Bools:
    """Executed although a control had found that the product does not suit the client."""
    record = facts.record
    failed = _about(facts, record.rows(Kind.CONTROL_FAIL))
    named = record.has_text("subject", failed, SUITABILITY)
    failed = failed[named | record.has_text("reason", failed, SUITABILITY, "unsuitable")]
    passed = _about(facts, record.rows(Kind.CONTROL_PASS))
    passed = passed[record.has_text("subject", passed, SUITABILITY)]
    of_row, count = facts.subjects.of_row, facts.subjects.count
    failed = failed[failed < executed[of_row[failed]]]
    passed = passed[passed < executed[of_row[passed]]]
    last_fail = last_positions(count, of_row[failed], failed)
    unsuitable: Bools = happened(last_fail) & (
        last_fail > last_positions(count, of_row[passed], passed)
    )
    return unsuitable
