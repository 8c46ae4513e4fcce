"""Executions of the cases, as they stand in the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bcsim.history.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bcsim.engine.aftermath.case import Case
    from bcsim.history.history import History

_TERMS = ("account", "instrument", "side", "qty", "price")


@dataclass(frozen=True, slots=True)
class Execution:
    """One economic execution at a venue."""

    account: str | None
    instrument: str | None
    side: str | None
    qty: int
    price: int


def executions_of(
    history: History, cases: Iterable[Case], venues: Iterable[str]
) -> Mapping[str, tuple[Execution, ...]]:
    """Executions by intent, in order of time: corrected ones as corrected, busted ones not."""
    intents = history.columns.text("intent_id")
    codes = intents.codes_of([case.intent for case in cases])
    kinds = (Kind.EXECUTE, Kind.BUST, Kind.CORRECT)
    asked = history.is_kind(*kinds) & np.isin(intents.codes, codes[codes >= 0])
    asked &= history.columns.text("component").is_in(*venues)
    found: dict[str, dict[str, Execution]] = {}
    for event in history.select(asked).rows():
        of_intent = found.setdefault(str(event["intent_id"]), {})
        if event["kind"] == Kind.BUST:
            of_intent.pop(str(event["ref"]), None)
        elif event["kind"] == Kind.CORRECT:
            _correct(of_intent, event)
        elif event["qty"] is not None and event["price"] is not None:
            terms: dict[str, Any] = {name: event[name] for name in _TERMS}
            of_intent.setdefault(str(event["exec_id"]), Execution(**terms))
    return {intent: tuple(executions.values()) for intent, executions in found.items()}


def _correct(executions: dict[str, Execution], event: Mapping[str, int | str | None]) -> None:
    before = executions.get(str(event["ref"]))
    if before is not None:
        stated: dict[str, Any] = {n: event[n] for n in _TERMS if event[n] is not None}
        executions[str(event["ref"])] = replace(before, **stated)
