"""Goal: the shipped broker is what its README says: complete, sourced and sensibly sized.

Method: load it; walk its YAML for sources; compute each component's load at the busiest hour.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import pytest
import yaml

from bcsim.model.loading import open_model
from bcsim.model.plan import ActionKind
from bcsim.scenario.loading import open_scenario
from bcsim.scenario.scenario import Family
from bcsim.units import NS_PER_DAY, NS_PER_S
from tests.repository import ROOT

if TYPE_CHECKING:
    from bcsim.model.demand import IntradayProfile
    from bcsim.model.firm import Firm
    from bcsim.model.journey import Step

FOLDER = ROOT / "scenarios" / "broker"
SCENARIOS = sorted(FOLDER.glob("*.scenario.yaml"))
MODEL_FILES = [FOLDER / "broker.model.yaml", *sorted((FOLDER / "model").glob("*.yaml"))]

UTILISATION_MAX = 0.9

IS_MAP_OF_ENTITIES = {
    *("sites", "components", "links", "channels", "segments", "products", "profiles", "demand"),
    *("controls", "journeys", "services", "teams", "people", "authorities", "reconciliations"),
    *("instruments", "actions", "signals"),
}
"""Sections whose entries are entities of their own: each says where its numbers come from."""


@cache
def broker():
    return open_model(FOLDER / "broker.model.yaml").value


@cache
def scenarios():
    return {path.name.split(".")[0]: open_scenario(path).value for path in SCENARIOS}


# -- validity and sources ----------------------------------------------------------------------


def test_model_is_valid():
    """Goal: `bcsim validate` finds one thing, and that on purpose. Method: load; list warnings."""
    loaded = open_model(FOLDER / "broker.model.yaml")
    assert [warning.message for warning in loaded.warnings] == [
        "alternate-office has too few seats for team ic-desk"
    ]
    assert set(loaded.files) == {path.resolve() for path in MODEL_FILES}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.name.split(".")[0])
def test_scenario_is_valid(path):
    """Goal: `bcsim validate` finds no error. Method: load each; warnings are listed whole."""
    assert [str(warning) for warning in open_scenario(path).warnings] == []


def unsourced(node, place=(), *, is_covered=False):
    """Places of entities without a source, and of numbers outside of every sourced entity."""
    found = []
    if isinstance(node, dict):
        is_entry = len(place) >= 2 and place[-2] in IS_MAP_OF_ENTITIES
        if is_entry and "source" not in node:
            found.append("/".join(map(str, place)))
        covered = is_covered or "source" in node
        for key, value in node.items():
            found += unsourced(value, (*place, key), is_covered=covered)
    elif isinstance(node, list):
        for number, value in enumerate(node):
            found += unsourced(value, (*place, number), is_covered=is_covered)
    elif not is_covered and is_number(node):
        found.append("/".join(map(str, place)))
    return found


def is_number(value):
    """Whether a leaf is a number or a quantity, such as ``5 ms`` or ``uniform 1 s..2 s``."""
    if isinstance(value, bool):
        return False
    is_quantity = isinstance(value, str) and re.search(r"(?<![\w/.-])\d+(\.\d+)? ?[a-z]", value)
    return isinstance(value, int | float) or bool(is_quantity)


TEXTS = {"name", "description", "assumptions", "format", "include", "rule", "note"}


@pytest.mark.parametrize("path", [*MODEL_FILES, *SCENARIOS], ids=lambda path: path.name)
def test_every_number_has_a_source(path):
    """Goal: no number of unknown origin. Method: walk the YAML; entities carry `source`."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert unsourced({key: value for key, value in data.items() if key not in TEXTS}) == []


def test_a_number_without_source_would_be_seen():
    """Goal: the test above can fail. Method: an entity and a quantity without a source."""
    data = {
        "components": {"a": {"servers": 2, "source": "x"}, "b": {"servers": 2}},
        "plan": {"duration": "5 min"},
    }
    assert unsourced(data) == ["components/b", "components/b/servers", "plan/duration"]


def sources_of(node):
    """All sources that a document gives."""
    if isinstance(node, list):
        return [source for value in node for source in sources_of(value)]
    if not isinstance(node, dict):
        return []
    own = [node["source"]] if "source" in node else []
    return own + [source for value in node.values() for source in sources_of(value)]


def test_some_numbers_are_facts():
    """Goal: the model is not assumption alone. Method: count what is cited with a year."""
    documents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in MODEL_FILES]
    cited = {s for s in sources_of(documents) if re.search(r"\b20\d\d\b", s)}
    assert len(cited) >= 8


# -- what the broker must have --------------------------------------------------------------------


def test_firm_has_what_its_scenarios_need():
    """Goal: the demanded firm. Method: the names of its parts, whole."""
    firm = broker()
    assert set(firm.channels) == {"mobile", "web", "phone", "fix", "house-desk"}
    assert firm.channels["phone"].records_voice
    assert set(firm.segments) == {"retail", "vulnerable", "high-net-worth", "institution", "house"}
    assert [name for name, segment in firm.segments.items() if segment.vulnerable] == ["vulnerable"]
    assert firm.priorities.index("client") < firm.priorities.index("house")
    assert set(firm.products) == {"equity", "fund"}
    assert set(firm.sites) == {"dc1", "dc2", "head-office", "alternate-office"}
    assert set(firm.teams) == {
        *("ic-desk", "trading-desk", "operations", "it-operations", "compliance", "complaints"),
    }
    assert {name for name, c in firm.components.items() if c.kind == "third-party"} == {
        *("cloud-provider", "set-exchange", "clearing-house", "fund-registrar"),
    }
    assert firm.components["oms"].store is not None
    assert firm.components["oms"].store.kind == "replicated"
    assert firm.components["oms"].store.lag > 0
    assert firm.plan is not None
    assert {action.kind for action in firm.plan.actions.values()} == set(ActionKind)
    assert {(r.left, r.right) for r in firm.reconciliations.values()} == {
        ("oms", "set-exchange"),
        ("set-exchange", "back-office"),
    }


