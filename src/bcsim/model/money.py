"""Money: an amount in minor units with its currency, and how files write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bcsim.units import THAI_DIGITS, UnitError

if TYPE_CHECKING:
    from collections.abc import Mapping

MONEY_FORMS: Final = "an amount with its currency, such as 1250.00 THB or 1 250.00 THB"

_TEXT_CHARS_MAX: Final = 80
"""Longest amount that anybody writes."""

_MONEY = re.compile(r"(-?[0-9](?:[0-9. ]*[0-9])?) ?([A-Z]{3})")
_GROUPED = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:\.([0-9]+))?")

# ISO 4217, list one: the currencies whose minor unit is not a hundredth.
_MINOR_DIGITS: Final[Mapping[str, int]] = MappingProxyType(
    dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0)
    | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)
)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in ``minor`` units (satang, cents) of an ISO 4217 ``currency``."""

    minor: int
    currency: str

    def __str__(self) -> str:
        """The form that :func:`parse_money` reads."""
        return format_money(self)


def parse_minor_units(text: str, digits: int) -> int:
    """Read ``1 250.50`` as an integer count of minor units, ``digits`` decimals each.

    Raises
    ------
    UnitError
        Not a decimal number, or more decimals than the currency has; nothing is rounded.
    """
    match = _GROUPED.fullmatch(text)
    if match is None or len(text) > _TEXT_CHARS_MAX:
        detail = text[:_TEXT_CHARS_MAX]
        reason = "not an amount"
        raise UnitError("malformed", reason, detail, expected="such as 1250.00 or 1 250.00")
    decimals = match[1] or ""
    if len(decimals) > digits:
        reason = "finer than the currency's smallest unit"
        raise UnitError("too_fine", reason, text, expected=f"at most {digits} decimals")
    whole = text.partition(".")[0].replace(" ", "")
    return int(whole + decimals.ljust(digits, "0"))


def parse_money(text: str) -> Money:
    """Read ``1250.00 THB``; spaces may group thousands.

    Raises
    ------
    UnitError
        No currency code, a malformed number, or more decimals than the currency has.
    """
    plain = text.strip().translate(THAI_DIGITS)
    match = _MONEY.fullmatch(plain)
    if match is None:
        detail = plain[:_TEXT_CHARS_MAX]
        reason = "not an amount with its currency"
        raise UnitError("malformed", reason, detail, expected=MONEY_FORMS)
    currency = match[2]
    return Money(parse_minor_units(match[1], minor_digits(currency)), currency)


def format_money(money: Money) -> str:
    """Write an amount as :func:`parse_money` reads it, thousands grouped by spaces."""
    digits = minor_digits(money.currency)
    sign = "-" if money.minor < 0 else ""
    whole, rest = divmod(abs(money.minor), 10**digits)
    decimals = f".{rest:0{digits}d}" if digits else ""
    return f"{sign}{whole:,}{decimals} {money.currency}".replace(",", " ")


def minor_digits(currency: str) -> int:
    """Decimals of an ISO 4217 currency: 2 for ``THB``, 0 for ``JPY``, 3 for ``KWD``."""
    return _MINOR_DIGITS.get(currency, 2)
