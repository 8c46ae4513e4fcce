"""Goal: a scenario is held against a model: the one given, or the one that it names.

Method: the shipped minimal firm, copied and changed.
"""

from __future__ import annotations

import shutil

import pytest

from bcsim.cli.templates import scenarios_folder
from bcsim.errors import ModelError
from bcsim.model.loading import load_model
from bcsim.scenario.loading import load_scenario, open_scenario

EXPECTED = "expected model: the path of a model's file, from this file"


@pytest.fixture
def change(tmp_path, monkeypatch):
    """Copy the minimal firm to the current folder; return how to change its scenario."""
    shutil.copytree(scenarios_folder() / "templates" / "minimal", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)

    def call(before, after):
        path = tmp_path / "server-crash.scenario.yaml"
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")
        return path.name

    return call


def told(path, model=None, lang="en"):
    with pytest.raises(ModelError) as caught:
        load_scenario(path, model, lang)
    return [str(problem) for problem in caught.value.problems if problem.severity == "error"]


def test_the_model_that_it_names(change):
    """Goal: paths count from the scenario's folder. Method: load from elsewhere; count loads."""
    path = change("tag: within-plan", "tag: beyond-plan")
    asked = []

    def model_at(place, lang):
        asked.append((str(place), lang))
        return load_model(place, lang)

    loaded = open_scenario(path, model_at=model_at, lang="th")
    assert loaded.value == load_scenario(path)
    assert [disruption.id for disruption in loaded.value.disruptions] == ["crash"]
    assert asked == [("firm.model.yaml", "th")]
    assert [str(file) for file in loaded.files] == [path]


def test_a_model_that_is_given(change):
    """Goal: a variant of the model counts, not the file. Method: a component less, one renamed."""
    path = change("tag: within-plan", "tag: beyond-plan")
    firm = load_model("firm.model.yaml")
    crashed = firm.components["order-server"]
    renamed = firm.replace(components={"server": crashed, "exchange": firm.components["exchange"]})
    assert load_scenario(path, firm) == load_scenario(path)
    (line,) = told(path, renamed)
    assert line.startswith(f"{path}:15:53: error: unknown component or site ")


def test_no_model(change):
    """Goal: a scenario by itself says what it lacks. Method: without the key; with a model."""
    path = change("model: firm.model.yaml\n", "")
    assert told(path) == [f"{path}:3:1: error: the scenario names no model; {EXPECTED}"]
    assert load_scenario(path, load_model("firm.model.yaml")).model is None


def test_a_model_that_is_not_there(change):
    """Goal: the missing file is named. Method: a wrong path."""
    path = change("model: firm", "model: frim")
    assert told(path) == [f"{path}:4:8: error: no such file (got 'frim.model.yaml'); {EXPECTED}"]
