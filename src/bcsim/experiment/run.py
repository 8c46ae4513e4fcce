"""One run: engine, then checkers, then measures, then the scenario's expectation."""

from __future__ import annotations

import hashlib
import json
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bcsim.checkers.judge import check
from bcsim.conduct.assessment import assess_systems, statuses_of
from bcsim.conduct.evidence import evidence_of
from bcsim.conduct.fairness import assess_fairness
from bcsim.conduct.notices import untrue_notices
from bcsim.conduct.regulation import assess_run
from bcsim.conduct.systems import measure_systems
from bcsim.engine.aftermath.layer import run_aftermath
from bcsim.engine.choice import FAST
from bcsim.engine.simulate import simulate
from bcsim.engine.sizing import Sizing
from bcsim.experiment.expectation import unmet
from bcsim.experiment.folder import staged_folder
from bcsim.experiment.judged_day import simulated_day
from bcsim.experiment.normal_day import normal_day_of
from bcsim.history.reader import read_history
from bcsim.history.schema import Trace
from bcsim.history.verdict_file import write_verdicts
from bcsim.history.writer import HistoryWriter, MemoryRecorder, write_history
from bcsim.release import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bcsim.checkers.judgement import Judgement
    from bcsim.conduct.day import ModelledDay
    from bcsim.conduct.measure import Measures
    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.simulate import Simulation
    from bcsim.engine.timeline import Timeline
    from bcsim.history.history import History
    from bcsim.history.profile import Profile
    from bcsim.history.recorder import Recorder
    from bcsim.model.firm import Firm
    from bcsim.scenario.scenario import Scenario

HISTORY_FILE = "history.parquet"
AFTERMATH_FILE = "aftermath.parquet"
VERDICTS_FILE = "verdicts.parquet"
TIMELINE_FILE = "timeline.json"
MEASURES_FILE = "measures.json"
MANIFEST_FILE = "manifest.json"
MODEL_FILE = "model.json"
SCENARIO_FILE = "scenario.json"


@dataclass(frozen=True)
class Run:
    """What came of one run.

    ``document`` is what ``bcsim run --json`` prints; ``unmet`` says, in one sentence each,
    where the scenario's expectation was wrong.
    """

    model: Firm
    scenario: Scenario
    history: History
    timeline: Timeline
    judgement: Judgement
    document: Mapping[str, Any]
    unmet: tuple[str, ...]
    folder: Path | None = None
    aftermath: History | None = None
    """What came of the orders; None where the model says nothing of it."""

    @property
    def orders(self) -> Any:  # noqa: ANN401 - attribute access per verdict class
        """Number of intents per verdict class: ``run.orders.lost``."""
        return self.judgement.orders

    @property
    def services(self) -> Mapping[str, Any]:
        """Measures per service: ``run.services["equity-orders"].recovery_time_s``."""
        return self.judgement.services

    @property
    def outcome(self) -> str:
        """``pass``, ``late only``, ``unknown`` or ``fail``."""
        return str(self.judgement.outcome)


def run(  # noqa: PLR0913 - the inputs of a run
    model: Firm,
    scenario: Scenario,
    *,
    seed: int = 0,
    replication: int = 0,
    orders: int | None = None,
    load: float = 1.0,
    window: tuple[int, int] | None = None,
    engine: str = FAST,
    out: Path | str | None = None,
    with_normal_day: bool = False,
    on_progress: Callable[[int, Blueprint], None] | None = None,
    on_remark: Callable[[str], None] | None = None,
) -> Run:
    """Simulate a scenario on a model, and judge every order.

    Parameters
    ----------
    seed, replication
        Root of all random numbers; the same pair gives the same history, byte for byte.
    orders
        Orders a day; arrival rates and capacities are scaled together.
    load
        Factor on arrival rates alone.
    window
        Part of the day in ns since midnight, instead of the scenario's.
    engine
        ``fast`` or ``reference``: the same history, byte for byte.
    out
        Run folder to write; it appears whole or not at all. Without it nothing is written.
    with_normal_day
        Simulate the day without its disruptions too, so that the measures of the nine systems
        stand beside those of a normal day.
    on_progress
        Called now and then with the simulated time reached, in ns, and the blueprint.
    on_remark
        Called with a sentence that is worth knowing while one waits.
    """
    simulate_into = partial(
        simulate,
        model,
        seed=seed,
        replication=replication,
        sizing=Sizing(orders=orders, load=load, window=window),
        engine=engine,
        on_progress=on_progress,
        on_remark=on_remark,
    )
    luck = (seed, replication)
    normal = None
    if with_normal_day and scenario.disruptions:
        normal = _normal_measures(model, normal_day_of(scenario), simulate_into)
    if out is None:
        simulation = simulate_into(scenario, _in_memory)
        history = _kept(simulation)
        return _judge(model, scenario, simulation, history, luck, normal)
    folder = Path(out)
    with staged_folder(folder) as staging, ExitStack() as opened:
        path = staging / HISTORY_FILE
        simulation = simulate_into(scenario, lambda profile: _to_file(path, profile, opened))
        assert isinstance(simulation.recorder, HistoryWriter), "a run in a folder is streamed"
        simulation.recorder.close()
        result = _judge(model, scenario, simulation, read_history(path), luck, normal)
        result = replace(result, folder=folder)
        _save(staging, result)
    # The file has moved with its folder: questions in SQL read it where it is now.
    return replace(result, history=replace(result.history, path=folder / HISTORY_FILE))


