"""The files of a CALM architecture: data in which every part knows its JSON pointer.

An architecture may be one file, or refer to others by ``$id`` or by a path. What it refers to
is looked for in the folder of the architecture and below, never on a network.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from bcsim.errors import InputError, LimitError, ModelError, Problem
from bcsim.limits import ARCHITECTURE_FILES_MAX, FILE_BYTES_MAX
from bcsim.model.includes import decode
from bcsim.model.yaml_nodes import compose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bcsim.model.finding import Path as DataPath
    from bcsim.model.nodes import Data, Document

SUFFIXES: Final = (".json", ".yaml", ".yml")
"""CALM documents are JSON or YAML."""


class Place(NamedTuple):
    """Where something stands: file, JSON pointer (RFC 6901), line and column from 1.

    ``file`` is relative to the architecture's folder, with slashes.
    """

    file: str
    pointer: str
    line: int
    column: int

    def __str__(self) -> str:
        """``file#/json/pointer``, as a URL fragment names a part."""
        return f"{self.file}#{self.pointer}"


def pointer_of(path: DataPath) -> str:
    """The JSON pointer of a path; the root's is empty."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


@dataclass(frozen=True, slots=True, eq=False)
class CalmFile:
    """One file, read."""

    path: Path
    name: str
    document: Document
    data: Data
    sha256: str

    @property
    def root(self) -> Part:
        """All of it, as a part."""
        return Part(self, (), self.data)

    @property
    def id(self) -> str:
        """Its ``$id``, or nothing."""
        return self.root.text("$id")

    def place(self, path: DataPath) -> Place:
        """Where a part of this file stands."""
        span = self.document.place_of(path)
        return Place(self.name, pointer_of(path), span.line, span.column)

    def problem(self, path: DataPath, message: str, **fields: str) -> Problem:
        """A problem at a part of this file."""
        span = self.document.place_of(path)
        return Problem(
            message,
            file=str(self.path),
            line=span.line,
            column=span.column,
            source_line=self.document.source_line(span),
            **fields,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A value inside a file; what is not there reads as empty."""

    file: CalmFile
    path: DataPath
    value: Data

    def place(self, *steps: str | int) -> Place:
        """Where this part, or something below it, stands."""
        return self.file.place((*self.path, *steps))

    def below(self, *steps: str | int) -> Part | None:
        """The part to which keys and positions lead, if it is there."""
        part = self
        for step in steps:
            value = _child(part.value, step)
            if value is None:
                return None
            part = Part(self.file, (*part.path, step), value)
        return part

    def text(self, *keys: str) -> str:
        """The first of these entries that is a text that is not blank, or nothing."""
        held = self.value if isinstance(self.value, dict) else {}
        for key in keys:
            value = held.get(key)
            if isinstance(value, str) and value.strip():
                return value.strip()
        return ""

    def number(self, *steps: str) -> float | None:
        """A number below this part, if it is one."""
        part = self.below(*steps)
        value = part.value if part else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        return None

    def items(self, key: str) -> list[Part]:
        """The items of a list below this part."""
        part = self.below(key)
        if part is None or not isinstance(part.value, list):
            return []
        return [Part(self.file, (*part.path, i), item) for i, item in enumerate(part.value)]

    def entries(self, key: str) -> list[tuple[str, Part]]:
        """The entries of a mapping below this part."""
        part = self.below(key)
        if part is None or not isinstance(part.value, dict):
            return []
        return [(k, Part(self.file, (*part.path, k), value)) for k, value in part.value.items()]

    def texts(self, key: str) -> list[str]:
        """The texts of a list below this part."""
        return [item.value for item in self.items(key) if isinstance(item.value, str)]

    def names(self) -> tuple[str, ...]:
        """The keys of this part, if it is a mapping."""
        return tuple(self.value) if isinstance(self.value, dict) else ()


def _child(value: Data, step: str | int) -> Data:
    """What one key or position leads to; None where there is nothing, or a null."""
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        return value[step]
    return None


