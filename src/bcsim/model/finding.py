"""What a check of a whole model finds, and how it names a dangling reference.

A check is a function of a model that yields findings. It knows no files: a finding carries the
path of the place inside the data, and ``loading`` turns that into file, line and column.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, TypeVar

Path: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the root of a file's data to a value."""

_NAME_CHARS_MAX: Final = 64
_CANDIDATES_MAX: Final = 2_000
"""Names that a misspelt one is compared with; one comparison takes some microseconds."""

_SIMILARITY_MIN: Final = 0.7
_LENGTH_SLACK: Final = 3
_CANDIDATES_SHOWN_MAX: Final = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a model as a whole.

    ``at_key`` points at the key of the entry at ``path`` instead of its value. A path that
    leads to a value that the file leaves out points at the entry that should have it.
    """

    path: Path
    message: str
    value: str = ""
    expected: str = ""
    hint: str = ""
    severity: Literal["error", "warning"] = "error"
    at_key: bool = False


_Model = TypeVar("_Model")
Check: TypeAlias = Callable[[_Model], Iterable[Finding]]
"""A check of a whole model."""


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that ``name`` was probably meant to be; ``None`` if none is near.

    Spelling differences in case, ``_`` and blanks count for nothing. Long names are not
    compared, nor names of quite another length, nor more than some thousands.
    """
    if not 0 < len(name) <= _NAME_CHARS_MAX:
        return None
    plain = _plain(name)
    near: dict[str, str] = {}
    for candidate in candidates:
        if abs(len(candidate) - len(name)) <= _LENGTH_SLACK and len(near) < _CANDIDATES_MAX:
            near.setdefault(_plain(candidate), candidate)
    if plain in near:
        return near[plain]
    matches = difflib.get_close_matches(plain, near, n=1, cutoff=_SIMILARITY_MIN)
    return near[matches[0]] if matches else None


def _plain(name: str) -> str:
    return name.casefold().strip().replace("_", "-").replace(" ", "-")


def dangling(path: Path, name: str, kind: str, candidates: Collection[str]) -> Iterator[Finding]:
    """Yield a finding if the reference ``name`` at ``path`` names none of ``candidates``.

    Parameters
    ----------
    path
        Place of the reference.
    name
        What is referred to.
    kind
        What the candidates are, in words: ``component``, ``site``.
    candidates
        All names that exist; a mapping by name will do.
    """
    if name in candidates:
        return
    near = nearest(name, candidates)
    yield Finding(
        path,
        f"unknown {kind}",
        value=repr(name[:_NAME_CHARS_MAX]),
        expected=_one_of(kind, candidates),
        hint=f"did you mean {near!r}?" if near else "",
    )


def _one_of(kind: str, candidates: Collection[str]) -> str:
    """The names that exist, or how many there are."""
    if not candidates:
        return f"a {kind}, but the model has none"
    if len(candidates) > _CANDIDATES_SHOWN_MAX:
        return f"one of the {len(candidates)} names of a {kind}"
    return "one of " + ", ".join(sorted(candidates))
