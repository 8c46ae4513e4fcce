"""The timeline at work. Twin: ``engine.reference.infrastructure`` and parts of ``world``."""

from __future__ import annotations

from bcsim.kernels import back_entry, batch, failover, instance, reports, servers, venue
from bcsim.kernels import record as r
from bcsim.kernels.arena import give, length, push_node, scratch, sort_triples
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.life import target_is_back, target_of
from bcsim.kernels.link import path_of
from bcsim.kernels.mail import send_kept as send_kept_mail
from bcsim.kernels.order import leg_code
from bcsim.kernels.reconciliation import reconcile
from bcsim.kernels.request import keep_pursuit
from bcsim.kernels.scribe import begin_row, end_row
from bcsim.kernels.station import freeze, is_active, is_impaired, node_of, number_of, works
from bcsim.kernels.thaw import forget_frozen, thaw_one


@compiled
def change(m: Arena, x: Constants, record: int) -> None:
    """Apply a change of the timeline, or record a line of its log."""
    kind = m[record + r.CHANGE_KIND]
    if kind == r.CHANGE_LOG:
        _record(m, record)
        return
    _apply(m, x, kind, record)
    _note_impairment(m, record)
    something_is_back(m, x)


@compiled
def _record(m: Arena, record: int) -> None:
    """Copy a line of the log into the history."""
    line = m[record + r.CHANGE_SUBJECT]
    row = begin_row(m, m[line], m[line + 1])
    m[row + r.ROW_COMPONENT] = m[line + 2]
    m[row + r.ROW_ACTOR] = m[line + 3]
    m[row + r.ROW_SUBJECT] = m[line + 4]
    m[row + r.ROW_REF] = m[line + 5]
    m[row + r.ROW_REASON] = m[line + 6]
    m[row + r.ROW_CAUSE] = m[line + 7]
    end_row(m, row)


@compiled
def _apply(m: Arena, x: Constants, kind: int, record: int) -> None:
    subject, value = m[record + r.CHANGE_SUBJECT], m[record + r.CHANGE_VALUE]
    cause, detail = m[record + r.CHANGE_CAUSE], m[record + r.CHANGE_DETAIL]
    if kind == r.CHANGE_UP:
        _up(m, x, subject, value, cause)
    elif kind == r.CHANGE_HANG:
        if value:
            _hang(m, subject)
        else:
            _wake(m, x, subject)
    elif kind == r.CHANGE_SPEED:
        m[subject + r.STATION_SPEED] = max(1, value)
    elif kind == r.CHANGE_SERVERS:
        _set_servers(m, x, subject, value)
    elif kind == r.CHANGE_INTAKE:
        m[subject + r.CHANNEL_CLOSED_BY] = r.NULL if value else cause
    elif kind == r.CHANGE_FALLBACK:
        m[subject + r.STATION_ON_FALLBACK] = 1 if value else 0
    elif kind == r.CHANGE_LINK_UP:
        _link_up(m, x, record)
    elif kind == r.CHANGE_LINK_LATENCY:
        m[subject + r.STATE_LATENCY] = value
    elif kind == r.CHANGE_LINK_LOSS:
        m[subject + r.STATE_LOSS] = value
    elif kind == r.CHANGE_FAILOVER:
        failover.fail_over(m, x, subject, value)
    elif kind == r.CHANGE_FAILBACK:
        failover.fail_back(m, x, subject, detail, cause)
    elif kind == r.CHANGE_SPLIT:
        if value:
            failover.split(m, x, subject, detail)
        else:
            failover.heal(m, x, subject, detail, cause)
    elif kind == r.CHANGE_CORRUPTION:
        m[subject + r.STATION_CORRUPTION] = value
    elif kind == r.CHANGE_HALT:
        _halt(m, x, m[subject + r.STATION_VENUE], value, detail, cause)
    elif kind == r.CHANGE_PRIORITY:
        for rank in range(m[r.RANK_COUNT]):
            m[m[r.RANK_ORDER] + rank] = m[detail + rank]
    else:
        reconcile(m, x, subject)


# -- components ---------------------------------------------------------------------------------


@compiled
def _up(m: Arena, x: Constants, station: int, value: int, cause: int) -> None:
    if value:
        _recover(m, x, station)
        return
    _crash(m, x, station)
    for place in range(m[r.VENUE_COUNT]):
        _disconnect(m, x, m[m[r.VENUES] + place], m[station + r.STATION_NODE], cause)


