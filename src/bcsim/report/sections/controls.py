"""Controls: how often each was carried out, stopped an order, or was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.report.content import Cell, Column, Section, Table
from bcsim.report.naming import names_of

if TYPE_CHECKING:
    from bcsim.report.account import Account
    from bcsim.report.wording import Words


def controls(account: Account, words: Words) -> Section:
    """Show every control that an order met."""
    title = words.say("section.controls")
    if not account.controls:
        return Section("controls", title, paragraphs=(words.say("controls.none"),))
    skipped = sum(use.skipped_count for use in account.controls)
    lead = words.say("controls.bypassed", count=skipped) if skipped else words.say("controls.clean")
    columns = (
        Column(words.say("controls.control")),
        *(
            Column(words.say(f"controls.{name}"), "number")
            for name in ("passed", "stopped", "skipped", "share")
        ),
    )
    names = names_of(account, words)
    rows = tuple(
        (
            Cell(names.control(use.control)),
            Cell(words.number(use.passed_count)),
            Cell(words.number(use.stopped_count)),
            Cell(words.number(use.skipped_count), tone="bad" if use.skipped_count else ""),
            Cell(words.share(use.skipped_count, use.count)),
        )
        for use in account.controls
    )
    return Section("controls", title, paragraphs=(lead,), table=Table(columns, rows))
