"""TOML as people write it by hand: typed values out of a table, every problem with its line."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

from bcsim import limits
from bcsim.errors import HistoryError, Problem
from bcsim.history.canonical_json import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")


def read_toml(path: Path) -> TomlTable:
    """Read a TOML file; raises HistoryError if it is none."""
    try:
        if path.stat().st_size > limits.FILE_BYTES_MAX:
            expected = f"at most {limits.FILE_BYTES_MAX} bytes"
            raise HistoryError(Problem("the file is too large", str(path), expected=expected))
        text = path.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise HistoryError(Problem(reason, str(path), hint="check the path")) from error
    except UnicodeDecodeError as error:
        raise HistoryError(Problem("the file is not UTF-8", str(path))) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        said = _PLACE.sub("", str(error)).strip()
        problem = Problem("the file is not TOML", str(path), line, column, hint=said)
        raise HistoryError(problem) from error
    return TomlTable(data, "", _Source(str(path), text.splitlines()))


class _Source:
    """The text of a file, to find the line of a key in, and the problems found."""

    def __init__(self, file: str, lines: Sequence[str]) -> None:
        self.file = file
        self.lines = lines
        self.problems: list[Problem] = []

    def line_of(self, place: str) -> int:
        """First line that seems to state a dotted key; 0 if none does."""
        parts = place.split(".")
        begin = 0
        for i, line in enumerate(self.lines):
            if len(parts) > 1 and re.match(rf"\s*\[+\s*{re.escape(parts[0])}\b", line):
                begin = i
                break
        key = re.compile(rf"\s*\[*\s*[\"']?{re.escape(parts[-1])}[\"']?\s*(=|\]|\.)")
        return next((i + 1 for i in range(begin, len(self.lines)) if key.match(self.lines[i])), 0)


class TomlTable:
    """One table of a file. What does not hold is noted, and then a default is returned."""

    def __init__(self, data: dict[str, Any], place: str, source: _Source) -> None:
        self._data = data
        self._place = place
        self._source = source

    def has(self, key: str) -> bool:
        """Whether the table has a key."""
        return key in self._data

    def names(self) -> tuple[str, ...]:
        """Keys of the table in their order."""
        return tuple(self._data)

    def allow(self, *keys: str) -> None:
        """Note every key that is none of ``keys``."""
        for key in self._data:
            if key not in keys:
                self.note("unknown key", key, value=key, choices=keys)

    def note(
        self,
        message: str,
        key: str = "",
        *,
        value: str = "",
        expected: str = "",
        hint: str = "",
        choices: Sequence[str] = (),
    ) -> None:
        """Note a problem of the table or of one key."""
        place = ".".join(filter(None, (self._place, key)))
        line = self._source.line_of(place) if place else 0
        if choices:
            expected = f"one of {', '.join(choices)}"
            hint = hint or nearest(value, choices)
        where = (
            f"{place}: " if place and key != value else f"{self._place}: " if self._place else ""
        )
        text = self._source.lines[line - 1] if line else ""
        problem = Problem(
            where + message, self._source.file, line, 1 if line else 0, value, expected, hint, text
        )
        self._source.problems.append(problem)

    def raise_problems(self) -> None:
        """Raise HistoryError with every problem of the file, if there is any."""
        if self._source.problems:
            raise HistoryError(self._source.problems)

    # -- values ------------------------------------------------------------------------------

    def text(self, key: str, default: str = "", *, choices: Sequence[str] = ()) -> str:
        """A text."""
        found = self._data.get(key, default)
        if not isinstance(found, str):
            self.note("not a text", key, value=str(found), expected='a text in quotes, "…"')
            return default
        if choices and found not in choices:
            self.note("not known", key, value=found, choices=choices)
        return found

    def integer(self, key: str, default: int, *, least: int, most: int) -> int:
        """A whole number within bounds."""
        found = self._data.get(key, default)
        if type(found) is not int or not least <= found <= most:
            expected = f"a whole number from {least} to {most}"
            self.note("out of bounds", key, value=str(found), expected=expected)
            return default
        return found

    def flag(self, key: str) -> bool | None:
        """True, false, or None where the key is left out."""
        found = self._data.get(key)
        if found is not None and type(found) is not bool:
            self.note("neither true nor false", key, value=str(found), expected="true or false")
            return None
        return found

    def texts(self, key: str, *, choices: Sequence[str] = ()) -> tuple[str, ...]:
        """A list of texts; one text alone is a list of one."""
        found = self._data.get(key, [])
        if isinstance(found, str):
            found = [found]
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            self.note("not a list of texts", key, value=str(found), expected='["…", "…"]')
            return ()
        for item in found:
            if choices and item not in choices:
                self.note("not known", key, value=item, choices=choices)
        return tuple(found)

    def table(self, key: str, *keys: str) -> TomlTable:
        """A table below this one, of known ``keys``; empty where it is left out."""
        found = self._data.get(key, {})
        place = ".".join(filter(None, (self._place, key)))
        if not isinstance(found, dict):
            self.note("not a table", key, value=str(found), expected=f"[{place}]")
            found = {}
        below = TomlTable(found, place, self._source)
        if keys:
            below.allow(*keys)
        return below

    def tables(self, key: str, *keys: str) -> list[TomlTable]:
        """A list of tables below this one, ``[[key]]``."""
        found = self._data.get(key, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            self.note("not a list of tables", key, value=str(found), expected=f"[[{key}]]")
            return []
        below = [TomlTable(item, key, self._source) for item in found]
        for table in below:
            table.allow(*keys)
        return below

    def is_target(self, key: str, targets: Sequence[str]) -> bool:
        """Whether a key is one of ``targets``; noted if not."""
        if key in targets:
            return True
        self.note("unknown key", key, value=key, choices=targets)
        return False

    def named_texts(self, keys: Sequence[str] = ()) -> dict[str, str]:
        """Every key with its text; keys are among ``keys``, if there are any."""
        known = [key for key in self._data if not keys or self.is_target(key, keys)]
        return {key: self.text(key) for key in known}

    def lists_of_texts(self) -> dict[str, tuple[str, ...]]:
        """Every key with its list of texts."""
        return {key: self.texts(key) for key in self._data}
