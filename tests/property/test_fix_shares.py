"""Goal: how a log is cut up for memory changes nothing: not a verdict, not a word, not a byte.

Method: random sessions, with all that ties orders to each other (chains of replacements, repeated
and shared ExecIDs, reports without ClOrdID, rejects by number, gaps, orders left open), are read
and judged in one share, and again in shares of a few messages, from blocks of some hundred
bytes, with hardly any memory before the disk is used. The documents with findings, proofs and
notes, the verdict maps, the order of the verdicts and the roots must be equal.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bcsim import limits
from bcsim.checkers.judge import check
from bcsim.history import divided, sequence
from bcsim.history.fix import aside, blocks, kinship
from bcsim.history.fix.kinship import components
from bcsim.history.logs.contract import remarks
from bcsim.history.logs.fix import read_fix
from bcsim.history.profile import ServiceTolerance
from tests.fix_session import FixSession
from tests.mutation.fix_matrices import SCENARIOS
from tests.mutation.test_fix_metamorphic import renamed

ORDER = "55=ABC 54=1 40={type} 44=10 38={qty}"


def replaced(name, steps, terms, qty):
    """Lines of a chain of replacements, and the ClOrdID at its end."""
    lines = []
    for step in range(steps):
        ids = f"11=O{name}.{step} 41=O{name}" + (f".{step - 1}" if step else "")
        report = f"37=V{name} 17=r{name}{step} 150=5 39=0 38={qty} 14=0 151={qty}"
        lines += [f"> G {ids} {terms}", f"< 8 {ids} {report}"]
    return lines, f"O{name}.{steps - 1}"


@st.composite
def orders(draw, name):
    """Lines of one order's life, some of which go wrong."""
    qty = draw(st.sampled_from((100, 300)))
    terms = ORDER.format(type=draw(st.sampled_from("12")), qty=qty)
    exec_id = draw(st.sampled_from((f"e{name}", "shared")))
    done = f"17={exec_id} 150=F 39=2 38={qty} 14={qty} 151=0 32={qty} 31=10"
    entered = [
        f"> D 11=O{name} {terms}",
        f"< 8 11=O{name} 37=V{name} 17=n{name} 150=0 39=0 38={qty} 14=0 151={qty}",
    ]
    chain, last = replaced(name, draw(st.integers(1, 3)), terms, qty)
    number = draw(st.integers(1, 9))
    executed = f"< 8 11=O{name} 37=V{name} {done}"
    lives = (
        entered,  # left open
        [*entered, executed],
        [*entered, executed.replace("<", "<v", 1)],
        [*entered, f"< 8 37=V{name} {done}"],  # by the venue's id only
        [*entered, *chain, f"< 8 11={last} 37=V{name} {done}"],
        [*entered, executed, executed.replace("17=", "17=again")],
        [*entered, f"< 8 37=Z{name} {done} 55=ABC"],  # an execution of nobody
        [entered[0], f"< 3 45={number} 58=no"],  # refused by number
    )
    return draw(st.sampled_from(lives))


@st.composite
def scripts(draw):
    """A session: the lives of some orders, shuffled together, with pauses."""
    lives = [draw(orders(number)) for number in range(draw(st.integers(1, 9)))]
    lines: list[str] = []
    while any(lives):
        life = draw(st.sampled_from([life for life in lives if life]))
        lines.append(life.pop(0))
        if draw(st.integers(0, 4)) == 0:
            lines.append("+ 0.4")
    return "\n".join(lines)


def judged(paths, share_rows):
    """Everything that a judgement says, as one text, and how many shares there were."""
    reading = read_fix(paths, share_rows=share_rows)
    service = ServiceTolerance("orders", acknowledge_ns=10**9, bucket_ns=10**9, rto_ns=10**9)
    history = reading.history
    profile = replace(history.profile, services=(service,))
    history = history.mapped(lambda columns: columns, profile)
    judgement = check(history)
    names = {finding.name for finding in judgement.findings if ": " not in finding.name}
    said = {
        "document": judgement.to_document(),
        "notes": (*reading.notes, *remarks(history)),
        "unjudged": dict(judgement.unjudged),
        "verdicts": list(judgement.verdicts.as_map().items()),
        "proofs": {name: judgement.proofs(name, limits.PROOFS_MAX) for name in sorted(names)},
        "further": judgement.further.tolist(),
    }
    return json.dumps(said, default=str, indent=1), history.share_count


def cut_up(paths, share_rows, block_bytes):
    """The same judged in small pieces."""
    with (
        mock.patch.object(blocks, "BLOCK_BYTES", block_bytes),
        mock.patch.object(aside, "_BATCH_BYTES", 4_000),
        mock.patch.object(kinship, "_PAIRS", 3),
        mock.patch.object(sequence, "_WINDOW_ROWS", 5),
        mock.patch.object(divided, "_WINDOW_ROWS", 7),
        mock.patch.object(limits, "SPILL_MEMORY_BYTES", 2_000),
    ):
        return judged(paths, share_rows)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scripts(), st.integers(1, 12), st.integers(150, 3_000))
def test_random_sessions(script, share_rows, block_bytes):
    """Goal: as above. Method: sessions of some orders; shares of 1 to 12 messages."""
    with tempfile.TemporaryDirectory() as folder:
        paths = FixSession(ahead_ms=3).play(script).write(Path(folder))
        whole, count = judged(paths, 10**9)
        assert count == 1
        cut, count = cut_up(paths, share_rows, block_bytes)
        assert cut == whole


@pytest.mark.parametrize("share_rows", [1, 13, 100])
def test_every_published_scenario(tmp_path, share_rows):
    """Goal: as above. Method: all scenarios of the order state matrices in one session."""
    letters = [letter for letter, one in SCENARIOS.items() if set(one.wishes) == {"X"}]
    script = "\n".join(renamed(SCENARIOS[letter].script, f"{letter}/") for letter in letters)
    paths = FixSession().play(script).write(tmp_path)
    whole, _ = judged(paths, 10**9)
    cut, count = cut_up(paths, share_rows, 700)
    assert count > 1
    assert cut == whole


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=20))
def test_components(pairs):
    """Goal: keys are one exactly if pairs connect them. Method: against merging sets."""
    left, right = (np.array([pair[i] for pair in pairs], dtype=np.int64) for i in (0, 1))
    groups: list[set[int]] = []
    for pair in pairs:
        touching = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in touching]
        groups.append(set(pair).union(*touching))
    keys, roots = components(left, right)
    found = {frozenset(keys[roots == root].tolist()) for root in set(roots.tolist())}
    assert found == {frozenset(group) for group in groups}
