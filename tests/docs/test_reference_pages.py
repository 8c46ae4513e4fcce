"""Goal: every file key, random draw, timeline attribute and measure has its entry.

Method: the pages are generated from the classes and tables that the program itself uses, and
compared with what is checked in. ``UPDATE=1 python -m pytest tests/docs`` rewrites them.
"""

from __future__ import annotations

import ast
import inspect
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from bcsim.engine import timeline
from bcsim.engine.reference.clock import Mark, Turn
from bcsim.model.firm import Firm
from bcsim.model.regime import Fact, Unit, regime_names
from bcsim.model.regime_file import load_regime
from bcsim.model.service_system import service_systems
from bcsim.scenario.scenario import Scenario
from bcsim.streams import PURPOSES
from bcsim.units import format_duration
from tests.docs.test_docs_parity import compare

if TYPE_CHECKING:
    from pydantic import BaseModel

GENERATED = "This page is generated; `UPDATE=1 python -m pytest tests/docs` rewrites it."
COMMON_KEYS = ("source", "note")


def words_of(schema: dict[str, Any]) -> str:
    """What a key takes, in a few words."""
    choices = schema.get("anyOf") or schema.get("oneOf")
    values = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
    kind = str(schema.get("type", "value"))
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        words = f"[{name}](#{name.lower()})"
    elif "const" in schema or "enum" in schema:
        words = " \\| ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    elif choices:
        words = " or ".join(words_of(choice) for choice in choices if choice.get("type") != "null")
    elif kind == "array":
        words = f"list of {words_of(schema.get('items', {}))}"
    elif kind == "object" and isinstance(values[0], dict):
        words = f"mapping to {words_of(values[0])}"
    else:
        words = f"{kind}, e.g. `{schema['examples'][0]}`" if schema.get("examples") else kind
    return words


def keys_page(title: str, intro: str, root: type[BaseModel]) -> str:
    """A page with one table of keys per class of a file format."""
    schema = root.model_json_schema()
    classes = {root.__name__: schema, **schema.get("$defs", {})}
    page = [f"# {title}\n", f"{intro} {GENERATED}\n"]
    for name, definition in classes.items():
        if "properties" not in definition:
            continue
        required = set(definition.get("required", ()))
        page.append(f"## {name}\n\n{definition.get('description', '').splitlines()[0]}\n")
        page.append("| key | takes | needed | meaning |\n|---|---|---|---|")
        for key, value in definition["properties"].items():
            if key not in COMMON_KEYS:
                meaning = value.get("description", "").replace("|", "\\|").replace("\n", " ")
                needed = "yes" if key in required else ""
                page.append(f"| `{key}` | {words_of(value)} | {needed} | {meaning} |")
        page.append("")
    return "\n".join(page)


def test_model_file_page():
    """Goal: every key of a model file is listed. Method: walk the schema of ``Firm``."""
    intro = (
        "What a `*.model.yaml` file may hold. Every entity may also carry `source:` (where its "
        "numbers come from, or `assumption`) and `note:`."
    )
    compare("docs/reference/model-file.md", keys_page("The model file", intro, Firm))


def test_scenario_file_page():
    """Goal: every key of a scenario file is listed. Method: walk the schema of ``Scenario``."""
    intro = "What a `*.scenario.yaml` file may hold; `source:` and `note:` may stand anywhere."
    compare("docs/reference/scenario-file.md", keys_page("The scenario file", intro, Scenario))


def test_draws_page():
    """Goal: every random draw is listed with its address. Method: the table of purposes."""
    page = [
        "# Random draws\n",
        f"Each draw is a pure function of the address that the table gives. {GENERATED}\n",
        "| purpose | decides | entity | index | draw |\n|---|---|---|---|---|",
        *(
            f"| `{name}` | {p.meaning} | {p.entity} | {p.index} | {p.draw} |"
            for name, p in PURPOSES.items()
        ),
        "",
    ]
    compare("docs/reference/draws.md", "\n".join(page))


def documented_members(source: object, name: str) -> dict[str, str]:
    """Members of an enumeration with the text literal that follows each."""
    tree = ast.parse(inspect.getsource(source))  # type: ignore[arg-type]
    body = next(n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == name).body
    meanings = {}
    for assignment, text in itertools.pairwise(body):
        if isinstance(assignment, ast.Assign) and isinstance(text, ast.Expr):
            assert isinstance(text.value, ast.Constant)
            target = assignment.targets[0]
            assert isinstance(target, ast.Name)
            meanings[target.id] = " ".join(str(text.value.value).split())
    return meanings


