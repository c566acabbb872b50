"""The ``herald`` command: the only place that names all adapters.

What is heavy is imported inside the commands, so that ``herald --help`` is there at once.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from bot.errors import HeraldError

if TYPE_CHECKING:
    from bot.herald import Herald
    from bot.service import Service
    from bot.settings import Settings

__all__ = ["app", "main"]


class _Commands(TyperGroup):
    """A group of commands that ends on Herald's own errors with a line for each problem, and no traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # whoever read the output has gone: click ends the run
        except (HeraldError, OSError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=_Commands,
    help="Answers questions about events from a curated knowledge base, with quotes and sources.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
kb = typer.Typer(help="The curator's tools.", no_args_is_help=True)
app.add_typer(kb, name="kb")
slack = typer.Typer(help="The operator's tools for Slack.", no_args_is_help=True)
app.add_typer(slack, name="slack")

Folder = Annotated[
    Path | None, typer.Argument(metavar="[DIR]", help="The knowledge base; that of the settings by default.")
]
AgeRestricted = Annotated[bool, typer.Option("--age-restricted", help="This place allows explicit material.")]


def main() -> None:
    """Runs the ``herald`` command and exits with its status."""
    app(prog_name="herald")


def _settings(folder: Path | None = None) -> Settings:
    """The settings, with logging set up by them; ``folder`` goes before their knowledge base."""
    from adapters.terminal.console import prepare_streams
    from adapters.terminal.logs import configure
    from bot.settings import read_settings

    prepare_streams()
    settings = read_settings()
    configure(settings.log_level)
    return settings.model_copy(update={"knowledge_dir": folder}) if folder else settings


def _service(settings: Settings) -> Service:
    from adapters.terminal.console import tell
    from bot.service import open_service

    return open_service(settings, tell)


def _herald(settings: Settings, service: Service | None = None) -> Herald:
    from adapters.terminal.console import waiting
    from adapters.terminal.logs import opened

    began = time.perf_counter()
    with waiting() as progress:
        herald = (service or _service(settings)).herald(progress)
    opened(herald, time.perf_counter() - began)
    return herald


@app.command()
def chat(age_restricted: AgeRestricted = False) -> None:
    """Opens a conversation. Questions from a pipe are answered a line each."""
    from adapters.terminal.app import talk_here
    from adapters.terminal.console import tell
    from adapters.terminal.doctor import unmet

    settings = _settings()
    herald = _herald(settings)
    if note := unmet(herald, settings.precision):
        tell(note)
    talk_here(herald, age_restricted=age_restricted)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="In your own words.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reply as one JSON object.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read JSON Lines from standard input.")] = False,
    age_restricted: AgeRestricted = False,
) -> None:
    """Answers one question, or JSON Lines from standard input."""
    from adapters.terminal.console import emit

    if jsonl == (question is not None) or (jsonl and as_json):
        raise typer.BadParameter("give a question (with --json or without), or --jsonl alone")
    herald = _herald(_settings())
    from adapters.terminal import batch

    if jsonl:
        batch.answer_lines(herald, sys.stdin.buffer, emit, age_restricted=age_restricted)
        return
    reply = herald.ask(question or "", age_restricted=age_restricted)
    if as_json:
        emit(batch.dump(batch.record(reply)))
    else:
        _show(reply)


@app.command()
def quote(
    speaker: Annotated[str | None, typer.Option(help="Who says it: a person, a character, or the actor.")] = None,
    about: Annotated[str | None, typer.Option(help="What it is about.")] = None,
    age_restricted: AgeRestricted = False,
) -> None:
    """Gives a quote, by speaker and topic if you like."""
    _show(_herald(_settings()).quote(speaker, about, age_restricted=age_restricted))


def _show(reply: Any) -> None:
    from rich.console import Console

    from adapters.terminal import render

    if sys.stdout.isatty():
        Console(highlight=False, markup=False, emoji=False).print(render.pretty(reply))
    else:
        print(render.plain(reply))


