"""What became of the orders, minute by minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.report.content import Cell, Column, Picture, Section, Table

if TYPE_CHECKING:
    from bcsim.report.account import Account
    from bcsim.report.wording import Words

PICTURE = "orders"


def orders(account: Account, words: Words) -> Section:
    """Show orders by the time of the wish and by fate."""
    fates, title = account.fates, words.say("section.orders")
    if not fates.counts:
        return Section("orders", title, paragraphs=(words.say("orders.none"),))
    rows = tuple(
        (
            Cell(words.clock(int(from_ns))),
            *(Cell(words.number(int(counts[i]))) for counts in fates.counts.values()),
        )
        for i, from_ns in enumerate(fates.from_ns)
    )
    columns = (
        Column(words.say("orders.from")),
        *(Column(words.say(f"fate.{fate}"), "number") for fate in fates.counts),
    )
    counted = [f"{words.say(f'fate.{f}')} {words.number(n)}" for f, n in fates.totals.items()]
    alt = words.say(
        "orders.alt",
        bucket=words.duration(fates.bucket_ns),
        counts=", ".join(counted),
    )
    return Section(
        "orders",
        title,
        paragraphs=(words.say("orders.lead"),),
        picture=Picture(PICTURE, alt, Table(columns, rows)),
    )