def _in_memory(profile: Profile) -> Recorder:
    return MemoryRecorder(profile, Trace(profile.trace))


def _kept(simulation: Simulation) -> History:
    """The history of a run that was kept in memory."""
    recorder = simulation.recorder
    assert isinstance(recorder, MemoryRecorder), "a run without a folder is kept in memory"
    return recorder.history()


def _to_file(path: Path, profile: Profile, opened: ExitStack) -> Recorder:
    """Make a writer whose thread ends with the run, however the run ends."""
    writer = HistoryWriter(path, profile, trace=Trace(profile.trace))
    opened.callback(writer.discard)
    return writer


def _normal_measures(
    model: Firm, scenario: Scenario, simulate_into: Callable[..., Simulation]
) -> dict[str, Measures]:
    """Measures of the nine systems on a day on which nothing goes wrong."""
    simulation = simulate_into(scenario, _in_memory)
    history = _kept(simulation)
    return measure_systems(_day(model, scenario, simulation, history, check(history)))


def _judge(
    model: Firm,
    scenario: Scenario,
    simulation: Simulation,
    history: History,
    luck: tuple[int, int],
    normal: dict[str, Measures] | None,
) -> Run:
    """Judge a history, measure the nine systems, compare with what was expected."""
    judgement = check(history)
    day = _day(model, scenario, simulation, history, judgement)
    measured = measure_systems(day)
    systems = assess_systems(model, measured, normal if scenario.disruptions else measured)
    missed = unmet(scenario.expect, judgement, statuses_of(systems))
    document = {
        **judgement.to_document(),
        "expectation": "not_met" if missed else "met",
        "unmet": list(missed),
        "systems": measured,
        "service_systems": systems,
        "fairness": assess_fairness(day),
        "evidence": evidence_of(day),
        "regimes": assess_run(day),
        "provenance": {
            "version": __version__,
            "engine": simulation.engine,
            "seed": luck[0],
            "replication": luck[1],
            "orders": simulation.blueprint.sizing.orders,
            "load": simulation.blueprint.sizing.load,
            "window_ns": list(simulation.blueprint.moments.window),
            "passes": simulation.passes,
            "model": model.name.en,
            "scenario": scenario.name.en,
            "model_sha256": _sha256(model.model_dump_json()),
            "scenario_sha256": _sha256(scenario.model_dump_json()),
            "history_root": history.root,
            "history_rows": len(history),
            **_roots_of(day.aftermath),
        },
    }
    return Run(
        model,
        scenario,
        history,
        simulation.timeline,
        judgement,
        document,
        missed,
        aftermath=day.aftermath,
    )


def _roots_of(aftermath: History | None) -> dict[str, str | int]:
    """Provenance of the aftermath; nothing where there is none."""
    if aftermath is None:
        return {}
    return {"aftermath_root": aftermath.root, "aftermath_rows": len(aftermath)}


def _day(
    model: Firm,
    scenario: Scenario,
    simulation: Simulation,
    history: History,
    judgement: Judgement,
) -> ModelledDay:
    """What the nine systems and the rules of regulators may look at."""
    scale = simulation.blueprint.sizing.scale(model)
    day = simulated_day(history, judgement, model, start=scenario.start, scale=scale)
    untrue = frozenset(untrue_notices(day).tolist())
    aftermath = run_aftermath(
        simulation.blueprint, simulation.timeline, history, judgement.verdicts, untrue
    )
    return replace(day, aftermath=aftermath)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _save(folder: Path, result: Run) -> None:
    """Write everything of a run but its history, which is there already."""
    write_verdicts(result.judgement.verdicts, folder / VERDICTS_FILE)
    if result.aftermath is not None:
        write_history(result.aftermath, folder / AFTERMATH_FILE)
    texts = {
        TIMELINE_FILE: _json(result.timeline.to_document()),
        MEASURES_FILE: _json(result.document),
        MODEL_FILE: result.model.model_dump_json(indent=1, exclude_defaults=True),
        SCENARIO_FILE: result.scenario.model_dump_json(indent=1, exclude_defaults=True),
    }
    for name, text in texts.items():
        (folder / name).write_text(text + "\n", encoding="utf-8")
    files = sorted(path.name for path in folder.iterdir() if path.is_file())
    manifest = {
        "format": "bcsim-run/1",
        "provenance": result.document["provenance"],
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files},
    }
    (folder / MANIFEST_FILE).write_text(_json(manifest) + "\n", encoding="utf-8")


def _json(document: object) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False)
