"""Goal: what CI proves is what a reader of README.md can repeat, from pinned packages.

Method: read .ci/run, README.md, CONTRIBUTING.md and requirements.lock as text.
"""

from __future__ import annotations

import os
import re

from tests.repository import ROOT


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_readme_gives_the_test_command_of_ci():
    """Goal: one test command. Method: take it from .ci/run, look for it in both documents."""
    found = re.search(r"^test_command=\((.+)\)$", text_of(".ci/run"), flags=re.MULTILINE)
    assert found, ".ci/run has no line test_command=(...)"
    missing = [page for page in ("README.md", "CONTRIBUTING.md") if found[1] not in text_of(page)]
    assert missing == [], f"{found[1]!r} is not in {missing}"


def test_every_test_decides():
    """Goal: the default tests and the long ones can fail CI, and neither can outlast it.

    Method: the lines of ``.ci/run`` that call pytest; caps of 27 minutes in all leave 3 of half an
    hour to installation and the other checks, which take 1. Drills may fail once, which is rare.
    """
    lines = [line.split(" #")[0] for line in text_of(".ci/run").splitlines()]
    calls = [line for line in lines if "pytest" in line or "test_command" in line]
    assert calls == [
        "check timeout --kill-after=30s 10m python -m pytest -n auto -m long",
        "drills=(timeout --kill-after=30s 3m python -m pytest -n auto -m drill)",
        "test_command=(python -m pytest -n auto)",
        'echo "== ${test_command[*]}"',
        'timeout --kill-after=30s 14m "${test_command[@]}" || failed+=("${test_command[*]}")',
    ]
    assert lines[-1] == '[ "${#failed[@]}" -eq 0 ]'


def test_ci_can_be_started():
    """Goal: ``.ci/run`` runs as it is. Method: its mode bits."""
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_lock_file_pins_hashes_and_names_no_place():
    """Goal: any registry serves the lock file, none can alter it. Method: look at every line."""
    lines = [line.strip() for line in text_of("requirements.lock").splitlines()]
    requirements = [line for line in lines if line and not line.startswith(("#", "--hash="))]
    loose = [line for line in requirements if not re.match(r"[a-z0-9-]+==\S+( ;.+)? \\$", line)]
    assert requirements
    assert loose == []
    hashes = [line for line in lines if line.startswith("--hash=sha256:")]
    assert len(hashes) >= len(requirements)
    assert [line for line in lines if "://" in line or "@" in line] == []
