"""Quantiles of what was measured: values that occurred, not values in between."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def quantile(values: Iterable[float], share: float, *, missing_count: int = 0) -> float | None:
    """Smallest value that at least ``share`` of all values do not exceed (nearest rank).

    ``missing_count`` more have no value yet and are taken for greater than all others; None
    where the quantile is one of them, or where there is none at all.
    """
    ordered = sorted(values)
    rank = math.ceil(share * (len(ordered) + missing_count))
    return ordered[rank - 1] if 0 < rank <= len(ordered) else None
