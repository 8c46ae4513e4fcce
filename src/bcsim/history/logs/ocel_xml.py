"""OCEL 2.0 in XML, as a stream of objects and events."""

from __future__ import annotations

import csv
from itertools import count
from typing import TYPE_CHECKING, Final

from bcsim import limits
from bcsim.errors import HistoryError, Problem
from bcsim.history.logs.ocel_stage import load_stages, stage_files
from bcsim.history.logs.xml_events import XmlError, elements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from bcsim.history.logs.ocel_stage import Write
    from bcsim.history.logs.xml_events import Element

_NAMES: Final = ("object", "event", "object-type", "event-type")


def load_xml(connection: DuckDBPyConnection, path: Path, folder: Path) -> None:
    """Load an XML log through a file for each table."""
    places = count(1)
    try:
        with path.open("rb") as stream, stage_files(folder) as write:
            for element in elements(stream, *_NAMES, bytes_max=limits.OCEL_BYTES_MAX):
                if element.name == "object":
                    _write_object(element, write)
                elif element.name == "event":
                    _write_event(element, next(places), write)
                else:
                    for name in _declared(element):
                        write("declared", name)
    except XmlError as error:
        raise HistoryError(Problem(str(error), str(path), hint=error.hint)) from error
    except (OSError, csv.Error) as error:
        raise HistoryError(Problem("the log cannot be read", str(path))) from error
    load_stages(connection, folder)


def _declared(element: Element) -> Iterator[str]:
    """Columns that the declaration of a type promises, though no event may have them."""
    kind = element.attributes.get("name", "")
    is_object = element.name == "object-type"
    if is_object:
        yield f"object:{kind}"
    for name, _, _ in _values(element):
        yield f"{kind}.{name}" if is_object else str(name)


def _write_object(element: Element, write: Write) -> None:
    own = element.attributes
    write("objects", own.get("id"), own.get("type"))
    for name, time, value in _values(element):
        write("object_values", own.get("id"), name, time, value)


def _write_event(element: Element, place: int, write: Write) -> None:
    own = element.attributes
    write("events", place, own.get("id"), own.get("type"), own.get("time"))
    for name, _, value in _values(element):
        write("event_values", own.get("id"), name, value)
    for related in _related(element):
        write("relations", own.get("id"), related)


def _values(element: Element) -> Iterator[tuple[str | None, str | None, str]]:
    """Attributes with their names and times."""
    for group in element.children:
        for child in group.children if group.name == "attributes" else ():
            if child.name == "attribute":
                yield child.attributes.get("name"), child.attributes.get("time"), child.text.strip()


def _related(element: Element) -> Iterator[str | None]:
    """Ids of related objects; early tools wrote ``relobj`` for ``relationship``."""
    for group in element.children:
        for child in group.children if group.name == "objects" else ():
            if child.name in {"relationship", "relobj"}:
                yield child.attributes.get("object-id")
