"""What ``bcsim check`` writes: report, JUnit XML, verdicts; each whole or not at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from bcsim.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bcsim.checkers.judgement import Judgement
    from bcsim.conduct.measure import Measures
    from bcsim.history.divided import AnyHistory
    from bcsim.units import Lang

    Document: TypeAlias = Mapping[str, object]
    Writer: TypeAlias = Callable[[Judgement, "Outputs", Document, Path], None]


@dataclass(frozen=True, slots=True)
class Targets:
    """The files that were asked for."""

    html: Path | None
    junit: Path | None
    verdicts: Path | None
    folder: Path | None

    def files(self) -> Iterator[tuple[str, Path]]:
        """What is to be written, and where."""
        named = {"html": self.html, "junit": self.junit, "verdicts": self.verdicts}
        for kind, (name, _) in _WRITERS.items():
            path = named.get(kind)
            if path is not None:
                yield kind, path
            if self.folder is not None:
                yield kind, self.folder / name

    def refuse_losses(self, inputs: Sequence[Path]) -> None:
        """Refuse outputs that would take the place of an input, or of one another.

        Raises
        ------
        bcsim.errors.InputError
            Naming every such file.
        """
        taken = {path.resolve(): "it is read" for path in inputs}
        problems = []
        for _, path in self.files():
            reason = taken.get(path.resolve())
            if reason:
                message = f"the file cannot be written: {reason}"
                hint = "name another file for the output"
                problems.append(Problem(message, str(path), hint=hint))
            taken[path.resolve()] = "another output has its name"
        if problems:
            raise InputError(problems)


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files that were asked for, and what they say beside the judgement."""

    targets: Targets
    lang: Lang
    sources: tuple[Path, ...]
    notes: tuple[str, ...]
    history: AnyHistory
    measured: Mapping[str, Measures]

    def paths(self) -> Iterator[Path]:
        """Every file that is written."""
        return (path for path, _ in self.writers())

    def writers(self) -> Iterator[tuple[Path, Writer]]:
        """Every file with what writes it."""
        for kind, path in self.targets.files():
            yield path, _WRITERS[kind][1]


def write_outputs(judgement: Judgement, outputs: Outputs, document: Document) -> None:
    """Write what was asked for, each file under a temporary name first."""
    folder = outputs.targets.folder
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    for path, writer in outputs.writers():
        writer(judgement, outputs, document, path)


def _html(judgement: Judgement, outputs: Outputs, _: Document, path: Path) -> None:
    from bcsim.report.check_page import check_page

    files = tuple(source.name for source in outputs.sources)
    _write(path, check_page(judgement, outputs.lang, files, outputs.notes, outputs.measured))


def _junit(judgement: Judgement, _: Outputs, __: Document, path: Path) -> None:
    from bcsim.report.junit import junit_xml

    _write(path, junit_xml(judgement))


def _verdicts(judgement: Judgement, _: Outputs, __: Document, path: Path) -> None:
    from bcsim.history.verdict_file import write_verdicts

    write_verdicts(judgement.verdicts, path)


def _history(_: Judgement, outputs: Outputs, __: Document, path: Path) -> None:
    from bcsim.history.writer import write_history

    write_history(outputs.history, path)


def _document(_: Judgement, __: Outputs, document: Document, path: Path) -> None:
    _write(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


_WRITERS: Final[dict[str, tuple[str, Writer]]] = {
    "html": ("index.html", _html),
    "junit": ("junit.xml", _junit),
    "verdicts": ("verdicts.parquet", _verdicts),
    "history": ("history.parquet", _history),
    "document": ("judgement.json", _document),
}
"""What can be written -> its name in a folder, and how."""


def _write(path: Path, text: str) -> None:
    """Write a file whole, or leave nothing of it."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(Problem(f"the file cannot be written: {reason}", str(path))) from error
    finally:
        part.unlink(missing_ok=True)
