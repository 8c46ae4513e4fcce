"""Goal: rules for complaints, redress and oversight.

Method: break each rule in the test broker; all new findings.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.brokerage import brokerage, found, found_by

HANDLING: dict[str, Any] = {
    "clients": {"chance": {"lost": 1.0}, "delay": "1 h"},
    "team": "desk",
    "hours": {"open": "09:00", "close": "17:00"},
    "first_response": "10 min",
    "final_answer": "1 h",
}
CONTROL: dict[str, Any] = {
    "name": "Check",
    "line": 1,
    "finds": ["lost"],
    "coverage": 1.0,
    "latency": "1 min",
    "made_by": "desk",
    "checked_by": "review",
}
RULES = {"rules": {"lost": {"fixed": 1}}, "pay_after": "1 d"}
NO_TEAM = "a component of kind application cannot be who answers complaints"


def complaints(data, **more):
    data["complaints"] = HANDLING | more


def redress(data, **more):
    data["redress"] = RULES | more
    oversight(data)


def oversight(data, name="check", **more):
    data["components"]["review"] = data["components"]["desk"]
    data["oversight"] = {name: CONTROL | more}


CASES = {
    "sound complaints": (complaints, []),
    "sound redress": (redress, []),
    "sound oversight": (oversight, []),
    "a team of machines": (
        lambda data: complaints(data, team="prices"),
        [("error", "complaints.team", NO_TEAM)],
    ),
    "unknown teams": (
        lambda data: complaints(data, team="dsk", overflow={"team": "prices", "above": 1}),
        [
            ("error", "complaints.team", "unknown component"),
            ("error", "complaints.overflow.team", NO_TEAM),
        ],
    ),
    "a factor of nobody": (
        lambda data: complaints(data, clients=HANDLING["clients"] | {"segments": {"retial": 2.0}}),
        [("error", "complaints.clients.segments.retial", "unknown segment")],
    ),
    "an office that closes before it opens": (
        lambda data: complaints(data, hours={"open": "09:00", "close": "09:00"}),
        [("error", "complaints.hours.close", "the office closes before it opens")],
    ),
    "a response after the answer": (
        lambda data: complaints(data, first_response_within="31 d"),
        [
            (
                "error",
                "complaints.first_response_within",
                "the first response is due after the answer",
            )
        ],
    ),
    "complaints of a fault": (
        lambda data: complaints(data, clients={"chance": {"fault": 1.0}, "delay": "1 h"}),
        [("error", "complaints.clients.chance.fault", "a fault is nobody's order")],
    ),
    "redress of a fault that never pays": (
        lambda data: redress(data, rules={"fault": {}}),
        [
            ("error", "redress.rules.fault", "a fault is nobody's order"),
            ("warning", "redress.rules.fault", "this rule never pays anything"),
        ],
    ),
    "shares in the wrong order": (
        lambda data: redress(data, wrong_share=[1.5, 0.5]),
        [("error", "redress.wrong_share", "these are no bounds of a share")],
    ),
    "a negative share": (
        lambda data: redress(data, wrong_share=[-0.1, 0.5]),
        [("error", "redress.wrong_share", "these are no bounds of a share")],
    ),
    "unasked, yet nobody looks": (
        lambda data: data.update(redress=RULES | {"unasked": True}),
        [
            (
                "warning",
                "redress.unasked",
                "harm is made good when a line of defence finds it, but none looks",
            )
        ],
    ),
    "makers and checkers that are no teams": (
        lambda data: oversight(data, made_by="prices", checked_by="nobody", off_while=["omx"]),
        [
            (
                "error",
                "oversight.check.made_by",
                "a component of kind application cannot be a maker or checker",
            ),
            ("error", "oversight.check.checked_by", "unknown component"),
            ("error", "oversight.check.off_while.0", "unknown component"),
        ],
    ),
    "off while the same": (
        lambda data: oversight(data, off_while=["oms", "oms"]),
        [("error", "oversight.check.off_while.1", "the same component twice")],
    ),
    "a name of a control inside a journey": (
        lambda data: oversight(data, "limits"),
        [("error", "oversight.limits", "a control inside a journey has this name already")],
    ),
    "one's own work": (
        lambda data: oversight(data, checked_by="desk"),
        [("warning", "oversight.check.checked_by", "the team checks its own work")],
    ),
    "what is known at once": (
        lambda data: oversight(data, finds=["lost", "refused", "recovered"]),
        [
            ("error", "oversight.check.finds.1", "the firm knows of this as it arises"),
            ("error", "oversight.check.finds.2", "the firm knows of this as it arises"),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_rule(name):
    """Goal: each rule finds what it is about and nothing else. Method: see the module."""
    change, wanted = CASES[name]
    own = [finding for finding in found_by(change) if finding[1] != "components.review"]
    assert own == wanted


def test_the_small_broker_says_nothing_of_an_aftermath():
    """Goal: the cases above start from nothing. Method: the sections are not there."""
    assert not {"complaints", "redress", "oversight"} & brokerage().keys()
    assert len(found(brokerage())) == 1
