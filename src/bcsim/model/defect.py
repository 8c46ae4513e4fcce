"""What can be wrong with an order, or with the firm: what clients mind and controls look for."""

from __future__ import annotations

from enum import StrEnum


class Defect(StrEnum):
    """A class or flag of an order's verdict, a fault of a component, or what only clients feel.

    ``unreached`` is a stranded order of which nothing was seen beyond its client.
    """

    PHANTOM = "phantom"
    DUPLICATED = "duplicated"
    CORRUPTED = "corrupted"
    PARTIAL = "partial"
    LOST = "lost"
    STRANDED = "stranded"
    UNREACHED = "unreached"
    UNCONFIRMED = "unconfirmed"
    LATE = "late"
    RECOVERED = "recovered"
    OVERTAKEN = "overtaken"
    ACK_REGRESSED = "ack_regressed"
    CONTROL_BYPASSED = "control_bypassed"
    UNSUITABLE = "unsuitable"
    SLIPPED = "slipped"
    EXPOSED = "exposed"
    CONTRADICTED = "contradicted"
    REFUSED = "refused"
    FAULT = "fault"
