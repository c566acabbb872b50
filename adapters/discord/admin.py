"""The admins' commands: /herald, and "Why this answer?" in a message's menu. Rights are checked at each call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import discord
from discord import app_commands

from adapters.discord import autocomplete, panels, render
from adapters.discord.curating import Curating, report
from adapters.discord.desk import respond
from bot import admin
from bot.herald import MAX_QUESTION
from bot.ids import Press
from bot.panels.curators import group_named, press

__all__ = ["WHY_THIS", "add_admin_commands"]

WHY_THIS = "Why this answer?"
Interaction = discord.Interaction[Any]
_Work = Callable[[Interaction], Awaitable[None]]
Words = app_commands.Range[str, 1, MAX_QUESTION]
Days = app_commands.Range[int, 1, 365]
Number = app_commands.Range[int, 1, 2**31]
_MANAGERS = discord.Permissions(manage_guild=True)


def add_admin_commands(tree: app_commands.CommandTree[Any], curating: Curating) -> None:
    """Adds /herald and the menu's entry, for whoever manages the server or has one of the roles."""
    group = app_commands.Group(
        name="herald",
        description="For those who look after me.",
        default_permissions=_MANAGERS,
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
    )
    _add_upkeep(group, curating)
    _add_curation(group, curating)
    _add_versions(group, curating)
    tree.add_command(group)
    tree.add_command(_why_this(curating))


def _add_upkeep(group: app_commands.Group, curating: Curating) -> None:
    @group.command(name="reload", description="Read the knowledge base anew, and tell what changed.")
    async def reload(interaction: Interaction) -> None:
        await _serve(curating, interaction, partial(_reload, curating))

    @group.command(name="status", description="How I am doing.")
    async def status(interaction: Interaction) -> None:
        await _serve(curating, interaction, partial(_status, curating))

    @group.command(name="why", description="What I weigh for a question, or why I gave an answer.")
    @app_commands.describe(text="The question, or a link to an answer.")
    async def why(interaction: Interaction, text: Words) -> None:
        await _serve(curating, interaction, partial(_why, curating, text))


def _add_curation(group: app_commands.Group, curating: Curating) -> None:
    @group.command(name="inbox", description="What I couldn't answer, to be settled.")
    async def inbox(interaction: Interaction) -> None:
        await _open(curating, interaction, press("inbox"))

    @group.command(name="teach", description="Make a question another way to ask for an entry.")
    @app_commands.describe(question="A question that I couldn't answer.", entry="The entry that answers it.")
    async def teach(interaction: Interaction, question: Words, entry: Words) -> None:
        await _open(curating, interaction, press("teach", group_named(question), entry))

    teach.autocomplete("question")(autocomplete.waiting(curating))
    teach.autocomplete("entry")(autocomplete.questions(curating.desk))

    @group.command(name="stats", description="What was asked, and how it went.")
    @app_commands.describe(days="How many days; 30 if left out.")
    async def stats(interaction: Interaction, days: Days = 30) -> None:
        await _open(curating, interaction, press("stats", days))


def _add_versions(group: app_commands.Group, curating: Curating) -> None:
    @group.command(name="history", description="Which versions of the knowledge base there were.")
    async def history(interaction: Interaction) -> None:
        await _open(curating, interaction, press("history"))

    @group.command(name="rollback", description="Go back to an earlier version; shows first what would change.")
    @app_commands.describe(number="The version, as the history has it.")
    async def rollback(interaction: Interaction, number: Number) -> None:
        await _open(curating, interaction, press("rollback", number))


def _why_this(curating: Curating) -> app_commands.ContextMenu:
    async def why_this(interaction: Interaction, message: discord.Message) -> None:
        await _open(curating, interaction, press("past", message.id))

    menu = app_commands.ContextMenu(name=WHY_THIS, callback=why_this)
    menu.default_permissions = _MANAGERS
    menu.allowed_contexts = app_commands.AppCommandContext(guild=True)
    menu.allowed_installs = app_commands.AppInstallationType(guild=True)
    return menu


async def _open(curating: Curating, interaction: Interaction, wanted: Press) -> None:
    """Serves what has a panel."""
    await _serve(curating, interaction, lambda asked: curating.commanded(asked, wanted))


async def _serve(curating: Curating, interaction: Interaction, work: _Work) -> None:
    """Does the work for those who may have it done."""
    allowed = curating.allows(interaction)
    await curating.desk.serve(interaction, partial(work if allowed else partial(_refuse, curating), interaction))


async def _refuse(curating: Curating, interaction: Interaction) -> None:
    await respond(interaction, render.notice(curating.refusal(interaction)), ephemeral=True)


async def _reload(curating: Curating, interaction: Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await report(interaction, await admin.reload(curating.desk.host, f"discord:{interaction.user.id}"))


async def _status(curating: Curating, interaction: Interaction) -> None:
    await report(interaction, admin.status(curating.desk.host))


async def _why(curating: Curating, text: str, interaction: Interaction) -> None:
    """Of a past answer where it is named, else of a question."""
    if name := panels.message_named(text):
        await curating.commanded(interaction, press("past", name))
    else:
        await report(interaction, await admin.why(curating.desk.host, text))
