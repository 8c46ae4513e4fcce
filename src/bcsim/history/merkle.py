"""Hash trees as in RFC 6962 section 2.1, built leaf by leaf in logarithmic memory."""

from __future__ import annotations

import hashlib

__all__ = ["StreamingTree", "leaf_hash", "node_hash"]


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of 0x00 and the leaf's data: 32 bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and both children's hashes: 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class StreamingTree:
    """The Merkle tree hash of leaves that come one by one; keeps one hash a level."""

    def __init__(self) -> None:
        self._complete: list[tuple[int, bytes]] = []
        """Complete subtrees left to right, (height, hash), heights strictly falling."""

    def add(self, data: bytes) -> None:
        """Append a leaf."""
        height, hashed = 0, leaf_hash(data)
        while self._complete and self._complete[-1][0] == height:
            _, left = self._complete.pop()
            height, hashed = height + 1, node_hash(left, hashed)
        self._complete.append((height, hashed))

    def root(self) -> bytes:
        """Merkle tree hash of the leaves so far: 32 bytes; of none, the hash of nothing."""
        if not self._complete:
            return hashlib.sha256(b"").digest()
        *lefts, (_, hashed) = self._complete
        for _, left in reversed(lefts):
            hashed = node_hash(left, hashed)
        return hashed
