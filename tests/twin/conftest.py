"""What tests of this folder share: a kernel that has little room."""

from __future__ import annotations

import pytest

from tests.twin.narrow import narrow_kernel


@pytest.fixture(scope="module")
def little_room():
    """Have the kernel outgrow its room in every case."""
    with narrow_kernel():
        yield
