"""Goal: money is exact, in the minor units of its currency, or refused.

Method: tables; any amount is written and read back (Hypothesis).
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.model.money import MONEY_FORMS, Money, format_money, minor_digits, parse_money
from bcsim.units import UnitError

READ = {
    "1250.00 THB": Money(125_000, "THB"),
    "1250 THB": Money(125_000, "THB"),
    "1250.5 THB": Money(125_050, "THB"),
    "1 250.00 THB": Money(125_000, "THB"),
    "12 345 678.90THB": Money(1_234_567_890, "THB"),
    "-0.01 EUR": Money(-1, "EUR"),
    "5 JPY": Money(5, "JPY"),
    "5.123 KWD": Money(5_123, "KWD"),
    "๑๒.๕๐ THB": Money(1_250, "THB"),
}


@pytest.mark.parametrize(("text", "money"), READ.items())
def test_money(text, money):
    """Goal: amounts are minor units of their currency. Method: table."""
    assert parse_money(text) == money


REFUSED = {
    "1250": ("malformed", "not an amount with its currency", "1250", MONEY_FORMS),
    "1,250.00 THB": ("malformed", "not an amount with its currency", "1,250.00 THB", MONEY_FORMS),
    "THB 5": ("malformed", "not an amount with its currency", "THB 5", MONEY_FORMS),
    "12 50 THB": ("malformed", "not an amount", "12 50", "such as 1250.00 or 1 250.00"),
    "1.2.3 THB": ("malformed", "not an amount", "1.2.3", "such as 1250.00 or 1 250.00"),
    "5.123 THB": (
        "too_fine",
        "finer than the currency's smallest unit",
        "5.123",
        "at most 2 decimals",
    ),
    "5.0 JPY": (
        "too_fine",
        "finer than the currency's smallest unit",
        "5.0",
        "at most 0 decimals",
    ),
}


@pytest.mark.parametrize(("text", "told"), REFUSED.items())
def test_refused_money(text, told):
    """Goal: nothing is guessed or rounded. Method: table of the error's parts."""
    with pytest.raises(UnitError) as caught:
        parse_money(text)
    error = caught.value
    assert (error.code, error.reason, error.detail, error.expected) == told


def test_a_long_number_is_refused():
    """Goal: no integer beyond reason. Method: 81 digits."""
    with pytest.raises(UnitError, match="not an amount"):
        parse_money("9" * 81 + " THB")


def test_writing_groups_thousands():
    """Goal: large amounts can be read. Method: three currencies, a negative amount."""
    assert format_money(Money(123_456_789, "THB")) == "1 234 567.89 THB"
    assert str(Money(-123_456, "JPY")) == "-123 456 JPY"
    assert str(Money(7, "KWD")) == "0.007 KWD"
    assert [minor_digits(currency) for currency in ("THB", "JPY", "KWD")] == [2, 0, 3]


@given(st.integers(-(10**15), 10**15), st.sampled_from(["THB", "JPY", "KWD", "USD"]))
def test_money_reads_back(minor, currency):
    """Goal: writing and reading are inverse. Method: any amount of any kind of currency."""
    money = Money(minor, currency)
    assert parse_money(format_money(money)) == money


@given(st.text(max_size=100))
def test_any_text_is_read_or_refused(text):
    """Goal: no text crashes the reader. Method: any text; only ``UnitError`` may come."""
    try:
        money = parse_money(text)
    except UnitError as error:
        assert error.reason  # noqa: PT017 - raising is one of two right outcomes
    else:
        assert parse_money(str(money)) == money
