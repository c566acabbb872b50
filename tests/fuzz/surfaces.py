"""Every surface, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tests.fuzz.asking import BATCH, QUESTION, QUOTE
from tests.fuzz.buttons import BUTTONS
from tests.fuzz.discord import GATEWAY
from tests.fuzz.files import TABLE, YAML
from tests.fuzz.harness import Surface
from tests.fuzz.slack import EVENT, PAGES, SIGNATURE

__all__ = ["SURFACES"]

SURFACES: Mapping[str, Surface] = MappingProxyType(
    {
        surface.name: surface
        for surface in (GATEWAY, EVENT, PAGES, SIGNATURE, BUTTONS, YAML, TABLE, BATCH, QUESTION, QUOTE)
    }
)
