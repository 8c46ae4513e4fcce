"""Goal: the engine that is sooner done does a run; what was asked for is never refused."""

from __future__ import annotations

import pytest

from bcsim.cli import options
from bcsim.engine import choice
from bcsim.engine.fast.flow import run_orders as fast
from bcsim.engine.reference.flow import run_orders as reference

MANY = 1_000_000


@pytest.fixture(params=[True, False], ids=["compiled", "not yet compiled"])
def is_compiled(request, monkeypatch):
    """A machine that has compiled the kernel, and one that has not."""
    monkeypatch.setattr(choice, "has_compiled_code", lambda: request.param)
    return request.param


def test_many_orders_are_for_the_fast_engine(is_compiled):
    """Goal: a large day is fast. Method: a million orders; a remark if it must be compiled."""
    remarks: list[str] = []
    assert choice.order_engine("fast", MANY, remarks.append) is fast
    assert len(remarks) == (0 if is_compiled else 1)


@pytest.mark.usefixtures("is_compiled")
def test_a_few_orders_are_sooner_done_by_the_reference_engine():
    """Goal: a small run does not wait for a compiler. Method: ten orders."""
    remarks: list[str] = []
    assert choice.order_engine("fast", 10, remarks.append) is reference
    assert remarks == []


def test_some_orders_depend_on_whether_the_kernel_is_compiled(is_compiled):
    """Goal: loading pays sooner than compiling. Method: two thousand orders."""
    assert choice.order_engine("fast", 2000) is (fast if is_compiled else reference)


@pytest.mark.usefixtures("is_compiled")
def test_the_reference_engine_can_be_asked_for():
    """Goal: it stays. Method: ask for it, with many orders."""
    assert choice.order_engine("reference", MANY) is reference


def test_the_command_line_offers_every_engine():
    """Goal: no engine is forgotten. Method: the option's choices, which load no engine."""
    assert options.ENGINES == choice.ENGINES
