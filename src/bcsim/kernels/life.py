"""The life of a pursuit: attempts until the step is settled, given up, or the holder dies.

Twin: ``Pursuit.life`` of :mod:`bcsim.engine.reference.holder`. What is a process there is here
a function that goes on from where the pursuit has waited.
"""

from __future__ import annotations

from bcsim.kernels import breaker as spare
from bcsim.kernels import client, custody, holding
from bcsim.kernels import record as r
from bcsim.kernels.arena import serial
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.heap import high, low, schedule_in_lane
from bcsim.kernels.link import CARRIED, MAY_BE_LOST, carry
from bcsim.kernels.order import leg_code
from bcsim.kernels.pursuit import end, park, retire, time_is_up, unpark
from bcsim.kernels.request import drop_request, make_request
from bcsim.kernels.sampling import address, index_of, key_of_order, uniform
from bcsim.kernels.scribe import begin_order_row, detail, end_row, put_order_terms
from bcsim.kernels.station import is_impaired, node_of, number_of
from bcsim.kernels.tries import tries_of
from bcsim.limits import ATTEMPTS_MAX, LEGS_MAX

ATTEMPTS_PER_INSTANCE = ATTEMPTS_MAX // 2
SHIFT_MAX = 61


(TO_CHECK, TO_TRY, TO_LOOK_ON, TO_END) = range(4)
"""Where a pursuit goes on."""


@compiled
def start(m: Arena, x: Constants, pursuit: int) -> None:
    """Begin its life, unless that is over: a place in the bulkhead, then the first round."""
    if m[pursuit + r.PURSUIT_DEAD]:
        return
    holder, stage = m[pursuit + r.PURSUIT_HOLDER], m[pursuit + r.PURSUIT_STAGE]
    if holder and m[stage + r.STAGE_BULKHEAD]:
        bulkhead = spare.bulkhead_of(m, holder, stage)
        if not spare.enter(m, bulkhead, pursuit):
            m[pursuit + r.PURSUIT_AT] = r.AT_BULKHEAD
            return
    begin_round(m, x, pursuit)


@compiled
def begin_round(m: Arena, x: Constants, pursuit: int) -> None:
    """First attempt of a round, unless the holder has died."""
    if not m[pursuit + r.PURSUIT_DEAD]:
        m[pursuit + r.PURSUIT_TURN] = 0
        _go_on(m, x, pursuit, TO_CHECK)


@compiled
def wake(m: Arena, x: Constants, pursuit: int) -> None:
    """Go on from where it waits."""
    at = m[pursuit + r.PURSUIT_AT]
    if at == r.AT_BACKOFF:
        _go_on(m, x, pursuit, TO_CHECK)
    elif at == r.AT_ANSWER:
        _after_wait(m, pursuit)
        _go_on(m, x, pursuit, TO_LOOK_ON)
    else:
        if at == r.AT_PARKED:
            unpark(m, pursuit)
        m[pursuit + r.PURSUIT_HURRIED] = 0
        begin_round(m, x, pursuit)


@compiled
def _go_on(m: Arena, x: Constants, pursuit: int, where: int) -> None:
    """Make attempts until one has to be waited for, or there is an end."""
    while True:
        if where == TO_CHECK:
            where = TO_END if _is_decided(m, pursuit) else TO_TRY
        if where == TO_TRY:
            if _try_once(m, x, pursuit):
                return
            where = TO_LOOK_ON
        if where == TO_LOOK_ON:
            where = _look_on(m, x, pursuit)
            if where == TO_CHECK:
                return
            if where == TO_TRY:
                continue
        if not _end_round(m, x, pursuit):
            return
        m[pursuit + r.PURSUIT_TURN] = 0
        where = TO_CHECK


@compiled
def _is_decided(m: Arena, pursuit: int) -> bool:
    return bool(m[pursuit + r.PURSUIT_DEAD] or m[pursuit + r.PURSUIT_ANSWER])


@compiled
def _look_on(m: Arena, x: Constants, pursuit: int) -> int:
    """After an attempt: try again at once, wait for the next (``TO_CHECK``), or end."""
    if _is_decided(m, pursuit):
        return TO_END
    if m[pursuit + r.PURSUIT_HURRIED]:
        m[pursuit + r.PURSUIT_HURRIED] = 0
        return TO_TRY
    turn = m[pursuit + r.PURSUIT_TURN] + 1
    m[pursuit + r.PURSUIT_TURN] = turn
    if turn > m[m[pursuit + r.PURSUIT_STAGE] + r.STAGE_RETRIES]:
        return TO_END
    m[pursuit + r.PURSUIT_AT] = r.AT_BACKOFF
    _wait(m, pursuit, _backoff_ns(m, x, pursuit, turn), 0, r.MARK_RETRY)
    return TO_CHECK


