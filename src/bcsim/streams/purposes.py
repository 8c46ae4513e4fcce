"""What random numbers are drawn for, and where each draw lives.

The table is data: the documentation's list of draws is generated from it, and a stream for a
purpose that it does not hold is refused. To add a purpose, add an entry. To rename one, or to
change its entity, index or draw, changes the numbers it yields: name it under *Results change*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose of random numbers and how its draws are addressed."""

    meaning: str
    """What is decided, in one line."""
    entity: str
    """What the stream's entity names; empty if one stream serves the whole replication."""
    index: str
    """What the index counts."""
    draw: str
    """What the draw packs, see :func:`bcsim.streams.address`; "0" if one draw is all."""


_INDEX: Final = "order's index within its source"
_SOURCE: Final = "source of orders"
_ENTRY: Final = "source of orders; '#n' behind it for the n-th re-entry"
_AT: Final = "as the re-entry's source, '/', component"
_STEP: Final = "step, leg, attempt"
_TURN: Final = "attempt: how often the client ran out of patience"
_STAGES: Final = "sub: stage of an Erlang time"
_AGAIN: Final = "attempt: again"
_WATCHED: Final = "control, '/', source of orders or fault"

PURPOSES: Final[dict[str, Purpose]] = {
    # -- demand: what the clients want ------------------------------------------------------
    "arrival": Purpose("Time from one order of a source to its next.", _SOURCE, _INDEX, _STAGES),
    "client": Purpose("Which client places the order.", _SOURCE, _INDEX, "0"),
    "account": Purpose("Which of the client's accounts it is for.", _SOURCE, _INDEX, "0"),
    "instrument": Purpose("Which instrument or product it is for.", _SOURCE, _INDEX, "0"),
    "side": Purpose("Buy or sell.", _SOURCE, _INDEX, "0"),
    "ord_type": Purpose("Market or limit order.", _SOURCE, _INDEX, "0"),
    "quantity": Purpose("Quantity ordered.", _SOURCE, _INDEX, "0"),
    "price_offset": Purpose("Distance of the limit from the price, ticks.", _SOURCE, _INDEX, "0"),
    "cancel_decision": Purpose("Whether the client cancels the order.", _SOURCE, _INDEX, "0"),
    "cancel_delay": Purpose("Time from submit to the wish to cancel.", _SOURCE, _INDEX, _STAGES),
    "patience": Purpose("How long the client waits for an answer.", _SOURCE, _INDEX, _TURN),
    "on_timeout": Purpose("What the client does when patience ends.", _SOURCE, _INDEX, _TURN),
    # -- flow: what happens to an order on its way ------------------------------------------
    "service": Purpose("Time that a step's work takes.", _ENTRY, _INDEX, _STEP),
    "link_latency": Purpose(
        "Time that a message is under way.", _ENTRY, _INDEX, _STEP + "; sub: direction"
    ),
    "link_loss": Purpose(
        "Whether a message gets lost.", _ENTRY, _INDEX, _STEP + "; sub: direction"
    ),
    "retry_jitter": Purpose("Factor on a retry's backoff.", _ENTRY, _INDEX, _STEP),
    "route_choice": Purpose(
        "Which primary a sender takes that reaches both.", _AT, _INDEX, "step, attempt"
    ),
    "leg_failure": Purpose("Whether one of a step's effects fails.", _ENTRY, _INDEX, _STEP),
    "corruption_hit": Purpose("Whether a corrupting component alters it.", _AT, _INDEX, "0"),
    "corruption_field": Purpose("Which field is altered.", _AT, _INDEX, "step"),
    "corruption_value": Purpose("Which alteration of that field.", _AT, _INDEX, "step"),
    "control_catch": Purpose(
        "Whether a control finds what is wrong.", "as for corruption, by control", _INDEX, "0"
    ),
    "control_bypass": Purpose(
        "Whether people under pressure leave a control out.",
        "as for corruption, by control",
        _INDEX,
        "0",
    ),
    # -- people at work on orders -----------------------------------------------------------
    "mistype": Purpose("Whether a person enters an order wrongly.", _ENTRY, _INDEX, "step"),
    "back_entry": Purpose("Time to enter a paper order.", _ENTRY, _INDEX, "step"),
    "back_entry_step": Purpose(
        "Time that a step takes for a paper order that has been entered.", _ENTRY, _INDEX, "step"
    ),
    "enquiry": Purpose("Time that an enquiry takes.", _ENTRY, _INDEX, _TURN),
    "repair_work": Purpose("Time that a repair takes.", _ENTRY, _INDEX, "attempt: which repair"),
    # -- market -----------------------------------------------------------------------------
    "market_noise": Purpose(
        "Price change over one grid step.", "product, '/', instrument", "grid step", "0"
    ),
    "fill": Purpose(
        "Whether an execution splits, and the time to its next fill.",
        _ENTRY,
        _INDEX,
        "step 0: split, step 1: time; attempt; sub: fill",
    ),
    "bust": Purpose("Whether the venue busts an execution.", _ENTRY, _INDEX, "attempt; sub: fill"),
    # -- components -------------------------------------------------------------------------
    "failure": Purpose("Time from repaired to failed.", "component", "failure number", _STAGES),
    "repair": Purpose("Time from failed to repaired.", "component", "failure number", _STAGES),
    "detection": Purpose("Time from a fault to its alarm.", "monitor", "fault number", _STAGES),
    "detection_miss": Purpose("Whether a monitor misses it.", "monitor", "fault number", "0"),
    "notice": Purpose(
        "Time until people notice what a monitor missed.", "monitor", "fault number", _STAGES
    ),
    "outage": Purpose(
        "Time to repair what a disruption broke.", "disruption, '/', component", "0", _STAGES
    ),
    "switch": Purpose("Time that a switch takes.", "component", "failover number", _STAGES),
    "switch_success": Purpose("Whether a switch works.", "component", "failover number", "0"),
    "switch_back": Purpose("Time that a fail-back takes.", "component", "failback number", _STAGES),
    "failback_success": Purpose("Whether a fail-back works.", "component", "failback number", "0"),
    # -- people and plan --------------------------------------------------------------------
    "reach": Purpose("Whether a person answers a call.", "person", "call number", "0"),
    "reach_delay": Purpose("Time until a person answers.", "person", "call number", _STAGES),
    "decision_delay": Purpose("Time that a decision takes.", "role", "decision number", _STAGES),
    "relocation": Purpose("Time that a team's move takes.", "team", "relocation number", _STAGES),
    "action_duration": Purpose("Time that an action takes.", "action", "attempt number", _STAGES),
    "action_success": Purpose("Whether an action works.", "action", "attempt number", "0"),
    # -- aftermath --------------------------------------------------------------------------
    "complaint": Purpose("Whether a client complains.", _SOURCE, _INDEX, _AGAIN),
    "complaint_delay": Purpose(
        "Time until a client complains.", _SOURCE, _INDEX, _AGAIN + "; " + _STAGES
    ),
    "complaint_work": Purpose(
        "Time that work on a complaint takes.",
        _SOURCE,
        _INDEX,
        "step: task; " + _AGAIN + "; " + _STAGES,
    ),
    "redress_error": Purpose(
        "Whether a wrong amount is paid, and which.",
        _SOURCE,
        _INDEX,
        "step 0: whether, step 1: share; attempt",
    ),
    "redress_delay": Purpose(
        "Time until money is paid.", _SOURCE, _INDEX, "attempt: which payment; " + _STAGES
    ),
    "oversight": Purpose(
        "Whether a control of the oversight finds a defect.",
        _WATCHED,
        _INDEX + "; fault number",
        "kind of defect",
    ),
    "oversight_latency": Purpose(
        "Time until the oversight's finding.", _WATCHED, _INDEX + "; fault number", _STAGES
    ),
    "oversight_restored": Purpose(
        "Whether a control is switched on again.", "control", "which time off", "0"
    ),
}
