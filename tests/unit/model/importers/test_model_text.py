"""Goal: a model written as text reads back as the same data, whatever texts it holds.

Method: Hypothesis draws data; a small document is compared whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bcsim.model.importers.model_text import yaml_text
from bcsim.model.yaml_nodes import compose

if TYPE_CHECKING:
    from bcsim.model.nodes import Data

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"))
keys = st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1)
scalars = st.one_of(
    texts,
    st.sampled_from(["no", "null", "1e3", "~", "10:30", "- x", "a: b", "# c", "x #y", " a ", "é:"]),
    st.booleans(),
    st.none(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(keys, values, max_size=5).filter(bool))
def test_text_reads_back(data):
    """Goal: data in, data out. Method: write, and read by bcsim's own reader."""
    document = compose(yaml_text(data, {}, "Head\nof two lines"), "drawn.yaml")
    assert document.root.data() == data
    assert document.problems == ()


def test_a_document_is_written_for_people():
    """Goal: layout and comments. Method: a small document, compared whole."""
    data: dict[str, Data] = {
        "format": "x/1",
        "parts": {
            "bus": {"name": "Bus", "servers": 4.0, "store": {"kind": "volatile"}},
            "desk": {"name": "Desk"},
        },
        "steps": [{"id": "a", "at": "10:30"}, "plain"],
        "hours": {"from": "no", "to": "18:00"},
    }
    comments = {
        ("parts", "bus", "servers"): "assumption 1",
        ("parts", "bus", "store", "kind"): "assumption 2",
        ("parts", "desk"): "assumption 3",
        ("steps", 1): "assumption 4",
    }
    assert yaml_text(data, comments, "Head") == (
        "# Head\n"
        "format: x/1\n"
        "\n"
        "parts:\n"
        "  bus:\n"
        "    name: Bus\n"
        "    servers: 4  # assumption 1\n"
        "    store: {kind: volatile}  # assumption 2\n"
        "  desk: {name: Desk}  # assumption 3\n"
        "\n"
        "steps:\n"
        "  - id: a\n"
        '    at: "10:30"\n'
        "  - plain  # assumption 4\n"
        "\n"
        'hours: {from: no, to: "18:00"}\n'
    )
