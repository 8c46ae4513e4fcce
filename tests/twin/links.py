"""Links of the firms of tests/twin/firms.py by which trouble comes: pairs, and shared profiles."""

from __future__ import annotations

from typing import Final

PAIRS: Final = (
    "gateway -> venue",
    "venue -> gateway",
    "front -> oms",
    "oms -> front",
    "oms -> risk",
    "risk -> oms",
    "oms -> gateway",
    "gateway -> oms",
    "oms -> ledger",
    "ledger -> oms",
    "dealer -> pool",
    "pool -> dealer",
    "pool -> gateway",
    "gateway -> pool",
    "app -> front",
    "front -> app",
    "phone -> front",
    "front -> phone",
    "ledger -> app",
    "ledger -> bank",
    "desk -> app",
    "oms -> oms",
    "default",
    "net",
)
