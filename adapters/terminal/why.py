"""Why Herald replied as it did, in the terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from adapters.terminal.render import clean
from bot.why import Why, render

__all__ = ["plain", "pretty"]


def plain(why: Why) -> str:
    """The candidates as plain text, a line each."""
    return clean(render(why))


def pretty(why: Why) -> RenderableType:
    """The candidates as a table."""
    table = Table("entry", "probability", "evidence that told most", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for row in why.rows():
        table.add_row(*(Text(clean(cell)) for cell in row))
    lead = [Text(clean(why.lead))] if why.lead else []
    return Group(*lead, Text(clean(why.verdict), "bold"), table)
