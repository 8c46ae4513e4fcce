"""A judgement for people on a terminal: the verdict, classes, services, findings with proofs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bcsim.history.verdict import CLASSES, Outcome

if TYPE_CHECKING:
    from bcsim.checkers.continuity import ServiceMeasure
    from bcsim.checkers.judgement import Judgement

STYLES = {
    Outcome.PASS: "bold green",
    Outcome.LATE: "bold yellow",
    Outcome.UNKNOWN: "bold magenta",
    Outcome.FAIL: "bold red",
}
SENTENCES = {
    Outcome.PASS: "every order was executed correctly, completely and on time",
    Outcome.LATE: "every order was right, but not everything was on time",
    Outcome.UNKNOWN: "the evidence cannot tell",
    Outcome.FAIL: "orders went wrong, or a tolerance was breached",
}


def print_judgement(judgement: Judgement, *, kind: str) -> None:
    """Print a judgement to standard output; ``kind`` labels it, e.g. simulation."""
    console = Console(highlight=False, soft_wrap=True)
    outcome = judgement.outcome
    console.print(
        Text.assemble((outcome.value.upper(), STYLES[outcome]), f" ({kind}): {SENTENCES[outcome]}.")
    )
    console.print(_orders(judgement))
    if judgement.services:
        console.print(_services(judgement))
    for finding in judgement.findings:
        console.print(Text(f"{finding.name} × {finding.count:,}", style="bold"))
        console.print(Text(f"  {finding.proof}"))
    for reason in judgement.unknown_reasons:
        console.print(Text(f"unknown: {reason}", style="magenta"))


def _orders(judgement: Judgement) -> Table:
    table = Table(title=f"{judgement.orders.intended:,} intents", title_justify="left")
    table.add_column("class")
    table.add_column("intents", justify="right")
    counts = asdict(judgement.orders)
    for verdict in CLASSES:
        if counts[verdict.value]:
            style = "red" if verdict.failing else ""
            table.add_row(verdict.value, f"{counts[verdict.value]:,}", style=style)
    for name, count in judgement.flags.items():
        if count:
            table.add_row(f"  flag: {name}", f"{count:,}", style="dim")
    return table


def _services(judgement: Judgement) -> Table:
    table = Table(title="Services against their tolerances", title_justify="left")
    for column in ("service", "recovery / rto", "data lost / rpo", "lowest level / mbco", "held"):
        table.add_column(column, justify="left" if column == "service" else "right")
    for name, measure in judgement.services.items():
        table.add_row(name, *_cells(measure))
    return table


def _cells(measure: ServiceMeasure) -> tuple[str, str, str, str]:
    found = measure.to_document()

    def pair(left: str, right: str, unit: str) -> str:
        values = [found.get(left), found.get(right)]
        return " / ".join("?" if v is None else f"{v:,.0f} {unit}" for v in values)

    level, floor = found.get("service_level_min"), found.get("mbco")
    levels = " / ".join("?" if v is None else f"{v:.0%}" for v in (level, floor))
    held = {True: "yes", False: "no", None: "unknown"}[measure.within_tolerance]
    return (
        pair("recovery_time_s", "rto_s", "s"),
        pair("recovery_point_s", "rpo_s", "s"),
        levels,
        held,
    )
