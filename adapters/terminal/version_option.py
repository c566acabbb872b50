"""``herald --version``: which Herald this is."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import __version__

__all__ = ["add_to"]


def add_to(app: typer.Typer) -> None:
    """Adds the option, which stands before any command."""
    app.callback()(_before_commands)


def _tell(*, wanted: bool) -> None:
    if wanted:
        print(f"herald {__version__}")
        raise typer.Exit


def _before_commands(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_tell, is_eager=True, help="Print Herald's version.")
    ] = False,
) -> None:
    """Does nothing: the option ends the command by itself."""
