"""Goal: an answer is given only where every value between the bounds would give it.

Method: small bounds against every whole number between them.
"""

from __future__ import annotations

import itertools

import pytest

from bcsim.conduct.bounds import Answer, Bounds, all_met, any_met, negated

NUMBERS = range(-2, 8)
SMALL = [(low, high) for low in (None, 1, 3, 5) for high in (None, 1, 3, 5)]
SOUND = [(a, b) for a, b in SMALL if a is None or b is None or a <= b]


@pytest.mark.parametrize(("low", "high"), SOUND)
@pytest.mark.parametrize("threshold", range(7))
def test_bounds_answer_as_all_their_values_do(low, high, threshold):
    """Goal and method: see the module; no bound reaches beyond every threshold asked."""
    values = [n for n in NUMBERS if (low is None or n >= low) and (high is None or n <= high)]
    for question, holds in (
        (Bounds.above, lambda n: n > threshold),
        (Bounds.at_least, lambda n: n >= threshold),
        (Bounds.at_most, lambda n: n <= threshold),
    ):
        found = {holds(n) for n in values}
        expected = (
            Answer.UNKNOWN if len(found) > 1 else Answer.MET if found.pop() else Answer.NOT_MET
        )
        assert question(Bounds(low, high), threshold) is expected


def test_any_and_all():
    """Goal: three-valued logic. Method: replace what is unknown by both answers."""
    both = (Answer.MET, Answer.NOT_MET)
    for answers in itertools.product(Answer, repeat=3):
        worlds = list(itertools.product(*(both if a is Answer.UNKNOWN else (a,) for a in answers)))
        for combined, plain in ((any_met, any), (all_met, all)):
            found = {plain(a is Answer.MET for a in world) for world in worlds}
            sure = Answer.MET if found == {True} else Answer.NOT_MET
            assert combined(answers) is (Answer.UNKNOWN if len(found) > 1 else sure)
    assert (any_met(()), all_met(())) == (Answer.NOT_MET, Answer.MET)
    assert negated(Answer.UNKNOWN) is Answer.UNKNOWN