@compiled
def _crash(m: Arena, x: Constants, station: int) -> None:
    """Stop working at once."""
    if not m[station + r.STATION_UP]:
        return
    m[station + r.STATION_UP] = 0
    m[station + r.STATION_HUNG] = 0
    forget_frozen(m, station)
    for number in range(2):
        one = m[station + r.STATION_FIRST + number]
        if is_active(m, one):
            instance.crash(m, x, one)
    if m[station + r.STATION_VENUE]:
        venue.crash(m, m[station + r.STATION_VENUE])


@compiled
def _recover(m: Arena, x: Constants, station: int) -> None:
    """Work again, with what survived."""
    if m[station + r.STATION_UP]:
        return
    m[station + r.STATION_UP] = 1
    for number in range(2):
        one = m[station + r.STATION_FIRST + number]
        if is_active(m, one):
            instance.resume(m, x, one)
    if m[station + r.STATION_VENUE]:
        venue.reopen(m, x, m[station + r.STATION_VENUE])


@compiled
def _hang(m: Arena, station: int) -> None:
    """Freeze: nothing is answered."""
    if m[station + r.STATION_HUNG] or not m[station + r.STATION_UP]:
        return
    m[station + r.STATION_HUNG] = 1
    for number in range(2):
        one = m[station + r.STATION_FIRST + number]
        if is_active(m, one):
            servers.freeze_running(m, one)
            batch.freeze(m, one)


@compiled
def _wake(m: Arena, x: Constants, station: int) -> None:
    """Go on after a hang; what arrived meanwhile is dealt with in its order."""
    if not m[station + r.STATION_HUNG]:
        return
    m[station + r.STATION_HUNG] = 0
    for number in range(2):
        one = m[station + r.STATION_FIRST + number]
        if is_active(m, one):
            servers.thaw(m, x, one)
            batch.thaw(m, x, one)
            if m[one + r.INSTANCE_IS_TO_RESUME]:
                instance.resume(m, x, one)
    node = m[station + r.STATION_FROZEN_HEAD]
    m[station + r.STATION_FROZEN_HEAD] = 0
    m[station + r.STATION_FROZEN_TAIL] = 0
    while node:
        following = m[node + r.NODE_NEXT]
        thaw_one(m, x, node)
        node = following
    if m[station + r.STATION_VENUE]:
        venue.reopen(m, x, m[station + r.STATION_VENUE])


@compiled
def _set_servers(m: Arena, x: Constants, station: int, count: int) -> None:
    """Change the capacity; running work finishes."""
    m[station + r.STATION_SERVERS] = count
    for number in range(2):
        one = m[station + r.STATION_FIRST + number]
        if is_active(m, one):
            servers.start_waiting(m, x, one)


# -- links and venues ------------------------------------------------------------------------------


@compiled
def _link_up(m: Arena, x: Constants, record: int) -> None:
    state, value = m[record + r.CHANGE_SUBJECT], m[record + r.CHANGE_VALUE]
    m[state + r.STATE_UP] = 1 if value else 0
    pairs = m[record + r.CHANGE_DETAIL]
    if value or not pairs:
        return
    for place in range(m[pairs]):
        one, node = m[pairs + 1 + 2 * place], m[pairs + 2 + 2 * place]
        _disconnect(m, x, one, node, m[record + r.CHANGE_CAUSE])


@compiled
def _disconnect(m: Arena, x: Constants, one: int, node: int, cause: int) -> None:
    """A session drops: its link is cut in either direction, or the holder has crashed."""
    if node < 0:
        return
    target = m[m[one + r.VENUE_STATION] + r.STATION_NODE]
    if m[path_of(m, node, target) + r.PATH_CANCELS]:
        venue.cancel_all(m, x, one, node, r.WORD_DISCONNECT, cause)


@compiled
def _halt(m: Arena, x: Constants, one: int, value: int, cancels: int, cause: int) -> None:
    if not one:  # nothing is executed there
        return
    if value:
        m[one + r.VENUE_IS_HALTED] = 1
        if cancels:
            venue.cancel_all(m, x, one, -1, r.WORD_TRADING_HALT, cause)
        return
    m[one + r.VENUE_IS_HALTED] = 0
    venue.reopen(m, x, one)


