"""The commands about what was in service: ``herald history``, ``herald rollback`` and ``herald audit``."""

from __future__ import annotations

from typing import Annotated

import typer

from adapters.terminal import opening

__all__ = ["add_to"]


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(history)
    app.command()(rollback)
    app.command()(audit)


def history(page: Annotated[int, typer.Option(min=1, help="From 1, the newest versions.")] = 1) -> None:
    """Lists the versions that were in service: number, when, digest, who and from where."""
    from adapters.terminal import versions

    print(versions.history(opening.settings(), page))


def rollback(
    number: Annotated[int, typer.Argument(metavar="N", help="The version, as the history has it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Shows what going back to a version would change, asks, and makes a new version of it."""
    from adapters.terminal import versions

    def confirmed(changes: str) -> bool:
        print(changes)
        return yes or typer.confirm(f"Go back to version {number}?", err=True)

    print(versions.rolled_back(opening.settings(), number, confirmed))


def audit(limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 20) -> None:
    """Lists what those who look after Herald did, the newest first: when, who, and what it changed."""
    from adapters.terminal import store

    print(store.audited(opening.settings(), limit))
