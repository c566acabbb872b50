"""One id for all that the log says of an event, from its coming to its reply."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from structlog.contextvars import bound_contextvars, get_contextvars

__all__ = ["begun", "platform_of"]


@contextmanager
def begun(platform: str) -> Iterator[None]:
    """Gives whatever is logged inside, in tasks and threads begun there too, the same id and platform."""
    with bound_contextvars(request=secrets.token_hex(4), platform=platform):
        yield


def platform_of() -> str:
    """The platform that the event under way comes from; empty where none does."""
    return str(get_contextvars().get("platform", ""))