# -- one attempt ---------------------------------------------------------------------------------


@compiled
def target_of(m: Arena, pursuit: int) -> int:
    """Component that does the step now."""
    stage = m[pursuit + r.PURSUIT_STAGE]
    if _is_fallback(m, pursuit):
        return m[m[stage + r.STAGE_FALLBACK] + r.FALLBACK_STATION]
    return m[stage + r.STAGE_STATION]


@compiled
def _is_fallback(m: Arena, pursuit: int) -> bool:
    """Whether the step is done by its fallback now."""
    stage = m[pursuit + r.PURSUIT_STAGE]
    is_wanted = (
        m[pursuit + r.PURSUIT_USES_FALLBACK]
        or m[m[stage + r.STAGE_STATION] + r.STATION_ON_FALLBACK]
    )
    return bool(is_wanted and m[stage + r.STAGE_FALLBACK])


@compiled
def _try_once(m: Arena, x: Constants, pursuit: int) -> bool:
    """Send one request and wait for its answer; False if none could be sent."""
    target, is_fallback = target_of(m, pursuit), _is_fallback(m, pursuit)
    tries = tries_of(m, pursuit)
    number = number_of(m, m[pursuit + r.PURSUIT_HOLDER])
    if m[tries + r.TRY_COUNT] == ATTEMPTS_PER_INSTANCE:
        m[pursuit + r.PURSUIT_IS_WORN_OUT] = 1
        return False
    if not _enter_breaker(m, pursuit, target):
        return False
    m[pursuit + r.PURSUIT_ATTEMPT] = number * ATTEMPTS_PER_INSTANCE + m[tries + r.TRY_COUNT]
    m[tries + r.TRY_COUNT] += 1
    _send(m, x, pursuit, target, 1 if is_fallback else 0)
    m[pursuit + r.PURSUIT_AWAITS] = 1
    m[pursuit + r.PURSUIT_AT] = r.AT_ANSWER
    stage = m[pursuit + r.PURSUIT_STAGE]
    timeout_ns, lane = m[stage + r.STAGE_TIMEOUT], m[stage + r.STAGE_LANE]
    if is_fallback:
        fallback = m[stage + r.STAGE_FALLBACK]
        timeout_ns, lane = m[fallback + r.FALLBACK_TIMEOUT], m[fallback + r.FALLBACK_LANE]
    _wait(m, pursuit, timeout_ns, lane, r.MARK_TIMEOUT)
    return True


@compiled
def _send(m: Arena, x: Constants, pursuit: int, target: int, is_fallback: int) -> None:
    order, stage = m[pursuit + r.PURSUIT_ORDER], m[pursuit + r.PURSUIT_STAGE]
    part, holder = m[pursuit + r.PURSUIT_PART], m[pursuit + r.PURSUIT_HOLDER]
    is_repeat = m[pursuit + r.PURSUIT_IS_RESEND] or m[pursuit + r.PURSUIT_HAS_SENT]
    m[pursuit + r.PURSUIT_HAS_SENT] = 1
    request = make_request(m, pursuit, target, is_fallback)
    _record_sending(m, pursuit, target, is_repeat)
    how = carry(
        m,
        x,
        node_of(m, holder, order),
        m[target + r.STATION_NODE],
        order,
        m[stage + r.STAGE_NUMBER],
        leg_code(m, stage, part, 0),
        m[pursuit + r.PURSUIT_ATTEMPT],
        r.DIRECTION_REQUEST,
        r.MARK_REQUEST,
        MAY_BE_LOST,
        r.HAPPENS_REQUEST,
        request,
        0,
        0,
        0,
    )
    if how != CARRIED:
        drop_request(m, request)


@compiled
def _vantage_of(m: Arena, holder: int) -> int:
    if holder:
        return m[m[holder + r.INSTANCE_STATION] + r.STATION_VANTAGE]
    return r.WORD_CLIENT


@compiled
def _name_of(m: Arena, pursuit: int) -> int:
    holder = m[pursuit + r.PURSUIT_HOLDER]
    if holder:
        return m[m[holder + r.INSTANCE_STATION] + r.STATION_NAME]
    return m[m[m[pursuit + r.PURSUIT_ORDER] + r.ORDER_CHANNEL] + r.CHANNEL_NAME]


