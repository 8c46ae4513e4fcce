"""Goal: a proof says the same in both languages.

Method: the catalogues of phrases against each other and against the code that uses them; every
mutation of the clean day is proved in Thai.
"""

from __future__ import annotations

import re
import string

import pytest

from bcsim.checkers.judge import check
from bcsim.checkers.phrases import PHRASES
from tests.mutation.day import Day, clean_day
from tests.mutation.mutators import MUTATIONS
from tests.repository import ROOT

ENGLISH = re.compile(r"\b(?:was|were|and|the|but|which|until|executed|told|because)\b")


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_both_languages_have_the_same_phrases():
    """Goal: nothing is left out. Method: keys, and the values between braces."""
    english, thai = PHRASES["en"], PHRASES["th"]
    assert list(thai) == list(english)
    assert {key: fields(thai[key]) for key in thai} == {
        key: fields(english[key]) for key in english
    }


def test_every_phrase_is_used():
    """Goal: no dead text. Method: each key, or its family, in the code of the proofs."""
    code = "".join(
        (ROOT / "src/bcsim/checkers" / f"{name}.py").read_text(encoding="utf-8")
        for name in ("story", "proof", "reports")
    )
    families = {"verb", "side", "law"}
    for key in PHRASES["en"]:
        family = key.split(".")[0]
        said = f'"{family}.' if "." in key and family not in families else f'"{key}"'
        assert family in families or said in code or f'f"{family}.' in code, key


@pytest.fixture(scope="module")
def day() -> Day:
    return clean_day()


@pytest.mark.parametrize("name", [name for name in MUTATIONS if name != "indeterminate"])
def test_proofs_are_in_thai(day, name):
    """Goal: the sentence is Thai but for names. Method: every finding of every mutation."""
    judgement = check(MUTATIONS[name].mutate(day).history())
    for finding in judgement.findings:
        if ": " in finding.name:
            continue
        place = judgement.verdicts.place_of(finding.first)
        english = judgement.prove(place, finding.name)
        thai = judgement.prove(place, finding.name, "th")
        assert english.sentence == finding.proof
        assert thai.events == english.events
        assert thai.sentence.startswith(finding.first)
        assert not ENGLISH.search(thai.sentence), thai.sentence
