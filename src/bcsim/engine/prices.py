"""Market prices: integer minor units on a time grid, made once before the run.

Each instrument's price is a random walk in ticks, with addressed noise (purpose
``market_noise``, entity the instrument, index the grid point), moved by the scenario's price
shocks. The price holds from its grid point until the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bcsim.streams.columns import inverse_normals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bcsim.model.firm import Firm
    from bcsim.model.product import Instrument
    from bcsim.streams import Streams


@dataclass(frozen=True, slots=True)
class Shock:
    """From ``at_ns`` on, prices of the products are multiplied by 1 + ``change``."""

    at_ns: int
    products: tuple[str, ...]
    change: float


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices per product: ``paths[product]`` is ``(instruments, points)`` in minor units."""

    from_ns: int
    grid_ns: dict[str, int]
    paths: dict[str, NDArray[np.int64]]

    def point(self, product: str, time_ns: int) -> int:
        """Number of the grid point whose price holds at a time."""
        last = self.paths[product].shape[1] - 1
        return int(min(max((time_ns - self.from_ns) // self.grid_ns[product], 0), last))

    def time_of(self, product: str, point: int) -> int:
        """Time from which a grid point's price holds."""
        return self.from_ns + point * self.grid_ns[product]

    def price(self, product: str, instrument: int, time_ns: int) -> int:
        """Price of one instrument at one time, minor units."""
        return int(self.paths[product][instrument, self.point(product, time_ns)])

    def at(
        self, product: str, instrument: NDArray[np.int64], time_ns: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Prices of many instruments at many times ``(n,)``, minor units."""
        last = self.paths[product].shape[1] - 1
        points = np.clip((time_ns - self.from_ns) // self.grid_ns[product], 0, last)
        return self.paths[product][instrument, points]

    def first_touch(
        self, product: str, instrument: int, after_ns: int, *, limit: int, is_buy: bool
    ) -> int | None:
        """First grid time after ``after_ns`` at which a limit order could execute."""
        first = self.point(product, after_ns) + 1
        path = self.paths[product][instrument, first:]
        touches = path <= limit if is_buy else path >= limit
        found = int(np.argmax(touches)) if touches.size else 0
        if not touches.size or not touches[found]:
            return None
        return self.time_of(product, first + found)


def make_prices(
    firm: Firm, streams: Streams, shocks: Sequence[Shock], *, from_ns: int, to_ns: int
) -> Prices:
    """Make the price paths of all products between two times of the run's clock."""
    grid_ns = {name: product.price_grid for name, product in firm.products.items()}
    paths = {}
    for name, product in firm.products.items():
        points = max(1, -(-(to_ns - from_ns) // grid_ns[name]) + 1)
        times = from_ns + np.arange(points, dtype=np.int64) * grid_ns[name]
        factor = np.ones(points)
        for shock in shocks:
            if not shock.products or name in shock.products:
                factor = np.where(times >= shock.at_ns, factor * (1 + shock.change), factor)
        paths[name] = np.stack(
            [
                _walk(instrument, f"{name}/{key}", streams, factor)
                for key, instrument in product.instruments.items()
            ]
        )
    return Prices(from_ns, grid_ns, paths)


def _walk(
    instrument: Instrument, entity: str, streams: Streams, factor: NDArray[np.float64]
) -> NDArray[np.int64]:
    """One instrument's path ``(points,)``: rounded steps in ticks, never below one tick."""
    points = np.arange(len(factor), dtype=np.int64)
    steps = np.zeros(len(factor), dtype=np.int64)
    if instrument.volatility:
        noise = inverse_normals(streams.at("market_noise", entity).uniforms(points))
        steps = np.floor(noise * instrument.volatility + 0.5).astype(np.int64)
        steps[0] = 0
    ticks = instrument.price // instrument.tick + np.cumsum(steps)
    shocked = np.floor(ticks.astype(np.float64) * factor + 0.5).astype(np.int64)
    return np.maximum(shocked, 1) * instrument.tick
