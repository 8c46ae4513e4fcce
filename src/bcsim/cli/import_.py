"""``bcsim import``: an architecture that a firm already has as a file becomes a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bcsim.cli.app import EXIT_FAIL, EXIT_PASS
from bcsim.cli.options import json_option, out_option, quiet_option
from bcsim.errors import Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.model.importers.calm_import import CalmImport

FORMATS: Final = ("calm",)

_SUFFIXES: Final = (".json", ".yaml", ".yml")

EPILOG: Final = """\
\b
Example:
  $ bcsim import calm scenarios/traderx/architecture/calm-trading-system-1.2.json \\
      --decorator scenarios/traderx/durable-bus.decorator.json --out my-trading-system
  $ bcsim run my-trading-system/calm-trading-system-1.2.model.yaml \\
      my-trading-system/normal-day.scenario.yaml --no-report
"""


@click.command(epilog=EPILOG)
@click.argument("format", type=click.Choice(FORMATS))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--decorator",
    "decorators",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="CALM decorators of type bcsim-operating-model: what the architecture cannot know.",
)
@click.option(
    "--flow",
    "flows",
    multiple=True,
    metavar="ID",
    help="A flow that an order takes; several are joined in the order given.",
)
@click.option("--name", metavar="NAME", help="Name of the model's file; by default FILE's.")
@click.option("--strict", is_flag=True, help="Refuse a file that breaks CALM 1.2's JSON Schema.")
@click.option(
    "--fail-on-findings", is_flag=True, help="Exit code 1 if the architecture contradicts itself."
)
@click.option("--overwrite", is_flag=True, help="Replace the files of an earlier import.")
@out_option
@json_option
@quiet_option
def command(
    *,
    format: str,  # noqa: A002, ARG001 - there is one format so far
    file: Path,
    decorators: tuple[Path, ...],
    flows: tuple[str, ...],
    name: str | None,
    strict: bool,
    fail_on_findings: bool,
    overwrite: bool,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Turn an architecture into a model that runs, and say what it contradicts.

    FILE is a FINOS CALM architecture of any draft; what it refers to is looked for in its
    folder. With --out the folder gets NAME.model.yaml, scenarios, and what was found as
    findings.txt and findings.json; without, nothing is written. What the architecture does not
    say is assumed, and listed in the model.
    """
    from bcsim.model.importers.calm_import import import_calm

    result = import_calm(file, decorators=decorators, flows=flows, is_strict=strict)
    texts = _texts(result, name or _stem(file))
    written = [] if out is None else _write(out, texts, overwrite=overwrite)
    if as_json:
        click.echo(json.dumps(_document(result, written), indent=2, ensure_ascii=False))
    elif not quiet:
        _tell(result, out, written)
    has_contradiction = any(finding.sort == "contradiction" for finding in result.findings)
    return EXIT_FAIL if fail_on_findings and has_contradiction else EXIT_PASS


def _stem(file: Path) -> str:
    return file.name.removesuffix(file.suffix) if file.suffix in _SUFFIXES else file.name


def _texts(result: CalmImport, name: str) -> dict[str, str]:
    """File name -> content, of everything that an import writes."""
    from bcsim.model.importers.calm_report import import_document, import_text

    model = f"{name}.model.yaml"
    return {
        model: result.text,
        **_scenarios(result, model),
        "findings.txt": import_text(result),
        "findings.json": json.dumps(import_document(result), indent=2, ensure_ascii=False) + "\n",
    }


def _scenarios(result: CalmImport, model: str) -> dict[str, str]:
    """A normal day; and the death of whatever alone holds orders that were acknowledged."""
    from bcsim.scenario.starter import keeper_dies, normal_day, scenario_text

    route, names = result.basis.route, result.basis.names
    found = {"normal-day.scenario.yaml": scenario_text(normal_day(result.firm, model))}
    if route.keeper is not None and route.responder is not None:
        keeper, responder = names[route.keeper], names[route.responder]
        file = "bus-dies" if route.keeper == route.joint else f"{keeper}-dies"
        scenario = keeper_dies(result.firm, model, keeper, responder)
        found[f"{file}.scenario.yaml"] = scenario_text(scenario)
    return found


def _write(out: Path, texts: Mapping[str, str], *, overwrite: bool) -> list[Path]:
    """Write all files or none: every one under another name first.

    Raises
    ------
    UsageError
        A file is there already, and is not to be replaced.
    """
    taken = [name for name in texts if (out / name).exists()]
    if taken and not overwrite:
        raise UsageError(
            Problem(
                f"{out} already has {', '.join(taken)}",
                expected="another folder, or --overwrite",
                hint="nothing was written",
            )
        )
    out.mkdir(parents=True, exist_ok=True)
    parts = {out / name: out / f"{name}.part" for name in texts}
    for path, part in parts.items():
        part.write_text(texts[path.name], encoding="utf-8")
    for path, part in parts.items():
        part.replace(path)
    return list(parts)


def _document(result: CalmImport, written: list[Path]) -> dict[str, Any]:
    from bcsim.model.importers.calm_report import import_document

    warnings = [str(problem) for problem in result.warnings]
    return {
        **import_document(result),
        "warnings": warnings,
        "written": [str(path) for path in written],
    }


def _tell(result: CalmImport, out: Path | None, written: list[Path]) -> None:
    """Print what was found, and what to do next; warnings go to standard error."""
    from bcsim.model.importers.calm_report import import_text

    click.echo(import_text(result), nl=False)
    for problem in result.warnings:
        click.echo(str(problem), err=True)
    if out is None:
        click.echo("\nNothing was written; --out DIR writes the model and its scenarios.")
        return
    model, *scenarios = [path for path in written if path.suffix == ".yaml"]
    click.echo(f"\n{out}: {len(written)} files. Next:")
    for scenario in scenarios:
        click.echo(f"  bcsim run {model} {scenario}")
