"""Deliberate faults in the kernel, each of which the twin tests have to catch.

``python -m tests.twin.faults [number …]`` puts one fault after the other into the kernel's plain
Python form, and runs the cases of the default twin tests that reach the fault until the kernel
departs from the reference engine. It prints a line for each fault, and how many were caught; the
exit code is 0 if all were. It takes some minutes to see who reaches what, and seconds a fault.
"""

from __future__ import annotations

import ast
import signal
import sys
import time
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

import coverage

from tests.twin.gathering import Given, gather, run_again_plainly
from tests.twin.narrow import narrow_kernel

if TYPE_CHECKING:
    from collections.abc import Iterator

FAULTS = (
    ("arena", "    m[head] = m[node + r.NODE_NEXT]\n", "    m[head] = 0\n"),
    ("heap", "return m[event + r.EVENT_LO] < m[other + r.EVENT_LO]", "return False"),
    ("heap", "m[event + r.EVENT_SERIAL] < m", "m[event + r.EVENT_SERIAL] > m"),
    ("heap", "m[lane + r.LANE_TAIL] = 0", "m[lane + r.LANE_TAIL] = event"),
    ("link", "        if loss:", "        if loss > 0.5:"),
    (
        "link",
        "latency_ns += m[pair + r.STATE_LATENCY]",
        "latency_ns += 0 * m[pair + r.STATE_LATENCY]",
    ),
    (
        "servers",
        "m[job + r.JOB_REMAINING] = m[job + r.JOB_ENDS] - m[r.NOW]",
        "m[job + r.JOB_REMAINING] = 0",
    ),
    ("servers", "            prepend(m, line_of", "            append(m, line_of"),
    (
        "servers",
        "        m[instance + r.INSTANCE_KEPT] -= 1\n",
        "        m[instance + r.INSTANCE_KEPT] -= 0\n",
    ),
    (
        "servers",
        "m[instance + r.INSTANCE_NEXT_START] = now + NS_PER_S // rate",
        "m[instance + r.INSTANCE_NEXT_START] = now",
    ),
    (
        "servers",
        "        m[instance + r.INSTANCE_KEPT] -= 1\n        start_waiting(m, x, instance)\n",
        "        m[instance + r.INSTANCE_KEPT] -= 1\n",
    ),
    (
        "breaker",
        "if count >= m[breaker + r.BREAKER_FAILURES]",
        "if count > m[breaker + r.BREAKER_FAILURES]",
    ),
    (
        "breaker",
        "        m[breaker + r.BREAKER_IS_NEW] = 1\n        breaker = m[breaker + r.BREAKER_NEXT]",
        "        breaker = m[breaker + r.BREAKER_NEXT]",
    ),
    (
        "breaker",
        "    if _is_probe(m, breaker, ticket):\n        m[breaker + r.BREAKER_OUT] -= 1\n\n\n@compiled\ndef _open",
        "    if False:\n        m[breaker + r.BREAKER_OUT] -= 1\n\n\n@compiled\ndef _open",
    ),
    ("breaker", "        m[bulkhead + r.BULKHEAD_INSIDE] -= 1", "        pass"),
    (
        "pursuit",
        "        if m[pursuit + r.PURSUIT_AWAITS] and is_awaited:",
        "        if m[pursuit + r.PURSUIT_AWAITS]:",
    ),
    ("pursuit", "        m[pursuit + r.PURSUIT_SETTLED] = 1\n        die", "        die"),
    (
        "mail",
        "    if how == CUT:\n        _keep(m, message)\n    elif how != CARRIED:",
        "    if how != CARRIED:",
    ),
    (
        "mail",
        "if m[intent + r.INTENT_TOLD] >= m[intent + r.INTENT_QTY]:",
        "if m[intent + r.INTENT_TOLD] > m[intent + r.INTENT_QTY]:",
    ),
    (
        "holding",
        "        stage = next_stage(m, stage)\n    if not stage:",
        "        break\n    if not stage:",
    ),
    (
        "holding",
        "    is_same = held and m[held + r.HELD_SERIAL] == version",
        "    is_same = held != 0",
    ),
    ("custody", "    if mark and m[mark + r.MARK_C] >= step:\n        return\n", ""),
    (
        "custody",
        "    if held and part == 0:\n        step = m[m",
        "    if held:\n        step = m[m",
    ),
    ("custody", "        m[instance + r.INSTANCE_REPAIR_EPOCH] += 1", "        pass"),
    (
        "custody",
        "        if not is_waiting_for_repair(m, instance, order, part):\n            stage",
        "        if True:\n            stage",
    ),
    (
        "journal",
        "if m[windows + 1 + 2 * place] < m[r.NOW] <= m[windows + 2 + 2 * place]:",
        "if m[windows + 1 + 2 * place] < m[r.NOW] < m[windows + 1 + 2 * place]:",
    ),
    (
        "memory",
        "while line and m[line + r.CHANGED_TIME] > time_ns:",
        "while line and m[line + r.CHANGED_TIME] >= time_ns:",
    ),
    (
        "dedup",
        "return done if done and m[done + r.DONE_UNTIL] >= m[r.NOW] else 0",
        "return done if done and m[done + r.DONE_UNTIL] > m[r.NOW] else 0",
    ),
    (
        "facts",
        "    m[fact + r.FACT_LAST] = max(step, m[fact + r.FACT_LAST])",
        "    m[fact + r.FACT_LAST] = step",
    ),
    (
        "batch",
        "        if m[job + r.JOB_ACCEPTED] < m[r.NOW]:",
        "        if m[job + r.JOB_ACCEPTED] <= m[r.NOW]:",
    ),
    ("batch", "        if m[m[job + r.JOB_STAGE] + r.STAGE_RERUNS]:", "        if False:"),
    (
        "batch",
        "        m[batch + r.BATCH_IS_MISSED] = 1\n",
        "        m[batch + r.BATCH_IS_MISSED] = 0\n",
    ),
    (
        "instance",
        "        if waiting > limit + servers.idle(m, instance):",
        "        if waiting > limit:",
    ),
    ("instance", "        if m[ticket + r.TICKET_WAITS_FOR]:\n            return\n", ""),
    ("instance", "            1 if m[stage + r.STAGE_BATCH] < 0 else 0,", "            1,"),
    ("effect", "        m[order + r.ORDER_SKIPPED] |= m[fallback + r.FALLBACK_SKIPS]\n", ""),
    (
        "effect",
        "            if uniform(m, key, index_of(m, order), draw_of(m, request, leg)) < chance:",
        "            if uniform(m, key, index_of(m, order), draw_of(m, request, 0)) < chance:",
    ),
    (
        "alteration",
        "        return max(value // 10, 1) if value > 1 else 2",
        "        return max(value // 10, 1)",
    ),
    (
        "alteration",
        "other + 1 if other >= meant else other",
        "other + 1 if other > meant else other",
    ),
    (
        "venue",
        "    m[resting + r.RESTING_NEXT_NS] = now + _gap_ns(m, x, resting)",
        "    m[resting + r.RESTING_NEXT_NS] = now",
    ),
    ("venue", "        if start_ns >= close_ns:\n            continue\n", ""),
    (
        "venue",
        "    for point in range(_point(m, product, after_ns) + 1,",
        "    for point in range(_point(m, product, after_ns) + 2,",
    ),
    (
        "venue",
        "    if m[m[venue + r.VENUE_STATION] + r.STATION_STORE] == r.STORE_DURABLE:\n        return\n",
        "    return\n",
    ),
    ("reports", "    return is_next and listens", "    return listens"),
    (
        "client",
        "if m[m[intent + r.INTENT_CURRENT] + r.ORDER_CHANNEL] == own else own",
        "if True else own",
    ),
    ("client", "    if action == GIVES_UP:\n        end_life(m, intent)\n        return\n", ""),
    (
        "cancel",
        "    return bool(state == r.JOB_IN_RUN and m[job + r.JOB_PREV])",
        "    return bool(state == r.JOB_IN_RUN)",
    ),
    ("cancel", "        or m[stage + r.STAGE_IS_CALL]\n", ""),
    ("effect", "    if legs == (1 << m[stage + r.STAGE_LEG_COUNT]) - 1:", "    if legs:"),
    ("desk", "    note(m, order, r.NOTED_REPAIR, part, step_of(m, request), 0)\n", ""),
    (
        "reconciliation",
        "        if m[fact + r.FACT_TIME] < oldest_ns:",
        "        if m[fact + r.FACT_TIME] <= oldest_ns:",
    ),
    ("reconciliation", "        if 0 < qty <= excess and", "        if 0 < qty and"),
    (
        "failover",
        "    treated = r.POLICY_REPLAY if policy == r.POLICY_MERGE else policy",
        "    treated = policy",
    ),
    (
        "failover",
        "            _forget_copy(m, left, held)\n        held = following",
        "            pass\n        held = following",
    ),
    ("infrastructure", "    send_kept_mail(m, x)\n", ""),
    ("infrastructure", "    m[r.LAST_CAUSE] = m[record + r.CHANGE_CAUSE]\n", ""),
    ("life", "    shift = min(turn - 1, SHIFT_MAX)", "    shift = min(turn, SHIFT_MAX)"),
    ("life", "        m[pursuit + r.PURSUIT_IS_WORN_OUT] = 1\n", ""),
    ("thaw", "    else:\n        custody.resend_all(m, x, a)\n", ""),
    (
        "last_orders",
        "        if is_live(m, pursuit) and (not holder or is_active(m, holder)):",
        "        if is_live(m, pursuit) and not holder:",
    ),
    (
        "order_flow",
        "    if m[job + r.JOB_TURN] != turn:\n        return\n    one = m[job + r.JOB_INSTANCE]\n    servers.leave",
        "    one = m[job + r.JOB_INSTANCE]\n    servers.leave",
    ),
    (
        "back_entry",
        "    m[order + r.ORDER_SKIPPED] &= ~m[m[stage + r.STAGE_FALLBACK] + r.FALLBACK_SKIPS]\n",
        "",
    ),
    ("back_entry", "        forget_note(m, order, mark)\n", ""),
    (
        "back_entry",
        "        is_skipped = control and skips & m[",
        "        is_skipped = control and m[",
    ),
    ("back_entry", " or not works(m, station):", ":"),
    ("control", "    m[row + r.ROW_REF] = ref\n", ""),
    ("servers", "    return kind in (r.JOB_KEYING, r.JOB_WALK)", "    return kind == r.JOB_KEYING"),
    ("servers", "            enqueue(m, other, job)\n", "            free_job(m, job)\n"),
    ("failover", "    servers.start_waiting(m, x, winner)\n", ""),
)
"""File of the kernel, what stands there, and what stands there instead."""


