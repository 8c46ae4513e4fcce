"""Where a result comes from, and how to get it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.experiment.run import MODEL_FILE, SCENARIO_FILE
from bcsim.report.content import Cell, Column, Section, Table
from bcsim.units import format_clock

if TYPE_CHECKING:
    from bcsim.report.account import Account
    from bcsim.report.wording import Words


def provenance(account: Account, words: Words) -> Section:
    """State versions, seeds, fingerprints, and the command that repeats the run."""
    stated = account.run.measures.provenance
    start, end = (words.clock(time_ns) for time_ns in account.window_ns)
    orders = words.say("provenance.orders_model")
    values = {
        "version": stated.version,
        "engine": stated.engine,
        "seed": str(stated.seed),
        "replication": str(stated.replication),
        "window": f"{words.date()}, {start}–{end}",
        "orders": orders if stated.orders is None else words.number(stated.orders),
        "load": words.say("provenance.load_value", load=f"{stated.load:g}"),
        "passes": words.number(stated.passes),
        "rows": words.number(stated.history_rows),
        "root": stated.history_root,
        "model": stated.model_sha256,
        "scenario": stated.scenario_sha256,
    }
    columns = (
        Column(words.say("provenance.item")),
        Column(words.say("provenance.value"), "text"),
    )
    rows = tuple(
        (Cell(words.say(f"provenance.{name}")), Cell(value)) for name, value in values.items()
    )
    return Section(
        "provenance",
        words.say("section.provenance"),
        paragraphs=(words.say("provenance.lead"),),
        table=Table(columns, rows),
        remarks=(words.say("provenance.command"),),
        command=_command(account),
    )


def _command(account: Account) -> str:
    """The command that makes the run again from the files in its own folder."""
    stated = account.run.measures.provenance
    words = ["bcsim run", MODEL_FILE, SCENARIO_FILE, f"--seed {stated.seed}"]
    if stated.orders is not None:
        words.append(f"--orders {stated.orders}")
    if stated.load != 1:
        words.append(f"--load {stated.load:g}")
    scenario = account.run.scenario
    start_ns, end_ns = (_clock_ns(account, time_ns) for time_ns in stated.window_ns)
    if (start_ns, end_ns) != (scenario.window.start, scenario.window.end):
        words.append(f"--window {format_clock(start_ns)} {format_clock(end_ns)}")
    return " ".join([*words, "--out again"])


def _clock_ns(account: Account, time_ns: int) -> int:
    """Time of day of a time on the run's clock, ns since midnight."""
    start = account.run.scenario.start
    since_midnight_s = start.hour * 3600 + start.minute * 60 + start.second
    return time_ns + since_midnight_s * 1_000_000_000 + start.microsecond * 1000
