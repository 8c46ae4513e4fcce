"""Goal: marks become one class by the rules of precedence. Method: drawn marks, rules restated."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bcsim.checkers.arrays import NO, UNKNOWN, YES
from bcsim.checkers.classification import FAILING, NAMED, classify, doubts, further_classes
from bcsim.history.verdict import CLASSES, VerdictClass

MARKS = st.lists(st.sampled_from((YES, NO, UNKNOWN)), min_size=len(NAMED), max_size=len(NAMED))


def by_rule(marks: list[int], *, executed: bool) -> VerdictClass:
    """The class of one subject, word by word as documented."""
    mark = dict(zip(NAMED, marks, strict=True))
    proved = [verdict for verdict in FAILING if mark[verdict] == YES]
    if proved:
        return proved[0]
    if any(mark[verdict] == UNKNOWN for verdict in FAILING):
        return VerdictClass.INDETERMINATE
    for verdict in NAMED[len(FAILING) :]:
        if mark[verdict] != NO:
            return verdict if mark[verdict] == YES else VerdictClass.INDETERMINATE
    return VerdictClass.OK if executed else VerdictClass.INDETERMINATE


def arrays(marks: list[int]):
    return {v: np.array([m], dtype=np.int8) for v, m in zip(NAMED, marks, strict=True)}


@given(MARKS, st.booleans())
def test_classify(marks, executed):
    """Goal: first match wins unless an unknown could. Method: compare with the rule in words."""
    classes = classify(arrays(marks), np.array([executed]))
    assert CLASSES[classes[0]] is by_rule(marks, executed=executed)


@given(MARKS, st.booleans())
def test_further_classes_and_doubts(marks, executed):
    """Goal: what holds besides, and what left it open. Method: set arithmetic on the marks."""
    classes = classify(arrays(marks), np.array([executed]))
    verdict = CLASSES[classes[0]]
    holding = {v for v, m in zip(NAMED, marks, strict=True) if m == YES}
    bits = int(further_classes(arrays(marks), classes)[0])
    assert {v for v in CLASSES if bits & (1 << v.code)} == holding - {verdict}
    open_ones = [v.value for v, m in zip(NAMED, marks, strict=True) if m == UNKNOWN]
    expected = {}
    if verdict is VerdictClass.INDETERMINATE:
        expected = {open_ones[0] if open_ones else "unclassed": 1}
    assert doubts(arrays(marks), classes) == expected
