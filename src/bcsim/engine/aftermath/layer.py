"""The aftermath, top to bottom: a judged history in, what came of it out.

It cannot change an order any more: it reads the history, the verdicts and the timeline, and
writes a second history with a root of its own. ``docs/explanation/aftermath.md`` tells the
story; the words of its rows are in :mod:`bcsim.history.aftermath`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import simpy

from bcsim.engine.aftermath.case import cases_of
from bcsim.engine.aftermath.complaining import complaints_of, notices_of
from bcsim.engine.aftermath.detection import (
    first_of_each_line,
    found_at_once,
    found_by_clients,
    found_later,
    note_finds,
)
from bcsim.engine.aftermath.execution import executions_of
from bcsim.engine.aftermath.handling import Handling
from bcsim.engine.aftermath.idle import idle_phases
from bcsim.engine.aftermath.office import Desk, Office
from bcsim.engine.aftermath.office_clock import OfficeClock
from bcsim.engine.aftermath.payment import Payments, debts, note_debts
from bcsim.engine.aftermath.phase import phases_of
from bcsim.engine.aftermath.record import AftermathRecord
from bcsim.engine.aftermath.rounds import note_switches, watchmen_of
from bcsim.history.aftermath import CLIENT
from bcsim.history.defect import faults_of
from bcsim.history.schema import Kind
from bcsim.limits import AFTERMATH_NS

if TYPE_CHECKING:
    from collections.abc import Collection

    from bcsim.engine.aftermath.case import Case
    from bcsim.engine.aftermath.complaining import Complaint
    from bcsim.engine.aftermath.detection import Find
    from bcsim.engine.aftermath.phase import Phase
    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.timeline import Timeline
    from bcsim.history.history import History
    from bcsim.history.verdict import Verdicts
    from bcsim.model.complaint import Complaints
    from bcsim.model.firm import Firm


def run_aftermath(
    blueprint: Blueprint,
    timeline: Timeline,
    history: History,
    verdicts: Verdicts,
    untrue: Collection[int] = (),
) -> History | None:
    """Run what comes of a judged day: late detection, complaints, redress.

    Parameters
    ----------
    untrue
        Positions in the history of the notices to clients that were not true.

    Returns
    -------
    History or None
        Rows by time; None where the model says nothing about any of the three.
    """
    firm = blueprint.firm
    kinds = _kinds(firm)
    if not kinds:
        return None
    until_ns = blueprint.moments.drain_to + AFTERMATH_NS
    record = AftermathRecord()
    cases = cases_of(history, verdicts)
    complaints = [] if firm.complaints is None else _complaints(blueprint, history, cases, untrue)
    finds = _look(blueprint, timeline, history, cases, complaints, record) if firm.oversight else []
    payments = _owe(blueprint, history, cases, record)
    env = simpy.Environment()
    for find in _unasked(firm, finds):
        assert find.case is not None, "faults harm nobody by themselves"
        env.process(payments.settle_unasked(env, find.case, find.time_ns, find.ref or find.vantage))
    if firm.complaints is not None:
        office = _office(blueprint, timeline, history, firm.complaints, env)
        handling = Handling(env, firm.complaints, office, payments, blueprint.streams, record)
        for complaint in complaints:
            env.process(handling.receive(complaint))
    env.run(until=until_ns)
    return record.history(history.profile, kinds, until_ns)


def _complaints(
    blueprint: Blueprint, history: History, cases: tuple[Case, ...], untrue: Collection[int]
) -> list[Complaint]:
    """Who complains, in the order of the complaints."""
    notices = notices_of(history, untrue)
    return complaints_of(blueprint.firm, cases, notices, blueprint.streams)


def _look(
    blueprint: Blueprint,
    timeline: Timeline,
    history: History,
    cases: tuple[Case, ...],
    complaints: list[Complaint],
    record: AftermathRecord,
) -> list[Find]:
    """Find what is wrong, and note who found it first in each line."""
    watchmen = watchmen_of(blueprint, timeline)
    note_switches(record, blueprint, timeline, watchmen)
    faults = faults_of(history)
    by_intent = {case.intent: case for case in cases}
    finds = first_of_each_line(
        [
            *found_at_once(blueprint.firm, history, by_intent, faults),
            *found_later(watchmen, cases, faults, blueprint.streams),
            *found_by_clients(complaints),
        ]
    )
    until_ns = blueprint.moments.drain_to + AFTERMATH_NS
    seen = [find for find in finds if find.time_ns < until_ns]
    note_finds(record, seen)
    return seen


def _owe(
    blueprint: Blueprint, history: History, cases: tuple[Case, ...], record: AftermathRecord
) -> Payments:
    """Work out what the firm owes its clients, and note it."""
    executions = executions_of(history, cases, blueprint.venues)
    due = debts(blueprint, cases, executions)
    payments = Payments(blueprint.firm.redress, blueprint.streams, record, due)
    note_debts(payments, cases, blueprint.moments.drain_to)
    return payments


def _unasked(firm: Firm, finds: list[Find]) -> list[Find]:
    """The first find of each case by a line of defence, if the firm pays unasked."""
    if firm.redress is None or not firm.redress.unasked:
        return []
    first: dict[int, Find] = {}
    for find in sorted(finds, key=lambda find: find.time_ns):
        if find.case is not None and find.vantage != CLIENT:
            first.setdefault(find.case.number, find)
    return list(first.values())


def _office(
    blueprint: Blueprint,
    timeline: Timeline,
    history: History,
    rules: Complaints,
    env: simpy.Environment,
) -> Office:
    """The people who handle complaints, at work from the day's first moment.

    Who helps has orders to work on, and helps only while he has none.
    """
    start, moments = blueprint.scenario.start, blueprint.moments
    desks = [Desk(rules.team, _staffing(blueprint, timeline, rules.team))]
    if rules.overflow is not None:
        helper = rules.overflow.team
        phases = idle_phases(_staffing(blueprint, timeline, helper), history, helper)
        desks.append(Desk(helper, phases, rules.overflow.above, is_lent=True))
    clock = OfficeClock(rules.hours, start.date(), moments.midnight)
    office = Office(env, clock, tuple(desks))
    office.open()
    return office


def _staffing(blueprint: Blueprint, timeline: Timeline, team: str) -> tuple[Phase, ...]:
    """A team's phases; after a drain that heals, everybody is back."""
    phases = phases_of(blueprint, timeline, team)
    if blueprint.scenario.drain.kind == "freeze":
        return phases
    return (*phases, replace(phases[0], from_ns=blueprint.moments.drain_to))


def _kinds(firm: Firm) -> tuple[Kind, ...]:
    """Kinds of rows that a model's aftermath may have."""
    kinds: list[Kind] = []
    if firm.complaints is not None:
        kinds += [Kind.COMPLAIN, Kind.RESPOND]
    if firm.redress is not None:
        kinds.append(Kind.REDRESS)
    if firm.oversight:
        kinds += [Kind.DETECT, Kind.ACTION]
    return tuple(kinds)
