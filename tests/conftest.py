"""Hypothesis profiles: ``ci`` by default, everywhere; ``explore`` to look for new failures.

``ci`` is derandomized: the tests of one commit give the same result on every machine, so a red
run can be repeated. ``HYPOTHESIS_PROFILE=explore pytest …`` draws anew each time, and more.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,  # shared machines stall; slowness is measured elsewhere
    print_blob=True,
)
settings.register_profile(
    "explore",
    derandomize=False,
    deadline=None,
    max_examples=2000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
