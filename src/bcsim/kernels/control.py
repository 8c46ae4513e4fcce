"""Controls at work. Twin: :mod:`bcsim.engine.reference.control`."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.order import are_equal_terms
from bcsim.kernels.sampling import index_of, place_key, uniform
from bcsim.kernels.scribe import begin_order_row, end_row, put_order_terms


@compiled
def stops(
    m: Arena, x: Constants, instance: int, order: int, stage: int, terms: int, ref: int
) -> bool:
    """Find a wrong order with the control's coverage, a right one by false alarm; say which."""
    station, control = m[instance + r.INSTANCE_STATION], m[stage + r.STAGE_CONTROL]
    finds_unsuitable = m[control + r.CONTROL_FINDS_UNSUITABLE] == 1
    if finds_unsuitable:
        is_wrong = m[m[m[order + r.ORDER_INTENT] + r.INTENT_SOURCE] + r.SOURCE_IS_UNSUITABLE] == 1
    else:
        is_wrong = not are_equal_terms(m, terms, m[order + r.ORDER_INTENT])
    chance = x[m[control + (r.CONTROL_COVERAGE if is_wrong else r.CONTROL_FALSE_ALARM)]]
    key = place_key(m, m[control + r.CONTROL_KEYS], order, 1)
    is_stopped = chance > 0.0 and uniform(m, key, index_of(m, order), 0) < chance
    kind = r.KIND_CONTROL_FAIL if is_stopped else r.KIND_CONTROL_PASS
    row = begin_order_row(m, kind, m[station + r.STATION_VANTAGE], order)
    put_order_terms(m, row, order, terms)
    m[row + r.ROW_SUBJECT] = m[control + r.CONTROL_NAME]
    m[row + r.ROW_COMPONENT] = m[station + r.STATION_NAME]
    m[row + r.ROW_STEP] = m[stage + r.STAGE_NUMBER]
    if is_stopped and is_wrong and finds_unsuitable:
        m[row + r.ROW_REASON] = r.WORD_UNSUITABLE
    m[row + r.ROW_REF] = ref
    end_row(m, row)
    return is_stopped


@compiled
def is_bypassed(m: Arena, x: Constants, instance: int, order: int, stage: int) -> bool:
    """Whether people leave a control out because too much work waits for them."""
    control = m[stage + r.STAGE_CONTROL]
    pressure = m[control + r.CONTROL_PRESSURE]
    servers = m[m[instance + r.INSTANCE_STATION] + r.STATION_SERVERS]
    if pressure < 0 or m[instance + r.INSTANCE_WAITING] <= pressure * servers:
        return False
    key = place_key(m, m[control + r.CONTROL_BYPASS_KEYS], order, 1)
    return uniform(m, key, index_of(m, order), 0) < x[m[control + r.CONTROL_BYPASS]]
