"""Goal: the example scenarios are found in a wheel and in a checkout.

Method: made-up installations in a temporary folder.
"""

from __future__ import annotations

import pytest

import bcsim
from bcsim.cli.templates import scenarios_folder
from bcsim.errors import InternalError


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A folder that bcsim believes to be its package."""
    folder = tmp_path / "src" / "bcsim"
    folder.mkdir(parents=True)
    monkeypatch.setattr(bcsim, "__file__", str(folder / "__init__.py"))
    return folder


@pytest.mark.usefixtures("package")
def test_in_a_checkout(tmp_path):
    """Goal: an editable installation uses scenarios/. Method: only that folder exists."""
    (tmp_path / "scenarios").mkdir()
    assert scenarios_folder() == tmp_path / "scenarios"


def test_in_a_wheel(package, tmp_path):
    """Goal: what was installed wins. Method: both folders exist."""
    (tmp_path / "scenarios").mkdir()
    (package / "_scenarios").mkdir()
    assert scenarios_folder() == package / "_scenarios"


@pytest.mark.usefixtures("package")
def test_nowhere():
    """Goal: a damaged installation says where it looked. Method: neither folder exists."""
    with pytest.raises(InternalError, match=r"looked in .*_scenarios and .*scenarios"):
        scenarios_folder()
