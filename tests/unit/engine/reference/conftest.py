"""Every story of this folder is told by both engines, and has to be the same word for word.

So what the tests state of the reference engine they state of its twin too.
"""

from __future__ import annotations

import pytest

from tests.twin.comparison import ENGINES
from tests.twin.narrow import narrow_kernel


@pytest.fixture(autouse=True, params=ENGINES)
def engine(request, monkeypatch):
    """Have stories told by one engine, then by the other."""
    monkeypatch.setattr("tests.unit.engine.story.run_orders", ENGINES[request.param])
    with narrow_kernel():
        yield
