"""Remarks of readers and reasons of checkers in Thai: recognised by their English templates.

They arise below the reports, in English. ``locale/remarks.yaml`` has the templates of both
languages; what fills a template is looked up in turn, and what has no entry stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import yaml

from bcsim.report.wording import LOCALE

_FIELD: Final = re.compile(r"\\{(\w+)\\}")
_DEPTH_MAX: Final = 8
"""Remarks within remarks; a list of counts is the deepest."""


@cache
def _templates() -> tuple[tuple[re.Pattern[str], str], ...]:
    """English templates as patterns, each with the Thai one, in the order of the catalogue."""
    text = (LOCALE / "remarks.yaml").read_text(encoding="utf-8")
    # NOTE: the base loader reads every scalar as text.
    entries = yaml.load(text, yaml.BaseLoader)  # noqa: S506
    return tuple((_pattern(entry["en"]), entry["th"]) for entry in entries)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(_FIELD.sub(r"(?P<\1>.+?)", re.escape(template)), re.DOTALL)


def in_thai(text: str, depth: int = 0) -> str:
    """A remark in Thai, or itself if the catalogue does not know it."""
    if depth > _DEPTH_MAX:
        return text
    for pattern, thai in _templates():
        found = pattern.fullmatch(text)
        if found:
            return thai.format(
                **{name: in_thai(value, depth + 1) for name, value in found.groupdict().items()}
            )
    return text
