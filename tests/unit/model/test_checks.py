"""Goal: the checks as a whole: a sound model passes, any dangling reference is found.

Method: the test broker; every text in it that refers to something is replaced in turn.
"""

from __future__ import annotations

from types import ModuleType

import pytest

from bcsim.model import checks
from bcsim.model.checks import CHECKS
from tests.brokerage import broker, brokerage, found


def test_sound_model():
    """Goal: few remarks on a sound model. Method: all findings on the test broker.

    Its order system and that system's standby share a database, which tests of the graph need.
    """
    path = ("components", "oms", "standby", "site")
    assert found(brokerage()) == [("warning", path, "oms and its standby fall together")]


def test_every_check_is_in_the_list_once():
    """Goal: no check is forgotten or doubled. Method: compare with the rules' public functions."""
    modules = [m for m in vars(checks).values() if isinstance(m, ModuleType)]
    assert len(modules) > 10
    public = {
        function
        for module in modules
        for function in vars(module).values()
        if callable(function)
        and getattr(function, "__module__", "") == module.__name__
        and not function.__name__.startswith("_")
        and list(function.__annotations__) == ["firm", "return"]
        and function.__annotations__["return"] == "Iterator[Finding]"
    }
    assert len(CHECKS) == len(set(CHECKS))
    assert set(CHECKS) == public


def places(node, path=()):
    """Every text in a model's data, with its path."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from places(value, (*path, key))
    elif isinstance(node, list):
        for position, value in enumerate(node):
            yield from places(value, (*path, position))
    elif isinstance(node, str):
        yield path, node


def put(data, path, value):
    *above, last = path
    for key in above:
        data = data[key]
    data[last] = value


def references():
    """Paths of texts that name an entry of the model, but are not its own name or a text."""
    data = brokerage()
    sections = [v for v in data.values() if isinstance(v, dict)] + [data["plan"]["actions"]]
    names = {name for section in sections for name in section} | set(data["links"])
    plain = {"name", "role", "kind", "id", "mode", "decision", "vantage"}
    for path, text in places(data):
        is_name = text in names and path[0] not in {"name", "format", "call_tree"}
        if is_name and not plain & {key for key in path[-1:] if isinstance(key, str)}:
            yield path


@pytest.mark.parametrize("path", list(references()), ids=lambda path: ".".join(map(str, path)))
def test_dangling_reference(path):
    """Goal: every reference is checked, and no check trips over one. Method: misspell it."""
    data = brokerage()
    put(data, path, "no-such-thing")
    errors = [finding for finding in found(data) if finding[0] == "error"]
    assert [place for _, place, _ in errors if place == path], errors


def test_there_are_references():
    """Goal: the test above tests something. Method: count, and name some."""
    paths = list(references())
    assert len(paths) > 60
    assert ("journeys", "app-order", "steps", 1, "fallback", "skips", 0) in paths
    assert ("plan", "actions", "paper", "when", 0, "detected") in paths


def test_nearest_name():
    """Goal: a misspelt name is recognised. Method: one letter too many."""
    data = brokerage()
    data["components"]["ledger"]["site"] = "dc22"
    [finding] = [f for check in CHECKS for f in check(broker(data)) if f.severity == "error"]
    assert (finding.message, finding.value) == ("unknown site", "'dc22'")
    assert (finding.expected, finding.hint) == ("one of dc1, dc2, office", "did you mean 'dc2'?")
