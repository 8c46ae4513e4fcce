"""Goal: the public names of bcsim are one list, whoever asks: Python, a type checker, ``dir``.

Method: compare the lazy table with the block for type checkers, and fetch every name.
"""

from __future__ import annotations

import ast
import importlib
from importlib.metadata import version
from pathlib import Path

import pytest

import bcsim


def names_for_type_checkers() -> dict[str, str]:
    """Public name -> module, as the ``if TYPE_CHECKING`` block says."""
    tree = ast.parse(Path(bcsim.__file__).read_text(encoding="utf-8"))
    block = next(
        node
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    return {
        alias.asname or "": imported.module or ""
        for imported in block.body
        if isinstance(imported, ast.ImportFrom)
        for alias in imported.names
    }


def test_both_lists_are_the_same():
    """Goal: no name is lazy but untyped, or typed but missing. Method: compare as dicts."""
    assert names_for_type_checkers() == bcsim._HOME


@pytest.mark.parametrize("name", bcsim.__all__)
def test_public_name_is_the_one_at_home(name):
    """Goal: ``bcsim.X`` is X. Method: fetch it twice, and from its module."""
    home = importlib.import_module(bcsim._HOME[name])
    assert getattr(bcsim, name) is getattr(bcsim, name) is getattr(home, name)


def test_dir_lists_what_there_is():
    """Goal: completion offers the public names. Method: ``dir``."""
    assert dir(bcsim) == sorted([*bcsim.__all__, "__version__"])


def test_unknown_name():
    """Goal: a slip is an AttributeError as from any module. Method: a name that is not there."""
    with pytest.raises(AttributeError, match="module 'bcsim' has no attribute 'lod_model'"):
        _ = bcsim.lod_model  # type: ignore[attr-defined]


def test_one_version():
    """Goal: the version has one source. Method: compare with the installed metadata."""
    assert version("bcsim") == bcsim.__version__
