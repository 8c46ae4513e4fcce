"""Goal: for every class, flag, law and invariant there is a defect that brings it about, alone.

Method: the clean day with one mutation of ``mutators.py``; the whole map of verdicts, the laws,
the services and the outcome must be those of the clean day but for what the mutation predicts.
The law of intents is about the judge and not about a history; test_conservation.py breaks it.
"""

from __future__ import annotations

import pytest

from bcsim.checkers.catalogue import LAWS
from bcsim.checkers.judge import check
from bcsim.history.verdict import CLASSES, FLAGS
from tests.mutation.day import Day, clean_day
from tests.mutation.judged import assert_judged
from tests.mutation.mutators import MUTATIONS

ABOUT_THE_JUDGE = {"intents"}


@pytest.fixture(scope="module")
def day() -> Day:
    return clean_day()


def test_nothing_is_without_a_mutation():
    """Goal: the net has no hole. Method: the names of all enumerations against the table."""
    names = {*(c.value for c in CLASSES), *(f.value for f in FLAGS), *LAWS} - ABOUT_THE_JUDGE
    assert set(MUTATIONS) == names


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_changes_what_it_must_and_nothing_else(day, name):
    """Goal: a defect is named, alone. Method: see the module."""
    mutation = MUTATIONS[name]
    judgement = assert_judged(
        mutation.mutate(day),
        mutation.changes,
        mutation.outcome,
        broken=mutation.broken,
        services=mutation.services,
        unknown=mutation.unknown,
    )
    named = {
        found for pair in judgement.verdicts.as_map().values() for found in (pair[0], *pair[1])
    }
    assert name in named | set(mutation.broken)


def test_every_finding_of_a_mutation_has_a_proof(day):
    """Goal: what is found is said in a sentence. Method: all mutations' findings."""
    for mutation in MUTATIONS.values():
        for finding in check(mutation.mutate(day).history()).findings:
            assert finding.proof.strip(), finding.name
