"""A regime: rules of a regulator as data, each with its source and date.

What a rule asks is in ``regimes/*.yaml`` and nowhere else; this module says what such a file may
hold, and ``bcsim.conduct`` evaluates it. Thresholds carry their unit, which is that of the fact
they are compared with. Nothing here says that a firm complies: every rule ends with what to
check with counsel.
"""

from __future__ import annotations

import re
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Final, Literal, Self, TypeAlias, TypeVar

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from bcsim.model.fields import (
    Date,
    Entity,
    Identifier,
    LocalText,
    PositiveDuration,
    PositiveInt,
    Text,
)
from bcsim.units import UnitError, parse_duration

FOLDER: Final = Path(__file__).resolve().parent / "regimes"
"""Where the shipped regimes are, one file each."""

_SUFFIX: Final = ".yaml"
_PERCENT: Final = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,6}))? %")
_COUNTED: Final = re.compile(r"([0-9]{1,15}) (\S.*)")
_MONTHS: Final = re.compile(r"([1-9][0-9]?) months?")


_Entry = TypeVar("_Entry")


class Unit(StrEnum):
    """What a fact is measured in."""

    FLAG = "flag"
    COUNT = "count"
    RATIO = "ratio"
    DURATION = "duration"


class Fact(StrEnum):
    """Everything about an incident that a rule may ask for, with its unit.

    ``noun`` is what stands behind the number of a count.
    """

    unit: Unit
    noun: str

    def __new__(cls, value: str, unit: Unit, noun: str = "") -> Self:
        """Make a member that carries its unit."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.unit = unit
        member.noun = noun
        return member

    CRITICAL_SERVICES = "critical-services-affected", Unit.FLAG
    CLIENTS = "clients-affected", Unit.COUNT, "clients"
    CLIENT_SHARE = "clients-affected-share", Unit.RATIO
    COUNTERPART_SHARE = "counterparts-affected-share", Unit.RATIO
    TRANSACTION_SHARE = "transactions-affected-share", Unit.RATIO
    VALUE_SHARE = "value-affected-share", Unit.RATIO
    RELEVANT_CLIENTS = "relevant-clients-affected", Unit.FLAG
    REPUTATION = "reputation-affected", Unit.FLAG
    INCIDENT_TIME = "incident-time", Unit.DURATION
    SERVICE_DOWNTIME = "service-downtime", Unit.DURATION
    RECOVERY_TIME = "recovery-time", Unit.DURATION
    MEMBER_STATES = "member-states-affected", Unit.COUNT, "Member States"
    DATA_LOSS = "data-loss-with-adverse-effect", Unit.FLAG
    MALICIOUS_ACCESS = "malicious-access", Unit.FLAG
    COSTS = "costs-and-losses", Unit.COUNT, "EUR"
    OUTSIDE_TOLERANCE = "outside-tolerance", Unit.FLAG
    MATERIAL_IMPACT = "material-impact", Unit.FLAG
    PERSONAL_DATA = "personal-data-breached", Unit.FLAG


class Instant(StrEnum):
    """From when a clock may run."""

    AWARENESS = "awareness"
    CLASSIFICATION = "classification"
    OUTSIDE_TOLERANCE = "outside-tolerance"
    BREACH_AWARENESS = "breach-awareness"
    FIRST_NOTICE = "first-notice"
    SECOND_NOTICE = "second-notice"


class Act(StrEnum):
    """What has to be done in time: the first, second or third notice to the regulator."""

    FIRST_NOTICE = "first-notice"
    SECOND_NOTICE = "second-notice"
    THIRD_NOTICE = "third-notice"

    @property
    def place(self) -> int:
        """How many notices come before it."""
        return list(Act).index(self)


# -- quantities ------------------------------------------------------------------------------


def amount_of(fact: Fact, text: str) -> int | Fraction:
    """Read a threshold in its fact's unit: ns, a ratio, or a count.

    Raises
    ------
    ValueError
        It is not in that unit; the message says which form was expected.
    """
    if fact.unit is Unit.DURATION:
        try:
            return parse_duration(text)
        except UnitError as error:
            raise ValueError(f"a duration such as '2 h' for {fact.value}, got {text!r}") from error
    if fact.unit is Unit.RATIO:
        percent = _PERCENT.fullmatch(text)
        if percent is None:
            raise ValueError(f"a share such as '10 %' for {fact.value}, got {text!r}")
        return Fraction(f"{percent[1]}.{percent[2] or 0}") / 100
    counted = _COUNTED.fullmatch(text)
    if counted is None or counted[2] != fact.noun:
        raise ValueError(f"a number such as '2 {fact.noun}' for {fact.value}, got {text!r}")
    return int(counted[1])


def months_of(text: str) -> int:
    """Calendar months of a period such as ``1 month``; 0 for a period that is a duration."""
    months = _MONTHS.fullmatch(text)
    return int(months[1]) if months else 0


def _is_period(text: str) -> str:
    try:
        span = months_of(text) or parse_duration(text)
    except UnitError:
        span = 0
    if not span:
        raise PydanticCustomError(
            "period", "not a period: expected a duration such as '72 h', or '1 month'"
        )
    return text


Period: TypeAlias = Annotated[
    str,
    AfterValidator(_is_period),
    Field(description="A duration such as `72 h`, or calendar months.", examples=["72 h"]),
]


def _some(entries: tuple[_Entry, ...]) -> tuple[_Entry, ...]:
    # NOTE: pydantic's min_length also complains when an entry is there but wrong.
    if not entries:
        raise PydanticCustomError("none", "an empty list: expected at least one entry")
    return entries


class Condition(Entity):
    """One comparison of a fact with a threshold; a fact that is yes or no has none."""

    fact: Fact
    above: Annotated[Text | None, Field(description="Met beyond this.")] = None
    at_least: Annotated[Text | None, Field(description="Met from this on.")] = None

    @property
    def threshold(self) -> int | Fraction | None:
        """The threshold in ns, as a ratio or a count; None of a fact that is yes or no."""
        text = self.above or self.at_least
        return None if text is None else amount_of(self.fact, text)

    @model_validator(mode="after")
    def _in_unit(self) -> Self:
        given = [n for n in ("above", "at_least") if getattr(self, n) is not None]
        if len(given) != (self.fact.unit is not Unit.FLAG):
            wanted = "no threshold" if self.fact.unit is Unit.FLAG else "one of above, at_least"
            raise PydanticCustomError(
                "threshold", "{fact} takes {wanted}", {"fact": self.fact.value, "wanted": wanted}
            )
        for name in given:
            _check_unit(self.fact, getattr(self, name), name)
        return self


def _check_unit(fact: Fact, text: str, key: str) -> None:
    try:
        amount_of(fact, text)
    except ValueError as error:
        context = {"reason": str(error), "key": key}
        raise PydanticCustomError("wrong_unit", "wrong unit: expected {reason}", context) from error


# -- rules -----------------------------------------------------------------------------------


class Citation(Entity):
    """The text that holds a rule, and how it was read."""

    title: Annotated[Text, Field(description="Title of the text.")]
    reference: Annotated[Text, Field(description="Where to find it.")]
    dated: Annotated[
        str,
        Field(
            pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$",
            description="Date of the text, or since when it applies, as exactly as known.",
        ),
    ]
    looked_up: Annotated[Date, Field(description="When it was last looked up.")]
    read: Annotated[
        Literal["full-text", "extract", "secondary", "memory"],
        Field(description="What was read: the text, a part of it, or only what others say of it."),
    ]


class _Rule(Entity):
    """What every rule has."""

    text: Annotated[LocalText, Field(description="What it asks, in our own words.")]
    clause: Annotated[Text, Field(description="Article, paragraph or clause of the text.")]
    citation: Citation
    counsel: Annotated[LocalText, Field(description="What to check with counsel.")]


class Criterion(Entity):
    """One criterion of a classification: met when any of its conditions is."""

    label: LocalText
    any_of: Annotated[tuple[Condition, ...], AfterValidator(_some)]


class Classification(_Rule):
    """An incident is of a class: all that is required, and one that suffices or some others."""

    kind: Literal["classification"]
    criteria: Annotated[dict[Identifier, Criterion], Field(min_length=1)]
    required: Annotated[tuple[Identifier, ...], Field(description="All of these.")] = ()
    sufficient: Annotated[
        tuple[Identifier, ...], Field(description="With those, any of these is enough.")
    ] = ()
    needed: Annotated[int, Field(ge=0, description="Or so many of the others.")] = 0

    @property
    def others(self) -> tuple[str, ...]:
        """Criteria that are counted."""
        named = {*self.required, *self.sufficient}
        return tuple(name for name in self.criteria if name not in named)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        unknown = [n for n in (*self.required, *self.sufficient) if n not in self.criteria]
        if unknown:
            raise PydanticCustomError(
                "criterion", "unknown criterion {name}", {"name": repr(unknown[0])}
            )
        if self.needed > len(self.others):
            context = {"key": "needed", "most": len(self.others)}
            raise PydanticCustomError("needed", "more than the {most} other criteria", context)
        return self


class TimeLimit(Entity):
    """A span of time after an instant."""

    after: Instant
    within: Period
    unless_later: Annotated[
        Instant | None, Field(description="Void if this instant comes after its end.")
    ] = None


class Deadline(_Rule):
    """If an incident is of a class, something is to be done within all of some time limits."""

    kind: Literal["deadline"]
    when: Annotated[Identifier, Field(description="The classification that starts it.")]
    act: Act
    limits: Annotated[tuple[TimeLimit, ...], AfterValidator(_some)]


class Ceiling(_Rule):
    """A fact is to be at most so much."""

    kind: Literal["ceiling"]
    fact: Fact
    at_most: Text

    @model_validator(mode="after")
    def _in_unit(self) -> Self:
        if self.fact.unit is Unit.FLAG:
            raise PydanticCustomError("threshold", "a fact that is yes or no has no ceiling")
        _check_unit(self.fact, self.at_most, "at_most")
        return self


class DowntimeBudget(_Rule):
    """The downtime of a service in a calendar year, or in any twelve months, is limited."""

    kind: Literal["downtime-budget"]
    period: Literal["calendar-year", "rolling-months"]
    months: Annotated[PositiveInt, Field(description="Months of a rolling period.")] = 12
    at_most: PositiveDuration


class ComplaintHandling(_Rule):
    """Every complaint is to be answered in time."""

    kind: Literal["complaint-handling"]
    within: PositiveDuration


Rule: TypeAlias = Annotated[
    Classification | Deadline | Ceiling | DowntimeBudget | ComplaintHandling,
    Field(discriminator="kind"),
]


class Regime(Entity):
    """The root of a regime file."""

    format: Literal["bcsim-regime/1"]
    name: LocalText
    authority: LocalText
    rules: Annotated[dict[Identifier, Rule], Field(min_length=1)]

    @model_validator(mode="after")
    def _started(self) -> Self:
        classes = {name for name, rule in self.rules.items() if rule.kind == "classification"}
        for name, rule in self.rules.items():
            if rule.kind == "deadline" and rule.when not in classes:
                context = {"name": name, "when": rule.when}
                message = "deadline {name} starts with {when}, which is no classification"
                raise PydanticCustomError("when", message, context)
        return self


def regime_names() -> tuple[str, ...]:
    """Names of the shipped regimes, in order."""
    return tuple(sorted(path.stem for path in FOLDER.glob(f"*{_SUFFIX}")))


def regime_file(name: str) -> Path:
    """The file of a shipped regime."""
    return FOLDER / f"{name}{_SUFFIX}"
