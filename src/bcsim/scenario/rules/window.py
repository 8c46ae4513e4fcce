"""Rules for the window of a scenario, its drain, and the firm on that day."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from bcsim.model.finding import Finding
from bcsim.model.rules.retry_chain import retry_chain_ns
from bcsim.units import NS_PER_DAY, NS_PER_S, NS_PER_US, format_clock, format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bcsim.model.demand import IntradayProfile
    from bcsim.model.firm import Firm
    from bcsim.scenario.scenario import Scenario, Window


def clock_of(start: datetime) -> int:
    """Time of day of a moment, ns since midnight."""
    seconds = (start.hour * 60 + start.minute) * 60 + start.second
    return seconds * NS_PER_S + start.microsecond * NS_PER_US


def window(scenario: Scenario) -> Iterator[Finding]:
    """The window has a length and does not begin before the scenario does."""
    if _is_empty(scenario.window):
        yield Finding(
            ("window", "end"),
            "the window ends before it begins",
            value=format_clock(scenario.window.end),
            expected=f"later than {format_clock(scenario.window.start)}",
        )
    start_ns = clock_of(scenario.start)
    if start_ns > scenario.window.start:
        yield Finding(
            ("window", "start"),
            "the window begins before the scenario starts",
            value=format_clock(scenario.window.start),
            expected=f"{format_clock(start_ns)} or later",
            hint="let the scenario start earlier that day",
        )


def _is_empty(window: Window) -> bool:
    return window.end <= window.start


def window_and_sessions(scenario: Scenario, firm: Firm) -> Iterator[Finding]:
    """Every product that is ordered trades at some time of the window."""
    if _is_empty(scenario.window):
        return
    for name in dict.fromkeys(line.product for line in firm.demand.values()):
        sessions = firm.products[name].sessions
        if not any(_overlap(scenario.window, s.open, s.close) for s in sessions):
            yield Finding(
                ("window",),
                f"product {name} does not trade within the window",
                value=_shown(scenario.window),
                expected=" or ".join(
                    f"{format_clock(s.open)} to {format_clock(s.close)}" for s in sessions
                ),
                severity="warning",
            )


def orders_in_window(scenario: Scenario, firm: Firm) -> Iterator[Finding]:
    """Somebody orders something within the window."""
    if _is_empty(scenario.window):
        return
    lines = [line for line in firm.demand.values() if line.orders_per_day]
    if not any(_is_busy(firm.profiles[line.profile], scenario.window) for line in lines):
        yield Finding(
            ("window",),
            "nobody orders anything within the window",
            value=_shown(scenario.window),
            expected="a window in which some profile has an intensity above 0",
        )


def _is_busy(profile: IntradayProfile, window: Window) -> bool:
    spans = [(point.at, after.at, point.intensity) for point, after in pairwise(profile.points)]
    spans.append((profile.points[-1].at, NS_PER_DAY, profile.points[-1].intensity))
    return any(_overlap(window, start, end) and intensity for start, end, intensity in spans)


def _overlap(window: Window, start: int, end: int) -> bool:
    return start < window.end and window.start < end


def _shown(window: Window) -> str:
    return f"{format_clock(window.start)} to {format_clock(window.end)}"


def drain(scenario: Scenario, firm: Firm) -> Iterator[Finding]:
    """The drain leaves time for the longest retries, and then for the last batch."""
    steps = [step for journey in firm.journeys.values() for step in journey.steps]
    retries_ns = max((retry_chain_ns(step) for step in steps), default=0)
    batches = [at for step in steps if step.batch is not None for at in step.batch.at]
    batch_ns = max(0, max(batches, default=0) - scenario.window.end)
    needed_ns = retries_ns + batch_ns
    if scenario.drain.limit < needed_ns:
        yield Finding(
            ("drain", "limit"),
            "the drain ends before the last retries and batches can",
            value=format_duration(scenario.drain.limit),
            expected=f"at least {format_duration(needed_ns)}: {format_duration(retries_ns)} of "
            f"retries, {format_duration(batch_ns)} from the window's end to the last batch",
            hint="orders that are still under way then are judged indeterminate",
            severity="warning",
        )


def reviews(scenario: Scenario, firm: Firm) -> Iterator[Finding]:
    """No tolerance is out of review on the day of the scenario."""
    for name, service in firm.services.items():
        approved_on, within = service.tolerance.approved_on, service.tolerance.review_within
        if approved_on is None or within is None:
            continue
        due = approved_on + timedelta(days=within // NS_PER_DAY)
        if due < scenario.start.date():
            yield Finding(
                ("start",),
                f"the tolerance of service {name} is out of review on that day",
                value=scenario.start.date().isoformat(),
                expected=f"{due.isoformat()} at the latest, or a newer approval in the model",
                severity="warning",
            )
