"""Where the example scenarios are that ``bcsim init`` copies."""

from __future__ import annotations

from pathlib import Path

import bcsim
from bcsim.errors import InternalError


def scenarios_folder() -> Path:
    """Folder with one folder of models and scenarios per firm.

    An installed wheel holds it as ``bcsim/_scenarios``; an editable installation uses the
    checkout's ``scenarios/``.

    Raises
    ------
    InternalError
        Neither is there: the installation is damaged.
    """
    package = Path(bcsim.__file__).parent
    places = (package / "_scenarios", package.parents[1] / "scenarios")
    for place in places:
        if place.is_dir():
            return place
    raise InternalError(f"example scenarios are missing: looked in {places[0]} and {places[1]}")
