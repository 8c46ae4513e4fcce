"""``bcsim validate``: everything wrong with model and scenario files, before anything runs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bcsim.cli.app import EXIT_BAD_INPUT, EXIT_PASS
from bcsim.cli.options import json_option, lang_option, quiet_option
from bcsim.cli.problems import print_problems
from bcsim.errors import InputError, ModelError, Problem

if TYPE_CHECKING:
    from pydantic import BaseModel

    from bcsim.model.firm import Firm
    from bcsim.model.loading import Loaded
    from bcsim.units import Lang

MODEL: Final = "model"
SCENARIO: Final = "scenario"

_SUFFIX: Final = re.compile(r"\.(model|scenario)\.(?:yaml|yml|json)", re.IGNORECASE)
_FORMAT: Final = re.compile(r"bcsim-(model|scenario)/[0-9]+")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that is valid: what it is, and how much is in it."""

    file: str
    kind: str
    sha256: str
    counts: dict[str, int]


@dataclass(slots=True)
class _Validation:
    """What has been found so far; a model is loaded once, however many scenarios name it."""

    lang: Lang
    checked: list[Checked] = field(default_factory=list)
    problems: dict[Problem, None] = field(default_factory=dict)
    models: dict[Path, Loaded[Firm] | InputError] = field(default_factory=dict)

    def validate(self, path: Path) -> None:
        """Load one file, and note what comes of it."""
        try:
            kind = kind_of(path, self.lang)
            loaded = self._load(path, kind)
        except InputError as error:
            self.problems |= dict.fromkeys(error.problems)
            return
        self.problems |= dict.fromkeys(loaded.warnings)
        self.checked.append(Checked(str(path), kind, loaded.sha256, counts(loaded.value)))

    def _load(self, path: Path, kind: str) -> Loaded[Any]:
        from bcsim.scenario.loading import open_scenario

        if kind == MODEL:
            return self._model(path)
        return open_scenario(
            path, model_at=lambda place, _: self._model(place).value, lang=self.lang
        )

    def _model(self, path: Path) -> Loaded[Firm]:
        from bcsim.model.loading import open_model

        key = path.resolve()
        if key not in self.models:
            try:
                self.models[key] = open_model(path, self.lang)
            except InputError as error:
                self.models[key] = error
        known = self.models[key]
        if isinstance(known, InputError):
            raise known
        return known


@click.command(epilog="\b\nExample:\n  bcsim validate scenarios/broker/*.yaml")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE…",
    type=click.Path(path_type=Path),
)
@json_option
@quiet_option
@lang_option
def command(files: tuple[Path, ...], *, as_json: bool, quiet: bool, lang: Lang) -> int:
    """Check model and scenario files, and show every problem with its place.

    FILE is a model (*.model.yaml) or a scenario (*.scenario.yaml); other names are told apart
    by their key `format`. The model that a scenario names is read too, so that its references
    are checked. Nothing runs. Exit code 2 if there is an error.
    """
    validation = _Validation(lang)
    for path in files:
        validation.validate(path)
    problems = list(validation.problems)
    is_valid = all(problem.severity != "error" for problem in problems)
    if as_json:
        click.echo(_document(validation.checked, problems, is_valid=is_valid))
    if problems and not as_json:
        print_problems(problems)
    if is_valid and not (quiet or as_json):
        _tell(validation.checked)
    return EXIT_PASS if is_valid else EXIT_BAD_INPUT


def kind_of(path: Path, lang: Lang) -> str:
    """Whether a file is a model or a scenario: by its name, else by its key ``format``.

    Raises
    ------
    ModelError
        It is neither, or cannot be read.
    """
    from bcsim.model.includes import read_source

    match = _SUFFIX.search(path.name)
    if match is not None:
        return match[1].lower()
    document = read_source(path, lang).document
    node = document.node_at(("format",))
    match = _FORMAT.fullmatch(node.text) if node else None
    if match is not None:
        return match[1]
    span = node.span if node else document.root.span
    raise ModelError(
        Problem(
            "neither a model nor a scenario",
            file=span.file,
            line=span.line,
            column=span.column,
            value=repr(node.text) if node else "",
            expected="format: bcsim-model/1 or format: bcsim-scenario/1",
            hint="validate a part of a model through the file that includes it",
            source_line=document.source_line(span),
        )
    )


def counts(value: BaseModel) -> dict[str, int]:
    """How many entries each section of a model or scenario has; empty ones are left out."""
    sections = ((name, getattr(value, name)) for name in type(value).model_fields)
    return {name: len(held) for name, held in sections if isinstance(held, dict | tuple) and held}


def _tell(checked: list[Checked]) -> None:
    for each in checked:
        held = ", ".join(f"{name} {count}" for name, count in each.counts.items())
        click.echo(f"{each.file}: {each.kind}: {held or 'nothing to count'}")
    number = len(checked)
    click.echo(f"{number} {'file is' if number == 1 else 'files are'} valid")


def _document(checked: list[Checked], problems: list[Problem], *, is_valid: bool) -> str:
    """The result as one JSON document."""
    files = [
        {"file": each.file, "kind": each.kind, "sha256": each.sha256, "counts": each.counts}
        for each in checked
    ]
    found = [
        {
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
            "severity": problem.severity,
            "message": problem.message,
            "value": problem.value,
            "expected": problem.expected,
            "hint": problem.hint,
        }
        for problem in problems
    ]
    document = {"bcsim": 1, "valid": is_valid, "files": files, "problems": found}
    return json.dumps(document, ensure_ascii=False)