def test_teams_have_their_servers():
    """Goal: two numbers for one thing agree. Method: headcount against servers."""
    firm = broker()
    assert {name: team.headcount for name, team in firm.teams.items()} == {
        name: firm.components[team.component].servers for name, team in firm.teams.items()
    }


def test_tolerances_are_in_order():
    """Goal: targets make sense. Method: rpo and rto against mtpd, for each service."""
    tolerances = [service.tolerance for service in broker().services.values()]
    assert len(tolerances) == 3
    assert all(t.rpo <= t.rto <= t.mtpd for t in tolerances)


def test_deciders_have_deputies():
    """Goal: no decision hangs on one person. Method: every authority names at least two."""
    assert min(len(a.decides) for a in broker().authorities.values()) >= 2


def test_day_has_its_orders():
    """Goal: 120 000 orders a day. Method: add up the demand."""
    assert sum(d.orders_per_day for d in broker().demand.values()) == 120_000


def test_all_families_are_covered():
    """Goal: the nine families of Delegated Regulation (EU) 2024/1774, article 26(2), and a
    normal day. Method: compare with the enumeration."""
    assert len(scenarios()) == 16
    assert {scenario.family for scenario in scenarios().values()} == set(Family)


def test_readme_lists_every_scenario():
    """Goal: the table in the README is true. Method: name, family and tag of each row."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| ([a-z-]+) \| ([a-z-]+) \|", text, re.MULTILINE)
    assert sorted(rows) == sorted(
        (name, scenario.family.value, scenario.tag) for name, scenario in scenarios().items()
    )


# -- load -----------------------------------------------------------------------------------------


def peak_per_s(profile: IntradayProfile, per_day: float) -> float:
    """Arrivals a second at the busiest time of the day."""
    points = [*((p.at, p.intensity) for p in profile.points), (NS_PER_DAY, 0.0)]
    pairs = list(itertools.pairwise(points))
    area_s = sum(weight * (end - start) for (start, weight), (end, _) in pairs) / NS_PER_S
    return per_day * max(weight for _, weight in points) / area_s


def work_of_step(step: Step) -> float:
    """Mean seconds that a server is busy with a step; a batch has a server of its own."""
    if step.batch is not None:
        return 0.0
    services = [leg.service for leg in step.legs] or [step.service]
    return sum(service.mean_ns for service in services) / NS_PER_S


def loads(firm: Firm) -> tuple[dict[str, float], dict[str, float]]:
    """Busy servers of each component, and services started a second, at the busiest time."""
    busy: dict[str, float] = defaultdict(float)
    starts: dict[str, float] = defaultdict(float)
    for demand in firm.demand.values():
        product = firm.products[demand.product]
        rate = peak_per_s(firm.profiles[demand.profile], demand.orders_per_day)
        holder = None
        for step in firm.journeys[demand.journey].steps:
            busy[step.component] += rate * work_of_step(step)
            starts[step.component] += rate
            if step.mode == "call" and holder is not None:
                busy[holder] += rate * work_of_step(step)
            else:
                holder = step.component
            if step.role == "execute":
                rate *= 1 + product.partial_fill * (product.fills - 1)
    for channel in firm.channels.values():
        if channel.desk is not None and channel.enquiry is not None:
            assert channel.enquiry_profile is not None
            rate = peak_per_s(firm.profiles[channel.enquiry_profile], channel.enquiries_per_day)
            busy[channel.desk] += rate * channel.enquiry.mean_ns / NS_PER_S
    return busy, starts


def test_nobody_is_overloaded_on_a_normal_day():
    """Goal: what goes wrong in a scenario is the scenario's doing. Method: utilisation at the
    busiest time of the day, below 0.9 everywhere; rate limits count too."""
    firm = broker()
    busy, starts = loads(firm)
    utilisation = {name: busy[name] / firm.components[name].servers for name in busy}
    limits = {name: c.rate_limit for name, c in firm.components.items() if c.rate_limit}
    utilisation |= {f"{name} (rate)": starts[name] / limit for name, limit in limits.items()}
    assert len(utilisation) > 12
    assert {n: round(u, 2) for n, u in utilisation.items() if u >= UTILISATION_MAX} == {}


def test_telephone_desk_has_little_to_spare():
    """Goal: the desk copes with the opening, and drowns in seven times the calls. Method: its
    utilisation as it is, and with enquiries times seven."""
    firm = broker()
    normal = loads(firm)[0]["ic-desk"] / firm.components["ic-desk"].servers
    many = {
        name: channel.replace(enquiries_per_day=channel.enquiries_per_day * 7)
        for name, channel in firm.channels.items()
    }
    surge = loads(firm.replace(channels=many))[0]["ic-desk"] / firm.components["ic-desk"].servers
    assert 0.65 <= normal <= 0.8
    assert surge > 1.1
