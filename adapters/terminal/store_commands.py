"""The commands about what is kept: ``herald db``, ``herald inbox``, ``herald stats`` and ``herald answer``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adapters.terminal import opening

__all__ = ["add_to"]

db = typer.Typer(help="The operator's tools for the database.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    app.add_typer(db, name="db")
    for command in (inbox, stats, answer):
        app.command()(command)


@db.command()
def upgrade() -> None:
    """Brings the database's schema up to date."""
    from adapters.terminal import store

    print(store.upgrade(opening.settings()))


@db.command()
def backup(into: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="A new file.")]) -> None:
    """Copies a SQLite database into a file, while Herald runs."""
    from adapters.terminal import store

    print(store.backup(opening.settings(), into))


@db.command()
def status() -> None:
    """Shows where the database is, its schema, and how much is in it."""
    from adapters.terminal import store

    print(store.status(opening.settings()))


def inbox() -> None:
    """Shows the questions that weren't answered, to teach, dismiss and undo; lists them into a pipe."""
    import asyncio

    from adapters.terminal.inbox import serve
    from bot.host import Host

    settings = opening.settings()
    service = opening.service(settings)
    host = Host(opening.herald(settings, service), service)
    try:
        asyncio.run(serve(settings, host))
    finally:
        host.close()


def stats(
    days: Annotated[int, typer.Argument(min=1, max=365, help="How many days, today included.")] = 30,
    chart: Annotated[Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Draw them, too (PNG).")] = None,
) -> None:
    """Counts what was asked and how it went: each day, the most frequent, votes."""
    from adapters.terminal import store

    for line in store.stats(opening.settings(), days, chart):
        print(line)


def answer(name: Annotated[str, typer.Argument(metavar="ID", help="An answer's id, or its message's.")]) -> None:
    """Tells why a past answer was given: version, scores, threshold, candidates."""
    from adapters.terminal import store

    print(store.answer(opening.settings(), name))