# -- a fault ---------------------------------------------------------------------------------------

PATIENCE_S = 10.0
"""Seconds of processor time that a case may take; the slowest takes about one without a fault."""

Reached = dict[str, dict[int, list[str]]]
"""Module -> line -> numbers, as text, of the cases that reach it."""


def source_of(module: Any) -> str:
    """Text of a module."""
    return Path(module.__file__).read_text(encoding="utf-8")


def faulty(number: int) -> tuple[Any, dict[str, CodeType], range]:
    """The module of a fault, its functions' code with the fault, and the lines concerned."""
    name, before, after = FAULTS[number]
    module = import_module(f"bcsim.kernels.{name}")
    text = source_of(module)
    assert text.count(before) == 1, f"fault {number} does not apply to {name}.py"
    made: dict[str, Any] = {"__name__": module.__name__}
    exec(compile(text.replace(before, after), module.__name__, "exec"), made)
    codes = {
        key: value.__code__
        for key, value in made.items()
        if isinstance(value, FunctionType) and value.__module__ == module.__name__
    }
    first = text[: text.index(before)].count("\n") + 1
    return module, codes, range(first, first + before.rstrip("\n").count("\n") + 1)


@contextmanager
def put_in(module: Any, codes: dict[str, CodeType]) -> Iterator[None]:
    """Have a module's functions do something else meanwhile, wherever they are known."""
    before = {name: getattr(module, name).__code__ for name in codes}
    try:
        for name, code in codes.items():
            getattr(module, name).__code__ = code
        yield
    finally:
        for name, code in before.items():
            getattr(module, name).__code__ = code


