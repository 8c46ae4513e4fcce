"""Goal: classes, flags and outcomes are those of the semantics. Method: the stated lists."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from bcsim.history.verdict import CLASSES, Flag, Outcome, VerdictClass, Verdicts

STATED_CLASSES = """phantom duplicated corrupted partial lost stranded unconfirmed late recovered
rejected cancelled expired ok indeterminate"""

STATED_FLAGS = """overtaken ack_regressed control_bypassed unsuitable slipped exposed repaired
refused contradicted"""


def test_classes_are_those_stated():
    """Goal: first match wins in this order. Method: the stated list, codes and failing ones."""
    assert [verdict.value for verdict in VerdictClass] == STATED_CLASSES.split()
    assert [verdict.code for verdict in VerdictClass] == list(range(14))
    failing = [verdict.value for verdict in VerdictClass if verdict.failing]
    assert failing == STATED_CLASSES.split()[:7]
    assert all(verdict.rule for verdict in VerdictClass)


def test_outcome_of_a_class():
    """Goal: what one intent makes of a run. Method: every class."""
    outcomes = {verdict.value: verdict.outcome for verdict in VerdictClass}
    expected = dict.fromkeys(STATED_CLASSES.split()[:7], Outcome.FAIL)
    expected |= {"late": Outcome.LATE, "indeterminate": Outcome.UNKNOWN}
    expected |= dict.fromkeys(STATED_CLASSES.split()[8:13], Outcome.PASS)
    assert outcomes == expected


def test_exit_codes():
    """Goal: pipelines read the outcome. Method: the stated names and codes."""
    codes = {outcome.value: outcome.exit_code for outcome in Outcome}
    assert codes == {"pass": 0, "late only": 3, "unknown": 4, "fail": 1}


def test_merge_takes_the_gravest():
    """Goal: fail > unknown > late > pass. Method: every selection in every order."""
    gravity = [Outcome.FAIL, Outcome.UNKNOWN, Outcome.LATE, Outcome.PASS]
    assert Outcome.merge([]) is Outcome.PASS
    for size in range(1, 5):
        for chosen in permutations(gravity, size):
            assert Outcome.merge(iter(chosen)) is min(chosen, key=gravity.index)


def test_flags_are_bits():
    """Goal: flags combine. Method: the stated list; all bits differ."""
    assert [flag.value for flag in Flag] == STATED_FLAGS.split()
    assert [flag.bit for flag in Flag] == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert all(flag.meaning for flag in Flag)


@pytest.fixture
def verdicts():
    classes = [VerdictClass.OK, VerdictClass.LOST, VerdictClass.OK, VerdictClass.REJECTED]
    return Verdicts(
        ("I-1", "I-2", "I-3", "I-4"),
        np.array([verdict.code for verdict in classes], dtype=np.int8),
        np.array([0, Flag.EXPOSED.bit, 0, Flag.REFUSED.bit | Flag.OVERTAKEN.bit], dtype=np.int32),
    )


def test_verdict_of_an_intent(verdicts):
    """Goal: one intent's class and flags. Method: ask for each, and for an unknown one."""
    assert verdicts.class_of("I-2") is VerdictClass.LOST
    assert verdicts.flags_of("I-1") == ()
    assert verdicts.flags_of("I-4") == (Flag.OVERTAKEN, Flag.REFUSED)
    for ask in (verdicts.class_of, verdicts.flags_of):
        with pytest.raises(KeyError):
            ask("I-5")


def test_all_verdicts_as_text(verdicts):
    """Goal: a test can compare a whole run. Method: the map."""
    assert verdicts.as_map() == {
        "I-1": ("ok", ()),
        "I-2": ("lost", ("exposed",)),
        "I-3": ("ok", ()),
        "I-4": ("rejected", ("overtaken", "refused")),
    }


def test_counts(verdicts):
    """Goal: intents = sum over classes. Method: all classes and flags, with the zeros."""
    zeros = dict.fromkeys(STATED_CLASSES.split(), 0)
    assert verdicts.counts() == zeros | {"ok": 2, "lost": 1, "rejected": 1}
    assert list(verdicts.counts()) == [verdict.value for verdict in CLASSES]
    assert sum(verdicts.counts().values()) == len(verdicts)
    flags = dict.fromkeys(STATED_FLAGS.split(), 0)
    assert verdicts.flag_counts() == flags | {"exposed": 1, "refused": 1, "overtaken": 1}


def test_one_verdict_an_intent():
    """Goal: columns fit. Method: one flag too few."""
    with pytest.raises(AssertionError):
        Verdicts(("I-1",), np.zeros(1, dtype=np.int8), np.zeros(0, dtype=np.int32))
