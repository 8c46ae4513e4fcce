"""``bcsim warmup``: compile the fast engine before it is needed."""

from __future__ import annotations

import click

EPILOG = """\
\b
Example:
  $ bcsim warmup
"""


@click.command(epilog=EPILOG)
def command() -> None:
    """Compile the fast engine now, so that no run has to wait for it.

    It takes about a minute, once for each user and version; a second call takes a second. What
    is compiled is kept in the user's cache, or in the folder that NUMBA_CACHE_DIR names. Nothing
    else depends on it: without it, the first large run compiles.
    """
    from bcsim.engine.choice import warm_up

    folder = warm_up(lambda sentence: click.echo(f"bcsim: {sentence}", err=True))
    click.echo(f"The fast engine is compiled, and kept in {folder}")
