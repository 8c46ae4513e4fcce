"""What the scenario expected, and what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.report.content import Cell, Column, Section, Table
from bcsim.report.naming import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.report.account import Account
    from bcsim.report.wording import Words
    from bcsim.scenario.scenario import Count


def expectation(account: Account, words: Words) -> Section:
    """Hold each expectation against what was found."""
    is_met = account.run.measures.expectation == "met"
    columns = tuple(
        Column(words.say(f"expectation.{title}"))
        for title in ("what", "expected", "found", "met_column")
    )
    rows = tuple(
        (
            Cell(what),
            Cell(expected),
            Cell(found),
            Cell(
                words.say("expectation.yes" if met else "expectation.no"),
                tone="good" if met else "bad",
            ),
        )
        for what, expected, found, met in _rows(account, words)
    )
    return Section(
        "expectation",
        words.say("section.expectation"),
        paragraphs=(words.say("expectation.met" if is_met else "expectation.not_met"),),
        table=Table(columns, rows),
    )


def _rows(account: Account, words: Words) -> Iterator[tuple[str, str, str, bool]]:
    """What, what was expected, what was found, and whether that agrees."""
    expected, measures = account.run.scenario.expect, account.run.measures
    yield (
        words.say("expectation.outcome"),
        words.say(f"status.{expected.outcome}"),
        words.say(f"status.{measures.outcome}"),
        expected.outcome == measures.outcome,
    )
    for group, label, bounds, counts in (
        ("fate", "expectation.fate", expected.orders, measures.orders),
        ("flag", "expectation.flag", expected.flags, measures.flags),
    ):
        for name, bound in bounds.items():
            key = f"{group}.{name}"
            named = words.say(key) if words.knows(key) else name
            count = counts.get(name) or 0
            what = words.say(label, **{group: named})
            yield what, _bound(words, bound), words.number(count), _holds(bound, count)
    for name, wanted in expected.within_tolerance.items():
        service = measures.services.get(name)
        found = None if service is None else service.within_tolerance
        what = words.say("expectation.service", service=names_of(account, words).service(name))
        yield what, _tolerance(words, wanted), _tolerance(words, found), found is wanted
    statuses = {str(system.system): system.status for system in measures.service_systems}
    for number, status in expected.systems.items():
        given = words.say(f"systems.status.{statuses.get(number, 'unknown')}")
        what = words.say("expectation.system", number=number)
        yield what, words.say(f"systems.status.{status}"), given, statuses.get(number) == status


def _bound(words: Words, bound: Count) -> str:
    if bound.at_most is None:
        return words.say("expectation.at_least", count=bound.at_least)
    if not bound.at_least:
        return words.say("expectation.at_most", count=bound.at_most)
    return words.say("expectation.between", least=bound.at_least, most=bound.at_most)


def _holds(bound: Count, count: int) -> bool:
    return count >= bound.at_least and (bound.at_most is None or count <= bound.at_most)


def _tolerance(words: Words, found: bool | None) -> str:  # noqa: FBT001 - a value to word
    if found is None:
        return words.say("expectation.not_known")
    return words.say("expectation.within" if found else "expectation.outside")
