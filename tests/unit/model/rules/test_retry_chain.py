"""Goal: the longest round of attempts. Method: sums worked out by hand."""

from __future__ import annotations

import pytest

from bcsim.limits import TIME_NS_MAX
from bcsim.model.journey import Step
from bcsim.model.rules.retry_chain import retry_chain_ns
from bcsim.units import NS_PER_S


@pytest.mark.parametrize(
    ("timeout", "retry", "expected_s"),
    [
        (None, None, 0),
        ("2 s", None, 2),
        ("2 s", {"limit": 0, "backoff": "9 s"}, 2),
        ("2 s", {"limit": 3, "backoff": "1 s"}, 4 * 2 + 1 + 2 + 4),
        ("2 s", {"limit": 3, "backoff": "1 s", "cap": "2 s"}, 4 * 2 + 1 + 2 + 2),
        ("2 s", {"limit": 3, "backoff": "1 s", "jitter": 1.0}, 4 * 2 + 2 * (1 + 2 + 4)),
        (None, {"limit": 2, "backoff": "1 s"}, 1 + 2),
    ],
)
def test_sum(timeout, retry, expected_s):
    """Goal: timeouts and stretched waits. Method: small retries."""
    step = {"id": "s", "component": "c", "service": "1 s", "timeout": timeout, "retry": retry}
    assert retry_chain_ns(Step.model_validate(step)) == expected_s * NS_PER_S


def test_endless_doubling():
    """Goal: no overflow and no endless number. Method: a thousand doublings."""
    retry = {"limit": 1000, "backoff": "1 s"}
    step = {"id": "s", "component": "c", "service": "1 s", "timeout": "1 s", "retry": retry}
    assert retry_chain_ns(Step.model_validate(step)) == TIME_NS_MAX
