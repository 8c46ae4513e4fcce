"""Elements of an XML document as a stream; a document type, and so every entity, is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import IO

_PIECE_BYTES: Final = 64 * 1024
_DEPTH_MAX: Final = 64


class XmlError(ValueError):
    """A document that cannot be read, and what to do about it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(slots=True)
class Element:
    """An element with everything in it; names are without their namespace."""

    name: str
    attributes: Mapping[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def text_of(self, name: str) -> str:
        """The texts of all elements of a name in here, one after the other."""
        own = self.text if self.name == name else ""
        return own + "".join(child.text_of(name) for child in self.children)


class _Collector:
    """Keeps the elements that are wanted, until they are taken."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._open: list[Element] = []
        self._depth = 0
        self.done: list[Element] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEPTH_MAX:
            raise XmlError("the document is nested too deeply", hint=f"at most {_DEPTH_MAX} levels")
        local = name.rpartition(" ")[2]
        if self._open or local in self._names:
            plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
            element = Element(local, plain)
            if self._open:
                self._open[-1].children.append(element)
            self._open.append(element)

    def data(self, text: str) -> None:
        if self._open:
            self._open[-1].text += text

    def end(self, _: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if not self._open:
                self.done.append(element)


def _refuse(*_: object) -> None:
    message, hint = "the document declares a document type", "take its <!DOCTYPE> out"
    raise XmlError(message, hint=hint)


def elements(stream: IO[bytes], *names: str, bytes_max: int) -> Iterator[Element]:
    """Read the elements of some names, outermost first, each with everything in it.

    Parameters
    ----------
    stream
        The document.
    names
        Local names.
    bytes_max
        Most bytes to read, unpacked.

    Raises
    ------
    XmlError
        If the document is not well formed, declares a document type, is too large or too deep.
    """
    collector = _Collector(frozenset(names))
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = collector.start
    parser.CharacterDataHandler = collector.data
    parser.EndElementHandler = collector.end
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    read = 0
    while True:
        piece = stream.read(_PIECE_BYTES)
        read += len(piece)
        if read > bytes_max:
            raise XmlError("the document is too large", hint=f"at most {bytes_max} bytes")
        try:
            parser.Parse(piece, not piece)
        except expat.ExpatError as error:
            hint = f"{expat.ErrorString(error.code)} in line {error.lineno}"
            raise XmlError("the document is not XML", hint=hint) from error
        yield from collector.done
        collector.done.clear()
        if not piece:
            return
