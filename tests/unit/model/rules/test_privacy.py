"""Goal: rules for data and access. Method: break each in the test broker; all new findings."""

from __future__ import annotations

import pytest

from tests.brokerage import found_by


def held(*classes, label="personal"):
    """Let the order system hold classes of data; the model declares one, about persons."""

    def change(data):
        data["data_classes"] = {
            "records": {"name": "Records", "sensitivity": "confidential", "personal": True}
        }
        data["components"]["oms"].update(holds=list(classes), data_class=label)

    return change


def opens(kind, *, revokes=(), **more):
    """Let the plan open access to two components, and take it back from some."""

    def change(data):
        basis = {"name": "A", "when": [{"declared": True}], "duration": "1 min"}
        actions = data["plan"]["actions"]
        actions["open"] = basis | {"kind": kind, "target": ["oms", "web"]} | more
        if revokes:
            actions["close"] = basis | {"kind": "revoke-access", "target": list(revokes)}

    return change


OPEN = ("warning", "plan.actions.open", "nothing takes back the access that open opens")

CASES = {
    "sound": (held("records"), []),
    "an unknown class": (
        held("record"),
        [("error", "components.oms.holds.0", "unknown data class")],
    ),
    "the same class twice": (
        held("records", "records"),
        [("error", "components.oms.holds.1", "the same data class twice")],
    ),
    "data about persons under another label": (
        held("records", label="internal"),
        [
            (
                "warning",
                "components.oms.data_class",
                "oms holds data about persons, and its data_class does not say so",
            )
        ],
    ),
    "access that nobody takes back": (opens("grant-access"), [OPEN]),
    "access that is taken back in part": (opens("grant-access", revokes=["oms"]), [OPEN]),
    "access that is taken back": (opens("grant-access", revokes=["oms", "web"]), []),
    "restored open": (opens("restore", access_control=False), [OPEN]),
    "restored under control": (opens("restore"), []),
    "access to something unknown": (
        opens("grant-access", target=["x"], revokes=["x"]),
        [
            ("error", "plan.actions.open.target.0", "unknown component"),
            ("error", "plan.actions.close.target.0", "unknown component"),
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_broken_rule(case):
    """Goal: each rule finds its breach and nothing else does. Method: the table above."""
    change, expected = CASES[case]
    assert found_by(change) == expected
