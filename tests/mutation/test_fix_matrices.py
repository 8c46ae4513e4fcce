"""Goal: every scenario of the FIX 4.4 order state matrices has its verdict, and every spoiled
one is caught.

Method: each scenario is played over a session; both ends' logs are read, joined with the
intents and judged. Mutants change one thing in the script, and the verdict map must become
exactly the predicted one.
"""

from __future__ import annotations

import pytest

from bcsim.checkers.judge import check
from bcsim.history.logs.fix import read_fix
from bcsim.history.reconciliation import reconcile
from tests.fix_intents import intents
from tests.fix_session import FixSession
from tests.mutation.fix_matrices import SCENARIOS


def judged(folder, scenario, script, wishes=None):
    """Class of every order of a script."""
    logs = read_fix(FixSession().play(script).write(folder))
    wished = scenario.wishes if wishes is None else wishes
    judgement = check(reconcile([logs, intents(wished)]).history)
    return {name: verdict for name, (verdict, _) in judgement.verdicts.as_map().items()}


@pytest.mark.parametrize("letter", SCENARIOS)
def test_verdict_of_each_scenario(tmp_path, letter):
    """Goal: the standard's own examples are judged right. Method: the whole verdict map."""
    scenario = SCENARIOS[letter]
    assert judged(tmp_path, scenario, scenario.script) == scenario.verdicts


# -- mutants ---------------------------------------------------------------------------------


def _is_report(line):
    return line.startswith("< 8")


def _is_trade(line):
    return _is_report(line) and "150=F" in line


def _answers(lines):
    return [number for number, line in enumerate(lines) if line.startswith("<")]


def _trades(lines):
    return [number for number, line in enumerate(lines) if _is_trade(line)]


def _with(line, **changes):
    """A line with other values of some tags."""
    words = line.split()
    for tag, value in changes.items():
        words = [f"{tag[1:]}={value}" if word.startswith(f"{tag[1:]}=") else word for word in words]
    return " ".join(words)


def executed_again(lines):
    """The last execution is reported once more as another one."""
    last = _trades(lines)[-1]
    lines.insert(last + 1, _with(lines[last], _17="again"))


def executed_on_the_other_side(lines):
    """The venue executes and reports all trades as sales."""
    for number in _trades(lines):
        lines[number] = _with(lines[number], _54="2")


def executed_in_another_instrument(lines):
    """The venue executes and reports all trades in another instrument."""
    for number in _trades(lines):
        lines[number] = _with(lines[number], _55="XYZ")


def retransmitted(lines):
    """The last trade arrives once more as a possible duplicate, under its own number."""
    last = _trades(lines)[-1]
    number = 1 + sum(line.startswith("<") for line in lines[: last + 1])
    lines.insert(last + 1, f"{lines[last]} 43=Y 34={number}")


def unanswered(lines):
    """The venue never says anything."""
    lines[:] = [line for line in lines if not line.startswith("<")]


def only_acknowledged(lines):
    """The venue accepts the order and never says anything again."""
    first = _answers(lines)[0]
    lines[:] = [line for n, line in enumerate(lines) if n == first or not line.startswith("<")]


def untold(lines):
    """The last report leaves the venue's books, but is never sent to the client."""
    last = max(n for n, line in enumerate(lines) if _is_report(line))
    lines[last] = lines[last].replace("< ", "<v ", 1)


FILLED = [name for name, scenario in SCENARIOS.items() if scenario.verdicts == {"X": "ok"}]
ENDED = [
    name
    for name, scenario in SCENARIOS.items()
    if set(scenario.verdicts.values()) <= {"cancelled", "expired", "rejected"}
]
ENTERED = [name for name in SCENARIOS if SCENARIOS[name].script.lstrip().startswith("> D")]
ACKNOWLEDGED = [
    name
    for name in ENTERED
    if "150=0" in SCENARIOS[name].script.splitlines()[1] and set(SCENARIOS[name].wishes) == {"X"}
]
END_IS_LAST = [  # an amended quantity or a bust at the end leaves earlier words standing
    name
    for name in [*FILLED, *ENDED]
    if any(f"150={kind} " in SCENARIOS[name].script.splitlines()[-1] for kind in "F48C3")
]


def spoiled(scenario, mutate):
    """A scenario's script after a mutation, which must change it."""
    lines = scenario.script.splitlines()
    mutate(lines)
    assert lines != scenario.script.splitlines()
    return "\n".join(lines)


@pytest.mark.parametrize("letter", [n for n in FILLED if _trades(SCENARIOS[n].script.splitlines())])
def test_second_execution_is_a_duplicate(tmp_path, letter):
    """Goal: more than wished is caught wherever it happens. Method: one trade more.

    A cash order has no quantity to exceed; that CumQty does not know the trade leaves it open.
    """
    scenario = SCENARIOS[letter]
    expected = "indeterminate" if letter == "L.1.b" else "duplicated"
    assert judged(tmp_path, scenario, spoiled(scenario, executed_again)) == {"X": expected}


@pytest.mark.parametrize("letter", FILLED)
def test_retransmission_changes_nothing(tmp_path, letter):
    """Goal: a message sent twice is no second execution. Method: resend the last trade."""
    scenario = SCENARIOS[letter]
    assert judged(tmp_path, scenario, spoiled(scenario, retransmitted)) == scenario.verdicts


@pytest.mark.parametrize("letter", FILLED)
@pytest.mark.parametrize("mutate", [executed_on_the_other_side, executed_in_another_instrument])
def test_other_terms_are_corrupted(tmp_path, letter, mutate):
    """Goal: terms are compared with the wish. Method: trades on other terms."""
    scenario = SCENARIOS[letter]
    assert judged(tmp_path, scenario, spoiled(scenario, mutate)) == {"X": "corrupted"}


@pytest.mark.parametrize("letter", [n for n in ENTERED if set(SCENARIOS[n].wishes) == {"X"}])
def test_silent_venue_strands(tmp_path, letter):
    """Goal: no answer at all is noticed. Method: drop every answer from both complete logs."""
    scenario = SCENARIOS[letter]
    assert judged(tmp_path, scenario, spoiled(scenario, unanswered))["X"] == "stranded"


@pytest.mark.parametrize("letter", ACKNOWLEDGED)
def test_acknowledged_and_forgotten_is_lost(tmp_path, letter):
    """Goal: an acknowledged order that never ends is lost. Method: keep only the first answer."""
    scenario = SCENARIOS[letter]
    assert judged(tmp_path, scenario, spoiled(scenario, only_acknowledged))["X"] == "lost"


@pytest.mark.parametrize("letter", END_IS_LAST)
def test_end_that_the_client_never_hears_of_is_unconfirmed(tmp_path, letter):
    """Goal: the client must know. Method: the last report stays in the venue's log."""
    scenario = SCENARIOS[letter]
    assert judged(tmp_path, scenario, spoiled(scenario, untold))["X"] == "unconfirmed"


@pytest.mark.parametrize("letter", FILLED)
def test_execution_nobody_wished_is_a_phantom(tmp_path, letter):
    """Goal: what no client wished is noticed. Method: another intent than the one executed."""
    scenario = SCENARIOS[letter]
    assert judged(tmp_path, scenario, scenario.script, {"other": 1})["X"] == "phantom"