def test_timeline_page():
    """Goal: every state change and every turn is listed. Method: the enumerations themselves."""
    meanings = documented_members(timeline, "Attribute")
    assert set(meanings) == {attribute.name for attribute in timeline.Attribute}
    page = [
        "# The timeline\n",
        f"What the continuity layer hands to the order layer. {GENERATED}\n",
        "## State changes\n",
        "| attribute | meaning |\n|---|---|",
        *(f"| `{a.value}` | {meanings[a.name]} |" for a in timeline.Attribute),
        "\n## Turns of one instant\n",
        "| turn | class |\n|---|---|",
        *(f"| {turn.value} | {turn.name.lower()} |" for turn in Turn),
        "\n## Kinds within a turn\n",
        "| order | kind |\n|---|---|",
        *(f"| {mark.value} | {mark.name.lower()} |" for mark in Mark),
        "",
    ]
    compare("docs/reference/timeline.md", "\n".join(page))


def _measures_of(system):
    """A system's part of the page: one row a measure."""
    rows = [
        (
            f"`{name}`",
            measure.name.en,
            measure.unit.value,
            measure.better.value,
            measure.formula,
            "never" if measure.unknown is None else measure.unknown,
            measure.source,
        )
        for name, measure in system.measures.items()
    ]
    head = ("measure", "name", "unit", "better", "formula", "not known when", "source")
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def test_measures_page():
    """Goal: every measure is listed. Method: the definitions that ship with the package."""
    page = [
        "# Measures\n",
        f"What a run measures of the nine service systems. {GENERATED}\n",
        "A model states targets for any of them under `targets`.\n",
        *(
            f"## System {system.number} {system.name.en}\n\n{_measures_of(system)}\n"
            for system in service_systems().values()
        ),
    ]
    compare("docs/reference/measures.md", "\n".join(page))


REGIMES_HEAD = f"""\
# Regimes

Rules of regulators that come with bcsim. A model names them under `regulators: regimes:`; a run
then shows what each rule came to, and why. A status is `met`, `not_met` or `unknown`, of a clock
also `not_triggered`: of a class it says whether its criteria are met, of a limit or a clock
whether it was kept. What the run does not show is unknown. **No status says that a firm
complies; check every rule with counsel.** {GENERATED}
"""


def asked_by(rule: Any) -> str:
    """Thresholds of a rule as its file has them."""
    if rule.kind == "classification":
        facts = [c for criterion in rule.criteria.values() for c in criterion.any_of]
        signs = [f"> {c.above}" if c.above else f">= {c.at_least}" for c in facts]
        return "; ".join(
            c.fact.value if c.fact.unit is Unit.FLAG else f"{c.fact.value} {sign}"
            for c, sign in zip(facts, signs, strict=True)
        )
    if rule.kind == "deadline":
        limits = ", ".join(f"{limit.within} from {limit.after.value}" for limit in rule.limits)
        return f"{rule.act.value} within {limits}, when {rule.when}"
    if rule.kind == "ceiling":
        return f"{rule.fact.value} <= {rule.at_most}"
    if rule.kind == "downtime-budget":
        return f"downtime <= {format_duration(rule.at_most)}, {rule.period}"
    return f"an answer within {format_duration(rule.within)}"


def test_regimes_page():
    """Goal: every rule is listed with its source and date. Method: the files themselves."""
    page = [REGIMES_HEAD]
    for name in regime_names():
        regime = load_regime(name)
        page.append(f"## {name}\n\n{regime.name.en} ({regime.authority.en}).\n")
        page.append(
            "| rule | asks | clause and source | date | read | check |\n|---|---|---|---|---|---|"
        )
        page += [
            f"| `{key}` | {asked_by(rule)} | {rule.clause}; {rule.citation.title}; "
            f"{rule.citation.reference} | {rule.citation.dated}, looked up "
            f"{rule.citation.looked_up} | {rule.citation.read} | {rule.counsel.en} |"
            for key, rule in regime.rules.items()
        ]
        page.append("")
    page.append("## Facts\n\nWhat a model may give under `stated:`, where a run cannot show it.\n")
    page.append("| fact | takes |\n|---|---|")
    forms = {Unit.FLAG: "true or false", Unit.RATIO: "`10 %`", Unit.DURATION: "`2 h`"}
    page += [f"| `{f.value}` | {forms.get(f.unit, f'`2 {f.noun}`')} |" for f in Fact]
    page.append("")
    compare("docs/reference/regimes.md", "\n".join(page))


@pytest.mark.parametrize("root", [Firm, Scenario])
def test_every_key_says_what_it_is(root: type[BaseModel]):
    """Goal: no key without a meaning, but for plain names. Method: walk the schema."""
    plain = {"id", "name", "kind", "format", "retry", "breaker", "fallback", "batch"}
    schema = root.model_json_schema()
    silent = [
        f"{name}.{key}"
        for name, definition in {root.__name__: schema, **schema["$defs"]}.items()
        for key, value in definition.get("properties", {}).items()
        if key not in plain and not value.get("description") and "$ref" not in str(value)
    ]
    assert silent == []
