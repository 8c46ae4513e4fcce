"""Goal: every class, flag, law and checker has its entry, said by the code that decides.

Method: docs/reference/verdicts.md is generated from the enumerations, the catalogue and the
docstrings of the checkers, and compared with what is checked in; ``UPDATE=1`` rewrites it.
"""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING

from bcsim.checkers import bookings, continuity, executions, legs, record, subjects, wishes
from bcsim.checkers.catalogue import CATALOGUE, LAWS
from bcsim.checkers.ruling import LOSSES
from bcsim.history.invariant import Invariant
from bcsim.history.verdict import CLASSES, FLAGS, Outcome
from tests.docs.test_docs_parity import compare

if TYPE_CHECKING:
    from types import ModuleType

HEAD = """\
# Verdicts

Every intent gets exactly one class: the first of the table that holds. Classes that hold besides
are counted as `further`; flags can be set on any class. A mark has three values: where missing
evidence could change the class, and no failing class is proved, the intent is `indeterminate`.
An order that no recorded intent accounts for (a *stray*) is judged, too.

This page is generated; `UPDATE=1 python -m pytest tests/docs` rewrites it.
"""

OUTCOME = """\
## Outcome

The gravest of these wins: {order}.

- **fail**: an intent of a failing class; a broken law; a breached tolerance.
- **unknown**: an indeterminate intent; no stream of intents; a time in which the client, or
  everybody who executes, was not watched; a declared table that is empty; a run that did not
  settle; a checker that crashed.
- **late only**: everything right, something not in time.

`allows` in the profile names classes and laws that the firm's contract allows: they are reported
and do not count. `no-deadline` in it takes intents without any due time as on time, and
`purge-on-restart` excuses some losses, see *contract*.

Beyond the plan (`within_plan` false) a loss does not count if a `reconcile` event names the
intent before the drain ends (`known_losses`): {losses}. A wrong or double execution always
counts.
"""

EVIDENCE = {
    "What is judged": (subjects, wishes),
    "What happened": (executions, legs, bookings),
}


def prose(module: ModuleType) -> str:
    """A module's docstring without its first line's full stop, as Markdown."""
    return (inspect.getdoc(module) or "").replace("``", "`")


def tables() -> list[str]:
    by_anomaly = {name: entry.name for entry in CATALOGUE for name in entry.anomalies}
    lines = ["## Classes\n", "| class | rule | outcome | checker |", "|---|---|---|---|"]
    lines += [
        f"| `{c.value}` | {c.rule} | {c.outcome.value} | {by_anomaly.get(c.value, 'the judge')} |"
        for c in CLASSES
    ]
    lines += ["\n## Flags\n", "| flag | meaning | checker |", "|---|---|---|"]
    lines += [f"| `{f.value}` | {f.meaning} | {by_anomaly[f.value]} |" for f in FLAGS]
    lines += ["\n## Laws\n", "| law | says |", "|---|---|"]
    invariants = {invariant.value for invariant in Invariant}
    lines += [f"| {name} | {says} |" for name, says in LAWS.items() if name not in invariants]
    lines += ["\n## Invariants of reports\n", "| invariant | says | a breach |", "|---|---|---|"]
    weight = {False: "is a finding that does not count", True: "leaves the order in doubt"}
    lines += [f"| {i.value} | {i.meaning} | {weight[i.leaves_doubt]} |" for i in Invariant]
    return lines


def page() -> str:
    order = ", then ".join(outcome.value for outcome in reversed(tuple(Outcome)))
    losses = ", ".join(f"`{c.value}`" for c in CLASSES if c in LOSSES)
    parts = [HEAD, *tables(), "", OUTCOME.format(order=order, losses=losses)]
    for title, modules in EVIDENCE.items():
        parts.append(f"## {title}\n")
        parts += [f"{prose(module)}\n" for module in modules]
    parts.append("An empty table: " + (inspect.getdoc(record.Record.shows) or "") + "\n")
    parts.append("## Checkers\n")
    for entry in CATALOGUE:
        module = sys.modules[inspect.unwrap(entry.check).__module__]
        parts.append(f"### {entry.name}\n\n{prose(module)}\n")
    parts.append(f"## Services\n\n{prose(continuity)}")
    return "\n".join(parts).replace("``", "`").rstrip() + "\n"


def test_verdicts_page():
    """Goal: the page says what the code does. Method: generate it and compare."""
    compare("docs/reference/verdicts.md", page())


def test_every_class_and_flag_has_one_checker():
    """Goal: nothing is named twice or never. Method: the catalogue against the enumerations."""
    named = sorted(name for entry in CATALOGUE for name in entry.anomalies)
    by_judge = {"ok", "indeterminate"}
    expected = {c.value for c in CLASSES} - by_judge | {f.value for f in FLAGS}
    assert named == sorted(expected)
