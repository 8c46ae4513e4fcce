"""Options that several commands share, so that they are named, checked and explained once.

A bundle is a decorator::

    @click.command()
    @run_options
    @output_options
    def command(*, seed: int, orders: int | None, ...) -> int: ...

``run_options`` passes ``seed``, ``orders``, ``load``, ``window`` and ``engine``;
``output_options`` passes ``out``, ``as_json``, ``quiet`` and ``lang``.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from bcsim.limits import LOAD_MAX, ORDERS_MAX, SEED_MAX

if TYPE_CHECKING:
    from collections.abc import Callable

Command = TypeVar("Command", bound="Callable[..., Any]")

ENGINES: Final = ("fast", "reference")
"""Engines that can be chosen, the default first."""

LANGUAGES: Final = ("en", "th")
"""Languages of what bcsim writes for people, the default first."""


class LoadFactor(click.ParamType[Fraction]):
    """A factor such as ``2``, ``1.5`` or ``3/2``, kept exact: rates scale without rounding."""

    name = "factor"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Fraction:
        """Return the factor, or fail with the bounds."""
        try:
            factor = Fraction(str(value))
        except (ValueError, ZeroDivisionError):
            factor = Fraction(0)
        if not 0 < factor <= LOAD_MAX:
            self.fail(
                f"{value!r} is not a factor above 0 and up to {LOAD_MAX}, such as 1.5.", param, ctx
            )
        return factor


class ClockTime(click.ParamType[int]):
    """A time of day such as ``09:55``, as nanoseconds since midnight."""

    name = "clock"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return nanoseconds since midnight, or fail with the form that was expected."""
        from bcsim.units import UnitError, parse_clock

        if isinstance(value, int):
            return value
        try:
            return parse_clock(str(value))
        except UnitError as error:
            self.fail(str(error), param, ctx)


def _ordered(
    ctx: click.Context, param: click.Parameter, value: tuple[int, int] | None
) -> tuple[int, int] | None:
    if value is not None and value[0] >= value[1]:
        raise click.BadParameter("FROM must be before TO.", ctx=ctx, param=param)
    return value


seed_option = click.option(
    "--seed",
    type=click.IntRange(0, SEED_MAX),
    default=0,
    show_default=True,
    help="Root of all random numbers; the same seed gives the same history.",
)
orders_option = click.option(
    "--orders",
    type=click.IntRange(1, ORDERS_MAX),
    help="Scale the day to about N orders: arrivals and servers together, rounded up.",
    metavar="N",
)
load_option = click.option(
    "--load",
    type=LoadFactor(),
    metavar="F",
    help="Multiply arrivals by F, and nothing else.",
)
window_option = click.option(
    "--window",
    nargs=2,
    type=ClockTime(),
    callback=_ordered,
    metavar="FROM TO",
    help="Simulate this part of the day only, at full intensity.",
)
engine_option = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    show_default=True,
    help="Engine of the order layer; all of them give the same history.",
)
out_option = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder to write to.",
)
json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Write one JSON document to standard output; messages go to standard error.",
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="No progress and no remarks.")
lang_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    envvar="BCSIM_LANG",
    help="Language of what is written for people.",
)


def _bundle(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """One decorator out of several; help shows the options in the order given."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


run_options = _bundle(seed_option, orders_option, load_option, window_option, engine_option)
output_options = _bundle(out_option, json_option, quiet_option, lang_option)
