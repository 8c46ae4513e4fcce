"""What the nine service systems' measures come to against the firm's targets.

A system's status is ``not_met`` if a target of one of its measures is missed, ``unknown`` if one
cannot be told or if the firm states no target for it, and ``met`` otherwise. No status says that
the firm complies with a rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.conduct.bounds import Answer, all_met
from bcsim.model.service_system import service_systems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.conduct.measure import Measures, Value
    from bcsim.model.firm import Firm
    from bcsim.model.service_system import ServiceSystem
    from bcsim.model.target import Target

    Document = dict[str, object]


def assess_systems(
    firm: Firm, measured: Mapping[str, Measures], normal: Mapping[str, Measures] | None = None
) -> list[Document]:
    """Compare measures with targets, and the day with the normal day.

    Parameters
    ----------
    measured
        The day's measures, by the system's number.
    normal
        Those of the same firm's normal day; None where nobody ran it.

    Returns
    -------
    list of dict
        One for each of the nine systems, as in ``bcsim run --json``: its number, its status on
        the day and on the normal day, and every measure with its value, its value on the normal
        day, the ratio of the two, its target and status.
    """
    return [
        _system_document(
            firm,
            service_systems()[int(number)],
            measures,
            None if normal is None else normal[number],
        )
        for number, measures in measured.items()
    ]


def statuses_of(assessed: list[Document]) -> dict[str, str]:
    """Status of each system on the day, by its number."""
    return {str(document["system"]): str(document["status"]) for document in assessed}


def _system_document(
    firm: Firm, system: ServiceSystem, measured: Measures, normal: Measures | None
) -> Document:
    return {
        "system": system.number,
        "status": _status(firm, measured),
        "normal_status": None if normal is None else _status(firm, normal),
        "measures": [
            {
                "measure": name,
                "value": value,
                "normal": None if normal is None else normal[name],
                "ratio": None if normal is None else _ratio(value, normal[name]),
                "target": _target_document(firm.targets.get(name)),
                "status": None if name not in firm.targets else _answer(firm.targets[name], value),
            }
            for name, value in measured.items()
        ],
    }


def _status(firm: Firm, measured: Measures) -> Answer:
    answers = [
        _answer(firm.targets[name], value)
        for name, value in measured.items()
        if name in firm.targets
    ]
    return all_met(answers) if answers else Answer.UNKNOWN


def _answer(target: Target, value: Value) -> Answer:
    is_met = target.is_met_by(value)
    return {True: Answer.MET, False: Answer.NOT_MET, None: Answer.UNKNOWN}[is_met]


def _ratio(value: Value, normal: Value) -> float | None:
    """The day over the normal day; None where either is not known, or nothing on a normal day."""
    return value / normal if value is not None and normal else None


def _target_document(target: Target | None) -> Document | None:
    if target is None:
        return None
    return {"at_least": target.at_least, "at_most": target.highest}
