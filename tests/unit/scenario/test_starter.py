"""Goal: starter scenarios fit the model that they are made for, and expect what it will do.

Method: the minimal template's firm, as it is and with a volatile store; texts are read back.
"""

from __future__ import annotations

import pytest

from bcsim.cli.templates import scenarios_folder
from bcsim.model.component import Store
from bcsim.model.loading import load_model
from bcsim.scenario.loading import load_scenario
from bcsim.scenario.starter import keeper_dies, normal_day, orders_in_window, scenario_text
from bcsim.units import NS_PER_H, NS_PER_MIN

MODEL = "firm.model.yaml"


@pytest.fixture
def firm():
    return load_model(scenarios_folder() / "templates" / "minimal" / MODEL)


def test_the_minimal_firm_fits_a_screen():
    """Goal: a beginner reads it in a minute. Method: lines, their length, and comments."""
    text = (scenarios_folder() / "templates" / "minimal" / MODEL).read_text(encoding="utf-8")
    assert text.count("\n") <= 45
    assert max(map(len, text.splitlines())) <= 100
    assert sum("  # " in line for line in text.splitlines()) >= 6


def with_store(firm, kind):
    server = firm.components["order-server"].replace(store=Store(kind=kind), standby=None)
    return firm.replace(components={**firm.components, "order-server": server}, plan=None)


def test_a_normal_day_disrupts_nothing(firm):
    """Goal: ten minutes after the first half hour, expected to pass. Method: all that matters."""
    scenario = normal_day(firm, MODEL)
    assert (scenario.model, scenario.disruptions) == (MODEL, ())
    assert (scenario.window.start, scenario.window.end) == (
        10 * NS_PER_H + 30 * NS_PER_MIN,
        10 * NS_PER_H + 40 * NS_PER_MIN,
    )
    assert scenario.expect.outcome == "pass"


@pytest.mark.parametrize(
    ("kind", "outcome", "least", "most"),
    [("volatile", "fail", 1, None), ("durable", "late only", 0, 0)],
)
def test_a_keeper_dies_with_what_it_forgets(firm, kind, outcome, least, most):
    """Goal: what is expected follows from the store. Method: both kinds of store."""
    scenario = keeper_dies(with_store(firm, kind), MODEL, "order-server", "exchange")
    (crash,) = scenario.disruptions
    assert crash.kind == "crash"
    assert crash.on is not None
    assert (crash.targets, crash.lasts) == (("order-server",), 3 * NS_PER_MIN)
    # 5000 orders over 6.5 h are 128.2 in ten minutes; a quarter of them is 32.
    assert (crash.on.event, crash.on.component, crash.on.count) == ("acknowledge", "exchange", 32)
    assert scenario.expect.outcome == outcome
    lost = scenario.expect.orders["lost"]
    assert (lost.at_least, lost.at_most) == (least, most)


def test_orders_in_the_window_follow_the_profile(firm):
    """Goal: the trigger comes within the window. Method: a flat profile, by hand."""
    assert orders_in_window(firm) == pytest.approx(5000 * 10 / 390)


def test_texts_read_back(firm, tmp_path):
    """Goal: what is written is what was made. Method: read each text as a file."""
    path = tmp_path / "x.scenario.yaml"
    for scenario in (
        normal_day(firm, MODEL),
        keeper_dies(with_store(firm, "volatile"), MODEL, "order-server", "order-server"),
    ):
        path.write_text(scenario_text(scenario), encoding="utf-8")
        assert load_scenario(path, firm) == scenario
