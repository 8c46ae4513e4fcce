"""``bcsim init``: starter files that run at once, copied from the scenarios that ship."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from bcsim.cli.options import quiet_option
from bcsim.cli.templates import scenarios_folder
from bcsim.errors import Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Template(NamedTuple):
    """What a template copies, and the files that its user looks at first."""

    folder: str
    model: str
    scenario: str


TEMPLATES: Final[dict[str, Template]] = {
    "broker": Template("broker", "broker.model.yaml", "dc-loss.scenario.yaml"),
    "fund-distributor": Template(
        "fund-distributor",
        "fund-distributor.model.yaml",
        "registrar-file-late.scenario.yaml",
    ),
    "bank-payments": Template(
        "bank-payments",
        "bank-payments.model.yaml",
        "hub-failover-old-copy.scenario.yaml",
    ),
    "minimal": Template("templates/minimal", "firm.model.yaml", "server-crash.scenario.yaml"),
}
"""Name -> template, the default first; folders are below the shipped ``scenarios/``."""


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--template",
    type=click.Choice(tuple(TEMPLATES)),
    default=next(iter(TEMPLATES)),
    show_default=True,
    help="broker: a securities broker, sixteen scenarios; fund-distributor: subscriptions and "
    "redemptions, eight; bank-payments: payment orders, nine; minimal: one page to start from.",
)
@quiet_option
def command(folder: Path, *, template: str, quiet: bool) -> None:
    """Write a commented model, a continuity plan and scenarios that run at once.

    DIR is made if it does not exist; one that holds anything is left alone.

    \b
    Example:
      $ bcsim init my-firm --template minimal
      $ bcsim validate my-firm/firm.model.yaml my-firm/server-crash.scenario.yaml
    """
    chosen = TEMPLATES[template]
    source = scenarios_folder() / chosen.folder
    names = starter_files(source)
    _refuse_unless_free(folder)
    try:
        write_files(source, names, folder)
    except OSError as error:
        raise UsageError(f"cannot write {folder}: {error.strerror}") from error
    if not quiet:
        _tell(folder, names, chosen)


def starter_files(source: Path) -> tuple[Path, ...]:
    """Names of a template's files, relative to its folder, sorted."""
    files = (path.relative_to(source) for path in source.rglob("*") if path.is_file())
    return tuple(sorted(name for name in files if not any(p.startswith(".") for p in name.parts)))


def _refuse_unless_free(folder: Path) -> None:
    """Raise UsageError if the folder is a file or holds anything."""
    is_taken = folder.is_file() or (folder.is_dir() and any(folder.iterdir()))
    if is_taken:
        what = "a file" if folder.is_file() else "a folder that is not empty"
        raise UsageError(
            Problem(
                f"{folder} is {what}",
                expected="an empty folder, or a name that is free",
                hint="nothing was written; name another folder",
            )
        )


def write_files(source: Path, names: Sequence[Path], folder: Path) -> None:
    """Copy files into a folder that is complete or untouched: copies come before renames.

    An empty folder is kept, not replaced: it may be somebody's working directory.

    Raises
    ------
    OSError
        Something cannot be written; then the folder is as it was.
    """
    is_there = folder.is_dir()
    home = folder if is_there else folder.parent
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".bcsim-init-", dir=home) as staging:
        complete = Path(staging) / "complete"
        for name in names:
            target = complete / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, target)
        if is_there:
            for part in sorted(complete.iterdir()):
                part.rename(folder / part.name)
        else:
            complete.rename(folder)


def _tell(folder: Path, names: Sequence[Path], template: Template) -> None:
    model, scenario = folder / template.model, folder / template.scenario
    scenarios = sum(name.name.endswith(".scenario.yaml") for name in names)
    click.echo(
        f"{folder}: {len(names)} files, {scenarios} of them "
        f"{'a scenario' if scenarios == 1 else 'scenarios'}\n"
        "Next:\n"
        f"  bcsim validate {model} {scenario}\n"
        f"  bcsim run {model} {scenario}\n"
        f"Then edit {model}: replace every `source: assumption` by a number of your own."
    )