@compiled
def _record_sending(m: Arena, pursuit: int, target: int, is_repeat: int) -> None:
    """Record that a request leaves: a resend if it is a repeat, a route to a venue."""
    order, stage = m[pursuit + r.PURSUIT_ORDER], m[pursuit + r.PURSUIT_STAGE]
    vantage = _vantage_of(m, m[pursuit + r.PURSUIT_HOLDER])
    for kind in (r.KIND_RESEND, r.KIND_ROUTE):
        if kind == r.KIND_RESEND and not is_repeat:
            continue
        if kind == r.KIND_ROUTE and m[stage + r.STAGE_ROLE] != r.ROLE_EXECUTE:
            continue
        row = begin_order_row(m, kind, vantage, order)
        put_order_terms(m, row, order, m[pursuit + r.PURSUIT_TERMS])
        m[row + r.ROW_COMPONENT] = m[target + r.STATION_NAME]
        m[row + r.ROW_STEP] = m[stage + r.STAGE_NUMBER]
        m[row + r.ROW_ATTEMPT] = m[pursuit + r.PURSUIT_ATTEMPT]
        end_row(m, row)
    _detail(m, r.KIND_SEND, pursuit)


@compiled
def _detail(m: Arena, kind: int, pursuit: int) -> None:
    stage = m[pursuit + r.PURSUIT_STAGE]
    detail(
        m,
        kind,
        _vantage_of(m, m[pursuit + r.PURSUIT_HOLDER]),
        _name_of(m, pursuit),
        m[pursuit + r.PURSUIT_ORDER],
        m[stage + r.STAGE_NUMBER],
        leg_code(m, stage, m[pursuit + r.PURSUIT_PART], 0),
        m[pursuit + r.PURSUIT_ATTEMPT],
    )


@compiled
def _after_wait(m: Arena, pursuit: int) -> None:
    """The wait for an answer is over. Twin: the end of ``Pursuit._try_once``."""
    m[pursuit + r.PURSUIT_AWAITS] = 0
    if m[pursuit + r.PURSUIT_DEAD] or m[pursuit + r.PURSUIT_HURRIED]:
        return
    heard = m[pursuit + r.PURSUIT_HEARD]
    if not heard:
        _detail(m, r.KIND_TIME_OUT, pursuit)
    m[pursuit + r.PURSUIT_REFUSED] = 0
    if heard == r.REPLY_REFUSED + 1:
        m[pursuit + r.PURSUIT_REFUSED] = 1
        m[pursuit + r.PURSUIT_REFUSAL_REASON] = m[pursuit + r.PURSUIT_HEARD_REASON]
        m[pursuit + r.PURSUIT_REFUSAL_CAUSE] = m[pursuit + r.PURSUIT_HEARD_CAUSE]
    breaker = m[pursuit + r.PURSUIT_BREAKER]
    if breaker:
        m[pursuit + r.PURSUIT_BREAKER] = 0
        if m[pursuit + r.PURSUIT_ANSWER]:
            spare.succeeded(m, breaker, m[pursuit + r.PURSUIT_TICKET])
        else:
            spare.failed(m, breaker, m[pursuit + r.PURSUIT_TICKET])


@compiled
def _enter_breaker(m: Arena, pursuit: int, target: int) -> bool:
    """Ask the circuit breaker towards a target; False if it refuses an attempt."""
    holder, stage = m[pursuit + r.PURSUIT_HOLDER], m[pursuit + r.PURSUIT_STAGE]
    if not holder or not m[stage + r.STAGE_BREAKS_AT]:
        return True
    breaker = spare.breaker_of(m, holder, stage, target)
    ticket = spare.admit(m, breaker)
    if ticket == spare.REFUSES:
        return False
    m[pursuit + r.PURSUIT_BREAKER] = breaker
    m[pursuit + r.PURSUIT_TICKET] = ticket
    return True


@compiled
def _backoff_ns(m: Arena, x: Constants, pursuit: int, turn: int) -> int:
    """Wait before retry ``turn``: min(cap, backoff · 2^(turn−1)) × jitter."""
    stage, order = m[pursuit + r.PURSUIT_STAGE], m[pursuit + r.PURSUIT_ORDER]
    backoff_ns, cap_ns = m[stage + r.STAGE_BACKOFF], m[stage + r.STAGE_CAP]
    shift = min(turn - 1, SHIFT_MAX)
    wait_ns = r.NEVER if backoff_ns > r.NEVER >> shift else backoff_ns << shift
    if cap_ns >= 0:
        wait_ns = min(wait_ns, cap_ns)
    jitter = x[m[stage + r.STAGE_JITTER]]
    if not jitter:
        return wait_ns
    code = leg_code(m, stage, m[pursuit + r.PURSUIT_PART], 0)
    attempt = max(m[pursuit + r.PURSUIT_ATTEMPT], 0)
    draw = address(m[stage + r.STAGE_NUMBER], code % LEGS_MAX, attempt, 0)
    key = key_of_order(m, order, r.KEY_JITTER, code)
    stretched = wait_ns * (1.0 + jitter * (2.0 * uniform(m, key, index_of(m, order), draw) - 1.0))
    return int(stretched + 0.5) if stretched < r.NEVER else r.NEVER


