"""Goal: DuckDB stays silent and interruptible. Method: processes of their own, as users have."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bcsim.history import parquet

SOURCE = Path(parquet.__file__).parents[2]

LONG_QUERY = "select sum(sin(range)) from range(4000000000)"

INTERRUPTED = f"""
import os, signal, sys, threading
from pathlib import Path
from bcsim.history import history, parquet, profile, writer
path = Path(sys.argv[1])
threading.Timer(float(sys.argv[2]), lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    if path.name == "sql":
        writer.MemoryRecorder(profile.Profile()).history().sql("{LONG_QUERY}")
    with parquet.file_errors(path, "write"):
        parquet.write(parquet.connect(1), "{LONG_QUERY}", path, "compression zstd")
except KeyboardInterrupt:
    print("interrupted")
"""


def run(script, *arguments):
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize("name", ["sql", "copy"])
def test_ctrl_c_is_a_keyboard_interrupt(tmp_path, name):
    """Goal: Ctrl-C ends a command as such. Method: SIGINT into a query of many minutes."""
    assert run(INTERRUPTED, str(tmp_path / name), "0.5") == b"interrupted\n"


def test_no_progress_bar(tmp_path):
    """Goal: standard output belongs to results. Method: a query longer than DuckDB's patience.

    DuckDB would show a bar after two seconds.
    """
    assert run(INTERRUPTED, str(tmp_path / "copy"), "3.5") == b"interrupted\n"


def test_errors_keep_their_cause(tmp_path):
    """Goal: a bug is not taken for a bad file. Method: errors through ``file_errors``."""
    with pytest.raises(RuntimeError, match="a bug"), parquet.file_errors(tmp_path, "read"):
        raise RuntimeError("a bug")
