"""Reading a file and the files that it includes, as one document.

``include: [other.yaml]`` at the top level joins another file's sections: mappings are merged,
lists are put one after the other, the including file first. Names are relative to the
including file and stay in or below the folder of the first file.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bcsim.errors import InputError, LimitError, ModelError
from bcsim.limits import FILE_BYTES_MAX, INCLUDES_MAX, YAML_NODES_MAX
from bcsim.model.nodes import Document, Entry, Node, Span, collection, problem_at
from bcsim.model.wording import say
from bcsim.model.yaml_nodes import compose

if TYPE_CHECKING:
    from bcsim.errors import Problem
    from bcsim.units import Lang

INCLUDE: Final = "include"

_THAI_RUN: Final = re.compile(rb"[\xa1-\xda\xdf-\xfb]{4,}")
"""Four Thai letters in a row by TIS-620; Latin-1 text has no such runs."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document with the files that it was made of.

    ``sha256`` is the digest of the file's bytes; where files were included, it is that of what
    ``sha256sum`` prints for all of them, in order, with names relative to the first one's folder.
    """

    document: Document
    files: tuple[Path, ...]
    sha256: str


def read_source(path: Path, lang: Lang = "en") -> Source:
    """Read ``path`` and what it includes.

    Raises
    ------
    ModelError
        Files that are missing, unreadable, not UTF-8 or not YAML, all of them at once.
    LimitError
        A file beyond a bound of ``limits``.
    """
    reader = _Reader(lang, _resolved(path.parent))
    root = reader.read(path)
    if root is None or reader.fatal:
        raise reader.error()
    if root.size > YAML_NODES_MAX:
        raise LimitError(problem_at(root.span, say("too_many_nodes", lang, limit=YAML_NODES_MAX)))
    document = Document(root, reader.lines, tuple(reader.problems))
    return Source(document, tuple(reader.digests), reader.sha256())


def source_of_text(text: str, name: str, lang: Lang = "en") -> Source:
    """A document from a text that is in no file, and so cannot include any.

    Raises
    ------
    ModelError
        The text is not YAML, or includes files.
    LimitError
        The text is beyond a bound of ``limits``.
    """
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) > FILE_BYTES_MAX:
        raise LimitError(problem_at(_nowhere(name), say("too_large", lang, limit=FILE_BYTES_MAX)))
    document = compose(text, name, lang)
    include = document.key_at((INCLUDE,))
    if include is not None:
        words = say("include_without_file", lang)
        raise ModelError(problem_at(include, words, document.source_line(include)))
    return Source(document, (), hashlib.sha256(raw).hexdigest())


def decode(raw: bytes, file: str, lang: Lang = "en") -> str:
    """The text of a file's bytes.

    Raises
    ------
    ModelError
        Not UTF-8; says which encoding it looks like, and where the first wrong byte is.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ModelError(problem_at(_nowhere(file), say("utf16", lang)))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = raw.rfind(b"\n", 0, error.start) + 1
        code, encoding = "not_utf8", "utf-8"
        if _THAI_RUN.search(raw, error.start):
            code, encoding = "thai_codepage", "cp874"
        number = raw.count(b"\n", 0, error.start) + 1
        column = len(raw[start : error.start].decode(encoding, "replace")) + 1
        line = raw[start:].partition(b"\n")[0].decode(encoding, "replace").rstrip("\r")
        span = Span(file, number, column, number, column)
        byte = f"0x{raw[error.start]:02x}"
        raise ModelError(problem_at(span, say(code, lang, byte=byte), line)) from None


