"""The repository as tests see it: where it is, and which files it holds."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@cache
def tracked() -> tuple[Path, ...]:
    """Files that are committed, or would be: known to git and not ignored."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    names = sorted(name for name in listed.stdout.split("\0") if name)
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def name_of(path: Path) -> str:
    """Path of a file within the repository, with slashes."""
    return path.relative_to(ROOT).as_posix()
