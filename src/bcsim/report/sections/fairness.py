"""Fairness: groups of clients next to each other, and whether they differ beyond the bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.report.content import Cell, Column, Detail, Table
from bcsim.report.naming import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.report.account import Account
    from bcsim.report.content import Tone
    from bcsim.report.system_result import FairnessResult
    from bcsim.report.wording import Words

_TONES: Final[dict[str, Tone]] = {"met": "good", "not_met": "bad", "unknown": "unknown"}


def fairness_table(account: Account, words: Words) -> Iterator[Detail]:
    """Show every comparison; nothing where the model states no bound."""
    found = account.run.measures.fairness
    if not found:
        return
    columns = (
        Column(words.say("fairness.groups")),
        Column(words.say("fairness.worst")),
        Column(words.say("fairness.best")),
        Column(words.say("fairness.difference"), "number"),
        Column(words.say("fairness.limits"), "number"),
        Column(words.say("fairness.bound"), "number"),
        Column(words.say("fairness.result")),
    )
    rows = tuple(_row(account, words, comparison) for comparison in found)
    yield Detail(words.say("fairness.title"), Table(columns, rows))


def _row(account: Account, words: Words, found: FairnessResult) -> tuple[Cell, ...]:
    high = "∞" if found.high is None else _value(words, found, found.high)
    limits = f"{_value(words, found, found.low)} … {high}"
    return (
        Cell(words.say(f"fairness.by.{found.grouping}"), words.say(f"fairness.what.{found.what}")),
        Cell(_group(account, words, found, found.worst)),
        Cell(_group(account, words, found, found.best)),
        Cell(_value(words, found, found.difference)),
        Cell(limits),
        Cell(_value(words, found, found.bound)),
        Cell(words.say(f"fairness.answer.{found.answer}"), tone=_TONES[found.answer]),
    )


def _group(account: Account, words: Words, found: FairnessResult, name: str) -> str:
    names = names_of(account, words)
    if found.grouping == "segment":
        return names.segment(name)
    if found.grouping == "channel":
        return names.channel(name)
    return words.say(f"fairness.group.{name}")


def _value(words: Words, found: FairnessResult, value: float) -> str:
    if found.what == "delay":
        return ("−" if value < 0 else "") + words.seconds(abs(value))
    return ("−" if value < 0 else "") + words.percent(abs(value))