# -- waiting ---------------------------------------------------------------------------------------


@compiled
def _wait(m: Arena, pursuit: int, wait_ns: int, lane: int, mark: int) -> None:
    """Wait to be woken, or at most some time; a negative time is no bound."""
    m[pursuit + r.PURSUIT_WAITS] = serial(m)
    m[pursuit + r.PURSUIT_IS_WAITING] = 1
    m[pursuit + r.PURSUIT_HAS_TIMER] = 1 if wait_ns >= 0 else 0
    if wait_ns < 0:
        return
    stage = m[pursuit + r.PURSUIT_STAGE]
    hi = high(r.TURN_TIMER, m[m[pursuit + r.PURSUIT_ORDER] + r.ORDER_NUMBER])
    lo = low(
        m[stage + r.STAGE_NUMBER],
        leg_code(m, stage, m[pursuit + r.PURSUIT_PART], 0),
        max(m[pursuit + r.PURSUIT_ATTEMPT], 0),
        mark,
    )
    turn = m[pursuit + r.PURSUIT_WAITS]
    time_ns = m[r.NOW] + wait_ns
    event = schedule_in_lane(m, lane, time_ns, hi, lo, r.HAPPENS_TIMER, pursuit, turn, 0, 0)
    m[pursuit + r.PURSUIT_TIMER] = event


@compiled
def target_is_back(m: Arena, pursuit: int) -> None:
    """What the order was parked for works again, and the holder is awake."""
    time_is_up(m, pursuit, m[pursuit + r.PURSUIT_WAITS])


# -- failure ---------------------------------------------------------------------------------------


@compiled
def _end_round(m: Arena, x: Constants, pursuit: int) -> bool:
    """A round is over: settled, given up, parked; True if another way is tried at once."""
    if m[pursuit + r.PURSUIT_DEAD]:
        return False
    holder = m[pursuit + r.PURSUIT_HOLDER]
    if m[pursuit + r.PURSUIT_ANSWER]:
        end(m, pursuit)
        m[pursuit + r.PURSUIT_SETTLED] = 1
        if holder:
            custody.settled(m, x, pursuit)
        else:
            client.settled(m, pursuit)
        retire(m, pursuit)
        return False
    action = _on_failure(m, pursuit)
    if action == r.FAIL_FALLBACK:
        m[pursuit + r.PURSUIT_USES_FALLBACK] = 1
        return True
    if action == r.FAIL_PARK:
        if holder:
            holding.free_server(m, x, pursuit)
        _park(m, pursuit)
        return False
    end(m, pursuit)
    if holder:
        custody.gave_up(m, x, pursuit, action)
    else:
        client.gave_up(m, pursuit, action)
    retire(m, pursuit)
    return False


@compiled
def _on_failure(m: Arena, pursuit: int) -> int:
    """What to do now that a round has failed."""
    stage = m[pursuit + r.PURSUIT_STAGE]
    if m[pursuit + r.PURSUIT_IS_WORN_OUT]:
        return r.FAIL_REJECT
    action = m[stage + r.STAGE_ON_FAILURE]
    has_no_other_way = m[pursuit + r.PURSUIT_USES_FALLBACK] or not m[stage + r.STAGE_FALLBACK]
    if action == r.FAIL_FALLBACK and has_no_other_way:
        return r.FAIL_PARK
    return action


@compiled
def _park(m: Arena, pursuit: int) -> None:
    """Wait until the target is back; if nothing is known to be wrong with it, a while."""
    order, holder = m[pursuit + r.PURSUIT_ORDER], m[pursuit + r.PURSUIT_HOLDER]
    if is_impaired(m, node_of(m, holder, order), target_of(m, pursuit)):
        m[pursuit + r.PURSUIT_AT] = r.AT_PARKED
        park(m, pursuit)
        _wait(m, pursuit, -1, 0, r.MARK_PARK)
    else:
        m[pursuit + r.PURSUIT_AT] = r.AT_PARK
        pause_ns = m[m[pursuit + r.PURSUIT_STAGE] + r.STAGE_PAUSE]
        _wait(m, pursuit, pause_ns, 0, r.MARK_PARK)
