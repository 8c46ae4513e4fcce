"""Where a random number lives: the stream's key and the draw's index.

An address is `(root seed, replication, purpose, entity, index, draw)`. The first four make the
stream's key; `index` and `draw` are the two words of the counter.
"""

from __future__ import annotations

import hashlib
from typing import Final

from bcsim.limits import ATTEMPTS_MAX, LEGS_MAX, STEPS_MAX, SUBDRAWS_MAX

ROOT_SEEDS: Final = 2**64
"""Root seeds and replications are whole numbers below this."""

KEY_DOMAIN: Final = b"bcsim stream 1"
"""Start of every hashed text; another number here changes every random number of bcsim."""


def stream_key(root_seed: int, replication: int, purpose: str, entity: str) -> tuple[int, int]:
    """Give the stream's key: two 32-bit words, the start of a SHA-256 digest.

    Numbers are hashed with a fixed width and texts with their length in front, so two different
    addresses never hash the same bytes. The key has 64 bits: among a million streams two share
    a key with probability 3e-8.

    Parameters
    ----------
    root_seed, replication
        Whole numbers, 0 <= n < 2**64.
    purpose, entity
        Any text; compared code point by code point, so normalise before.
    """
    assert 0 <= root_seed < ROOT_SEEDS, f"root_seed={root_seed} does not fit 64 bits"
    assert 0 <= replication < ROOT_SEEDS, f"replication={replication} does not fit 64 bits"
    digest = hashlib.sha256(KEY_DOMAIN)
    digest.update(root_seed.to_bytes(8, "big") + replication.to_bytes(8, "big"))
    for text in (purpose, entity):
        encoded = text.encode("utf-8")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    words = digest.digest()
    return int.from_bytes(words[:4], "big"), int.from_bytes(words[4:8], "big")


def address(step: int = 0, leg: int = 0, attempt: int = 0, sub: int = 0) -> int:
    """Pack a draw's place in an order's life into 32 bits.

    From the top: step 6 bits, leg 4 bits, attempt 12 bits, sub-draw 10 bits; the bounds are in
    :mod:`bcsim.limits`. The sub-draw comes last, so `address(...) + i` is the i-th sub-draw.
    """
    assert 0 <= step < STEPS_MAX, "step out of bounds"
    assert 0 <= leg < LEGS_MAX, "leg out of bounds"
    assert 0 <= attempt < ATTEMPTS_MAX, "attempt out of bounds"
    assert 0 <= sub < SUBDRAWS_MAX, "sub out of bounds"
    return ((step * LEGS_MAX + leg) * ATTEMPTS_MAX + attempt) * SUBDRAWS_MAX + sub
