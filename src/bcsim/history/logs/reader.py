"""Any log, by what is in it: each file goes to the reader of its format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bcsim.errors import HistoryError, Problem
from bcsim.history.jsonl import from_jsonl
from bcsim.history.logs.mapping import TableForm, mapping_for
from bcsim.history.logs.reading import Reading
from bcsim.history.logs.recognition import Format, recognise
from bcsim.history.logs.suggestion import suggest, to_toml
from bcsim.history.logs.tabular import read_table
from bcsim.history.reader import read_history

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bcsim.history.logs.mapping import TableMapping


@dataclass(frozen=True, slots=True)
class LogOptions:
    """How logs are to be read.

    Parameters
    ----------
    mappings
        For tables and object-centric logs.
    vantages
        Vantage point of a FIX log, by file name or comp id.
    on_damage
        What becomes of damaged FIX messages: ``skip`` or ``fail``.
    links_legs
        Whether a shared OrderID links the legs of FIX orders that a broker passes on.
    """

    mappings: tuple[TableMapping, ...] = ()
    vantages: Mapping[str, str] = field(default_factory=dict)
    on_damage: str = "skip"
    links_legs: bool = False


def read_logs(
    logs: Sequence[Path], intents: Sequence[Path] = (), options: LogOptions | None = None
) -> list[Reading]:
    """Read the logs of one drill, and lists of intents; FIX logs are read together.

    FIX engines leave empty logs beside the others, so among FIX logs an empty file is only noted.

    Raises
    ------
    bcsim.errors.HistoryError
        Naming what cannot be read, of all files.
    """
    options = options or LogOptions()
    readings: list[Reading] = []
    problems: list[Problem] = []
    fix: list[Path] = []
    empty: list[tuple[Path, HistoryError]] = []
    for path, is_intents in [(p, False) for p in logs] + [(p, True) for p in intents]:
        try:
            found = recognise(path)
            if found is Format.FIX:
                fix.append(path)
            else:
                readings.append(_read(path, found, options, is_intents=is_intents))
        except HistoryError as error:
            if path.is_file() and not path.stat().st_size and not is_intents:
                empty.append((path, error))
            else:
                problems += error.problems
    if not fix:
        problems += [problem for _, error in empty for problem in error.problems]
    else:
        try:
            readings.insert(0, _read_fix([*fix, *(path for path, _ in empty)], options))
        except HistoryError as error:
            problems += error.problems
    if problems:
        raise HistoryError(problems)
    return readings


def _read_fix(paths: Sequence[Path], options: LogOptions) -> Reading:
    from bcsim.history.fix.options import FixOptions  # noqa: PLC0415 - only where a log is FIX
    from bcsim.history.logs.fix import read_fix  # noqa: PLC0415

    said = FixOptions(options.vantages, on_damage=options.on_damage, links_legs=options.links_legs)
    return read_fix(paths, said)


def _read(path: Path, found: Format, options: LogOptions, *, is_intents: bool) -> Reading:
    if found is Format.HISTORY_PARQUET:
        return Reading(read_history(path))
    if found is Format.HISTORY_JSONL:
        with path.open(encoding="utf-8") as stream:
            return Reading(from_jsonl(stream))
    return read_table(path, found, _mapping(path, found, options, is_intents=is_intents))


def _mapping(path: Path, found: Format, options: LogOptions, *, is_intents: bool) -> TableMapping:
    """The mapping that was given for a table; else one that its header leaves no doubt about."""
    mapping = mapping_for(path, options.mappings, is_intents=is_intents)
    if mapping is not None:
        return mapping
    suggestion = suggest(path, found, TableForm(), is_intents=is_intents)
    if not suggestion.questions:
        return suggestion.mapping
    raise HistoryError(
        Problem(
            "the table needs a mapping",
            str(path),
            1,
            1,
            expected="; ".join(suggestion.questions),
            hint=f"bcsim check --suggest-mapping {path.name} writes one to begin with",
        )
    )


def suggest_mapping(path: Path, *, is_intents: bool) -> str:
    """Propose a mapping file for a table; raises HistoryError if it is none."""
    found = recognise(path)
    if not (found.is_table or found.is_ocel):
        message = "only tables and object-centric logs have a mapping"
        raise HistoryError(Problem(message, str(path), value=found.value))
    return to_toml(suggest(path, found, TableForm(), is_intents=is_intents), path.name)
