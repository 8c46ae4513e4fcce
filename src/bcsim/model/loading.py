"""A YAML file becomes a checked model; everything wrong with it is told at once, with its place.

The steps: read the files into one document of nodes (``includes``), validate its data
(pydantic), give each of pydantic's errors a place and plain words (``faults``), run the
whole-model checks, sort, and raise or return.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from bcsim.errors import ModelError, Problem
from bcsim.model.checks import CHECKS
from bcsim.model.faults import problems_of
from bcsim.model.firm import Firm
from bcsim.model.includes import Source, read_source, source_of_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bcsim.model.finding import Check, Finding
    from bcsim.model.nodes import Document
    from bcsim.units import Lang

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Loaded(Generic[_Model]):
    """A checked model, the remarks that did not stop it, and the files it came from.

    ``sha256`` is as in :class:`bcsim.model.includes.Source`.
    """

    value: _Model
    warnings: tuple[Problem, ...]
    files: tuple[Path, ...]
    sha256: str


def load(
    path: Path | str,
    model_class: type[_Model],
    checks: Iterable[Check[_Model]] = (),
    lang: Lang = "en",
) -> Loaded[_Model]:
    """Load a YAML or JSON file, with what it includes, as a ``model_class``.

    Parameters
    ----------
    path
        The file.
    model_class
        The class of the file's root.
    checks
        Whole-model checks, run once the data is valid by itself.
    lang
        Language of the problems.

    Raises
    ------
    ModelError
        Everything that is wrong, sorted by place.
    LimitError
        A file beyond a bound of ``limits``.
    """
    return _checked(read_source(Path(path), lang), model_class, checks, lang)


def load_text(
    text: str,
    name: str,
    model_class: type[_Model],
    checks: Iterable[Check[_Model]] = (),
    lang: Lang = "en",
) -> Loaded[_Model]:
    """Load a text as :func:`load` loads a file; ``name`` stands for the file in places."""
    return _checked(source_of_text(text, name, lang), model_class, checks, lang)


def load_model(path: Path | str, lang: Lang = "en") -> Firm:
    """Load a ``*.model.yaml`` file: the firm, its plan and its promises.

    Raises
    ------
    ModelError
        Everything that is wrong, sorted by place.
    LimitError
        A file beyond a bound of ``limits``.
    """
    return open_model(path, lang).value


def open_model(path: Path | str, lang: Lang = "en") -> Loaded[Firm]:
    """Load a model as :func:`load_model` does, with its warnings and its files."""
    return load(path, Firm, CHECKS, lang)


def _checked(
    source: Source, model_class: type[_Model], checks: Iterable[Check[_Model]], lang: Lang
) -> Loaded[_Model]:
    """Validate a document's data, check the whole, and raise or return."""
    document = source.document
    problems = list(document.problems)
    value: _Model | None = None
    try:
        # NOTE: JSON mode is pydantic's strict mode for files: a list becomes a tuple and a text
        # a date, yet no text becomes a number. Python mode has no such setting.
        value = model_class.model_validate_json(json.dumps(document.root.data()))
    except ValidationError as error:
        problems += problems_of(error, model_class, document, lang)
    else:
        findings = (finding for check in checks for finding in check(value))
        problems += [_placed(finding, document) for finding in findings]
    problems.sort(key=_order(source))
    if value is None or any(problem.severity == "error" for problem in problems):
        raise ModelError(problems)
    return Loaded(value, tuple(problems), source.files, source.sha256)


def _placed(finding: Finding, document: Document) -> Problem:
    """A finding with its place in the files."""
    span = document.place_of(finding.path, at_key=finding.at_key)
    return Problem(
        finding.message,
        file=span.file,
        line=span.line,
        column=span.column,
        value=finding.value,
        expected=finding.expected,
        hint=finding.hint,
        source_line=document.source_line(span),
        severity=finding.severity,
    )


def _order(source: Source) -> Callable[[Problem], tuple[int, int, int]]:
    """The order in which a reader meets problems: by file as included, then by place."""
    rank = {file: index for index, file in enumerate(source.document.lines)}
    return lambda problem: (rank.get(problem.file, -1), problem.line, problem.column)
