"""``bcsim check``: judge recorded histories and real logs; no simulator is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bcsim.cli.options import json_option, lang_option, quiet_option
from bcsim.limits import PROOFS_MAX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.checkers.judgement import Judgement
    from bcsim.cli.check_output import Outputs
    from bcsim.conduct.measure import Measures
    from bcsim.units import Lang

EPILOG = """\
\b
Example:
  $ bcsim run scenarios/templates/minimal/firm.model.yaml \\
      scenarios/templates/minimal/server-crash.scenario.yaml --expect --out run
  $ bcsim check --log run/history.parquet --proofs 3  # exit 3
"""

_FILE = click.Path(path_type=Path)
_TARGET = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(epilog=EPILOG)
@click.option(
    "--log",
    "logs",
    type=_FILE,
    multiple=True,
    metavar="FILE...",
    help="Log to judge: FIX, CSV, TSV, JSON Lines, Parquet, XLSX, OCEL, or a history; packed by"
    " gzip or not. Several are put together by time.",
)
@click.argument("more", type=_FILE, nargs=-1, metavar="[FILE]...")
@click.option(
    "--intent",
    "intents",
    type=_FILE,
    multiple=True,
    metavar="FILE",
    help="Table of what clients wished, one row an intent; times may be missing.",
)
@click.option(
    "--mapping",
    "mappings",
    type=_FILE,
    multiple=True,
    metavar="FILE",
    help="TOML file that says what the columns of a table, or the events of an OCEL log, hold.",
)
@click.option(
    "--suggest-mapping",
    is_flag=True,
    help="Judge nothing; propose a mapping for each table, to be checked by hand.",
)
@click.option(
    "--profile",
    type=_FILE,
    metavar="FILE",
    help="TOML file that says what the contract allows and promises, beside what the logs say;"
    " or JSON file that replaces all that they say about themselves.",
)
@click.option(
    "--vantage",
    "vantages",
    multiple=True,
    metavar="NAME=VANTAGE",
    help="Vantage point of a FIX log, by its file name or by a comp id in it.",
)
@click.option(
    "--on-damage",
    type=click.Choice(("skip", "fail")),
    default="skip",
    show_default=True,
    help="FIX messages with a wrong checksum or length: leave them out and say so, or refuse.",
)
@click.option(
    "--pseudonymise",
    type=_FILE,
    metavar="KEYFILE",
    help="Replace clients, accounts and free text by hashes under this key before any output.",
)
@click.option("--html", type=_TARGET, metavar="FILE", help="Write a report, English and Thai.")
@click.option("--junit", type=_TARGET, metavar="FILE", help="Write JUnit XML for a pipeline.")
@click.option("--verdicts", type=_TARGET, metavar="FILE", help="Write every verdict as Parquet.")
@click.option(
    "--out",
    type=_FOLDER,
    metavar="DIR",
    help="Folder for all of them: index.html, junit.xml, verdicts.parquet, history.parquet,"
    " judgement.json.",
)
@click.option(
    "--proofs",
    type=click.IntRange(0, PROOFS_MAX),
    default=1,
    show_default=True,
    metavar="N",
    help=f"Proofs to write for each finding, at most {PROOFS_MAX}.",
)
@json_option
@quiet_option
@lang_option
def command(
    *,
    logs: tuple[Path, ...],
    more: tuple[Path, ...],
    intents: tuple[Path, ...],
    mappings: tuple[Path, ...],
    suggest_mapping: bool,
    profile: Path | None,
    vantages: tuple[str, ...],
    on_damage: str,
    pseudonymise: Path | None,
    html: Path | None,
    junit: Path | None,
    verdicts: Path | None,
    out: Path | None,
    proofs: int,
    as_json: bool,
    quiet: bool,
    lang: Lang,
) -> int:
    """Judge every order of recorded histories or real logs, whoever recorded them.

    The exit code is the outcome: pass 0, fail 1, late only 3, unknown 4. Without a stream of
    intents, or where nobody was watched, the answer is unknown, never pass.
    """
    from bcsim.cli.check_input import Inputs, judge, propose_mappings
    from bcsim.cli.check_output import Outputs, Targets, write_outputs

    files = (*logs, *more)
    if suggest_mapping:
        click.echo(propose_mappings(files, intents), nl=False)
        return 0
    inputs = Inputs(files, intents, mappings, profile, vantages, on_damage, pseudonymise)
    targets = Targets(html, junit, verdicts, out)
    targets.refuse_losses(inputs.paths)
    judgement, reading = judge(inputs)
    outputs = Outputs(
        targets=targets,
        lang=lang,
        sources=files + intents,
        notes=reading.notes,
        history=reading.history,
        measured=_measured(judgement),
    )
    write_outputs(judgement, outputs, _document(judgement, outputs, proofs))
    if as_json:
        document = json.dumps(_document(judgement, outputs, proofs), indent=2, ensure_ascii=False)
        click.echo(document)
    else:
        _print(judgement, outputs, proofs, quiet=quiet)
    return judgement.outcome.exit_code


def _measured(judgement: Judgement) -> Mapping[str, Measures]:
    """What the log shows of the nine systems."""
    from bcsim.conduct.systems import measure_systems
    from bcsim.experiment.judged_day import logged_day

    return measure_systems(logged_day(judgement))


# -- presenting ------------------------------------------------------------------------------


def _document(judgement: Judgement, outputs: Outputs, proofs: int) -> dict[str, object]:
    """Return the judgement's document, with as many proofs of each finding as were asked for."""
    document = judgement.to_document()
    findings = document["findings"]
    assert isinstance(findings, list), "the document lists its findings"
    for finding in findings:
        if not proofs:
            del finding["proof"], finding["events"]
        elif proofs > 1:
            finding["proofs"] = [
                sentence for _, sentence in _proofs(judgement, finding["class"], proofs)
            ]
    document["systems"] = dict(outputs.measured)
    if outputs.notes:
        document["notes"] = list(outputs.notes)
    return document


def _proofs(judgement: Judgement, name: str, most: int) -> list[tuple[str, str]]:
    """Ids and proofs of a finding's first members; laws and services have no members."""
    return [] if ": " in name else judgement.proofs(name, most)


def _print(judgement: Judgement, outputs: Outputs, proofs: int, *, quiet: bool) -> None:
    from bcsim.cli.judgement import SENTENCES, print_judgement

    if quiet:
        click.echo(f"{judgement.outcome.value.upper()}: {SENTENCES[judgement.outcome]}.")
        return
    print_judgement(judgement, kind=judgement.whole.profile.kind)
    for flag, reason in judgement.unjudged.items():
        click.echo(f"not judged: {flag}, because {reason}")
    for finding in judgement.findings if proofs > 1 else ():
        members = _proofs(judgement, finding.name, proofs)
        if len(members) > 1:
            click.echo(f"\n{finding.name}, the first {len(members)}:")
            for _, sentence in members:
                click.echo(f"  {sentence}")
    for note in outputs.notes:
        click.echo(f"note: {note}")
    for path in outputs.paths():
        click.echo(f"written: {path}")
