"""What the firm promises its clients, as far as an architecture's controls say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcsim.limits import TIME_NS_MAX
from bcsim.model.importers import calm_basis
from bcsim.model.importers.calm_basis import PRODUCT, SERVICE, label
from bcsim.model.importers.calm_controls import (
    ALERT,
    LOSS,
    REVIEW,
    RPO,
    RTO,
    UPTIME,
    allowed_outage_ns,
    incident_ns,
    level_of,
)
from bcsim.model.product import Instrument, Product, Session
from bcsim.model.service import Service, Tolerance
from bcsim.units import format_duration, parse_clock, parse_duration

if TYPE_CHECKING:
    from bcsim.model.importers.calm_basis import Basis
    from bcsim.model.importers.calm_controls import ServiceLevel


def product_of(basis: Basis) -> Product:
    """What is ordered, with the deadlines of its orders."""
    path = ("products", PRODUCT)
    actor = basis.route.actor or ""
    opens, closes = basis.decorations.get(actor, "opens"), basis.decorations.get(actor, "closes")
    session = Session(
        name="day",
        open=opens.value if opens else parse_clock(calm_basis.OPENS),
        close=closes.value if closes else parse_clock(calm_basis.CLOSES),
    )
    what = "orders are market orders in one instrument that costs 100.00 and does not move"
    basis.ledger.assume(what, (*path, "instruments"))
    instrument = Instrument(name=label("Instrument"), price=10_000, source="assumption")
    return Product(
        name=label("Orders"),
        instruments={"instrument": instrument},
        sessions=(session,),
        acknowledge_within=_acknowledge_within(basis),
        execute_within=_execute_within(basis),
        source="assumption",
    )


def _acknowledge_within(basis: Basis) -> Any:  # noqa: ANN401 - a duration as the model takes it
    """The alert threshold of the flow that acknowledges."""
    path = ("products", PRODUCT, "acknowledge_within")
    step = next((s for s in basis.route.steps if s.role == "acknowledge"), None)
    flow = step.flow if step is not None and step.flow is not None else basis.choice.chosen[0]
    level = level_of(flow, basis.levels)
    alert_ns = level.time_ns(ALERT) if level else None
    if alert_ns is not None and not basis.decorations.get(flow.id, "acknowledge_within"):
        what = (
            f"an acknowledgement is late after {format_duration(alert_ns)}, the alert threshold "
            f"of {flow.id}; the client's line counts too"
        )
        basis.ledger.assume(what, path)
        return alert_ns
    words = "an acknowledgement in {} is late after VALUE"
    default = calm_basis.ACKNOWLEDGE_WITHIN
    return basis.value(flow.id, "acknowledge_within", default, words, path)


def _execute_within(basis: Basis) -> Any:  # noqa: ANN401 - a duration as the model takes it
    """The alert thresholds of all flows that the order goes through, together."""
    path = ("products", PRODUCT, "execute_within")
    flows = basis.choice.chosen
    told = [flow for flow in flows if basis.decorations.get(flow.id, "execute_within")]
    levels = [level_of(flow, basis.levels) for flow in flows]
    alerts = [level.time_ns(ALERT) if level else None for level in levels]
    known = [alert for alert in alerts if alert is not None]
    if len(known) == len(flows) and not told:
        sum_ns = min(sum(known), TIME_NS_MAX)
        what = (
            f"an order is late if its client does not know of the execution after "
            f"{format_duration(sum_ns)}, the alert thresholds of "
            f"{' and '.join(flow.id for flow in flows)} together"
        )
        basis.ledger.assume(what, path)
        return sum_ns
    words = "an order is late if its client does not know of its execution after VALUE: {}"
    flow = (told or [flows[-1]])[0]
    return basis.value(flow.id, "execute_within", calm_basis.EXECUTE_WITHIN, words, path)


# -- tolerances ------------------------------------------------------------------------------


def service_of(basis: Basis) -> Service:
    """The service that clients get, with what its controls tolerate."""
    flows = basis.choice.chosen
    entry = flows[0].id
    levels = [level for flow in flows if (level := level_of(flow, basis.levels)) is not None]
    path = ("services", SERVICE, "tolerance")
    rto = _rto(basis, levels)
    words = "the least tolerable service level of {} is VALUE"
    told = {
        name: given.value
        for name in ("approver", "approved_on")
        if (given := basis.decorations.get(entry, name)) is not None
    }
    tolerance = Tolerance(
        rto=rto,
        mtpd=_mtpd(basis, levels, rto),
        rpo=_rpo(basis, levels),
        mbco=basis.value(entry, "mbco", calm_basis.MBCO, words, (*path, "mbco")),
        review_within=_review(basis, levels),
        source="assumption",
        **told,
    )
    return Service(
        name=label(flows[0].name), products=(PRODUCT,), tolerance=tolerance, source="assumption"
    )


def _rto(basis: Basis, levels: list[ServiceLevel]) -> int:
    path = ("services", SERVICE, "tolerance", "rto")
    entry = basis.choice.chosen[0].id
    targets = [t for level in basis.levels if (t := level.time_ns(RTO)) is not None]
    incidents = [t for level in levels if (t := incident_ns(level)) is not None]
    if not basis.decorations.get(entry, "rto"):
        if targets:
            basis.ledger.assume("the strictest recovery-time-objective binds the service", path)
            return min(targets)
        if incidents:
            what = "recovery may take as long as an incident: its start after an alert and its end"
            basis.ledger.assume(what, path)
            return min(incidents)
    words = "the recovery time objective of {} is VALUE"
    return _ns(basis.value(entry, "rto", calm_basis.RTO, words, path))


def _mtpd(basis: Basis, levels: list[ServiceLevel], rto_ns: int) -> int:
    path = ("services", SERVICE, "tolerance", "mtpd")
    entry = basis.choice.chosen[0].id
    allowed = [t for level in levels if (t := allowed_outage_ns(level)) is not None]
    if allowed and not basis.decorations.get(entry, "mtpd"):
        uptime = levels[0].number(UPTIME)
        what = (
            f"the outage of a year that an uptime of {uptime:g} % allows is the longest tolerable"
        )
        basis.ledger.assume(what, path)
        return max(min(allowed), rto_ns)
    words = "the longest tolerable outage of {} is VALUE"
    return max(_ns(basis.value(entry, "mtpd", calm_basis.MTPD, words, path)), rto_ns)


def _rpo(basis: Basis, levels: list[ServiceLevel]) -> int:
    path = ("services", SERVICE, "tolerance", "rpo")
    entry = basis.choice.chosen[0].id
    if not basis.decorations.get(entry, "rpo"):
        targets = [t for level in basis.levels if (t := level.time_ns(RPO)) is not None]
        if targets:
            return min(targets)
        if levels and all(level.number(LOSS) == 0 for level in levels):
            return 0  # a loss tolerance of 0 %
    words = "the recovery point objective of {} is VALUE"
    return _ns(basis.value(entry, "rpo", calm_basis.RPO, words, path))


def _review(basis: Basis, levels: list[ServiceLevel]) -> int | None:
    given = basis.decorations.get(basis.choice.chosen[0].id, "review_within")
    if given is not None:
        return _ns(given.value)
    reviews = [t for level in levels if (t := level.time_ns(REVIEW)) is not None]
    return min(reviews) if reviews else None


def _ns(value: str | int) -> int:
    """A duration, as decorators give it or as the defaults are written, in nanoseconds."""
    return parse_duration(value) if isinstance(value, str) else value
