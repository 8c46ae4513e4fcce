"""Goal: rules for skills and roles. Method: break each in the test broker; all new findings."""

from __future__ import annotations

import pytest

from tests.brokerage import found_by


def trained(*holders, **role):
    """Give the desk a skill and a role."""

    def change(data):
        data["teams"]["desk"]["skills"] = {"licence": {"name": "L", "holders": list(holders)}}
        basis = {"name": "R", "skill": "licence", "minimum": 2}
        data["teams"]["desk"]["roles"] = {"dealer": basis | role}

    return change


HOLDERS = "teams.desk.skills.licence.holders"
MINIMUM = "teams.desk.roles.dealer.minimum"

CASES = {
    "sound": (trained({"people": 10}, {"people": 2, "site": "dc2"}), []),
    "more holders than people": (
        trained({"people": 10}, {"people": 3}),
        [("error", HOLDERS, "more people hold licence than team desk has")],
    ),
    "trained for a site where the team never is": (
        trained({"people": 10, "site": "dc1"}),
        [("error", f"{HOLDERS}.0.site", "unknown site of the team")],
    ),
    "a role of another skill": (
        trained({"people": 10}, skill="licences"),
        [("error", "teams.desk.roles.dealer.skill", "unknown skill of the team")],
    ),
    "a role elsewhere": (
        trained({"people": 10}, site="dc1"),
        [("error", "teams.desk.roles.dealer.site", "unknown site of the team")],
    ),
    "a role that can be filled": (trained({"people": 2}), []),
    "a role that nobody can fill": (
        trained({"people": 1}),
        [("warning", MINIMUM, "too few people are trained for role dealer")],
    ),
    "a role that cannot be filled there": (
        trained({"people": 10, "site": "office"}, {"people": 1}, site="dc2"),
        [("warning", MINIMUM, "too few people are trained for role dealer")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_broken_rule(case):
    """Goal: each rule finds its breach and nothing else does. Method: the table above."""
    change, expected = CASES[case]
    assert found_by(change) == expected
