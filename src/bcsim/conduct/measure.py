"""Measures: what a system's numbers are called, and what they came to on a day."""

from __future__ import annotations

from typing import TypeAlias

Value: TypeAlias = "float | int | None"
"""A number in the unit that its measure's name ends with; None where the day cannot tell."""

Measures: TypeAlias = "dict[str, Value]"
"""Measure → value, in the order in which a report shows them."""
