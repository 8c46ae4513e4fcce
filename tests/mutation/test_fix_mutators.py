"""Goal: whatever FIX logs can show is brought about by a defect in them, alone.

Method: the clean logs with one mutation of ``fix_mutators.py``, read, joined with the intents and
judged; the whole map of verdicts, the laws and the outcome must be those that it predicts.
Controls, privacy, repairs and causes of refusals stand in no FIX message; the clean day of
test_mutators.py has them.
"""

from __future__ import annotations

import pytest

from bcsim.checkers.base import LawStatus
from bcsim.checkers.judge import check
from bcsim.history.invariant import Invariant
from bcsim.history.logs.fix import read_fix
from bcsim.history.reconciliation import reconcile
from bcsim.history.verdict import CLASSES, FLAGS
from tests.fix_session import FixSession
from tests.mutation.fix_mutators import CLEAN, FIX_MUTATIONS, VERDICTS, wishes

NOT_IN_FIX = {"control_bypassed", "unsuitable", "exposed", "repaired", "refused"}


def judged(folder, script):
    """The judgement of both ends' logs of a script."""
    logs = read_fix(FixSession().play(script).write(folder))
    return check(reconcile([logs, wishes()]).history)


def broken(judgement):
    """Names of the laws and invariants that do not hold."""
    return {law.name for law in judgement.laws if law.status is LawStatus.BROKEN}


def test_nothing_that_fix_shows_is_without_a_mutation():
    """Goal: the net has no hole. Method: the names of all enumerations against the table."""
    names = {*(c.value for c in CLASSES), *(f.value for f in FLAGS), *(i.value for i in Invariant)}
    assert set(FIX_MUTATIONS) == names - NOT_IN_FIX


def test_clean_logs(tmp_path):
    """Goal: no defect, no finding. Method: judge the logs as they are."""
    judgement = judged(tmp_path, CLEAN)
    assert judgement.verdicts.as_map() == VERDICTS
    assert (judgement.outcome.value, judgement.findings, broken(judgement)) == ("pass", (), set())


@pytest.mark.parametrize("name", FIX_MUTATIONS)
def test_a_mutation_changes_what_it_must_and_nothing_else(tmp_path, name):
    """Goal: a defect is named, alone. Method: see the module."""
    mutation = FIX_MUTATIONS[name]
    script = mutation.edit(CLEAN)
    assert script != CLEAN
    judgement = judged(tmp_path, script)
    assert judgement.verdicts.as_map() == {**VERDICTS, **mutation.changes}
    assert broken(judgement) == set(mutation.broken)
    assert judgement.outcome.value == mutation.outcome
    found = {word for pair in mutation.changes.values() for word in (pair[0], *pair[1])}
    assert name in found | set(mutation.broken)