# -- who reaches it --------------------------------------------------------------------------------


def who_reaches_what(
    cases: list[Given], measured: coverage.Coverage
) -> tuple[Reached, list[float]]:
    """Cases by line of the kernel, and how long each takes; none may come out differently."""
    measured.start()
    took = []
    for number, case in enumerate(cases):
        measured.switch_context(str(number))
        start = time.process_time()
        told = case.difference()
        assert not told, f"{case.origin} comes out differently without a fault: {told}"
        took.append(time.process_time() - start)
    measured.stop()
    data = measured.get_data()
    return {Path(f).stem: data.contexts_by_lineno(f) for f in data.measured_files()}, took


def reaching(number: int, reached: Reached, module: Any, lines: range) -> set[int]:
    """Cases that reach the lines of a fault, or its function if no statement begins there."""
    by_line = reached[FAULTS[number][0]]
    functions = [
        range(node.lineno, (node.end_lineno or node.lineno) + 1)
        for node in ast.walk(ast.parse(source_of(module)))
        if isinstance(node, ast.FunctionDef)
        and node.lineno <= lines[-1]
        and lines[0] <= (node.end_lineno or node.lineno)
    ]
    for chosen in ([lines], functions):
        found = {
            int(case)
            for part in chosen
            for line in part
            for case in by_line.get(line, [])
            if case.isdecimal()
        }
        if found:
            return found
    return set()


