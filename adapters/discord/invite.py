"""The link by which a server, or a member for themselves, installs Herald."""

from __future__ import annotations

import base64
import binascii

import discord

from bot.errors import SettingsError
from bot.settings import Settings

__all__ = ["PERMISSIONS", "links", "links_of"]

PERMISSIONS = discord.Permissions(
    view_channel=True, send_messages=True, send_messages_in_threads=True, read_message_history=True
)
"""The least that answering needs; reading history is what a reply to a message takes."""


def links(settings: Settings) -> tuple[str, str]:
    """The addresses for a server and for a member; the token tells which bot it is.

    Raises:
        SettingsError: there is no token, or none of a bot.
    """
    if settings.discord_token is None:
        raise SettingsError("DISCORD_TOKEN is not set: copy it from the bot's page of Discord's developer portal")
    return links_of(_application(settings.discord_token.get_secret_value()))


def links_of(application: int) -> tuple[str, str]:
    """The addresses for a server and for a member, of an application by its id."""
    server = discord.utils.oauth_url(
        application, permissions=PERMISSIONS, scopes=("bot", "applications.commands"), disable_guild_select=False
    )
    member = discord.utils.oauth_url(application, scopes=("applications.commands",))
    return server, f"{member}&integration_type=1"


def _application(token: str) -> int:
    """A bot's id, which is the first part of its token."""
    first = token.partition(".")[0]
    try:
        return int(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii"))
    except (binascii.Error, ValueError):
        raise SettingsError("DISCORD_TOKEN is no bot's token: copy it anew from the developer portal") from None
