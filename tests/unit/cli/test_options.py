"""Goal: shared options arrive with the types, bounds and defaults that commands rely on.

Method: a made-up command with both bundles returns what it got; Click runs it.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import click
import pytest

from bcsim.cli.options import output_options, run_options
from bcsim.limits import LOAD_MAX, ORDERS_MAX, SEED_MAX


@click.command()
@run_options
@output_options
def made_up(**options):
    return options


def parsed(*words):
    return made_up.main(list(words), standalone_mode=False)


DEFAULTS = {
    "seed": 0,
    "orders": None,
    "load": None,
    "window": None,
    "engine": "fast",
    "out": None,
    "as_json": False,
    "quiet": False,
    "lang": "en",
}


def test_defaults():
    """Goal: nothing given, nothing scaled. Method: no words."""
    assert parsed() == DEFAULTS


def test_everything_given():
    """Goal: exact values, times in nanoseconds. Method: all options at once."""
    words = "--seed 7 --orders 1000 --load 1.1 --window 09:55 10:30 --engine reference"
    words += " --out runs/a --json --quiet --lang th"
    assert parsed(*words.split()) == {
        "seed": 7,
        "orders": 1000,
        "load": Fraction(11, 10),
        "window": (35_700_000_000_000, 37_800_000_000_000),
        "engine": "reference",
        "out": Path("runs/a"),
        "as_json": True,
        "quiet": True,
        "lang": "th",
    }


def test_language_from_the_environment(monkeypatch):
    """Goal: a Thai office sets it once. Method: the variable that help names."""
    monkeypatch.setenv("BCSIM_LANG", "th")
    assert parsed() == {**DEFAULTS, "lang": "th"}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (f"--seed {SEED_MAX + 1}", "is not in the range"),
        ("--seed -1", "is not in the range"),
        ("--orders 0", "is not in the range"),
        (f"--orders {ORDERS_MAX + 1}", "is not in the range"),
        ("--load 0", f"'0' is not a factor above 0 and up to {LOAD_MAX}"),
        ("--load -2", "is not a factor"),
        (f"--load {LOAD_MAX}.01", "is not a factor"),
        ("--load nan", "is not a factor"),
        ("--load 1/0", "is not a factor"),
        ("--load double", "is not a factor"),
        ("--window 10:00 10:00", "FROM must be before TO"),
        ("--window 10:00 25:00", "'25:00'; expected a time of day"),
        ("--window 10:00 later", "'later'; expected a time of day"),
        ("--engine other", "'other' is not"),
        ("--lang de", "'de' is not one of 'en', 'th'"),
    ],
)
def test_unusable_values(words, complaint):
    """Goal: the message names the value and what was expected. Method: one breach each."""
    with pytest.raises(click.BadParameter) as caught:
        parsed(*words.split())
    assert complaint in caught.value.format_message()
