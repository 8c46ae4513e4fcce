"""Any log, by what is in it: each file goes to the reader of its format."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bcsim.errors import HistoryError, Problem
from bcsim.history.divided import divided_by
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
    found = _Found()
    for path, is_intents in [(p, False) for p in logs] + [(p, True) for p in intents]:
        try:
            _sort_in(found, path, options, is_intents=is_intents)
        except HistoryError as error:
            if path.is_file() and not path.stat().st_size and not is_intents:
                found.empty.append((path, error))
            else:
                found.problems += error.problems
    found.problems += _unused(options, found.used, [*logs, *intents])
    if not found.fix:
        found.problems += [problem for _, error in found.empty for problem in error.problems]
        found.raise_problems()
        return found.readings
    readings: list[Reading] = []
    try:
        paths = [*found.fix, *(path for path, _ in found.empty)]
        readings = _with_fix(paths, options, found.readings)
    except HistoryError as error:
        found.problems += error.problems
    found.raise_problems()
    return readings


@dataclass(slots=True)
class _Found:
    """What was found among the files so far."""

    readings: list[Reading] = field(default_factory=list)
    fix: list[Path] = field(default_factory=list)
    tables: set[Path] = field(default_factory=set)
    used: list[TableMapping | None] = field(default_factory=list)
    empty: list[tuple[Path, HistoryError]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def raise_problems(self) -> None:
        """Raise what is wrong with any file, if anything is."""
        if self.problems:
            raise HistoryError(self.problems)


def _sort_in(found: _Found, path: Path, options: LogOptions, *, is_intents: bool) -> None:
    """Read a table, or put a FIX log with the others, which are read together."""
    format_ = recognise(path)
    if format_ is not Format.FIX:
        if path.resolve() in found.tables:
            message, hint = "the file is given twice", "its rows would count twice"
            raise HistoryError(Problem(message, str(path), hint=hint))
        found.tables.add(path.resolve())
        found.used.append(mapping_for(path, options.mappings, is_intents=is_intents))
        found.readings.append(_read(path, format_, options, is_intents=is_intents))
    elif is_intents:
        raise HistoryError(_no_intents(path))
    else:
        found.fix.append(path)


def _no_intents(path: Path) -> Problem:
    message = "a FIX log is no list of intents: it shows what was sent, not what was wished"
    return Problem(message, str(path), hint="give it with --log, and a table with --intent")


def _unused(
    options: LogOptions, used: Sequence[TableMapping | None], paths: Sequence[Path]
) -> list[Problem]:
    """Mappings that are for none of the files: a slip in a name goes unseen else."""
    given = ", ".join(path.name for path in paths)
    idle = [m for m in options.mappings if not m.files and not any(m is one for one in used)]
    return [
        Problem(
            "the mapping is for none of the files",
            mapping.source,
            expected=f"{'a list of intents' if mapping.has_intents else 'other logs'} in {given}",
            hint='say which files it is for: files = ["…"]',
        )
        for mapping in idle
    ] + [
        Problem(
            "the mapping is for none of the files",
            mapping.source,
            value=", ".join(mapping.files),
            expected=given,
            hint="mend the patterns in files",
        )
        for mapping in options.mappings
        if mapping.files and not any(mapping.is_for(path) for path in paths)
    ]


def _with_fix(
    paths: Sequence[Path], options: LogOptions, others: Sequence[Reading]
) -> list[Reading]:
    """Read FIX logs; if they come in shares, the other records come in the same ones.

    NOTE: the others are read first, so that what their rows name together is kept together.
    """
    from bcsim.history.fix.options import FixOptions  # noqa: PLC0415 - only where a log is FIX
    from bcsim.history.logs.fix import read_fix  # noqa: PLC0415

    said = FixOptions(options.vantages, on_damage=options.on_damage, links_legs=options.links_legs)
    histories = [reading.history.gathered() for reading in others]
    found = read_fix(paths, said, others=histories)
    shares = None if found.ties is None else found.ties.shares
    if shares is None:
        return [found, *others]
    count = found.history.share_count
    divided = [
        replace(reading, history=divided_by(history, share, count))
        for reading, history, share in zip(others, histories, shares, strict=True)
    ]
    return [found, *divided]


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
    given = "--intent " if is_intents else ""
    raise HistoryError(
        Problem(
            "the table needs a mapping",
            str(path),
            1,
            1,
            expected="; ".join(suggestion.questions),
            hint=f"bcsim check --suggest-mapping {given}{path.name} writes one to begin with",
        )
    )


def suggest_mapping(path: Path, *, is_intents: bool) -> str:
    """Propose a mapping file for a table; raises HistoryError if it is none."""
    found = recognise(path)
    if not (found.is_table or found.is_ocel):
        message = "only tables and object-centric logs have a mapping"
        raise HistoryError(Problem(message, str(path), value=found.value))
    return to_toml(suggest(path, found, TableForm(), is_intents=is_intents), path.name)
