"""Everything that bcsim raises on purpose.

::

    BcsimError
    ├── InputError          the operator gave something unusable      exit 2
    │   ├── UsageError      a command or a call was put wrongly       exit 2
    │   ├── ModelError      a model or scenario file does not hold    exit 2
    │   ├── HistoryError    a history or log cannot be read           exit 2
    │   └── LimitError      an input is beyond a bound of limits.py   exit 2
    └── InternalError       a bug in bcsim                            exit 5

An :class:`InputError` carries *all* problems found, each a :class:`Problem`, so that an
operator mends a file once. Programmer errors are assertions, never these classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input, and what to do about it.

    ``line`` and ``column`` count from 1; 0 means that the place is not known.
    """

    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    value: str = ""
    expected: str = ""
    hint: str = ""
    source_line: str = ""
    severity: str = "error"

    @property
    def place(self) -> str:
        """``file:line:column`` as far as known."""
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"

    def __str__(self) -> str:
        """One line for people: place, severity, message, value, expectation, hint."""
        parts = [f"{self.place}: " if self.place else "", f"{self.severity}: {self.message}"]
        if self.value:
            parts.append(f" (got {self.value})")
        if self.expected:
            parts.append(f"; expected {self.expected}")
        if self.hint:
            parts.append(f" — {self.hint}")
        return "".join(parts)


class BcsimError(Exception):
    """Base of every error that bcsim raises on purpose."""

    exit_code = 5


class InputError(BcsimError):
    """The operator gave something unusable; ``problems`` holds all that was found."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        if isinstance(problems, Problem):
            problems = (problems,)
        self.problems: tuple[Problem, ...] = tuple(problems)
        assert self.problems, "an InputError without a problem tells the operator nothing"
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(InputError):
    """A command or a call was put wrongly."""


class ModelError(InputError):
    """A model or scenario file does not hold together."""


class HistoryError(InputError):
    """A history or log cannot be read as one."""


class LimitError(InputError):
    """An input is beyond a bound of :mod:`bcsim.limits`."""


class InternalError(BcsimError):
    """A bug in bcsim; the message says what to report."""
