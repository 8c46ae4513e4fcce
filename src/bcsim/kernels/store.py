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
from contextlib import contextmanager, suppress
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
    """Cache of compiled kernels: the user's, or one of this user's among the temporary files.

    Where nothing at all can be kept, a new folder, in which everything is compiled anew.
    """
    for folder in _places():
        if _is_ours(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix="bcsim-kernels-"))


def _places() -> Iterator[Path]:
    """Where compiled code may be kept, the best place first."""
    if "NUMBA_CACHE_DIR" in os.environ:
        yield Path(os.environ["NUMBA_CACHE_DIR"])
    if "XDG_CACHE_HOME" in os.environ:
        yield Path(os.environ["XDG_CACHE_HOME"]) / "bcsim" / "kernels"
    with suppress(RuntimeError):  # a user without a home
        yield Path.home() / ".cache" / "bcsim" / "kernels"
    yield Path(tempfile.gettempdir()) / f"bcsim-kernels-{_user()}"


def _user() -> int:
    """Number of the user; systems without such numbers keep temporary files apart themselves."""
    return os.getuid() if hasattr(os, "getuid") else 0


def _is_ours(folder: Path) -> bool:
    """Whether a folder can be written, and is nobody else's: what lies in it will be run."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_own = not hasattr(os, "getuid") or folder.stat().st_uid == _user()
    except OSError:
        return False
    return is_own and os.access(folder, os.W_OK | os.X_OK)


def has_compiled_code() -> bool:
    """Whether this machine has compiled the kernel already."""
    return any(folder_of_state().rglob("*.nbi"))


def _forget_old(above: Path) -> None:
    """Remove the compiled code of former states, but for the latest few."""
    folders = sorted(above.glob("*/"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in folders[FOLDERS_KEPT + 1 :]:
        shutil.rmtree(folder, ignore_errors=True)
