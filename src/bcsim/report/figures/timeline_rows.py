"""Rows of the plan's timeline: what is shown, group by group, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.report.account import Account, Mark
    from bcsim.report.naming import Names
    from bcsim.report.wording import Words

Look: TypeAlias = Literal["disruption", "done", "failed", "running", "outage"]


@dataclass(frozen=True, slots=True)
class Bar:
    """What lasts; work on it is awaited from ``from_ns`` until ``started_ns``."""

    from_ns: int
    to_ns: int
    look: Look
    text: str = ""
    started_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the timeline: a heading, or a label with bars, points and limits."""

    label: str
    is_heading: bool = False
    bars: tuple[Bar, ...] = ()
    points_ns: tuple[int, ...] = ()
    text: str = ""
    limits: tuple[tuple[str, int], ...] = ()


def rows_of(account: Account, names: Names) -> Iterator[Row]:
    """Headings and lines, group by group; a group without lines is left out."""
    for key, rows in (
        ("plan.disruptions", _disruptions(account, names)),
        ("plan.reactions", _reactions(account, names)),
        ("plan.actions", _actions(account, names)),
        ("plan.services", _services(account, names)),
    ):
        lines = list(rows)
        if lines:
            yield Row(names.words.say(key), is_heading=True)
            yield from lines


def _disruptions(account: Account, names: Names) -> Iterator[Row]:
    for disruption in account.disruptions:
        to_ns = account.window_ns[1] if disruption.to_ns is None else disruption.to_ns
        to_ns = max(to_ns, disruption.from_ns)
        bar = Bar(disruption.from_ns, to_ns, "disruption")
        yield Row(names.disruption(disruption.name), bars=(bar,))


def _reactions(account: Account, names: Names) -> Iterator[Row]:
    for key, marks in (
        ("plan.detected", account.detections),
        ("plan.switched", account.takeovers),
        ("plan.declared", account.declarations),
    ):
        if marks:
            times = tuple(mark.time_ns for mark in marks)
            text = _who(marks, names)
            yield Row(names.words.say(key), points_ns=times, text=text)


def _who(marks: tuple[Mark, ...], names: Names) -> str:
    """The first person or component, and how many more."""
    first = marks[0]
    if first.actor in names.firm.people:
        shown = names.person(first.actor or "")
    else:
        shown = names.component(first.component) if first.component else ""
    if len(marks) == 1:
        return shown
    return names.words.say("plan.and_more", first=shown, count=len(marks) - 1)


def _actions(account: Account, names: Names) -> Iterator[Row]:
    """A line for each action, with a bar for each time that it was done."""
    by_action: dict[str, list[Bar]] = {}
    for deed in account.deeds:
        to_ns = account.window_ns[1] if deed.to_ns is None else deed.to_ns
        lasted_ns = max(to_ns, deed.from_ns) - (deed.started_ns or deed.from_ns)
        bar = Bar(
            deed.from_ns, max(to_ns, deed.from_ns), deed.state,
            names.words.say(f"plan.{deed.state}", duration=names.words.duration(lasted_ns)),
            deed.started_ns,
        )  # fmt: skip
        by_action.setdefault(deed.action, []).append(bar)
    for action, bars in by_action.items():
        yield Row(names.action(action), bars=tuple(bars))


def _services(account: Account, names: Names) -> Iterator[Row]:
    """A line for each service that was out, with its outages and the limits of the longest."""
    for name, measure in account.services.items():
        if not measure.outages:
            continue
        began_ns = max(measure.outages, key=lambda outage: outage.duration_ns).from_ns
        targets = (("rto", measure.tolerance.rto_ns), ("mtpd", measure.tolerance.mtpd_ns))
        bars = []
        for outage in measure.outages:
            text = names.words.say("plan.outage", outage=names.words.duration(outage.duration_ns))
            bars.append(Bar(outage.from_ns, outage.to_ns, "outage", text))
        limits = tuple(
            (_limit(names.words, key, began_ns + target_ns), began_ns + target_ns)
            for key, target_ns in targets
            if target_ns is not None
        )
        yield Row(names.service(name), bars=tuple(bars), limits=limits)


def _limit(words: Words, name: str, time_ns: int) -> str:
    return words.say("plan.limit", name=name, time=words.clock(time_ns))


def times_of(row: Row) -> Iterator[int]:
    """Every time that a row shows."""
    for bar in row.bars:
        yield from (bar.from_ns, bar.to_ns)
    yield from row.points_ns
    yield from (time_ns for _, time_ns in row.limits)
