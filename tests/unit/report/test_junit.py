"""Goal: a pipeline reads the judgement: failures, errors, and never a pass of the unknown.

Method: judgements of small histories as XML, parsed back.
"""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bcsim.report.junit import junit_xml
from tests.unit.checkers.log import Log


def good() -> Log:
    return Log().wish("I1").fill("I1", 1, "E1").told("I1", 2, exec_id="E1", qty=100)


def lost() -> Log:
    return good().wish("I2").told("I2", 1, "acknowledge").wish("I3").told("I3", 1, "acknowledge")


def late() -> Log:
    log = Log().wish("I1", deadline_ns=1)
    return log.fill("I1", 1, "E1").told("I1", 2, exec_id="E1")


def unknown() -> Log:
    log = Log(intents_recorded=False).wish("I1")
    return log.fill("I1", 1, "E1").told("I1", 2, exec_id="E1")


def outcomes(log: Log) -> dict[str, str]:
    """Test case -> what stands in it, of those that are not simply passed or skipped."""
    root = ElementTree.fromstring(junit_xml(log.check()))
    found = {}
    for case in root.iter("testcase"):
        for part in case:
            if part.tag != "skipped":
                found[case.get("name", "")] = f"{part.tag}: {part.get('message')}"
    suite = root.find("testsuite")
    assert suite is not None
    counted = [int(suite.get(name, "")) for name in ("tests", "failures", "errors")]
    tags = [text.split(":")[0] for text in found.values()]
    assert counted == [len(list(suite)), tags.count("failure"), tags.count("error")]
    return found


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (good, {}),
        (lost, {"no order is lost": "failure: lost: 2"}),
        (late, {"no order is late": "failure: late: 1"}),
        (unknown, {"the logs can tell": "error: unknown"}),
    ],
)
def test_outcomes(log, expected):
    """Goal: what is wrong fails, what is unknown is an error. Method: one history of each."""
    assert outcomes(log()) == expected


def test_a_failure_has_its_proof():
    """Goal: the pipeline shows why. Method: the text of the failure of two losses."""
    (failure,) = ElementTree.fromstring(junit_xml(lost().check())).iter("failure")
    assert failure.text is not None
    assert failure.text.startswith("I2 (buy 100 ABC) was acknowledged")
    assert failure.text.endswith("first I2, worst I2, last I3")


def test_what_is_allowed_is_skipped():
    """Goal: the contract counts. Method: two losses that the profile allows."""
    log = Log(allows=("no-deadline", "lost")).wish("I2").told("I2", 1, "acknowledge")
    (skipped,) = (
        case.find("skipped")
        for case in ElementTree.fromstring(junit_xml(log.check())).iter("testcase")
        if case.get("name") == "no order is lost"
    )
    assert skipped is not None
    assert skipped.get("message") == "allowed by the profile"


def test_signs_that_xml_does_not_know():
    """Goal: any id gives well-formed XML. Method: an intent named with control characters."""
    log = Log().wish("I\x00\x0b<&>").told("I\x00\x0b<&>", 1, "acknowledge")
    (failure,) = ElementTree.fromstring(junit_xml(log.check())).iter("failure")
    assert "I\ufffd\ufffd<&>" in (failure.text or "")
