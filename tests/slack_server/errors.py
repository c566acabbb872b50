"""Slack's refusals: status 200 with ``ok: false`` and a word, as each method's page lists them (docs.slack.dev)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["ApiError", "invalid_arguments", "invalid_blocks", "missing_scope"]


class ApiError(Exception):
    """A request that Slack refuses.

    Attributes:
        error: Slack's word for it ("channel_not_found").
    """

    def __init__(self, error: str, more: Mapping[str, Any] | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.more = dict(more or {})

    def payload(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"ok": False, "error": self.error, **self.more}


def missing_scope(needed: str, provided: frozenset[str]) -> ApiError:
    """A token that may not do that; says what it would take (docs.slack.dev/authentication/scopes)."""
    return ApiError("missing_scope", {"needed": needed, "provided": ",".join(sorted(provided))})


def invalid_blocks(*messages: str) -> ApiError:
    """Blocks that break a rule, with messages that point to the places."""
    return ApiError("invalid_blocks", {"response_metadata": {"messages": [f"[ERROR] {text}" for text in messages]}})


def invalid_arguments(*messages: str) -> ApiError:
    """Arguments that break a rule."""
    return ApiError("invalid_arguments", {"response_metadata": {"messages": [f"[ERROR] {text}" for text in messages]}})
