"""What a result rests on: stated assumptions, and how much of the model is assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel

from bcsim.model.fields import Entity
from bcsim.report.content import Cell, Column, Section, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.report.account import Account
    from bcsim.report.wording import Words

_ASSUMPTION: Final = "assumption"
"""A source that says so, alone or with what it leans on, is an assumption."""


def assumptions(account: Account, words: Words) -> Section:
    """List the model's assumptions, and count entries whose source is one."""
    model = account.run.model
    parts = {
        "firm": [model.source] if model.source else [],
        **{part: list(_sources(getattr(model, part))) for part in type(model).model_fields},
        "scenario": list(_sources(account.run.scenario)),
    }
    counted = [
        (part, len(sources), sum(source.startswith(_ASSUMPTION) for source in sources))
        for part, sources in parts.items()
        if sources
    ]
    columns = (
        Column(words.say("assumptions.section")),
        Column(words.say("assumptions.entries"), "number"),
        Column(words.say("assumptions.assumed"), "number"),
    )
    rows = tuple(
        (Cell(words.say(f"part.{part}")), Cell(words.number(count)), Cell(words.number(assumed)))
        for part, count, assumed in counted
    )
    total, assumed = sum(row[1] for row in counted), sum(row[2] for row in counted)
    stated = words.say("assumptions.lead" if model.assumptions else "assumptions.none")
    return Section(
        "assumptions",
        words.say("section.assumptions"),
        paragraphs=(stated,),
        items=model.assumptions,
        table=Table(columns, rows) if rows else None,
        remarks=(words.say("assumptions.sources", count=total, assumed=assumed),) if rows else (),
    )


def _sources(value: object) -> Iterator[str]:
    """Every source that an entry and what it holds name."""
    if isinstance(value, Entity) and value.source:
        yield value.source
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _sources(getattr(value, name))
    elif isinstance(value, dict):
        for held in value.values():
            yield from _sources(held)
    elif isinstance(value, tuple):
        for held in value:
            yield from _sources(held)
