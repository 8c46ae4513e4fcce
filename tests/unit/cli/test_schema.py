"""Goal: ``bcsim schema`` describes the files that the program reads, so that editors can help.

Method: the schemas against their meta-schema, against the shipped files, and against spoilt ones;
what is written and printed.
"""

from __future__ import annotations

import json
from functools import cache

import jsonschema
import pytest

from bcsim.cli import app, schema
from bcsim.cli.templates import scenarios_folder
from bcsim.history.profile import Profile
from bcsim.model.yaml_nodes import compose


@cache
def editor(name):
    """A validator of one format's schema."""
    text = json.loads(schema.schema_text(name))
    assert text["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(text)
    return jsonschema.Draft202012Validator(text)


def shipped(pattern):
    paths = sorted(scenarios_folder().rglob(pattern))
    assert paths, f"no {pattern} is shipped"
    return {str(path): compose(path.read_text(encoding="utf-8"), str(path)).root.data()
            for path in paths}  # fmt: skip


@pytest.mark.parametrize("name", ["model", "scenario"])
def test_shipped_files_satisfy_their_schema(name):
    """Goal: an editor marks no right file as wrong. Method: every shipped file, includes apart."""
    wrong = {
        path: errors
        for path, data in shipped(f"*.{name}.yaml").items()
        if (errors := [error.message for error in editor(name).iter_errors(data)])
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        ({"curency": "THB"}, "Additional properties are not allowed ('curency' was unexpected)"),
        ({"components": {"a": {"kind": "application"}}}, "'name' is a required property"),
        ({"priorities": ["A"]}, "'A' does not match '^[a-z][a-z0-9-]*$'"),
    ],
)
def test_spoilt_models(spoilt, message):
    """Goal: an editor finds what it can. Method: the minimal model with one fault."""
    path, data = next(item for item in shipped("*.model.yaml").items() if "minimal" in item[0])
    errors = list(editor("model").iter_errors(data | spoilt))
    assert [error.message for error in errors] == [message], path


def test_required_keys_may_be_in_included_files():
    """Goal: the root of a model in parts is right. Method: a root with, and without, include."""
    root = {"format": "bcsim-model/1"}
    model = editor("model")
    assert model.is_valid(root | {"include": ["rest.yaml"]})
    missing = {error.message for error in model.iter_errors(root)}
    assert "'components' is a required property" in missing


def test_profiles():
    """Goal: profiles of logs are described too. Method: the default one, and three faults."""
    profile = editor("profile")
    data = json.loads(Profile().to_json())
    profile.validate(data)
    faults = {"kind": "sim", "qty_scale": 19, "declared_kinds": ["nothing"], "unknown": 1}
    wrong = {key for key in faults if not profile.is_valid(data | {key: faults[key]})}
    assert wrong == set(faults)


def test_one_schema_on_standard_output(capsys):
    """Goal: a schema can be piped. Method: the printed text is the schema."""
    assert app.main(["schema", "scenario"]) == app.EXIT_PASS
    out, err = capsys.readouterr()
    assert (out, err) == (schema.schema_text("scenario"), "")


def test_schemas_in_a_folder(tmp_path, capsys):
    """Goal: all at once for an editor. Method: the files; then one of them alone."""
    folder = tmp_path / "new" / "schemas"
    assert app.main(["schema", "--out", str(folder)]) == app.EXIT_PASS
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert written == {f"{name}.schema.json": schema.schema_text(name) for name in schema.FORMATS}
    capsys.readouterr()
    assert app.main(["schema", "model", "--out", str(tmp_path)]) == app.EXIT_PASS
    assert capsys.readouterr() == ("", f"{tmp_path / 'model.schema.json'}\n")
    assert [path.name for path in tmp_path.glob("*.json")] == ["model.schema.json"]


def test_which_schema(capsys):
    """Goal: nothing is guessed. Method: no name and no folder; an unknown name."""
    assert app.main(["schema"]) == app.EXIT_BAD_INPUT
    assert capsys.readouterr().err == (
        "error: which schema? Name model, scenario or profile, or give --out DIR\n1 error\n"
    )
    assert app.main(["schema", "modle"]) == app.EXIT_BAD_INPUT
    assert "modle" in capsys.readouterr().err