# -- impairments -----------------------------------------------------------------------------------


@compiled
def _note_impairment(m: Arena, record: int) -> None:
    """Remember what is impaired, and by what."""
    how = m[record + r.CHANGE_IMPAIRS]
    if not how:
        return
    subject, attribute = m[record + r.CHANGE_WORD], m[record + r.CHANGE_KIND]
    before, node = 0, m[r.IMPAIRED_HEAD]
    while node and not (m[node + r.NODE_A] == subject and m[node + r.NODE_B] == attribute):
        before = node
        node = m[node + r.NODE_NEXT]
    if how == r.IMPAIRS_NO_MORE:
        if node:
            _forget_impairment(m, before, node)
        return
    m[r.LAST_CAUSE] = m[record + r.CHANGE_CAUSE]
    if node:
        m[node + r.NODE_C] = m[record + r.CHANGE_CAUSE]
    else:
        cause = m[record + r.CHANGE_CAUSE]
        push_node(m, r.IMPAIRED_HEAD, 0, subject, attribute, cause, 0, 0)


@compiled
def _forget_impairment(m: Arena, before: int, node: int) -> None:
    following = m[node + r.NODE_NEXT]
    if before:
        m[before + r.NODE_NEXT] = following
    else:
        m[r.IMPAIRED_HEAD] = following
    if not following:
        m[r.IMPAIRED_TAIL] = before
    give(m, r.TYPE_NODE, node)


@compiled
def something_is_back(m: Arena, x: Constants) -> None:
    """Begin back-entry, wake what is parked for what works again, and resend reports and mail."""
    back_entry.something_is_back(m, x)
    start = scratch(m, 3 * length(m, m[r.PARKED_HEAD], r.PURSUIT_PARKED_NEXT))
    found = 0
    pursuit = m[r.PARKED_HEAD]
    while pursuit:
        order, holder = m[pursuit + r.PURSUIT_ORDER], m[pursuit + r.PURSUIT_HOLDER]
        if not is_impaired(m, node_of(m, holder, order), target_of(m, pursuit)):
            m[start + 3 * found] = m[order + r.ORDER_NUMBER]
            m[start + 3 * found + 1] = _place_of(m, pursuit)
            m[start + 3 * found + 2] = pursuit
            found += 1
        pursuit = m[pursuit + r.PURSUIT_PARKED_NEXT]
    sort_triples(m, start, found)
    for number in range(found):
        _come_back(m, m[start + 3 * number + 2])
    for place in range(m[r.VENUE_COUNT]):
        one = m[m[r.VENUES] + place]
        if works(m, m[one + r.VENUE_STATION]):
            reports.send_kept(m, x, one, 0)
    send_kept_mail(m, x)


@compiled
def _place_of(m: Arena, pursuit: int) -> int:
    """Where it stands among the efforts for one order: by step, leg, instance and name."""
    stage, holder = m[pursuit + r.PURSUIT_STAGE], m[pursuit + r.PURSUIT_HOLDER]
    code = leg_code(m, stage, m[pursuit + r.PURSUIT_PART], 0)
    if holder:
        name = m[m[holder + r.INSTANCE_STATION] + r.STATION_NAME_ORDER]
    else:
        name = m[m[m[pursuit + r.PURSUIT_ORDER] + r.ORDER_CHANNEL] + r.CHANNEL_NAME_ORDER]
    place = (m[stage + r.STAGE_NUMBER] << 20) + code
    return (((place << 1) + number_of(m, holder)) << 20) + name


@compiled
def _come_back(m: Arena, pursuit: int) -> None:
    """Tell a parked pursuit that its target is back, when its holder is awake."""
    holder = m[pursuit + r.PURSUIT_HOLDER]
    if not holder:
        target_is_back(m, pursuit)
        return
    station = m[holder + r.INSTANCE_STATION]
    if m[station + r.STATION_HUNG]:
        keep_pursuit(m, pursuit)
        turn = m[pursuit + r.PURSUIT_WAITS]
        freeze(m, station, r.FROZEN_TIME_IS_UP, pursuit, turn, 0, 0, 0)
    else:
        target_is_back(m, pursuit)
