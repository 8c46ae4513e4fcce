"""Goal: the fund distributor and the bank are what their READMEs say: valid, sourced, sized.

Method: as for the broker in test_broker_model.py, whose walkers are used.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from bcsim.model.loading import open_model
from bcsim.scenario.loading import open_scenario
from tests.scenario.shipped_firm import folder_of, model, model_files, scenario, scenario_names
from tests.unit.test_broker_model import TEXTS, UTILISATION_MAX, loads, sources_of, unsourced

FIRMS = {"bank-payments": 20_000, "fund-distributor": 8_000}
"""Name -> orders a day."""

each_firm = pytest.mark.parametrize("firm", FIRMS)


@each_firm
def test_all_files_are_valid_without_a_warning(firm):
    """Goal: `bcsim validate` is silent. Method: open the model and each scenario."""
    loaded = open_model(folder_of(firm) / f"{firm}.model.yaml")
    warnings = [*loaded.warnings]
    for name in scenario_names(firm):
        warnings += open_scenario(folder_of(firm) / f"{name}.scenario.yaml").warnings
    assert [str(warning) for warning in warnings] == []
    assert set(loaded.files) == {path.resolve() for path in model_files(firm)}


@each_firm
def test_every_number_has_a_source(firm):
    """Goal: no number of unknown origin. Method: walk the YAML; entities carry `source`."""
    scenarios = sorted(folder_of(firm).glob("*.scenario.yaml"))
    for path in [*model_files(firm), *scenarios]:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert unsourced({key: value for key, value in data.items() if key not in TEXTS}) == []


@each_firm
def test_some_numbers_are_facts(firm):
    """Goal: the model is not assumption alone. Method: count what is cited with a year."""
    documents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in model_files(firm)]
    cited = {s for s in sources_of(documents) if re.search(r"\b20\d\d\b", s)}
    assert len(cited) >= 4


@each_firm
def test_everything_has_a_name_in_both_languages(firm):
    """Goal: a report in Thai. Method: every name of the model, and every scenario's."""
    named: list[Any] = [model(firm), *(scenario(firm, name) for name in scenario_names(firm))]
    for section in ("sites", "components", "channels", "segments", "products", "journeys"):
        named += getattr(model(firm), section).values()
    assert [thing.name.en for thing in named if thing.name.th in {None, thing.name.en}] == []


@each_firm
def test_teams_have_their_servers_and_deciders_their_deputies(firm):
    """Goal: a plan that can be carried out. Method: headcount and servers; at least two decide."""
    shipped = model(firm)
    assert {name: team.headcount for name, team in shipped.teams.items()} == {
        name: shipped.components[team.component].servers for name, team in shipped.teams.items()
    }
    assert min(len(a.decides) for a in shipped.authorities.values()) >= 2


@each_firm
def test_day_has_its_orders(firm):
    """Goal: a modest size. Method: add up the demand."""
    assert sum(d.orders_per_day for d in model(firm).demand.values()) == FIRMS[firm]


@each_firm
def test_nobody_is_overloaded_on_a_normal_day(firm):
    """Goal: what goes wrong in a scenario is its doing. Method: utilisation at the peak."""
    busy, _ = loads(model(firm))
    components = model(firm).components
    utilisation = {name: busy[name] / components[name].servers for name in busy}
    assert len(utilisation) > 10
    assert {n: round(u, 2) for n, u in utilisation.items() if u >= UTILISATION_MAX} == {}


@each_firm
def test_readme_lists_every_scenario(firm):
    """Goal: the table in the README is true. Method: name, family and tag of each row."""
    text = (folder_of(firm) / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| ([a-z-]+) \| ([a-z-]+) \|", text, re.MULTILINE)
    shipped = {name: scenario(firm, name) for name in scenario_names(firm)}
    assert sorted(rows) == [(name, s.family.value, s.tag) for name, s in shipped.items()]
    assert len({s.family for s in shipped.values()}) >= 5
