"""Goal: the tree is that of RFC 6962. Method: published vectors, and the RFC's own recursion."""

from __future__ import annotations

import hashlib

import pytest

from bcsim.history.merkle import StreamingTree, leaf_hash, node_hash

# The leaves and roots that Certificate Transparency's implementations test themselves with.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = """
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
""".split()


def streamed(leaves):
    tree = StreamingTree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def recursive(leaves):
    """Section 2.1 of the RFC, read aloud."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(recursive(leaves[:split]), recursive(leaves[split:]))


@pytest.mark.parametrize("count", range(9))
def test_published_vectors(count):
    """Goal: other tools compute the same. Method: the roots of 0 to 8 published leaves."""
    assert streamed(LEAVES[:count]).hex() == ROOTS[count]


@pytest.mark.parametrize("count", [*range(40), 63, 64, 65, 127])
def test_streaming_is_the_recursion(count):
    """Goal: any number of leaves. Method: the RFC's recursion as witness."""
    leaves = [bytes([number]) for number in range(count)]
    assert streamed(leaves) == recursive(leaves)
