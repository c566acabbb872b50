"""The commands of ``herald kb``: the curator's tools."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from adapters.terminal import opening

__all__ = ["kb"]

kb = typer.Typer(help="The curator's tools.", no_args_is_help=True)

Folder = Annotated[
    Path | None, typer.Argument(metavar="[DIR]", help="The knowledge base; that of the settings by default.")
]


@kb.command()
def check(folder: Folder = None) -> None:
    """Finds everything that is wrong, with file, line and a suggestion."""
    from adapters.terminal import kb as tools
    from adapters.terminal.console import waiting

    settings = opening.settings(folder)
    with waiting() as progress:
        knowledge = tools.check(opening.service(settings), progress)
    print(f"No problems in {len(knowledge.entries):,} entries (version {knowledge.version}).")


@kb.command("test")
def run_checks(
    folder: Folder = None,
    least: Annotated[
        float, typer.Option("--min", min=0, max=100, metavar="PERCENT", help="Share of the checks that must pass.")
    ] = 100.0,
) -> None:
    """Runs the knowledge base's own checks."""
    from adapters.terminal import kb as tools
    from adapters.terminal.console import tell, waiting

    herald = opening.herald(opening.settings(folder))
    with waiting() as progress:
        tested = tools.run_checks(herald, lambda done: progress("asking the checks", done))
    for problem in tested.failed:
        tell(str(problem))
    passed = tested.asked - len(tested.failed)
    print(f"{passed:,} of {tested.asked:,} checks passed ({tested.percent:.1f} %, {tested.seconds:.1f} s).")
    raise typer.Exit(int(tested.percent < least))


@kb.command()
def verify(
    articles: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Folder with a text <source>.txt for each.")
    ],
    folder: Folder = None,
) -> None:
    """Proves every quote verbatim against the articles, and locks it."""
    from adapters.terminal import kb as tools
    from bot.knowledge.provenance import LOCK_NAME

    settings = opening.settings(folder)
    print(f"{tools.verify(settings.knowledge_folder, articles):,} quotes verified; wrote {LOCK_NAME}.")


@kb.command()
def stats(folder: Folder = None) -> None:
    """Counts what the knowledge base holds."""
    from bot.knowledge import load
    from bot.knowledge.stats import render
    from bot.knowledge.stats import stats as count

    print(render(count(load(opening.settings(folder).knowledge_folder))))


@kb.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or JSON Lines, one row a phrasing.")],
    into: Annotated[Path, typer.Option(metavar="DIR", help="A folder that is new or empty.")],
) -> None:
    """Makes a knowledge base from a spreadsheet."""
    from bot.knowledge.importer import import_table

    opening.settings()
    made = import_table(file, into)
    print(f"{made.entries:,} entries with {made.phrasings:,} phrasings from {made.sources:,} sources in {into}.")
    print(f"Next: herald kb check {shlex.quote(str(into))} (finds phrasings that fight).")


@kb.command()
def diff(
    before: Annotated[Path, typer.Argument(metavar="A", exists=True, file_okay=False)],
    after: Annotated[Path, typer.Argument(metavar="B", exists=True, file_okay=False)],
) -> None:
    """Tells what changed between two knowledge bases."""
    from adapters.terminal import kb as tools
    from bot.knowledge.diff import diff as compare
    from bot.knowledge.diff import render

    opening.settings()
    print(render(compare(tools.loaded(before), tools.loaded(after))))


@kb.command()
def export(folder: Folder = None) -> None:
    """Writes what was taught in chat into the YAML files, ready to commit."""
    from adapters.terminal.console import tell
    from adapters.terminal.versions import exported

    done, told = exported(opening.settings(folder))
    for line in told:
        tell(line)
    if not done.files:
        print("Nothing was taught that the files don't have.")
        return
    counts = f"phrasings {done.phrasings:,}, entries {done.entries:,}, gaps {done.gaps:,}"
    print(f"Added to {', '.join(done.files)}: {counts} (version {done.version}).")
    print("Look them over and commit them; they stop being lines of their own at the next reload.")
