"""The ``herald`` command: the only place that names all adapters.

What is heavy is imported inside the commands, so that ``herald --help`` is there at once.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from adapters.terminal import opening, store_commands, version_commands, version_option
from adapters.terminal.kb_commands import kb
from bot.errors import HeraldError, SettingsError
from bot.extras import need, there

if TYPE_CHECKING:
    from adapters.preview.page import Platform
    from adapters.setup.draft import Step

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
app.add_typer(kb, name="kb")
store_commands.add_to(app)
version_commands.add_to(app)
version_option.add_to(app)
slack = typer.Typer(help="The operator's tools for Slack.", no_args_is_help=True)
app.add_typer(slack, name="slack")

AgeRestricted = Annotated[bool, typer.Option("--age-restricted", help="This place allows explicit material.")]


def main() -> None:
    """Runs the ``herald`` command and exits with its status."""
    app(prog_name="herald")


@app.command()
def chat(age_restricted: AgeRestricted = False) -> None:
    """Opens a conversation. Questions from a pipe are answered a line each."""
    from adapters.terminal.app import talk_here
    from adapters.terminal.console import tell
    from adapters.terminal.doctor import unmet

    settings = opening.settings()
    herald = opening.herald(settings)
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
    herald = opening.herald(opening.settings())
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
    _show(opening.herald(opening.settings()).quote(speaker, about, age_restricted=age_restricted))


def _show(reply: Any) -> None:
    from rich.console import Console

    from adapters.terminal import render

    if sys.stdout.isatty():
        Console(highlight=False, markup=False, emoji=False).print(render.pretty(reply, picking=False))
    else:
        print(render.plain(reply))


@app.command()
def preview(
    questions: Annotated[list[str], typer.Argument(metavar="QUESTION...", help="One, or several that follow up.")],
    output: Annotated[
        Path, typer.Option("--output", metavar="FILE", dir_okay=False, help="Where the page goes.")
    ] = Path("herald-preview.html"),
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    age_restricted: AgeRestricted = False,
) -> None:
    """Draws replies as they will look on Discord and on Slack, into one HTML page."""
    from adapters.preview.exchange import asked
    from adapters.preview.page import page

    settings = opening.settings()
    platforms = _drawn()
    exchanges = asked(opening.herald(settings), questions, age_restricted=age_restricted)
    output.write_text(page(exchanges, platforms), "utf-8", errors="xmlcharrefreplace")
    print(output)
    if show:
        import webbrowser

        webbrowser.open(output.absolute().as_uri())


def _drawn() -> list[Platform]:
    """The platforms that can be drawn; the operator is told of one that can't."""
    from adapters.slack.preview import SlackPreview
    from adapters.terminal.console import tell

    try:
        need("discord", "discord")
    except SettingsError as error:
        tell(f"Discord is left out. {error}")
        return [SlackPreview()]
    from adapters.discord.preview import DiscordPreview

    return [DiscordPreview(), SlackPreview()]


@app.command()
def setup() -> None:
    """Asks a handful of questions, checks tokens, and writes .env; may be run again."""
    steps = _steps()
    from adapters.setup.asker import Terminal
    from adapters.setup.wizard import set_up

    set_up(Terminal(), Path(".env"), os.environ, steps)


def _steps() -> list[Step]:
    """Those of the platforms that are installed."""
    steps: list[Step] = []
    if there("discord"):
        from adapters.discord.setup import DiscordStep

        steps.append(DiscordStep())
    if there("slack_bolt"):
        from adapters.slack.setup import SlackStep

        steps.append(SlackStep())
    if not steps:
        need("discord,slack", "discord")
    return steps


@app.command()
def new(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is new or empty.")]) -> None:
    """Makes a knowledge base of your own, with a small example in it."""
    from adapters.terminal.starter import make, next_steps

    make(folder)
    print(next_steps(folder))


@app.command()
def run() -> None:
    """Runs on the chat platforms whose tokens are set, until a signal ends it."""
    from adapters.running import chosen
    from adapters.running import run as run_on
    from adapters.terminal.console import tell
    from adapters.terminal.doctor import unmet
    from bot.host import Host
    from bot.office import open_office
    from bot.store.together import open_shared

    settings = opening.settings()
    wanted = chosen(settings)  # first of all, as compiling the knowledge base may take a minute
    from adapters.watching import watched  # by what the extra of each platform brings

    service = opening.service(settings)
    herald = opening.herald(settings, service)
    if note := unmet(herald, settings.precision):
        tell(note)
    shared = open_shared(settings)
    host = Host(herald, service, shared=shared)
    try:
        tell(f"Running on {', '.join(wanted)}.")
        office = open_office(settings, host)
        watching = watched(host, settings, list(wanted))
        run_on(
            lambda kept: [make(host, settings, kept) for make in wanted.values()], office, watching, lambda _: shared
        )
    finally:
        host.close()


@app.command()
def invite() -> None:
    """Prints the links that install the Discord bot, with the least permissions."""
    need("discord", "discord")
    from adapters.discord.invite import links

    server, member = links(opening.settings())
    print(f"For a server: {server}\nFor yourself: {member}")


@slack.command("manifest")
def slack_manifest(
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode, which is the default.")] = False,
    http: Annotated[str | None, typer.Option(metavar="URL", help="For events by HTTP, at Herald's address.")] = None,
    auto_answer: Annotated[bool, typer.Option("--auto-answer", help="For channels that need no mention.")] = False,
) -> None:
    """Prints the app's manifest, with the least scopes, to make the Slack app from."""
    need("slack", "slack_bolt")
    from adapters.slack.manifest import written

    if socket and http is not None:
        raise typer.BadParameter("give --socket or --http, not both")
    print(written(http, auto_answer=auto_answer, admin_group=bool(opening.settings().slack_admin_group)))


@slack.command("new-key")
def slack_new_key() -> None:
    """Prints a new key for HERALD_TOKEN_KEY, by which the tokens of many workspaces are sealed."""
    need("slack", "slack_bolt")
    from adapters.slack.sealing import new_key

    print(new_key())


@slack.command("rotate-keys")
def slack_rotate_keys() -> None:
    """Seals the tokens of all workspaces with the first key of HERALD_TOKEN_KEY, so that others can go."""
    need("slack", "slack_bolt")
    import asyncio

    from adapters.slack.many import rotated

    sealed = asyncio.run(rotated(opening.settings()))
    print(f"{sealed:,} tokens are sealed with the first key of HERALD_TOKEN_KEY now.")


@app.command()
def doctor() -> None:
    """Shows knowledge base, encoder, cache, calibration and times."""
    began = time.perf_counter()
    from adapters.terminal.console import waiting
    from adapters.terminal.doctor import examine
    from bot.service import open_service

    settings = opening.settings()
    with waiting() as progress:
        report = examine(open_service(settings), began, progress)
    print(report.render())


if __name__ == "__main__":
    main()
