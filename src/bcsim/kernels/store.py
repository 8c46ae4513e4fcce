"""Where compiled code is kept, so that a machine compiles once.

Numba looks only at the file of an entry point to see whether its compiled code is still good; a
kernel is made of many files. So each state of the sources has a folder of its own, in the user's
cache.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bcsim import limits, streams

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDERS_KEPT: Final = 3
"""States of the sources whose compiled code is kept beside the present one."""


@contextmanager
def kept() -> Iterator[None]:
    """Have Numba keep what is marked for compilation meanwhile in this state's folder."""
    from numba.core import config  # noqa: PLC0415 - asking what is kept needs no compiler

    before = config.CACHE_DIR  # type: ignore[attr-defined]
    config.CACHE_DIR = str(folder_of_state())  # type: ignore[attr-defined]
    try:
        yield
    finally:
        config.CACHE_DIR = before  # type: ignore[attr-defined]


@cache
def folder_of_state() -> Path:
    """Folder of the compiled code of the sources as they are."""
    above = cache_folder()
    _forget_old(above)
    return above / fingerprint()


def fingerprint() -> str:
    """What the compiled code depends on, in a word: all sources, Numba and Python."""
    digest = hashlib.sha256(f"{version('numba')} {sys.version}".encode())
    folders = (Path(__file__).parent, Path(streams.__file__).parent)
    files = [path for folder in folders for path in sorted(folder.glob("*.py"))]
    for path in [*files, Path(limits.__file__)]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Cache of compiled kernels: the user's, or a temporary one where nothing can be kept."""
    if "NUMBA_CACHE_DIR" in os.environ:
        return Path(os.environ["NUMBA_CACHE_DIR"])
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "bcsim" / "kernels"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.gettempdir()) / "bcsim-kernels"
    return folder


def has_compiled_code() -> bool:
    """Whether this machine has compiled the kernel already."""
    return any(folder_of_state().rglob("*.nbi"))


def _forget_old(above: Path) -> None:
    """Remove the compiled code of former states, but for the latest few."""
    folders = sorted(above.glob("*/"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in folders[FOLDERS_KEPT + 1 :]:
        shutil.rmtree(folder, ignore_errors=True)
