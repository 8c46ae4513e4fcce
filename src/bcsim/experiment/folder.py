"""Run folders: written beside their place, and put into it when they are whole."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bcsim.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

RUN_MARK = "manifest.json"
"""A folder that holds this file is a run's, and may be replaced by a newer run."""


@contextmanager
def staged_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write to; on leaving normally it becomes ``folder``.

    An older run in its place is replaced. Leaving by an exception leaves nothing behind.

    Raises
    ------
    bcsim.errors.InputError
        The place is taken by something that is not a run.
    """
    if folder.exists() and not _is_replaceable(folder):
        raise InputError(
            Problem(
                "the folder is not empty and holds no run",
                file=str(folder),
                expected="a new or empty folder, or one that a run has written",
                hint="choose another --out",
            )
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield staging
        if folder.exists():
            shutil.rmtree(folder)
        staging.chmod(0o755)
        staging.rename(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _is_replaceable(folder: Path) -> bool:
    return folder.is_dir() and ((folder / RUN_MARK).is_file() or not any(folder.iterdir()))
