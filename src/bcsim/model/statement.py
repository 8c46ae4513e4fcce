"""What a notice states as a fact, so that it can be true or not when it is sent."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bcsim.model.fields import Entity, Identifier


class Statement(Entity):
    """Exactly one of the fields; a notice is true if all that it states is."""

    works: Annotated[Identifier | None, Field(description="This component works now.")] = None
    stopped: Annotated[
        Identifier | None, Field(description="This component does not work now.")
    ] = None
    within_level: Annotated[
        Identifier | None, Field(description="This service is at its level or above it.")
    ] = None
    below_level: Annotated[
        Identifier | None, Field(description="This service is below its level.")
    ] = None
    no_order_lost: Annotated[
        Literal[True] | None, Field(description="No order was lost so far.")
    ] = None