# -- the trial -------------------------------------------------------------------------------------


def _stop(*_: object) -> None:
    raise TimeoutError


def departure(case: Given) -> str:
    """How a case departs from the reference engine with a fault; empty if it does not."""
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE_S)
    try:
        return "differs" if case.difference() else ""
    except TimeoutError:
        return "never ends"
    except Exception as error:  # noqa: BLE001 - a fault may do anything
        return f"raises {type(error).__name__}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def trial(number: int, cases: list[Given], reached: Reached, took: list[float]) -> bool:
    """Try one fault on the cases that reach it, the quickest first; whether one catches it."""
    module, codes, lines = faulty(number)
    order = sorted(reaching(number, reached, module, lines), key=took.__getitem__)
    how, tried, start = "", 0, time.process_time()
    with put_in(module, codes):
        for place in order:
            tried += 1
            how = departure(cases[place])
            if how:
                how = f"{how}: {cases[place].origin}"
                break
    seconds = time.process_time() - start
    name, before, _ = FAULTS[number]
    told = f"caught by case {tried} of {len(order)}, {how}" if how else f"MISSED by {len(order)}"
    print(f"{number:3} {name:14} {seconds:5.1f} s {told}  {before.strip()[:50]!r}", flush=True)
    return bool(how)


def main(numbers: list[int]) -> int:
    """Try some faults, or all."""
    done = run_again_plainly("tests.twin.faults", sys.argv[1:])
    if done is not None:
        return done
    measured = coverage.Coverage.current()
    assert measured is not None, "run_again_plainly measures"
    measured.stop()
    chosen = numbers or list(range(len(FAULTS)))
    for number in chosen:
        faulty(number)
    signal.signal(signal.SIGVTALRM, _stop)
    cases = gather()
    with narrow_kernel():
        reached, took = who_reaches_what(cases, measured)
        print(f"{len(cases)} cases take {sum(took):.0f} s", flush=True)
        missed = [n for n in chosen if not trial(n, cases, reached, took)]
    print(f"{len(chosen) - len(missed)} of {len(chosen)} faults caught; missed: {missed}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]]))
