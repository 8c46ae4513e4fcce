"""Classes of data: what the firm keeps, how sensitive it is, and whether it is about persons."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bcsim.model.fields import Entity, LocalText


class DataClass(Entity):
    """A class of data that components hold."""

    name: LocalText
    sensitivity: Annotated[
        Literal["public", "internal", "confidential", "secret"],
        Field(description="How much harm it does in the wrong hands."),
    ]
    personal: Annotated[bool, Field(description="Whether it is about persons.")] = False
