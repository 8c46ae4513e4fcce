"""Goal: how a log is cut up for memory changes nothing: not a verdict, not a word, not a byte.

Method: random sessions, with all that ties orders to each other (chains of replacements, repeated
and shared ExecIDs, reports without ClOrdID, rejects by number, gaps, orders left open), are read
and judged in one share, and again in shares of a few messages, from blocks of some hundred
bytes, with hardly any memory before the disk is used; alone, and joined with a list of intents and
a ledger that call things by names of their own. The documents with findings, proofs and notes, the
verdict maps, the order of the verdicts, the measures and the roots must be equal.
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
from bcsim.conduct.systems import measure_systems
from bcsim.experiment.judged_day import logged_day
from bcsim.history import divided, sequence
from bcsim.history.divided import divided_by
from bcsim.history.fix import aside, beside, blocks, kinship
from bcsim.history.fix.kinship import components
from bcsim.history.logs.clock import log_profile
from bcsim.history.logs.fix import read_fix
from bcsim.history.logs.reading import Reading
from bcsim.history.logs.remarks import remarks
from bcsim.history.profile import Coverage, ServiceTolerance
from bcsim.history.reconciliation import reconcile
from bcsim.history.writer import MemoryRecorder
from tests.fix_session import START, FixSession
from tests.mutation.fix_matrices import SCENARIOS
from tests.mutation.test_fix_metamorphic import renamed

S = 10**9
ORDER = "55=ABC 54=1 40={type} 44=10 38={qty}"


AGAIN = ["> A 98=0 108=5", "< A 98=0 108=5"]
BETWEEN = (["+ 7", *AGAIN], ["> 5", "< 5", *AGAIN], ["> q 11=M 530=7", "< r 11=M 530=7 531=7"])
"""A session that is lost, one that is logged out, and a mass cancellation."""


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
    second = draw(st.sampled_from(("", f"526=S{name}", "526=S0", f"526=S{name} 198=N{name}")))
    asked = draw(st.sampled_from(("", "18=Q", "18=H")))
    terms = f"{terms} {second} {asked}"
    done = f"527=x{name} {second} 17={exec_id} 150=F 39=2 38={qty} 14={qty} 151=0 32={qty} 31=10"
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
        if draw(st.integers(0, 12)) == 0:
            lines += draw(st.sampled_from(BETWEEN))
    return "\n".join(lines)


DEBIT, CREDIT = {"subject": "debit", "amount": 7}, {"subject": "credit", "amount": 7}
LEGS: tuple[list[dict[str, object]], ...] = (
    [{}],
    [{"leg": 0}],
    [{"leg": 0, **DEBIT}, {"leg": 1, **CREDIT}],
    [{"leg": 1, **CREDIT}],
    [DEBIT, CREDIT],
)
"""Entries that a ledger has of one execution."""


@st.composite
def others(draw):
    """A list of intents and a ledger about some of the orders, and of none, by various names."""
    wishes, entries = [], []
    for number in range(draw(st.integers(1, 9))):
        order = draw(st.sampled_from((f"O{number}", f"S{number}", f"V{number}", f"N{number}")))
        terms = {"qty": draw(st.sampled_from((100, 300))), "instrument": "ABC", "side": "buy"}
        intent = draw(st.sampled_from((order, f"I{number}", "I0")))
        deadline = {"deadline_ns": draw(st.integers(0, 3)) * S} if draw(st.booleans()) else {}
        if draw(st.integers(0, 3)):
            stated = {"order_id": order} if draw(st.booleans()) or intent != order else {}
            wishes.append({**terms, **stated, **deadline, "intent_id": intent})
        named = [{"exec_id": f"e{number}"}, {"exec_id": f"x{number}"}, {"order_id": order}, {}]
        for keys in draw(st.lists(st.sampled_from(named), max_size=2)):
            both = {**keys, **draw(st.sampled_from(named))}
            legs = draw(st.sampled_from(LEGS))
            entries += [(draw(st.integers(0, 3)), both, {**terms, **leg}) for leg in legs]
    return wishes, entries, draw(st.booleans())


def tables(wishes, entries, is_timed):
    """The readings of intents and a ledger."""
    start_ns = int(START.timestamp()) * S
    recorder = MemoryRecorder(log_profile(intents_recorded=True, declared_kinds=("intend",)))
    for number, wish in enumerate(wishes):
        due = {"deadline_ns": start_ns + wish["deadline_ns"]} if "deadline_ns" in wish else {}
        recorder.emit("intend", start_ns + number, "client", **{**wish, **due})
    listed = Reading(recorder.history(), is_timed=is_timed)
    covers = (Coverage("ledger", start_ns),)
    recorder = MemoryRecorder(log_profile(declared_kinds=("book", "settle"), coverage=covers))
    for at_s, keys, terms in sorted(entries, key=lambda entry: entry[0]):
        kind = "book" if at_s % 2 else "settle"
        recorder.emit(kind, start_ns + at_s * S, "ledger", **keys, **terms)
    return [listed, Reading(recorder.history())]


def read(paths, share_rows, records):
    """The joint reading of logs and other records, as the reader of all logs makes it."""
    histories = [record.history for record in records]
    found = read_fix(paths, share_rows=share_rows, others=histories)
    if found.ties is not None and found.ties.shares is not None:
        count = found.history.share_count
        records = [
            replace(record, history=divided_by(record.history, share, count))
            for record, share in zip(records, found.ties.shares, strict=True)
        ]
    return reconcile([found, *records])


def judged(paths, share_rows, *records):
    """Everything that a judgement says, as one text, and how many shares there were."""
    reading = read(paths, share_rows, records)
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
        "measures": measure_systems(logged_day(judgement)),
    }
    return json.dumps(said, default=str, indent=1), history.share_count


def cut_up(paths, share_rows, block_bytes, *records):
    """The same judged in small pieces, with as many threads as for large ones."""
    with (
        mock.patch.object(blocks, "BLOCK_BYTES", block_bytes),
        mock.patch.object(beside, "ROWS_MIN", 1),
        mock.patch.object(aside, "_BATCH_BYTES", 4_000),
        mock.patch.object(kinship, "_PAIRS", 3),
        mock.patch.object(sequence, "_WINDOW_ROWS", 5),
        mock.patch.object(divided, "_WINDOW_ROWS", 7),
        mock.patch.object(limits, "SPILL_MEMORY_BYTES", 2_000),
    ):
        return judged(paths, share_rows, *records)


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


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scripts(), others(), st.integers(1, 12), st.integers(150, 3_000))
def test_random_sessions_with_other_records(script, records, share_rows, block_bytes):
    """Goal: as above. Method: with intents and a ledger; shares of 1 to 12 messages and rows."""
    with tempfile.TemporaryDirectory() as folder:
        paths = FixSession(ahead_ms=3).play(script).write(Path(folder))
        whole, count = judged(paths, 10**9, *tables(*records))
        assert count == 1
        cut, count = cut_up(paths, share_rows, block_bytes, *tables(*records))
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
