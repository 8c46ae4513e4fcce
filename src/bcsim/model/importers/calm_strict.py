"""Validation against the JSON Schemas of CALM 1.2, which ship with bcsim.

The schemas are FINOS's own, Apache-2.0, unmodified; ``calm_schema/NOTICE`` says where they are
from. References are resolved among them, never on a network.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import referencing
from jsonschema.exceptions import best_match

from bcsim.errors import ModelError
from bcsim.model.importers.calm_files import pointer_of, read_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.errors import Problem
    from bcsim.model.finding import Path as DataPath
    from bcsim.model.importers.calm_files import CalmFile

CORE: Final = "https://calm.finos.org/release/1.2/meta/core.json"
DECORATOR: Final = "https://calm.finos.org/release/1.2/meta/decorators.json#/defs/decorator"

_VALUE_CHARS_MAX: Final = 60


@cache
def _registry() -> referencing.Registry[Any]:
    folder = Path(__file__).parent / "calm_schema"
    schemas = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.json"))]
    resources = [referencing.Resource.from_contents(schema) for schema in schemas]
    registry: referencing.Registry[Any] = referencing.Registry()
    return registry.with_resources([(r.id() or "", r) for r in resources])


def check_schema(path: Path, schema: str = CORE) -> None:
    """Refuse a file that does not keep CALM 1.2's schema.

    NOTE: an architecture is held against ``core.json``. ``calm.json`` adds only that it may be a
    JSON Schema too, which is what CALM calls a pattern.

    Raises
    ------
    ModelError
        Every breach with its JSON pointer, line and column.
    """
    file = read_file(path, path.name)
    problems = list(_problems(file, schema))
    if problems:
        raise ModelError(problems)


def _problems(file: CalmFile, schema: str) -> Iterator[Problem]:
    validator = jsonschema.Draft202012Validator({"$ref": schema}, registry=_registry())
    errors = sorted(validator.iter_errors(file.data), key=lambda e: [str(p) for p in e.path])
    of_wrong_type = [list(error.path) for error in errors if error.validator == "type"]
    for error in errors:
        if error.validator in ("anyOf", "oneOf") and list(error.path) in of_wrong_type:
            continue  # no branch fits what is of the wrong type: told already
        # Of an anyOf or oneOf, the branch that fits best says most.
        inner = best_match([error]) or error
        path: DataPath = tuple(inner.absolute_path)
        value = json.dumps(inner.instance, ensure_ascii=False)
        shown = value if len(value) <= _VALUE_CHARS_MAX else f"{value[:_VALUE_CHARS_MAX]}…"
        message = inner.message.replace(repr(inner.instance), "the value")
        yield file.problem(
            path,
            f"{pointer_of(path) or '(the document)'}: {message}",
            value=shown,
            expected="CALM 1.2",
        )
