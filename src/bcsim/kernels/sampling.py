"""Draws: the sampler of :mod:`bcsim.streams`, compiled as it stands, at addresses of orders."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from bcsim.kernels import record as r
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.limits import ATTEMPTS_MAX, LEGS_MAX, SUBDRAWS_MAX
from bcsim.streams import COMPILABLE, CONSTANT, EMPIRICAL

if TYPE_CHECKING:
    from collections.abc import Callable


def _compile_sampler() -> dict[str, Any]:
    """Compile the sampler's functions, each with its callees compiled."""
    made: dict[str, Callable[..., Any]] = {}
    for function in COMPILABLE:
        assert isinstance(function, FunctionType), "the sampler is made of plain functions"
        names = {**function.__globals__, **made}
        twin = FunctionType(function.__code__, names, function.__name__, function.__defaults__)
        twin.__annotations__ = function.__annotations__
        made[function.__name__] = compiled(twin)
    return made


_SAMPLER = _compile_sampler()
_sample_ns = _SAMPLER["sample_ns"]
_uniform = _SAMPLER["uniform"]
_choice_at = _SAMPLER["choice_at"]
_integer_at = _SAMPLER["integer_at"]


@compiled
def address(step: int, leg: int, attempt: int, sub: int) -> int:
    """Place of a draw in an order's life. Twin: :func:`bcsim.streams.address`."""
    return ((step * LEGS_MAX + leg) * ATTEMPTS_MAX + attempt) * SUBDRAWS_MAX + sub


@compiled
def key_of(m: Arena, source: int, purpose: int, generation: int, block: int) -> int:
    """Address of the key of a source's stream: of a re-entry, of a block of 16 effects."""
    place = (purpose * m[r.GENERATIONS] + generation) * m[r.BLOCKS] + block
    return m[source + r.SOURCE_KEYS] + 2 * place


@compiled
def key_of_order(m: Arena, order: int, purpose: int, code: int) -> int:
    """Address of the key of an order's stream, for one effect. Twin: ``Entry.luck_of``."""
    source = m[m[order + r.ORDER_INTENT] + r.INTENT_SOURCE]
    return key_of(m, source, purpose, m[order + r.ORDER_GENERATION], code // LEGS_MAX)


@compiled
def index_of(m: Arena, order: int) -> int:
    """Index of an order within its source."""
    return m[m[order + r.ORDER_INTENT] + r.INTENT_INDEX]


@compiled
def place_key(m: Arena, keys: int, order: int, count: int) -> int:
    """Address of a key from a table by source and generation, with ``count`` keys each."""
    number = m[m[m[order + r.ORDER_INTENT] + r.INTENT_SOURCE] + r.SOURCE_NUMBER]
    return keys + 2 * count * (number * m[r.GENERATIONS] + m[order + r.ORDER_GENERATION])


@compiled
def uniform(m: Arena, key: int, index: int, draw: int) -> float:
    """One uniform number."""
    return _uniform(m[key], m[key + 1], index, draw)  # type: ignore[no-any-return]


@compiled
def integer(m: Arena, key: int, low: int, high: int, index: int, draw: int) -> int:
    """A whole number from low..high."""
    return _integer_at(low, high, _uniform(m[key], m[key + 1], index, draw))  # type: ignore[no-any-return]


@compiled
def choose(m: Arena, x: Constants, weights: int, key: int, index: int, draw: int) -> int:
    """One of four, by weight."""
    luck = _uniform(m[key], m[key + 1], index, draw)
    return _choice_at(x[weights : weights + 4], luck)  # type: ignore[no-any-return]


@compiled
def sample(m: Arena, x: Constants, dist: int, key: int, index: int, draw: int) -> int:
    """Draw one time in ns."""
    kind = m[dist + r.DIST_KIND]
    if kind == CONSTANT:
        return m[dist + r.DIST_NS]
    a = m[dist + r.DIST_X]
    if kind == EMPIRICAL:
        first = m[dist + r.DIST_QUANTILES]
        quantiles = x[first : first + m[dist + r.DIST_COUNT]]
        return _sample_ns(  # type: ignore[no-any-return]
            kind, x[a], x[a + 1], x[a + 2], quantiles, m[key], m[key + 1], index, draw
        )
    return _sample_ns(kind, x[a], x[a + 1], x[a + 2], x, m[key], m[key + 1], index, draw)  # type: ignore[no-any-return]
