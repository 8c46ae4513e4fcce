"""Deliberate faults in the kernel, each of which the twin tests have to catch.

``python tests/twin/faults.py [number …]`` puts one fault after the other into a copy of the sources
and runs the twin tests on the kernel's plain Python form until they fail. It prints a line for each
fault, and how many were caught; the exit code is 0 if all were. It takes some seconds to a minute
a fault.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]

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
    ("servers", "    m[instance + r.INSTANCE_KEPT] = 0\n", ""),
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
    ("custody", "    if part and has_part(m, m[held + r.HELD_SEEN], part):\n        return\n", ""),
    ("custody", "        m[instance + r.INSTANCE_REPAIR_EPOCH] += 1", "        pass"),
    (
        "custody",
        "        if not is_waiting_for_repair(m, instance, order, part):\n            hold",
        "        if True:\n            hold",
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
    (
        "client",
        "    if m[intent + r.INTENT_ACKNOWLEDGED] or m[intent + r.INTENT_ENDED] or is_last:",
        "    if m[intent + r.INTENT_ENDED] or is_last:",
    ),
    (
        "cancel",
        "    return bool(state == r.JOB_IN_RUN and m[job + r.JOB_PREV])",
        "    return bool(state == r.JOB_IN_RUN)",
    ),
    (
        "cancel",
        "    elif not following or m[following + r.STAGE_AFTER_EXECUTION]:",
        "    elif not following:",
    ),
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
    (
        "thaw",
        "        if kind in (r.FROZEN_REQUEST, r.FROZEN_ANSWER):\n            drop_request(m, a)\n",
        "        if False:\n            pass\n",
    ),
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
)
"""File of the kernel, what stands there, and what stands there instead."""


def caught(number: int) -> str:
    """How the twin tests fail with one fault; empty if they pass."""
    name, before, after = FAULTS[number]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "src", Path(folder) / "src")
        path = Path(folder) / "src" / "bcsim" / "kernels" / f"{name}.py"
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"fault {number} does not apply to {name}.py"
        path.write_text(text.replace(before, after), encoding="utf-8")
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(folder) / "src"),
            "NUMBA_DISABLE_JIT": "1",
        }
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "--no-header",
            "-p",
            "no:cacheprovider",
        ]
        command += ["tests/twin/test_engines_agree.py"]
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                timeout=900,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "never ended"
    assert done.returncode in {0, 1}, f"pytest did not run: {done.stdout}{done.stderr}"
    failures = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    return failures[-1] if failures else ""


def main(numbers: list[int]) -> int:
    """Try some faults, or all."""
    chosen = numbers or list(range(len(FAULTS)))
    missed = []
    for number in chosen:
        how = caught(number)
        name, before, _ = FAULTS[number]
        print(
            f"{number:3} {name:16} {'caught' if how else 'MISSED'}  {before.strip()[:60]!r}",
            flush=True,
        )
        if not how:
            missed.append(number)
    print(f"{len(chosen) - len(missed)} of {len(chosen)} faults caught; missed: {missed}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]]))
