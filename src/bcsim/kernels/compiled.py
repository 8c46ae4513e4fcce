"""The compiler, at one place: what a kernel consists of, and how it is called from outside.

A function marked :func:`compiled` is called by other ones only; an :func:`entry_point` is what
the engine calls. Compiled code is kept on disk and used again as long as no file of this package
and no sampler has changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, MutableSequence, Sequence
from types import FunctionType
from typing import Any, TypeAlias, TypeVar

import numba

from bcsim.kernels.constants import with_constants
from bcsim.kernels.linking import compiled_at_once
from bcsim.kernels.store import kept

Arena: TypeAlias = MutableSequence[int]
"""The arena: an int64 array, or a list where the kernel runs as plain Python."""

Wishes: TypeAlias = Sequence[int]
"""The table of wishes, row by row."""

Constants: TypeAlias = MutableSequence[float]
"""Real numbers of the blueprint: parameters of distributions, chances."""

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS: dict[str, Any] = {
    "error_model": "numpy",  # as in C: nobody divides by zero here
    "_nrt": False,  # nothing here makes arrays, so nothing counts references to them
}


IS_PLAIN = os.environ.get("NUMBA_DISABLE_JIT", "0") not in {"", "0"}
"""Whether the kernel runs as plain Python."""

_PARTS: list[Callable[..., Any]] = []
"""Functions below the entry points, callees first; plain until something has to be compiled."""

_TYPES: dict[str, Any] = {
    "Arena": numba.int64[::1],
    "Wishes": numba.int64[::1],
    "Constants": numba.float64[::1],
    "Numbers": numba.float64[::1],
    "Real": numba.float64,
    "int": numba.int64,
    "float": numba.float64,
    "bool": numba.boolean,
}


def compiled(function: F) -> F:
    """Mark a function of a kernel, which is compiled when the kernel is."""
    _PARTS.append(function)
    return function


def entry_point(function: F) -> F:
    """Compile a function that is called from outside, with all that it calls."""
    if IS_PLAIN:
        return function
    with kept():
        dispatcher = numba.njit(cache=True, nogil=True, **_OPTIONS)(function)
    return compiled_at_once(dispatcher, _compilable_parts)  # type: ignore[no-any-return]


def _compilable_parts() -> list[tuple[Any, tuple[Any, ...]]]:
    """Put what can be compiled in the place of every part, wherever its name is known.

    Only now: code that is kept needs none of it, and is loaded in half the time.

    Returns
    -------
    list of tuple
        Each part with the types of its arguments, callees first.
    """
    options = {**_OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    made = {part: numba.njit(**options)(with_constants(part)) for part in _PARTS}
    for names in {id(part.__globals__): part.__globals__ for part in _PARTS}.values():
        known = {name: value for name, value in names.items() if isinstance(value, FunctionType)}
        names.update({name: made[value] for name, value in known.items() if value in made})
    return [(dispatcher, _types_of(part)) for part, dispatcher in made.items()]


def compile_now(function: Callable[..., Any]) -> None:
    """Compile an entry point before it is called, or load what is kept of it."""
    if not IS_PLAIN:
        function.compile(_types_of(function.py_func))  # type: ignore[attr-defined]


def _types_of(function: Callable[..., Any]) -> tuple[Any, ...]:
    """Types of a function's arguments, from its annotations."""
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return tuple([_TYPES[function.__annotations__[name]] for name in names])
