"""Constants of the layout, put into the functions that use them, which halves their translation.

``m[job + r.JOB_TURN]`` reads a field of a module; with the number in its place there is nothing
to be looked up, by the compiler or otherwise.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import TYPE_CHECKING, Any, TypeVar

from bcsim.kernels import record

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")


class _Inlined(ast.NodeTransformer):
    """Puts numbers in the place of ``r.NAME``, and adds up what is constant."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id == "r":
            return ast.copy_location(ast.Constant(getattr(record, node.attr)), node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        left, right = _number(node.left), _number(node.right)
        if isinstance(node.op, ast.Add) and left is not None and right is not None:
            return ast.copy_location(ast.Constant(left + right), node)
        return node


def _number(node: ast.expr) -> int | None:
    """The number that an expression is, if it is one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    return None


def with_constants(function: F) -> F:
    """The same function with the constants of the layout as numbers."""
    if function.__globals__.get("r") is not record:
        return function
    lines, first = inspect.getsourcelines(function)
    tree = ast.parse(textwrap.dedent("".join(lines)))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef), "kernels are made of plain functions"
    definition.decorator_list = []
    tree = ast.fix_missing_locations(_Inlined().visit(tree))
    ast.increment_lineno(tree, first - 1)
    made: dict[str, Any] = {}
    flags = function.__code__.co_flags & 0x1000000  # annotations stay texts
    code = compile(tree, function.__code__.co_filename, "exec", flags=flags)
    exec(code, function.__globals__, made)  # noqa: S102 - the function's own source
    made[function.__name__].__module__ = function.__module__
    return made[function.__name__]  # type: ignore[no-any-return]
