"""Shipped rules for tests, with the kind that a test is about."""

from __future__ import annotations

from typing import TypeVar

from bcsim.model.regime import regime_names
from bcsim.model.regime_file import load_regime

_Kind = TypeVar("_Kind")


def rule_of(regime: str, name: str, kind: type[_Kind]) -> _Kind:
    """One rule, which is of a kind."""
    rule = load_regime(regime).rules[name]
    assert isinstance(rule, kind)
    return rule


def all_of(kind: type[_Kind]) -> list[tuple[str, str, _Kind]]:
    """Every rule of a kind with the names of its regime and of itself."""
    return [
        (regime, name, rule)
        for regime in regime_names()
        for name, rule in load_regime(regime).rules.items()
        if isinstance(rule, kind)
    ]
