"""The run that the tests of reports tell about, recorded once a session."""

from __future__ import annotations

import pytest

from tests.recorded_run import record, told


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A run folder; tests leave it as it is."""
    return record(tmp_path_factory.mktemp("runs") / "run")


@pytest.fixture(scope="session")
def account(folder):
    """What a report tells of that run."""
    return told(folder)
