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
_Work = Callable[..., Awaitable[None]]
_Serve = Callable[..., Awaitable[None]]
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
    serve = partial(_serve, desk, roles)
    group.command(name="reload", description="Read the knowledge base anew, and tell what changed.")(
        _plain(serve, _reload)
    )
    group.command(name="status", description="How I am doing.")(_plain(serve, _status))
    group.command(name="why", description="What I weigh for a question.")(_with_text(serve, _why))
    tree.add_command(group)


def _plain(serve: _Serve, work: _Work) -> Callable[..., Any]:
    async def command(interaction: Interaction) -> None:
        await serve(interaction, work)

    return command


def _with_text(serve: _Serve, work: _Work) -> Callable[..., Any]:
    @app_commands.describe(text="The question.")
    async def command(interaction: Interaction, text: Words) -> None:
        await serve(interaction, work, text)

    return command


async def _serve(desk: Desk, roles: Collection[int], interaction: Interaction, work: _Work, *given: str) -> None:
    """Does the work for those who may have it done."""
    allowed = may_administer(interaction, roles)
    await desk.serve(
        interaction, partial(work, desk, interaction, *given) if allowed else partial(_refuse, interaction)
    )


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
    await _report(interaction, await admin.reload(desk.host, f"discord:{interaction.user.id}"))


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
