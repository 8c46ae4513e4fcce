"""``bcsim run``: one run of a scenario, its verdict, its folder and its report."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bcsim.cli.options import output_options, run_options

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from bcsim.engine.blueprint import Blueprint
    from bcsim.experiment.run import Run

EPILOG = """\
\b
Example:
  $ bcsim run scenarios/templates/minimal/firm.model.yaml \\
      scenarios/templates/minimal/server-crash.scenario.yaml --out run  # exit 3
"""


@click.command(epilog=EPILOG)
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("scenario", type=click.Path(path_type=Path))
@run_options
@click.option(
    "--expect",
    is_flag=True,
    help="Let the exit code say whether the scenario's expectation was met: 0 or 1.",
)
@click.option(
    "--no-normal-day",
    is_flag=True,
    help="Do not simulate the normal day, with which the nine systems are compared.",
)
@click.option("--no-report", is_flag=True, help="Write the run folder without its HTML report.")
@output_options
def command(
    *,
    model: Path,
    scenario: Path,
    seed: int,
    orders: int | None,
    load: Fraction | None,
    window: tuple[int, int] | None,
    engine: str,
    expect: bool,
    no_normal_day: bool,
    no_report: bool,
    out: Path | None,
    as_json: bool,
    quiet: bool,
    lang: str,
) -> int:
    """Simulate SCENARIO on MODEL and judge every order.

    Writes a run folder (runs/SCENARIO-SEED by default) with the history, the verdicts, the
    timeline, the measures and a report to open in a browser.
    """
    from bcsim.experiment.run import run
    from bcsim.model.loading import load_model
    from bcsim.scenario.loading import load_scenario

    firm = load_model(model)
    plan = load_scenario(scenario, firm)
    folder = out or Path("runs") / f"{scenario.name.removesuffix('.scenario.yaml')}-{seed}"
    with _progress(is_shown=not quiet and sys.stderr.isatty()) as on_progress:
        result = run(
            firm,
            plan,
            seed=seed,
            orders=orders,
            load=1.0 if load is None else float(load),
            window=window,
            engine=engine,
            out=folder,
            with_normal_day=not no_normal_day,
            on_progress=on_progress,
            on_remark=None if quiet else _remark,
        )
    report = None if no_report else _write_report(folder, lang)
    if as_json:
        click.echo(json.dumps(result.document, indent=2, ensure_ascii=False))
    else:
        _print(result, folder, report)
    if expect:
        return 1 if result.unmet else 0
    return result.judgement.outcome.exit_code


def _remark(sentence: str) -> None:
    """Say something that is worth knowing while one waits."""
    click.echo(f"bcsim: {sentence}", err=True)


def _write_report(folder: Path, lang: str) -> Path:
    from bcsim.report.html import write_report

    return write_report(folder, lang="th" if lang == "th" else "en")


class _progress:  # noqa: N801 - used like a function
    """A progress bar over simulated time, silent when not shown."""

    def __init__(self, *, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Callable[[int, Blueprint], None] | None:
        if not self._is_shown:
            return None
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task("simulating", total=100)
        return self._advance

    def _advance(self, now_ns: int, blueprint: Blueprint) -> None:
        """The window takes most of the work, so it is what the bar shows."""
        start, end = blueprint.moments.window
        share = min(max((now_ns - start) / max(end - start, 1), 0.0), 1.0)
        self._bar.update(self._task, completed=100 * share)

    def __exit__(self, *_exception: object) -> None:
        if self._bar is not None:
            self._bar.stop()


def _print(result: Run, folder: Path, report: Path | None) -> None:
    """Print the verdict, the counts and where everything is."""
    from bcsim.cli.judgement import print_judgement

    print_judgement(result.judgement, kind="simulation")
    _print_systems(result.document["service_systems"])
    if result.unmet:
        click.echo("\nThe scenario's expectation was not met:")
        for sentence in result.unmet:
            click.echo(f"  - {sentence}")
    else:
        click.echo("\nThe scenario's expectation was met.")
    click.echo(f"\nRun folder: {folder}")
    if report is not None:
        click.echo(f"Report:     {report}")


def _print_systems(assessed: list[dict[str, Any]]) -> None:
    """Print which of the nine systems met their targets; nothing where none is stated."""
    by_status: dict[str, list[str]] = {}
    for system in assessed:
        by_status.setdefault(str(system["status"]), []).append(str(system["system"]))
    if by_status.keys() != {"unknown"}:
        told = (
            f"{status.replace('_', ' ')}: {' '.join(by_status[status])}"
            for status in ("met", "not_met", "unknown")
            if status in by_status
        )
        click.echo(f"\nThe nine service systems against their targets: {'; '.join(told)}")
