"""``bcsim report``: a run folder becomes one HTML file in English and Thai."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bcsim.cli.options import lang_option, quiet_option

if TYPE_CHECKING:
    from bcsim.units import Lang

EPILOG = """\
\b
Example:
  $ bcsim run scenarios/templates/minimal/firm.model.yaml \\
      scenarios/templates/minimal/server-crash.scenario.yaml --out run --expect
  $ bcsim report run --lang th --out report-th.html
  report-th.html
"""


@click.command(epilog=EPILOG)
@click.argument("run", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR|FILE",
    help="A file that ends with .html, or a folder for index.html.  [default: RUN/report]",
)
@click.option(
    "--open",
    "opens",
    type=click.Choice(("yes", "no")),
    default="no",
    show_default=True,
    help="Open the report in the browser.",
)
@quiet_option
@lang_option
def command(*, run: Path, out: Path | None, opens: str, quiet: bool, lang: Lang) -> None:
    """Write the report of a run: one file, in English and Thai, that needs no network.

    RUN is a folder that `bcsim run` has written. The report holds the verdict, what happened,
    pictures with their numbers, the findings with their proofs, assumptions and provenance.
    Both languages are in the file; --lang chooses the one that is shown first.
    """
    from bcsim.report.html import write_report

    path = write_report(run, lang=lang, out=out)
    if not quiet:
        click.echo(path)
    if opens == "yes":
        click.launch(str(path))
