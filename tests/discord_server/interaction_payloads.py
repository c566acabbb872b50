"""INTERACTION_CREATE: who did what, where, and with which rights."""

from __future__ import annotations

from tests.discord_server import payloads
from tests.discord_server.interactions import Interaction
from tests.discord_server.model import Channel, Guild, Message, Payload, User
from tests.discord_server.world import World

__all__ = ["BOT_DM", "GUILD", "PRIVATE", "context", "event", "revealed"]

GUILD, BOT_DM, PRIVATE = 0, 1, 2


def context(place: Channel, bot: User) -> int:
    """Where an interaction happens: in a guild, in the bot's DM, or in a conversation of others."""
    if place.guild:
        return GUILD
    return BOT_DM if bot in place.recipients else PRIVATE


def event(found: Interaction, data: Payload, world: World) -> Payload:
    """The whole event."""
    place = found.channel
    payload: Payload = {
        "id": str(found.id),
        "application_id": str(world.application),
        "type": int(found.kind),
        "data": data,
        "token": found.token,
        "version": 1,
        "channel_id": str(place.id),
        "channel": _channel(place, found.user, world.bot),
        "app_permissions": str(int(place.permissions(world.bot))),
        "locale": found.user.locale,
        "entitlements": [],
        "authorizing_integration_owners": _owners(found),
        "context": context(place, world.bot),
        "attachment_size_limit": 10_485_760,
        **_person(found),
    }
    if found.message:
        payload["message"] = revealed(found.message, world.bot)
    return payload


def revealed(message: Message, bot: User) -> Payload:
    """A message as an interaction shows it: with its content, whoever wrote it."""
    return payloads.message(message, bot=bot, open_content=True)


def _person(found: Interaction) -> Payload:
    home = found.channel.guild
    if home is None:
        return {"user": payloads.user(found.user)}
    member = payloads.member(home, found.user) | {"permissions": str(int(found.channel.permissions(found.user)))}
    about: Payload = {"id": str(home.id), "locale": "en-US", "features": []}
    return {"member": member, "guild_id": str(home.id), "guild": about, "guild_locale": "en-US"}


def _channel(place: Channel, user: User, bot: User) -> Payload:
    return payloads.channel(place, bot) | {"permissions": str(int(place.permissions(user)))}


def _owners(found: Interaction) -> dict[str, str]:
    home: Guild | None = found.channel.guild
    if home and home.has_bot:
        return {"0": str(home.id)}
    return {"0": "0"} if found.installed else {"1": str(found.user.id)}
