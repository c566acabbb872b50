"""The admins' commands: /herald reload, status and why. Discord's permission is only a default: it is checked here."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any

import discord
from discord import app_commands

from adapters.discord import render
from adapters.discord.desk import Desk, respond
from bot import admin, notices
from bot.herald import MAX_QUESTION

__all__ = ["add_admin_commands", "may_administer"]

Interaction = discord.Interaction[Any]
Words = app_commands.Range[str, 1, MAX_QUESTION]
_FENCE = 1900  # characters of a report that are shown; a longer one comes as a file


def add_admin_commands(tree: app_commands.CommandTree[Any], desk: Desk, roles: Collection[int]) -> None:
    """Adds /herald, for whoever manages the server or has one of the roles (ids)."""
    group = app_commands.Group(
        name="herald",
        description="For those who look after me.",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
    )

    async def serve(interaction: Interaction, work: Callable[[], Awaitable[None]]) -> None:
        allowed = may_administer(interaction, roles)
        await desk.serve(interaction, work if allowed else partial(_refuse, interaction))

    @group.command(name="reload", description="Read the knowledge base anew, and tell what changed.")
    async def reload(interaction: Interaction) -> None:
        await serve(interaction, partial(_reload, desk, interaction))

    @group.command(name="status", description="How I am doing.")
    async def tell_status(interaction: Interaction) -> None:
        await serve(interaction, partial(_status, desk, interaction))

    @group.command(name="why", description="What I weigh for a question.")
    @app_commands.describe(text="The question.")
    async def tell_why(interaction: Interaction, text: Words) -> None:
        await serve(interaction, partial(_why, desk, interaction, text))

    tree.add_command(group)


def may_administer(interaction: Interaction, roles: Collection[int]) -> bool:
    """Whether a member may: as of now, whatever Discord let through."""
    if interaction.guild_id is None or not isinstance(interaction.user, discord.Member):
        return False
    held = {role.id for role in interaction.user.roles}
    return interaction.permissions.manage_guild or not held.isdisjoint(roles)


async def _refuse(interaction: Interaction) -> None:
    await respond(interaction, render.notice(notices.FORBIDDEN), ephemeral=True)


async def _reload(desk: Desk, interaction: Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await _report(interaction, await admin.reload(desk.host))


async def _status(desk: Desk, interaction: Interaction) -> None:
    await _report(interaction, admin.status(desk.host))


async def _why(desk: Desk, interaction: Interaction, text: str) -> None:
    await _report(interaction, await admin.why(desk.host, text))


async def _report(interaction: Interaction, text: str) -> None:
    """A report for the admin alone: as it stands, or with the whole in a file where it is long."""
    block = text.replace("```", "'''")
    if len(block) <= _FENCE:
        await respond(interaction, render.notice(f"```\n{block}\n```"), ephemeral=True)
        return
    file = discord.File(io.BytesIO(text.encode()), "report.txt")
    shown = f"```\n{block[: _FENCE - 100]}\n…\n```"
    if interaction.response.is_done():
        await interaction.followup.send(shown, file=file, ephemeral=True)
    else:
        await interaction.response.send_message(shown, file=file, ephemeral=True)