def read_file(path: Path, name: str) -> CalmFile:
    """Read one JSON or YAML file.

    Raises
    ------
    ModelError
        It is missing, not UTF-8, or not JSON or YAML.
    LimitError
        It is beyond a bound of ``limits``.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise ModelError(Problem(error.strerror or str(error), file=str(path))) from None
    if len(raw) > FILE_BYTES_MAX:
        raise LimitError(
            Problem("the file is too large", str(path), expected=f"at most {FILE_BYTES_MAX} bytes")
        )
    text = decode(raw, str(path))
    if path.suffix.lower() == ".json":
        text = text.replace("\t", " ")  # JSON may be indented by tabs, YAML may not
    document = compose(text, str(path))
    return CalmFile(path, name, document, document.root.data(), hashlib.sha256(raw).hexdigest())


Match = Literal["id", "path", "name", "neighbour"]
"""How a reference was resolved: by ``$id``, by path, by its last part only, by the folder."""


class Found(NamedTuple):
    """What a reference leads to; ``other`` is what it names though it is no such thing."""

    file: CalmFile | None
    match: Match | None = None
    other: CalmFile | None = None


@dataclass(slots=True)
class Folder:
    """The folder of an architecture; its other files are read when one is first asked for."""

    main: CalmFile
    unreadable: list[str] = field(default_factory=list)
    _files: list[CalmFile] | None = None

    @property
    def path(self) -> Path:
        """The folder."""
        return self.main.path.parent

    def files(self) -> list[CalmFile]:
        """Every file that can be read, the architecture first, the others by name.

        Raises
        ------
        LimitError
            There are more than ``ARCHITECTURE_FILES_MAX``.
        """
        if self._files is None:
            self._files = [self.main, *self._others()]
        return self._files

    def _others(self) -> Iterator[CalmFile]:
        for path in _files_below(self.path):
            if path.resolve() == self.main.path.resolve():
                continue
            name = path.relative_to(self.path).as_posix()
            try:
                yield read_file(path, name)
            except InputError:
                self.unreadable.append(name)  # matters only if something refers to it

    def find(
        self, reference: str, is_wanted: Callable[[CalmFile], bool], schema: str = ""
    ) -> Found:
        """Follow a reference to a file of a certain sort.

        Tried in this order: the ``$id``; a path within the folder; the only file of the sort
        whose ``$id`` or name ends like the reference; the only file of the sort beside the
        file of another sort that the reference names, if it has the ``$schema`` given.
        """
        named = [f for f in self.files() if reference in (f.id, f.id.rstrip("#"))]
        exact = [f for f in named if is_wanted(f)]
        if exact:
            return Found(exact[0], "id")
        if not urlsplit(reference).scheme:
            by_path = [f for f in self.files() if f.name == os.path.normpath(reference)]
            if by_path and is_wanted(by_path[0]):
                return Found(by_path[0], "path")
        other = named[0] if named else None
        alike = [f for f in self.files() if is_wanted(f) and _ends_like(f, reference)]
        if len(alike) == 1:
            return Found(alike[0], "name", other)
        beside = [
            f
            for f in self.files()
            if other and f.path.parent == other.path.parent and is_wanted(f)
            if schema and f.root.text("$schema") == schema
        ]
        if len(beside) == 1:
            return Found(beside[0], "neighbour", other)
        return Found(None, None, other)


def _files_below(folder: Path) -> list[Path]:
    """CALM documents in a folder and below, sorted; hidden folders and links are passed by."""
    found: list[Path] = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(root) / name for name in sorted(names) if name.endswith(SUFFIXES)]
        if len(found) > ARCHITECTURE_FILES_MAX:
            raise LimitError(
                Problem(
                    "too many files in the folder of the architecture",
                    file=str(folder),
                    expected=f"at most {ARCHITECTURE_FILES_MAX} JSON and YAML files",
                    hint="it refers to other files; put them in a folder of their own",
                )
            )
    return [path for path in found if not path.is_symlink()]


def _ends_like(file: CalmFile, reference: str) -> bool:
    last = reference.rstrip("/#").rsplit("/", maxsplit=1)[-1].removesuffix(".json")
    own = file.id.rstrip("/#").rsplit("/", maxsplit=1)[-1].removesuffix(".json")
    return bool(last) and last in (own, Path(file.name).stem)
