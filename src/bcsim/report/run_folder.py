"""A run folder, read back: everything that a run wrote, checked against its manifest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bcsim.engine.timeline import Change, LogEntry, Timeline
from bcsim.errors import InputError, Problem
from bcsim.experiment.folder import RUN_MARK
from bcsim.experiment.run import (
    HISTORY_FILE,
    MEASURES_FILE,
    MODEL_FILE,
    SCENARIO_FILE,
    TIMELINE_FILE,
    VERDICTS_FILE,
)
from bcsim.history.reader import read_history
from bcsim.history.verdict_file import read_verdicts
from bcsim.model.firm import Firm
from bcsim.report.regime_result import RegimeResult
from bcsim.report.system_evidence import SystemEvidence
from bcsim.report.system_result import FairnessResult, SystemResult
from bcsim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from pathlib import Path

    from bcsim.history.history import History
    from bcsim.history.verdict import Verdicts

FORMAT: Final = "bcsim-run/1"

_FILES: Final = (
    HISTORY_FILE,
    MEASURES_FILE,
    MODEL_FILE,
    SCENARIO_FILE,
    TIMELINE_FILE,
    VERDICTS_FILE,
)

_Document = TypeVar("_Document", bound=BaseModel)


class _Entry(BaseModel):
    """Part of a document; what a newer run says besides is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ServiceResult(_Entry):
    """How one service did; seconds, and None where not known or not set."""

    downtime_s: float | None = None
    recovery_time_s: float | None = None
    rto_s: float | None = None
    mtpd_s: float | None = None
    recovery_point_s: float | None = None
    rpo_s: float | None = None
    service_level_min: float | None = None
    mbco: float | None = None
    within_tolerance: bool | None = None


class FindingEntry(_Entry):
    """One thing that was found: how often, examples, and the proof of the first."""

    name: Annotated[str, Field(alias="class")]
    count: int
    first: str = ""
    worst: str = ""
    last: str = ""
    proof: str = ""


class Provenance(_Entry):
    """What the run was made from, and what it came to."""

    version: str
    engine: str
    seed: int
    replication: int
    orders: int | None = None
    load: float = 1.0
    window_ns: tuple[int, int]
    passes: int = 1
    model_sha256: str
    scenario_sha256: str
    history_root: str
    history_rows: int


class Measures(_Entry):
    """The document that ``bcsim run --json`` prints."""

    outcome: str
    kind: str
    orders: dict[str, int]
    flags: dict[str, int | None] = {}
    services: dict[str, ServiceResult] = {}
    findings: tuple[FindingEntry, ...] = ()
    known_losses: int = 0
    unknown: tuple[str, ...] = ()
    expectation: str | None = None
    unmet: tuple[str, ...] = ()
    service_systems: tuple[SystemResult, ...] = ()
    fairness: tuple[FairnessResult, ...] = ()
    evidence: SystemEvidence = SystemEvidence()
    regimes: tuple[RegimeResult, ...] = ()
    provenance: Provenance


class _Manifest(_Entry):
    format: str
    files: dict[str, str]


class _TimelineDocument(_Entry):
    changes: tuple[Change, ...]
    log: tuple[LogEntry, ...]


@dataclass(frozen=True, eq=False)
class RunFolder:
    """What one run was made from, what happened in it, and how it was judged."""

    model: Firm
    scenario: Scenario
    history: History
    verdicts: Verdicts
    timeline: Timeline
    measures: Measures


def read_run(folder: Path) -> RunFolder:
    """Read a run folder.

    Raises
    ------
    bcsim.errors.InputError
        It is not a run's, is of a version that this bcsim does not know, lacks a file, or a
        file is not the one that the run wrote.
    """
    _check_files(folder)
    document = _parse(folder / TIMELINE_FILE, _TimelineDocument)
    return RunFolder(
        model=_parse(folder / MODEL_FILE, Firm),
        scenario=_parse(folder / SCENARIO_FILE, Scenario),
        history=read_history(folder / HISTORY_FILE),
        verdicts=read_verdicts(folder / VERDICTS_FILE),
        timeline=Timeline(document.changes, document.log),
        measures=_parse(folder / MEASURES_FILE, Measures),
    )


def _check_files(folder: Path) -> None:
    mark = folder / RUN_MARK
    if not mark.is_file():
        raise InputError(
            Problem(
                "this is not a run folder",
                file=str(folder),
                expected=f"a folder with {RUN_MARK}, as `bcsim run` writes it",
                hint="name the folder that was given to `bcsim run --out`",
            )
        )
    manifest = _parse(mark, _Manifest)
    if manifest.format != FORMAT:
        raise InputError(
            Problem(
                "the run folder is of a version that this bcsim does not know",
                file=str(mark),
                value=f"format={manifest.format}",
                expected=FORMAT,
                hint="read it with the bcsim that wrote it, or run the scenario again",
            )
        )
    problems = [_difference(folder / name, manifest.files.get(name, "")) for name in _FILES]
    found = [problem for problem in problems if problem is not None]
    if found:
        raise InputError(found)


def _difference(path: Path, stated: str) -> Problem | None:
    """What is wrong with one file of the folder, if anything."""
    hint = "run the scenario again with the same seed"
    if not path.is_file():
        return Problem("the run folder lacks a file", file=str(path), hint=hint)
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found == stated:
        return None
    message = "the file is not the one that the run wrote"
    return Problem(message, str(path), value=f"sha256={found}", expected=stated, hint=hint)


def _parse(path: Path, kind: type[_Document]) -> _Document:
    try:
        return kind.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        message = f"the file does not hold what a run writes: {place}: {first['msg']}"
        raise InputError(Problem(message, str(path), hint="run the scenario again")) from error
