"""Reports of a venue on their way to the holder of an order, in their order.

Twin: the reports of :mod:`bcsim.engine.reference.venue`.
"""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.arena import give, take
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.link import CARRIED, carry
from bcsim.kernels.order import drop_order, execute_step
from bcsim.kernels.station import node_of, works

PARTS_PER_LEG = 16


@compiled
def make_report(m: Arena, resting: int, kind: int, part: int, qty: int, reason: int) -> int:
    """Something new about an order, which the holder is to receive in its turn."""
    venue = m[resting + r.RESTING_VENUE]
    m[venue + r.VENUE_REPORTS] += 1
    report = take(m, r.TYPE_REPORT, r.REPORT_SIZE)
    m[report + r.REPORT_RESTING] = resting
    m[report + r.REPORT_NUMBER] = m[venue + r.VENUE_REPORTS]
    m[report + r.REPORT_KIND] = kind
    m[report + r.REPORT_PART] = part
    m[report + r.REPORT_QTY] = qty
    m[report + r.REPORT_PRICE] = r.NULL
    m[report + r.REPORT_REASON] = reason
    if m[resting + r.RESTING_UNRECEIVED_TAIL]:
        m[m[resting + r.RESTING_UNRECEIVED_TAIL] + r.REPORT_NEXT] = report
    else:
        m[resting + r.RESTING_UNRECEIVED_HEAD] = report
    m[resting + r.RESTING_UNRECEIVED_TAIL] = report
    return report


@compiled
def listens(m: Arena, holder: int) -> bool:
    """Whether a holder's session receives reports now; a client's device always does."""
    return not holder or works(m, m[holder + r.INSTANCE_STATION])


@compiled
def send_report(m: Arena, x: Constants, resting: int, report: int) -> None:
    """Send a report, or keep it while the holder's session is down."""
    order, holder = m[resting + r.RESTING_ORDER], m[resting + r.RESTING_HOLDER]
    part = m[report + r.REPORT_PART]
    if listens(m, holder):
        station = m[m[resting + r.RESTING_VENUE] + r.VENUE_STATION]
        how = carry(
            m,
            x,
            m[station + r.STATION_NODE],
            node_of(m, holder, order),
            order,
            execute_step(m, order),
            part % PARTS_PER_LEG,
            part // PARTS_PER_LEG,
            r.DIRECTION_REPORT,
            r.MARK_REPORT,
            m[resting + r.RESTING_ARRIVAL],
            r.HAPPENS_REPORT,
            report,
            0,
            0,
            0,
        )
        if how == CARRIED:
            m[resting + r.RESTING_ARRIVAL] = m[r.ARRIVAL_NS]
            return
    keep_report(m, report)


@compiled
def keep_report(m: Arena, report: int) -> None:
    """Put a report at the end of those that could not be delivered."""
    venue = m[m[report + r.REPORT_RESTING] + r.RESTING_VENUE]
    m[report + r.REPORT_OUT_NEXT] = 0
    if m[venue + r.VENUE_OUTBOX_TAIL]:
        m[m[venue + r.VENUE_OUTBOX_TAIL] + r.REPORT_OUT_NEXT] = report
    else:
        m[venue + r.VENUE_OUTBOX_HEAD] = report
    m[venue + r.VENUE_OUTBOX_TAIL] = report


@compiled
def is_receivable(m: Arena, report: int) -> bool:
    """Whether a report is received on arrival: session up, no earlier one missing."""
    resting = m[report + r.REPORT_RESTING]
    is_next = m[resting + r.RESTING_UNRECEIVED_HEAD] == report
    return is_next and listens(m, m[resting + r.RESTING_HOLDER])


