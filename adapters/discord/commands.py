"""The members' commands: /ask, /quote, /topics, /about, /forget-me, and "Ask Herald" in a message's menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import discord
from discord import app_commands

from adapters.discord import autocomplete, browse, places, render
from adapters.discord.desk import PLATFORM, Desk, respond
from adapters.discord.questions import asked_in, question_of
from bot import notices
from bot.herald import MAX_QUESTION
from bot.panels import members

__all__ = ["ASK_HERALD", "add_commands"]

ASK_HERALD = "Ask Herald"
Words = app_commands.Range[str, 1, MAX_QUESTION]
Interaction = discord.Interaction[Any]


def add_commands(tree: app_commands.CommandTree[Any], desk: Desk) -> None:
    """Adds the members' commands, for guilds and users that installed Herald, wherever they are."""
    for command in (_ask(desk), _quote(desk), _plain_command("topics", "Browse what I know.", _topics(desk))):
        tree.add_command(_everywhere(command))
    tree.add_command(_everywhere(_plain_command("about", "What I am, and what I know.", _about(desk))))
    tree.add_command(_everywhere(_plain_command("forget-me", "Delete what I keep about you.", _forget_me(desk))))
    tree.add_command(_everywhere(app_commands.ContextMenu(name=ASK_HERALD, callback=_menu(desk))))


def _everywhere(command: Any) -> Any:
    contexts = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    return app_commands.allowed_installs(guilds=True, users=True)(contexts(command))


def _plain_command(name: str, description: str, callback: Any) -> app_commands.Command[Any, Any, Any]:
    return app_commands.Command(name=name, description=description, callback=callback)


def _ask(desk: Desk) -> app_commands.Command[Any, Any, Any]:
    @app_commands.command(name="ask", description="Ask me a question, in your own words.")
    @app_commands.describe(question="Your question; pick one of the suggestions, or type your own.")
    async def ask(interaction: Interaction, question: Words) -> None:
        await desk.serve(interaction, partial(_answer, desk, interaction, question))

    ask.autocomplete("question")(autocomplete.questions(desk))
    return ask


async def _answer(desk: Desk, interaction: Interaction, question: str) -> None:
    """A suggestion that was picked comes as its entry's id; all else is a question in words."""
    place = places.of_interaction(interaction)
    if await desk.refuses(interaction, place):
        return
    if question in desk.host.knowledge.entries:
        noted = await desk.asking.entry(question, place)
    else:
        noted = await desk.asking.ask(question_of(question), place)
    await desk.answer(interaction, noted)


def _quote(desk: Desk) -> app_commands.Command[Any, Any, Any]:
    @app_commands.command(name="quote", description="Get a quote, word for word, with its source.")
    @app_commands.describe(speaker="Who says it; anybody if left out.", about="What it is about; anything if left out.")
    async def quote(interaction: Interaction, speaker: Words | None = None, about: Words | None = None) -> None:
        await desk.serve(interaction, partial(_give_quote, desk, interaction, speaker, about))

    quote.autocomplete("speaker")(autocomplete.speakers(desk))
    quote.autocomplete("about")(autocomplete.topics(desk))
    return quote


async def _give_quote(desk: Desk, interaction: Interaction, speaker: str | None, about: str | None) -> None:
    place = places.of_interaction(interaction)
    if await desk.refuses(interaction, place):
        return
    await desk.answer(interaction, await desk.asking.quote(speaker, about, place))


def _topics(desk: Desk) -> Callable[..., Any]:
    async def topics(interaction: Interaction) -> None:
        await desk.serve(interaction, lambda: _browse(interaction))

    return topics


async def _browse(interaction: Interaction) -> None:
    await respond(interaction, browse.start_page(), ephemeral=True)


def _about(desk: Desk) -> Callable[..., Any]:
    async def about(interaction: Interaction) -> None:
        await desk.serve(interaction, partial(_introduce, desk, interaction))

    return about


async def _introduce(desk: Desk, interaction: Interaction) -> None:
    text = render.escape(notices.about(desk.host.knowledge))
    await respond(interaction, render.notice(text), ephemeral=True)


def _forget_me(desk: Desk) -> Callable[..., Any]:
    """A command of its own, as Discord shows /herald to those alone who may look after Herald."""

    async def forget_me(interaction: Interaction) -> None:
        await desk.serve(interaction, partial(_forget, desk, interaction))

    return forget_me


async def _forget(desk: Desk, interaction: Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    line = await members.forget(desk.office, PLATFORM, str(interaction.user.id))
    await respond(interaction, render.notice(line), ephemeral=True)


def _menu(desk: Desk) -> Callable[..., Any]:
    async def ask_herald(interaction: Interaction, message: discord.Message) -> None:
        await desk.serve(interaction, partial(_answer_message, desk, interaction, message))

    return ask_herald


async def _answer_message(desk: Desk, interaction: Interaction, message: discord.Message) -> None:
    text = asked_in(message)
    if text:
        await _answer(desk, interaction, text)
    else:
        await respond(interaction, render.notice(notices.NO_WORDS), ephemeral=True)
