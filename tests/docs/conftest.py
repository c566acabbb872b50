"""Fixtures: Herald's command as adapters' tests run it."""

from __future__ import annotations

from tests.adapters.conftest import cache, environment

__all__ = ["cache", "environment"]
