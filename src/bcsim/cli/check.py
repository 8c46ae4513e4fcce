"""``bcsim check``: judge recorded histories; no simulator is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bcsim.cli.options import json_option, quiet_option
from bcsim.limits import PROOFS_MAX

if TYPE_CHECKING:
    from bcsim.checkers.judgement import Judgement
    from bcsim.history.history import History
    from bcsim.history.profile import Profile

EPILOG = """\
\b
Example:
  $ bcsim run scenarios/templates/minimal/firm.model.yaml \\
      scenarios/templates/minimal/server-crash.scenario.yaml --expect --out run
  $ bcsim check --log run/history.parquet --proofs 3  # exit 3
"""

_PARQUET_MAGIC = b"PAR1"


@click.command(epilog=EPILOG)
@click.option(
    "--log",
    "logs",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    metavar="FILE...",
    help="History to judge, Parquet or JSON Lines; several are put together by time.",
)
@click.argument("more", type=click.Path(path_type=Path), nargs=-1, metavar="[FILE]...")
@click.option(
    "--profile",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="JSON file that says what the log covers and promises, instead of its own profile.",
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
def command(
    *,
    logs: tuple[Path, ...],
    more: tuple[Path, ...],
    profile: Path | None,
    proofs: int,
    as_json: bool,
    quiet: bool,
) -> int:
    """Judge every order of a recorded history, whoever recorded it.

    The exit code is the outcome: pass 0, fail 1, late only 3, unknown 4. Without a stream of
    intents, or where nobody was watched, the answer is unknown, never pass.
    """
    from bcsim.checkers.judge import check

    judgement = check(_read((*logs, *more), profile))
    if as_json:
        document = json.dumps(_document(judgement, proofs), indent=2, ensure_ascii=False)
        click.echo(document)
    else:
        _print(judgement, proofs, quiet=quiet)
    return judgement.outcome.exit_code


# -- reading ---------------------------------------------------------------------------------


def _read(files: tuple[Path, ...], profile_file: Path | None) -> History:
    from bcsim.history.join import join

    profile = None if profile_file is None else _read_profile(profile_file)
    return join([_read_one(file) for file in files], profile)


def _read_one(file: Path) -> History:
    """Read a history by what is in the file, whatever its name."""
    from bcsim.errors import HistoryError, Problem
    from bcsim.history.jsonl import from_jsonl
    from bcsim.history.reader import read_history

    try:
        with file.open("rb") as stream:
            begin = stream.read(len(_PARQUET_MAGIC))
        if begin == _PARQUET_MAGIC:
            return read_history(file)
        with file.open(encoding="utf-8") as text:
            return from_jsonl(text)
    except OSError as error:
        hint = "check the path, from the folder that you are in"
        raise HistoryError(Problem(_words_of(error), str(file), hint=hint)) from error


def _read_profile(file: Path) -> Profile:
    from bcsim.errors import HistoryError, Problem
    from bcsim.history.profile import Profile

    try:
        return Profile.from_json(file.read_text(encoding="utf-8"), str(file))
    except OSError as error:
        raise HistoryError(Problem(_words_of(error), str(file))) from error
    except UnicodeDecodeError as error:
        raise HistoryError(Problem("the profile is not UTF-8", str(file))) from error


def _words_of(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


# -- presenting ------------------------------------------------------------------------------


def _document(judgement: Judgement, proofs: int) -> dict[str, Any]:
    """Return the judgement's document, with as many proofs of each finding as were asked for."""
    document: dict[str, Any] = judgement.to_document()
    for finding in document["findings"]:
        if not proofs:
            del finding["proof"], finding["events"]
        elif proofs > 1:
            finding["proofs"] = [
                sentence for _, sentence in _proofs(judgement, finding["class"], proofs)
            ]
    return document


def _proofs(judgement: Judgement, name: str, most: int) -> list[tuple[str, str]]:
    """Ids and proofs of a finding's first members; laws and services have no members."""
    return [] if ": " in name else judgement.proofs(name, most)


def _print(judgement: Judgement, proofs: int, *, quiet: bool) -> None:
    from bcsim.cli.judgement import SENTENCES, print_judgement

    if quiet:
        click.echo(f"{judgement.outcome.value.upper()}: {SENTENCES[judgement.outcome]}.")
        return
    print_judgement(judgement, kind=judgement.facts.record.profile.kind)
    for flag, reason in judgement.unjudged.items():
        click.echo(f"not judged: {flag}, because {reason}")
    for finding in judgement.findings if proofs > 1 else ():
        members = _proofs(judgement, finding.name, proofs)
        if len(members) > 1:
            click.echo(f"\n{finding.name}, the first {len(members)}:")
            for _, sentence in members:
                click.echo(f"  {sentence}")
