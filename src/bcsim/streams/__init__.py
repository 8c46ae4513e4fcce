"""Random numbers with addresses, and the sampler that both order-flow engines share.

A random number is a pure function of `(root seed, replication, purpose, entity, index, draw)`.
It does not depend on when, in what order or on which worker it is drawn: two designs face the
same luck, any number of workers gives the same bytes, and a decision at *t* changes nothing
before *t*.

Unlike other packages this one re-exports its names here: they are one interface, and the files
behind it exist because a kernel compiles some of them (COMPILABLE) and others run on columns.
"""

from __future__ import annotations

from bcsim.streams.addresses import address, stream_key
from bcsim.streams.columns import exps, inverse_normals, logs, samples_ns, uniforms
from bcsim.streams.distribution import Distribution
from bcsim.streams.elementary import exp, inverse_normal, log
from bcsim.streams.purposes import PURPOSES, Purpose
from bcsim.streams.sampler import (
    COMPILABLE,
    CONSTANT,
    EMPIRICAL,
    ERLANG,
    EXPONENTIAL,
    LOGNORMAL,
    TRIANGULAR,
    UNIFORM,
    WEIBULL,
    choice_at,
    integer_at,
    quantile_ns,
    sample_ns,
)
from bcsim.streams.stream import Stream, Streams
from bcsim.streams.threefry import threefry2x32, uniform

__all__ = [
    "COMPILABLE",
    "CONSTANT",
    "EMPIRICAL",
    "ERLANG",
    "EXPONENTIAL",
    "LOGNORMAL",
    "PURPOSES",
    "TRIANGULAR",
    "UNIFORM",
    "WEIBULL",
    "Distribution",
    "Purpose",
    "Stream",
    "Streams",
    "address",
    "choice_at",
    "exp",
    "exps",
    "integer_at",
    "inverse_normal",
    "inverse_normals",
    "log",
    "logs",
    "quantile_ns",
    "sample_ns",
    "samples_ns",
    "stream_key",
    "threefry2x32",
    "uniform",
    "uniforms",
]
