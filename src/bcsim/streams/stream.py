"""Streams: all the random numbers of one purpose and one entity in one replication.

>>> from bcsim.streams import Distribution, Streams, address
>>> service = Streams(root_seed=7, replication=0).at("service", "retail-app")
>>> service.sample_ns(Distribution.exponential(2_000_000.0), index=41, draw=address(step=2))
835563
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bcsim.streams.addresses import stream_key
from bcsim.streams.columns import samples_ns, uniforms
from bcsim.streams.purposes import PURPOSES
from bcsim.streams.sampler import choice_at, integer_at, sample_ns
from bcsim.streams.threefry import WORD_MAX, uniform

if TYPE_CHECKING:
    from bcsim.streams.columns import Floats, Integers
    from bcsim.streams.distribution import Distribution
    from bcsim.streams.sampler import Numbers


@dataclass(frozen=True, slots=True)
class Stream:
    """The random numbers of one purpose and entity; each is a pure function of (index, draw).

    A stream holds no state: drawing twice at one address gives the same number twice.
    """

    root_seed: int
    replication: int
    purpose: str
    entity: str
    key0: int = field(init=False, repr=False, compare=False)
    """First word of the stream's key, for kernels."""
    key1: int = field(init=False, repr=False, compare=False)
    """Second word of the stream's key, for kernels."""

    def __post_init__(self) -> None:
        key0, key1 = stream_key(self.root_seed, self.replication, self.purpose, self.entity)
        object.__setattr__(self, "key0", key0)
        object.__setattr__(self, "key1", key1)

    def uniform(self, index: int, draw: int = 0) -> float:
        """Give the uniform number at this address, strictly between 0 and 1."""
        assert 0 <= index <= WORD_MAX >= draw >= 0, f"index={index} draw={draw} out of bounds"
        return uniform(self.key0, self.key1, index, draw)

    def sample_ns(self, distribution: Distribution, index: int, draw: int = 0) -> int:
        """Draw a time in whole nanoseconds; an Erlang sum also takes the sub-draws that follow."""
        assert 0 <= index <= WORD_MAX >= draw >= 0, f"index={index} draw={draw} out of bounds"
        return sample_ns(
            distribution.kind,
            distribution.a,
            distribution.b,
            distribution.c,
            distribution.quantiles,
            self.key0,
            self.key1,
            index,
            draw,
        )

    def choose(self, weights: Numbers, index: int, draw: int = 0) -> int:
        """Pick one of ``range(len(weights))`` in proportion to the weights."""
        return choice_at(weights, self.uniform(index, draw))

    def integer(self, low: int, high: int, index: int, draw: int = 0) -> int:
        """Pick a whole number from low..high, both included."""
        return integer_at(low, high, self.uniform(index, draw))

    def uniforms(self, indices: Integers, draws: Integers | int = 0) -> Floats:
        """Give :meth:`uniform` for a column of indices; shape (n,)."""
        return uniforms(self.key0, self.key1, indices, draws)

    def samples_ns(
        self, distribution: Distribution, indices: Integers, draws: Integers | int = 0
    ) -> Integers:
        """Give :meth:`sample_ns` for a column of indices; shape (n,), int64."""
        return samples_ns(
            distribution.kind,
            distribution.a,
            distribution.b,
            distribution.c,
            distribution.quantiles,
            self.key0,
            self.key1,
            indices,
            draws,
        )


@dataclass(frozen=True, slots=True)
class Streams:
    """All streams of one replication; hands each out by purpose and entity."""

    root_seed: int
    replication: int
    _made: dict[tuple[str, str], Stream] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def at(self, purpose: str, entity: str = "") -> Stream:
        """Give the stream of a purpose that stands in PURPOSES; entity "" if it has none."""
        stream = self._made.get((purpose, entity))
        if stream is None:
            assert purpose in PURPOSES, f"purpose={purpose} is not in bcsim.streams.PURPOSES"
            stream = Stream(self.root_seed, self.replication, purpose, entity)
            self._made[purpose, entity] = stream
        return stream
