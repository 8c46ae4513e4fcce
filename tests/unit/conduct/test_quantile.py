"""Goal: quantiles are values that occurred, and what has no value yet is never good news.

Method: small lists whose ranks are counted by hand.
"""

from __future__ import annotations

import pytest

from bcsim.conduct.quantile import quantile


@pytest.mark.parametrize(
    ("values", "share", "missing", "found"),
    [
        ([], 0.5, 0, None),
        ([], 0.5, 3, None),
        ([7], 0.5, 0, 7),
        ([7], 0.95, 0, 7),
        ([3, 1, 2], 0.5, 0, 2),
        ([4, 3, 1, 2], 0.5, 0, 2),
        (range(1, 21), 0.95, 0, 19),
        (range(1, 21), 0.95, 1, 20),
        (range(1, 21), 0.95, 2, None),
        ([1], 0.5, 1, 1),
        ([1], 0.5, 2, None),
    ],
)
def test_nearest_rank(values, share, missing, found):
    """Goal: the smallest value that a share does not exceed; the missing ones come last."""
    assert quantile(values, share, missing_count=missing) == found
