"""Goal: an installed bcsim has everything that the checkout has, and nothing else.

Method: build the wheel as pip would, and compare its files with those under version control.
"""

from __future__ import annotations

import email
import subprocess
import sys
import zipfile

import pytest

import bcsim
from tests.repository import ROOT, name_of, tracked


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The opened wheel of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    (path,) = folder.iterdir()
    with zipfile.ZipFile(path) as opened:
        yield opened


def test_wheel_holds_the_package_and_the_scenarios(wheel):
    """Goal: templates, fonts, catalogues, scenarios, py.typed all ship. Method: compare names."""
    expected = set()
    for path in tracked():
        name = name_of(path)
        if name.startswith("src/"):
            expected.add(name.removeprefix("src/"))
        elif name.startswith("scenarios/"):
            expected.add(f"bcsim/_{name}")
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert "bcsim/py.typed" in packed
    assert packed == expected


def test_metadata(wheel):
    """Goal: installers and licence scanners read the truth. Method: parse METADATA."""
    folder = f"bcsim-{bcsim.__version__}.dist-info"
    metadata = email.message_from_bytes(wheel.read(f"{folder}/METADATA"))
    assert metadata["Name"] == "bcsim"
    assert metadata["Version"] == bcsim.__version__
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"
    assert wheel.read(f"{folder}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
    assert metadata.get_payload(decode=True) == (ROOT / "README.md").read_bytes()
    scripts = wheel.read(f"{folder}/entry_points.txt").decode()
    assert scripts == "[console_scripts]\nbcsim = bcsim.cli.app:main\n"


def test_wheel_runs_without_the_checkout(wheel, tmp_path):
    """Goal: nothing is found only because the checkout is near. Method: unpack it elsewhere."""
    wheel.extractall(tmp_path)
    code = (
        "import sys, bcsim.cli.app, bcsim.cli.templates as templates;"
        "print(templates.scenarios_folder());"
        "sys.exit(bcsim.cli.app.main(['--version']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    scenarios = tmp_path / "bcsim" / "_scenarios"
    expected = f"{scenarios}\nbcsim, version {bcsim.__version__}\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, expected, "")
