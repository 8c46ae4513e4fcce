"""Types of the fields of models and scenarios, and the base class of everything in them.

Files are read in pydantic's JSON mode, where a quantity must be a text with its unit. Python
code works in run-time values (integer nanoseconds, a ``Distribution``) and may write the text
forms too. Serialised as JSON, every field takes a form that a file may have.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Final, Self, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    InstanceOf,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from bcsim.limits import TIME_NS_MAX
from bcsim.model.distribution import (
    DISTRIBUTION_FORMS,
    KINDS,
    distribution_text,
    parse_distribution,
)
from bcsim.streams import Distribution
from bcsim.units import (
    BUDDHIST_ERA_OFFSET_YEARS,
    CLOCK_FORMS,
    DURATION_FORMS,
    NS_PER_DAY,
    Lang,
    UnitError,
    format_clock,
    format_duration,
    parse_clock,
    parse_duration,
)

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

IDENTIFIER_PATTERN: Final = "^[a-z][a-z0-9-]*$"
IDENTIFIER_CHARS_MAX: Final = 64

_BUDDHIST_YEAR_MIN: Final = 2400
"""No model speaks of the Gregorian year 2400; such a year is of the Buddhist era."""

_T = TypeVar("_T")
_Date = TypeVar("_Date", bound=datetime.date)


class Entity(BaseModel):
    """Base of everything in a model or scenario file: frozen, strict, no unknown keys."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, regex_engine="rust-regex"
    )

    source: Annotated[
        str | None,
        Field(
            min_length=1,
            description="Where the numbers come from: a citation, or `assumption`.",
            examples=["assumption", "incident review 2026-03, page 4"],
        ),
    ] = None
    note: Annotated[
        str | None, Field(min_length=1, description="A remark for the reader; has no effect.")
    ] = None

    def replace(self, **changes: object) -> Self:
        """A variant with ``changes``, checked like any input.

        Raises
        ------
        pydantic.ValidationError
            A change names no field, or its value does not fit.
        """
        fields = {name: getattr(self, name) for name in self.model_fields_set}
        return type(self).model_validate(fields | changes)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Show defaults in the form that files have; pydantic would show run-time values."""
        schema = handler(core_schema)
        defaults = cls.model_construct().model_dump(mode="json", exclude_none=True)
        for name, entry in handler.resolve_ref_schema(schema)["properties"].items():
            entry.pop("default", None)
            if name in defaults:
                entry["default"] = defaults[name]
        return schema


# -- quantities with a unit ------------------------------------------------------------------


def _unit_problem(field: str, error: UnitError) -> PydanticCustomError:
    """The pydantic error of an unusable quantity; ``loading`` words it for people."""
    context = {
        "code": error.code,
        "reason": error.reason,
        "detail": error.detail,
        "expected": error.expected,
        "suggestion": error.suggestion,
        "key": error.key,
        "text": str(error),
    }
    return PydanticCustomError(field, "{text}", context)


def _reader(
    field: str, parse: Callable[[str], _T], is_runtime: Callable[[object], bool], forms: str
) -> Callable[[object, ValidationInfo], object]:
    """A validator that parses texts, and lets run-time values pass in Python code only."""

    def read(value: object, info: ValidationInfo) -> object:
        if info.mode == "python" and is_runtime(value):
            return value
        if not isinstance(value, str):
            raise _unit_problem(field, _not_text(value, forms))
        try:
            return parse(value)
        except UnitError as error:
            raise _unit_problem(field, error) from None

    return read


def _not_text(value: object, forms: str) -> UnitError:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return UnitError("no_unit", "no unit", str(value)[:40], expected=forms)
    return UnitError("not_text", "not a text", expected=forms)


def _is_count_to(limit: int) -> Callable[[object], bool]:
    """Whether a value is an ``int`` from 0 to ``limit``."""
    return lambda value: type(value) is int and 0 <= value <= limit


Duration: TypeAlias = Annotated[
    int,
    BeforeValidator(_reader("duration", parse_duration, _is_count_to(TIME_NS_MAX), DURATION_FORMS)),
    PlainSerializer(
        lambda duration_ns: format_duration(duration_ns, exact=True), str, when_used="json"
    ),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"[0-9๐-๙]\s*[^\s0-9]|^P",
            "description": DURATION_FORMS,
            "examples": ["150 ms", "30 s", "5 min", "1 h 30 min", "PT5M", "5 นาที"],
        }
    ),
]
"""Integer nanoseconds at run time; in files a text with its unit."""


def _nonzero(duration_ns: int) -> int:
    if duration_ns:
        return duration_ns
    error = UnitError("out_of_range", "zero", "0", expected="a duration longer than zero")
    raise _unit_problem("duration", error)


PositiveDuration: TypeAlias = Annotated[Duration, AfterValidator(_nonzero)]
"""A :data:`Duration` longer than zero."""

Clock: TypeAlias = Annotated[
    int,
    BeforeValidator(_reader("clock", parse_clock, _is_count_to(NS_PER_DAY), CLOCK_FORMS)),
    PlainSerializer(format_clock, str, when_used="json"),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?$|^24:00$",
            "description": CLOCK_FORMS,
            "examples": ["10:05", "16:30:00"],
        }
    ),
]
"""Nanoseconds since midnight at run time; in files ``HH:MM`` or ``HH:MM:SS``."""


def _read_distribution(value: object, info: ValidationInfo) -> object:
    if info.mode == "python" and isinstance(value, Distribution):
        return value
    try:
        return parse_distribution(value)
    except UnitError as error:
        raise _unit_problem("distribution", error) from None


DistributionField: TypeAlias = Annotated[
    InstanceOf[Distribution],
    BeforeValidator(_read_distribution),
    PlainSerializer(distribution_text, when_used="json"),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 2},
                {
                    "type": "object",
                    "properties": {"kind": {"enum": list(KINDS)}},
                    "required": ["kind"],
                },
            ],
            "description": f"A distribution of durations: {DISTRIBUTION_FORMS}.",
            "examples": [
                "5 ms",
                "exponential 20 ms",
                "uniform 1 ms..3 ms",
                "triangular 1 ms, 2 ms, 5 ms",
                "erlang 3, 20 ms",
                "lognormal median 20 ms sigma 0.5",
                "weibull scale 10 h shape 1.5",
                {"kind": "empirical", "quantiles": ["1 ms", "2 ms", "9 ms"]},
            ],
        }
    ),
]
"""A :class:`bcsim.streams.Distribution`; in files a text or a mapping with ``kind``."""

# -- plain numbers and texts -----------------------------------------------------------------

Probability: TypeAlias = Annotated[
    float, Field(ge=0, le=1, description="A probability from 0 to 1.", examples=[0.05])
]
Ratio: TypeAlias = Annotated[
    float, Field(ge=0, le=1, description="A share of a whole, from 0 to 1.", examples=[0.95])
]
Positive: TypeAlias = Annotated[float, Field(gt=0, description="A number greater than 0.")]
PositiveInt: TypeAlias = Annotated[int, Field(ge=1, description="A whole number from 1.")]
NonNegativeInt: TypeAlias = Annotated[int, Field(ge=0, description="A whole number from 0.")]
Text: TypeAlias = Annotated[
    str, Field(min_length=1, pattern=r"\S", description="A text that is not empty.")
]
Identifier: TypeAlias = Annotated[
    str,
    Field(
        pattern=IDENTIFIER_PATTERN,
        max_length=IDENTIFIER_CHARS_MAX,
        description="An identifier: a lower-case letter, then letters, digits and hyphens.",
        examples=["order-gateway"],
    ),
]
"""What files refer to each other by; names in any script live in ``name`` fields."""


# -- dates -----------------------------------------------------------------------------------


def _gregorian(value: _Date) -> _Date:
    """Refuse a year of the Buddhist era, which would be 543 years from now."""
    if value.year < _BUDDHIST_YEAR_MIN:
        return value
    meant = f"{value.year - BUDDHIST_ERA_OFFSET_YEARS}{value.isoformat()[4:]}"
    raise PydanticCustomError(
        "buddhist_year",
        "{year} is a year of the Buddhist era; did you mean {suggestion}?",
        {"year": value.year, "suggestion": meant},
    )


def _without_zone(value: datetime.datetime) -> datetime.datetime:
    if value.tzinfo is None:
        return value
    raise PydanticCustomError("time_zone", "a time with a zone; the model names the zone")


Date: TypeAlias = Annotated[
    datetime.date,
    AfterValidator(_gregorian),
    Field(description="A Gregorian date YYYY-MM-DD.", examples=["2026-11-22"]),
]
WallClock: TypeAlias = Annotated[
    datetime.datetime,
    AfterValidator(_gregorian),
    AfterValidator(_without_zone),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?$",
            "description": "Date and time in the model's time zone, YYYY-MM-DDTHH:MM:SS.",
            "examples": ["2026-11-23T09:00:00"],
        }
    ),
]


# -- texts in two languages ------------------------------------------------------------------


class LocalText(BaseModel):
    """A text for people: one string for both languages, or a mapping with ``en`` and ``th``."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    en: Annotated[str, Field(min_length=1, pattern=r"\S", description="The text in English.")]
    th: Annotated[str, Field(min_length=1, pattern=r"\S", description="The text in Thai.")]

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, value: object) -> object:
        """Use the one language that is given for the other too."""
        given = value if isinstance(value, Mapping) else {}
        if isinstance(value, LocalText) or given.keys() >= {"en", "th"}:
            return value
        text = given.get("en", given.get("th")) if given else value
        if not isinstance(text, str) or not text.strip():
            raise PydanticCustomError("local_text", "neither a text nor a mapping with en and th")
        return {"en": text, "th": text, **given}

    def in_(self, lang: Lang) -> str:
        """The text in one language."""
        return self.en if lang == "en" else self.th

    def __str__(self) -> str:
        """The English text."""
        return self.en

    @model_serializer(mode="plain", when_used="json")
    def _shortest(self) -> str | dict[str, str]:
        return self.en if self.en == self.th else {"en": self.en, "th": self.th}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Editors offer both forms; a mapping may leave one language out."""
        mapping = handler.resolve_ref_schema(handler(core_schema))
        mapping.pop("required", None)
        mapping["minProperties"] = 1
        description = mapping.pop("description")
        return {
            "anyOf": [{"type": "string", "minLength": 1}, mapping],
            "description": description,
            "examples": ["Order gateway", {"en": "Order gateway", "th": "ระบบรับคำสั่ง"}],
        }
