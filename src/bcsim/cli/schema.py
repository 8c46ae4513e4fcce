"""``bcsim schema``: JSON Schema of the file formats, for completion and checks in editors."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bcsim.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.json_schema import JsonSchemaValue

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
FORMATS: Final = ("model", "scenario", "profile")


@click.command(epilog="\b\nExample:\n  bcsim schema --out schemas\n  bcsim schema model")
@click.argument("name", type=click.Choice(FORMATS), required=False)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write NAME.schema.json into this folder; all of them if no NAME is given.",
)
def command(name: str | None, out: Path | None) -> None:
    """Print the JSON Schema (draft 2020-12) of a file format.

    NAME is model, scenario or profile. With the schemas in a folder, an editor that knows the
    YAML language server completes keys and marks errors in a file whose first line is

    \b
      # yaml-language-server: $schema=schemas/model.schema.json
    """
    if out is None and name is None:
        raise UsageError("which schema? Name model, scenario or profile, or give --out DIR")
    if out is None:
        assert name is not None, "checked above"
        click.echo(schema_text(name), nl=False)
        return
    out.mkdir(parents=True, exist_ok=True)
    for each in (name,) if name else FORMATS:
        path = out / f"{each}.schema.json"
        unfinished = path.with_name(path.name + ".part")
        unfinished.write_text(schema_text(each), encoding="utf-8")
        unfinished.replace(path)
        click.echo(path, err=True)


def schema_text(name: str) -> str:
    """The schema of one format as JSON text, the same at every call."""
    build = {"model": _model, "scenario": _scenario, "profile": _profile}[name]
    schema = {"$schema": DIALECT, **build()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _model() -> JsonSchemaValue:
    from bcsim.model.firm import Firm

    return _with_include(Firm.model_json_schema())


def _scenario() -> JsonSchemaValue:
    from bcsim.scenario.scenario import Scenario

    return _with_include(Scenario.model_json_schema())


def _with_include(schema: JsonSchemaValue) -> JsonSchemaValue:
    """Allow ``include``; a file that has it may leave required keys to the files it names."""
    from bcsim.model.includes import INCLUDE

    include = {
        "description": "Files whose sections are joined to this one's, relative to this file.",
        "type": "array",
        "items": {"type": "string"},
        "examples": [["people.yaml", "products.yaml"]],
    }
    required = schema.pop("required")
    return schema | {
        "properties": {**schema["properties"], INCLUDE: include},
        "if": {"not": {"required": [INCLUDE]}},
        "then": {"required": required},
    }


def _profile() -> JsonSchemaValue:
    from pydantic import TypeAdapter

    from bcsim.history import profile

    schema = TypeAdapter(profile.Profile).json_schema()
    for name, held in vars(profile).items():
        if dataclasses.is_dataclass(held):
            own = schema if held is profile.Profile else schema["$defs"][name]
            own["additionalProperties"] = False
            for field in dataclasses.fields(held):
                _state_rules(own["properties"][field.name], field.metadata)
    return schema


def _state_rules(entry: JsonSchemaValue, rules: Mapping[str, Any]) -> None:
    """Add a field's choices and bounds, which the profile states as metadata."""
    entry = entry["anyOf"][0] if "anyOf" in entry else entry
    if "choices" in rules:
        entry.get("items", entry)["enum"] = list(rules["choices"])
    if "bounds" in rules:
        entry["minimum"], entry["maximum"] = rules["bounds"]