@dataclass(slots=True)
class _Reader:
    """The state of reading one file and what it includes."""

    lang: Lang
    root_folder: Path
    lines: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    digests: dict[Path, str] = field(default_factory=dict)
    first_place: dict[Path, str] = field(default_factory=dict)
    chain: list[Path] = field(default_factory=list)
    fatal: list[InputError] = field(default_factory=list)

    def read(self, path: Path, place: Span | None = None) -> Node | None:
        """The merged root of ``path``; ``None`` if that failed, which is then noted."""
        resolved = _resolved(path)
        self.first_place[resolved] = _place(place) if place else str(path)
        self.chain.append(resolved)
        try:
            raw = self._bytes_of(path, place)
            document = compose(decode(raw, str(path), self.lang), str(path), self.lang)
        except InputError as error:
            self.fatal.append(error)
            return None
        else:
            self.digests[path] = hashlib.sha256(raw).hexdigest()
            self.lines |= document.lines
            self.problems += document.problems
            return self._with_includes(path, document)
        finally:
            self.chain.pop()

    def _bytes_of(self, path: Path, place: Span | None) -> bytes:
        try:
            with path.open("rb") as file:
                raw = file.read(FILE_BYTES_MAX + 1)
        except FileNotFoundError:
            raise ModelError(self._file_problem(path, place, "not_found")) from None
        except IsADirectoryError:
            raise ModelError(self._file_problem(path, place, "is_folder")) from None
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            problem = self._file_problem(path, place, "not_readable", reason=reason)
            raise ModelError(problem) from None
        if len(raw) > FILE_BYTES_MAX:
            problem = self._file_problem(path, place, "too_large", limit=FILE_BYTES_MAX)
            raise LimitError(problem)
        return raw

    def _with_includes(self, path: Path, document: Document) -> Node | None:
        """The root with the entries of the files that it includes."""
        root = document.root
        if not isinstance(root.value, dict) or INCLUDE not in root.value:
            return root
        entries = {key: entry for key, entry in root.value.items() if key != INCLUDE}
        for node in self._names(root.value[INCLUDE]):
            included = self._included(path, node)
            if included is None:
                continue
            if not isinstance(included.value, dict):
                self._note(included.span, "model_type")
                continue
            self._join(entries, included.value)
        return collection(root.span, entries)

    def _names(self, include: Entry) -> tuple[Node, ...]:
        """The nodes of the files' names."""
        names = include.node.value
        if isinstance(names, tuple) and all(isinstance(name.value, str) for name in names):
            return names
        self._note(include.node.span, "include_not_list")
        return ()

    def _included(self, path: Path, node: Node) -> Node | None:
        """The root of one included file; ``None`` where it may not or cannot be read."""
        name = str(node.value)
        target = Path(os.path.normpath(path.parent / name))
        resolved = _resolved(target)
        if not resolved.is_relative_to(self.root_folder):
            root = self.root_folder.name or "/"
            self._note(node.span, "include_outside", name=name, root=root)
        elif resolved in self.chain:
            chain = " → ".join(file.name for file in [*self.chain, resolved])
            self._note(node.span, "include_cycle", name=name, chain=chain)
        elif resolved in self.first_place:
            first = self.first_place[resolved]
            self._note(node.span, "include_twice", name=name, first=first)
        elif len(self.first_place) > INCLUDES_MAX:
            words = say("too_many_includes", self.lang, limit=INCLUDES_MAX)
            raise LimitError(problem_at(node.span, words))
        else:
            return self.read(target, node.span)
        return None

    def _join(self, entries: dict[str, Entry], added: dict[str, Entry]) -> None:
        """Join ``added`` into ``entries``, section by section."""
        for key, entry in added.items():
            if key not in entries:
                entries[key] = entry
                continue
            have, more = entries[key].node, entry.node
            if isinstance(have.value, dict) and isinstance(more.value, dict):
                joined = collection(have.span, self._merged(have.value, more.value))
            elif isinstance(have.value, tuple) and isinstance(more.value, tuple):
                self._check_ids(have.value, more.value)
                joined = collection(have.span, have.value + more.value)
            else:
                if have.value != more.value:
                    first = _place(entries[key].key)
                    self._note(entry.key, "section_clash", key=key, first=first)
                continue
            entries[key] = Entry(entries[key].key, joined)

    def _merged(self, have: dict[str, Entry], more: dict[str, Entry]) -> dict[str, Entry]:
        for name in (name for name in more if name in have):
            self._note(more[name].key, "duplicate_entry", key=name, first=_place(have[name].key))
        return more | have

    def _check_ids(self, have: tuple[Node, ...], more: tuple[Node, ...]) -> None:
        """Two lists that are put together have no two items of one ``id``."""
        first: dict[str, Span] = {identity.text: identity.span for identity in _ids(have)}
        for identity in _ids(more):
            if identity.text in first:
                place = _place(first[identity.text])
                self._note(identity.span, "duplicate_entry", key=identity.text, first=place)

    # -- problems ----------------------------------------------------------------------------

    def _note(self, span: Span, code: str, **values: object) -> None:
        lines = self.lines.get(span.file, ())
        line = lines[span.line - 1] if span.line <= len(lines) else ""
        self.problems.append(problem_at(span, say(code, self.lang, **values), line))

    def _file_problem(self, path: Path, place: Span | None, code: str, **values: object) -> Problem:
        """A problem of a file: at the place that includes it, if there is one."""
        words = say(code, self.lang, **values)
        if place is None:
            return problem_at(_nowhere(str(path)), words)
        return problem_at(place, words, self.lines[place.file][place.line - 1])

    def error(self) -> InputError:
        """All that is wrong, as one error of the first failure's class."""
        fatal = [problem for error in self.fatal for problem in error.problems]
        kind = type(self.fatal[0])
        return kind([*fatal, *self.problems])

    def sha256(self) -> str:
        """The digest of all files, see :class:`Source`."""
        if len(self.digests) == 1:
            return next(iter(self.digests.values()))
        folder = next(iter(self.digests)).parent
        listing = "".join(
            f"{digest}  {Path(os.path.relpath(path, folder)).as_posix()}\n"
            for path, digest in self.digests.items()
        )
        return hashlib.sha256(listing.encode()).hexdigest()


def _ids(items: tuple[Node, ...]) -> list[Node]:
    """The nodes of the items' ids."""
    return [
        item.value["id"].node
        for item in items
        if isinstance(item.value, dict) and "id" in item.value
    ]


def _resolved(path: Path) -> Path:
    """The real path; what the system cannot follow stays as it is, and fails when opened."""
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):  # a loop of links, a NUL, a long name
        return path.absolute()


def _nowhere(file: str) -> Span:
    return Span(file, 0, 0, 0, 0)


def _place(span: Span) -> str:
    return f"{span.file}:{span.line}:{span.column}"