@app.command()
def run() -> None:
    """Runs on the chat platforms whose tokens are set, until a signal ends it."""
    from adapters.running import chosen
    from adapters.running import run as run_on
    from adapters.terminal.console import tell
    from adapters.terminal.doctor import unmet
    from bot.host import Host
    from bot.store.together import open_shared

    settings = _settings()
    wanted = chosen(settings)  # first of all, as compiling the knowledge base may take a minute
    service = _service(settings)
    herald = _herald(settings, service)
    if note := unmet(herald, settings.precision):
        tell(note)
    shared = open_shared(settings)
    host = Host(herald, service, shared=shared)
    try:
        tell(f"Running on {', '.join(wanted)}.")
        run_on([make(host, settings) for make in wanted.values()], shared)
    finally:
        host.close()


@app.command()
def invite() -> None:
    """Prints the links that install the Discord bot, with the least permissions."""
    from adapters.discord.invite import links

    server, member = links(_settings())
    print(f"For a server: {server}\nFor yourself: {member}")


@slack.command("manifest")
def slack_manifest(
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode, which is the default.")] = False,
    http: Annotated[str | None, typer.Option(metavar="URL", help="For events by HTTP, at Herald's address.")] = None,
    auto_answer: Annotated[bool, typer.Option("--auto-answer", help="For channels that need no mention.")] = False,
) -> None:
    """Prints the app's manifest, with the least scopes, to make the Slack app from."""
    from adapters.slack.manifest import written

    if socket and http is not None:
        raise typer.BadParameter("give --socket or --http, not both")
    print(written(http, auto_answer=auto_answer, admin_group=bool(_settings().slack_admin_group)))


@app.command()
def doctor() -> None:
    """Shows knowledge base, encoder, cache, calibration and times."""
    began = time.perf_counter()
    from adapters.terminal.console import waiting
    from adapters.terminal.doctor import examine
    from bot.service import open_service

    settings = _settings()
    with waiting() as progress:
        report = examine(open_service(settings), began, progress)
    print(report.render())


@kb.command()
def check(folder: Folder = None) -> None:
    """Finds everything that is wrong, with file, line and a suggestion."""
    from adapters.terminal import kb as tools
    from adapters.terminal.console import waiting

    settings = _settings(folder)
    with waiting() as progress:
        knowledge = tools.check(_service(settings), progress)
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

    herald = _herald(_settings(folder))
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

    settings = _settings(folder)
    print(f"{tools.verify(settings.knowledge_folder, articles):,} quotes verified; wrote {LOCK_NAME}.")


@kb.command()
def stats(folder: Folder = None) -> None:
    """Counts what the knowledge base holds."""
    from bot.knowledge import load
    from bot.knowledge.stats import render
    from bot.knowledge.stats import stats as count

    print(render(count(load(_settings(folder).knowledge_folder))))


@kb.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or JSON Lines, one row a phrasing.")],
    into: Annotated[Path, typer.Option(metavar="DIR", help="A folder that is new or empty.")],
) -> None:
    """Makes a knowledge base from a spreadsheet."""
    from bot.knowledge.importer import import_table

    _settings()
    made = import_table(file, into)
    print(f"{made.entries:,} entries with {made.phrasings:,} phrasings from {made.sources:,} sources in {into}.")


@kb.command()
def diff(
    before: Annotated[Path, typer.Argument(metavar="A", exists=True, file_okay=False)],
    after: Annotated[Path, typer.Argument(metavar="B", exists=True, file_okay=False)],
) -> None:
    """Tells what changed between two knowledge bases."""
    from bot.knowledge import load
    from bot.knowledge.diff import diff as compare
    from bot.knowledge.diff import render

    _settings()
    print(render(compare(load(before), load(after))))


if __name__ == "__main__":
    main()
