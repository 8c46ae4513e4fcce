"""Decimal numbers as logs write them, to integers in minor units: digit by digit, no floats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bcsim.history.logs.mapping import TableForm

_PLAIN: Final = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$"
_SCIENTIFIC: Final = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]{1,2}$"


def plain(text: str, form: TableForm) -> str:
    """Write the SQL of a number with a point and nothing else; null if it is no number.

    The sign between thousands counts only where thousands, or lakhs, end: ``1,5`` is no 15. And
    where another sign is before the digits behind the point, a point is none.
    """
    if form.decimal != ".":
        swapped = f"replace(replace({text}, '.', '!'), '{form.decimal}', '.')"
        text = f"replace({swapped}, '!', '{form.decimal}')"
    if form.thousands == " ":
        text = f"translate({text}, '\u00a0\u202f', '  ')"  # blanks that do not break
    if form.thousands:
        sign = "," if form.thousands == "." else form.thousands  # a point was swapped above
        quoted = sign.replace("'", "''")
        grouped = f"^[+-]?[0-9]{{1,3}}({quoted}[0-9]{{2,3}})*{quoted}[0-9]{{3}}(\\.[0-9]*)?$"
        joined = f"replace({text}, '{quoted}', '')"
        text = f"(case when regexp_matches({text}, '{grouped}') then {joined} else {text} end)"
    return (
        f"(case when regexp_matches({text}, '{_PLAIN}') then {text} "
        f"when regexp_matches({text}, '{_SCIENTIFIC}') "
        f"then try_cast({text} as decimal(38, 18))::varchar end)"
    )


def digits(number: str) -> str:
    """Write the SQL of how many digits behind the point a plain number needs."""
    return f"length(rtrim(regexp_extract({number}, '\\.([0-9]*)$', 1), '0'))"


def scaled(number: str, scale: int) -> str:
    """Write the SQL of a plain number in units of 10**-scale; null if it does not fit."""
    sign = f"(case when {number}[1:1] = '-' then '-' else '' end)"
    whole = f"regexp_extract({number}, '^[+-]?([0-9]*)', 1)"
    fraction = f"rtrim(regexp_extract({number}, '\\.([0-9]*)$', 1), '0')"
    joined = f"{sign} || '0' || {whole} || rpad({fraction}, {scale}, '0')"
    fits = f"length({fraction}) <= {scale}"
    return f"(case when {fits} then try_cast({joined} as bigint) end)"


def whole(text: str) -> str:
    """Write the SQL of a whole number; null if it is none, or beyond 64 bits."""
    return (
        f"(case when regexp_matches({text}, '^[+-]?[0-9]+$') then try_cast({text} as bigint) end)"
    )
