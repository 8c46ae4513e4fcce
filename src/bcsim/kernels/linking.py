"""Compiling a large call graph once.

Left to itself Numba optimises and links every function together with all that it calls, for
each of its callers again: the kernel's functions, twelve calls deep, take six minutes so. Here
the functions below an entry point are only translated; the entry point links them all, once,
and is optimised as a whole (a quarter of a minute). The compiled code is the same.

Two more things make the code itself a good deal faster: whatever is not the entry point is hidden,
so that arguments which nobody reads are left out; and an address is never negative, so that no
index is looked at twice. LLVM may put larger functions into their callers than it does by itself.

This leans on five functions of Numba that are not documented. Where they are not found as they are
known, compilation takes its usual way and its time.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from unittest import mock

from llvmlite import binding as llvm
from numba import _dynfunc, types  # type: ignore[attr-defined]
from numba.core.codegen import CPUCodeLibrary
from numba.core.cpu import CPUContext
from numba.np import arrayobj

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_METHODS = (
    (CPUCodeLibrary, "finalize"),
    (CPUCodeLibrary, "_optimize_final_module"),
    (CPUContext, "get_executable"),
    (arrayobj, "fix_integer_index"),
    (llvm, "create_pipeline_tuning_options"),
)

INLINING_THRESHOLD = 600
"""Size up to which a function is put into its callers; LLVM's own is 225, a tenth slower here."""


def compiled_at_once(
    dispatcher: Any,  # noqa: ANN401 - Numba's are untyped
    parts_of: Callable[[], list[tuple[Any, tuple[Any, ...]]]],
) -> Any:  # noqa: ANN401
    """Have a dispatcher compile its parts, callees first and for one type each, in one go.

    ``parts_of`` is asked for them when there is something to compile.
    """
    compile_as_usual = dispatcher._compiler.compile  # noqa: SLF001 - see the module's text

    def compile_at_once(args: Any, return_type: Any) -> Any:  # noqa: ANN401
        with _linked_at(dispatcher.py_func.__qualname__):
            for part, types in parts_of():
                part.compile(types)
                part.disable_compile()
            return compile_as_usual(args, return_type)

    with suppress(AttributeError):
        dispatcher._compiler.compile = compile_at_once  # noqa: SLF001
    return dispatcher


@contextmanager
def _linked_at(entry: str) -> Iterator[None]:
    """Finalise no library but that of the entry point."""
    if not all(hasattr(owner, name) for owner, name in _METHODS):
        yield
        return
    finalize: Callable[..., None] = CPUCodeLibrary.finalize
    optimize: Callable[..., None] = CPUCodeLibrary._optimize_final_module  # noqa: SLF001
    get_executable: Callable[..., Any] = CPUContext.get_executable
    tuning_as_usual: Callable[..., Any] = llvm.create_pipeline_tuning_options

    def is_entry(library: Any) -> bool:  # noqa: ANN401
        return str(library.name) == entry

    def finalize_late(library: Any) -> None:  # noqa: ANN401
        if is_entry(library):
            library._linking_libraries = _closure(library)  # noqa: SLF001
            finalize(library)
        else:
            library._finalized = True  # noqa: SLF001

    def optimize_alone(library: Any) -> None:  # noqa: ANN401
        if is_entry(library):
            _hide_parts(library._final_module, entry)  # noqa: SLF001
        optimize(library)

    def tuning(*given: Any, **named: Any) -> Any:  # noqa: ANN401
        options = tuning_as_usual(*given, **named)
        options.inlining_threshold = INLINING_THRESHOLD
        return options

    def get_executable_late(context: Any, library: Any, about: Any, env: Any) -> Any:  # noqa: ANN401
        if is_entry(library):
            return get_executable(context, library, about, env)
        # A name for the function, that nobody can call.
        module, name = about.lookup_module(), about.qualname
        return _dynfunc.make_function(module, name, "part of a kernel", 0, env, (library,))

    with (
        mock.patch.object(CPUCodeLibrary, "finalize", finalize_late),
        mock.patch.object(CPUCodeLibrary, "_optimize_final_module", optimize_alone),
        mock.patch.object(CPUContext, "get_executable", get_executable_late),
        mock.patch.object(arrayobj, "fix_integer_index", _as_it_is),
        mock.patch.object(llvm, "create_pipeline_tuning_options", tuning),
    ):
        yield


def _closure(library: Any) -> list[Any]:  # noqa: ANN401
    """All libraries that a library links, directly or not, each once."""
    found: dict[int, Any] = {}
    waiting = list(library._linking_libraries)  # noqa: SLF001
    while waiting:
        other = waiting.pop()
        if id(other) not in found:
            found[id(other)] = other
            waiting += other._linking_libraries  # noqa: SLF001
    return list(found.values())


def _hide_parts(module: Any, entry: str) -> None:  # noqa: ANN401
    """Let nobody outside call the functions of a kernel but its entry point."""
    for function in module.functions:
        is_part = "bcsim" in function.name and entry not in function.name
        if is_part and not function.is_declaration:
            function.linkage = "internal"


def _as_it_is(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:  # noqa: ANN401, ARG001
    """An index that needs no look at its sign. Twin: ``arrayobj.fix_integer_index``."""
    return context.cast(builder, index, kind, types.intp if kind.signed else types.uintp)