@compiled
def received(m: Arena, x: Constants, report: int) -> None:
    """A report has been received: forget it, and send kept ones of its order again."""
    resting = m[report + r.REPORT_RESTING]
    m[resting + r.RESTING_UNRECEIVED_HEAD] = m[report + r.REPORT_NEXT]
    if not m[report + r.REPORT_NEXT]:
        m[resting + r.RESTING_UNRECEIVED_TAIL] = 0
    give(m, r.TYPE_REPORT, report)
    station = m[m[resting + r.RESTING_VENUE] + r.VENUE_STATION]
    if m[resting + r.RESTING_UNRECEIVED_HEAD] and works(m, station):
        send_kept(m, x, m[resting + r.RESTING_VENUE], resting)
    forget_if_over(m, resting)


@compiled
def send_kept(m: Arena, x: Constants, venue: int, of_resting: int) -> None:
    """Send the kept reports of an order, or of all (0), again, in the order they arose in."""
    kept, rest = _split_outbox(m, venue, of_resting)
    m[venue + r.VENUE_OUTBOX_HEAD] = 0
    m[venue + r.VENUE_OUTBOX_TAIL] = 0
    while rest:
        following = m[rest + r.REPORT_OUT_NEXT]
        keep_report(m, rest)
        rest = following
    while kept:
        following = m[kept + r.REPORT_OUT_NEXT]
        send_report(m, x, m[kept + r.REPORT_RESTING], kept)
        kept = following


@compiled
def _split_outbox(m: Arena, venue: int, of_resting: int) -> tuple[int, int]:
    """Heads of two lists: the reports meant, by number, and the others in their order."""
    meant, rest, rest_tail = 0, 0, 0
    report = m[venue + r.VENUE_OUTBOX_HEAD]
    while report:
        following = m[report + r.REPORT_OUT_NEXT]
        if not of_resting or m[report + r.REPORT_RESTING] == of_resting:
            meant = _insert(m, meant, report)
        else:
            m[report + r.REPORT_OUT_NEXT] = 0
            if rest_tail:
                m[rest_tail + r.REPORT_OUT_NEXT] = report
            else:
                rest = report
            rest_tail = report
        report = following
    if meant:
        meant = _reverse(m, meant)
    return meant, rest


@compiled
def _insert(m: Arena, latest: int, report: int) -> int:
    """Insert a report in a list from the highest number down; mostly it is the highest."""
    number = m[report + r.REPORT_NUMBER]
    if not latest or m[latest + r.REPORT_NUMBER] < number:
        m[report + r.REPORT_OUT_NEXT] = latest
        return report
    at = latest
    while m[at + r.REPORT_OUT_NEXT] and m[m[at + r.REPORT_OUT_NEXT] + r.REPORT_NUMBER] > number:
        at = m[at + r.REPORT_OUT_NEXT]
    m[report + r.REPORT_OUT_NEXT] = m[at + r.REPORT_OUT_NEXT]
    m[at + r.REPORT_OUT_NEXT] = report
    return latest


@compiled
def _reverse(m: Arena, head: int) -> int:
    turned = 0
    while head:
        following = m[head + r.REPORT_OUT_NEXT]
        m[head + r.REPORT_OUT_NEXT] = turned
        turned = head
        head = following
    return turned


@compiled
def lose(m: Arena, report: int) -> None:
    """A report will never be received."""
    resting = m[report + r.REPORT_RESTING]
    at, before = resting + r.RESTING_UNRECEIVED_HEAD, 0
    while m[at] != report:
        before = m[at]
        at = m[at] + r.REPORT_NEXT
    m[at] = m[report + r.REPORT_NEXT]
    if m[resting + r.RESTING_UNRECEIVED_TAIL] == report:
        m[resting + r.RESTING_UNRECEIVED_TAIL] = before
    give(m, r.TYPE_REPORT, report)
    forget_if_over(m, resting)


@compiled
def forget_if_over(m: Arena, resting: int) -> None:
    """Forget an order that rests no more and all of whose reports have been received."""
    if m[resting + r.RESTING_IN_BOOK] or m[resting + r.RESTING_UNRECEIVED_HEAD]:
        return
    order = m[resting + r.RESTING_ORDER]
    m[resting + r.RESTING_SERIAL] = 0
    m[resting + r.RESTING_TURN] = 0
    give(m, r.TYPE_RESTING, resting)
    drop_order(m, order)
