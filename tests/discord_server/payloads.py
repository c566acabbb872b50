"""What Discord sends about the things of the model: full objects, as a missing field ends a client's gateway task."""

from __future__ import annotations

from tests.discord_server.ids import moment
from tests.discord_server.model import Channel, ChannelKind, Guild, Message, Payload, Role, User

__all__ = ["application", "channel", "guild", "member", "message", "role", "thread", "user"]

_LIMIT = 10_485_760


def user(who: User) -> Payload:
    """A user object."""
    return {
        "id": str(who.id),
        "username": who.name,
        "discriminator": "0000" if who.bot else "0",
        "global_name": None if who.bot else who.name.title(),
        "avatar": None,
        "avatar_decoration_data": None,
        "banner": None,
        "accent_color": None,
        "bot": who.bot,
        "system": False,
        "public_flags": 0,
        "flags": 0,
    }


def member(place: Guild, who: User, *, named: bool = True) -> Payload:
    """A member of a guild; Discord leaves the user out beside a message's author."""
    found: Payload = {
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [str(held.id) for held in place.members.get(who.id, [])],
        "joined_at": moment(who.id),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }
    return {**found, "user": user(who)} if named else found


def role(held: Role, position: int) -> Payload:
    """A role object."""
    return {
        "id": str(held.id),
        "name": held.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": position,
        "permissions": str(int(held.permissions)),
        "managed": held.managed,
        "mentionable": False,
        "flags": 0,
    }


def channel(place: Channel, bot: User) -> Payload:
    """A channel object of any kind."""
    if place.kind is ChannelKind.PUBLIC_THREAD:
        return thread(place)
    if place.guild is None:
        others = [user(who) for who in place.recipients if who is not bot]
        return {"id": str(place.id), "type": int(place.kind), "last_message_id": None, "recipients": others, "flags": 0}
    denied = {"id": str(bot.id), "type": 1, "allow": "0", "deny": str(int(place.denied))}
    return {
        "id": str(place.id),
        "type": int(place.kind),
        "guild_id": str(place.guild.id),
        "name": place.name,
        "position": list(place.guild.channels).index(place.id),
        "parent_id": None,
        "topic": None,
        "nsfw": place.nsfw,
        "rate_limit_per_user": 0,
        "last_message_id": None,
        "permission_overwrites": [denied] if place.denied else [],
        "flags": 0,
    }


def thread(place: Channel) -> Payload:
    """A thread object."""
    if place.guild is None or place.parent is None:
        raise ValueError("a thread hangs in a guild's channel")
    return {
        "id": str(place.id),
        "type": int(place.kind),
        "guild_id": str(place.guild.id),
        "parent_id": str(place.parent.id),
        "owner_id": str(place.guild.owner.id),
        "name": place.name,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "message_count": len(place.messages),
        "member_count": 1,
        "total_message_sent": len(place.messages),
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": moment(place.id),
            "locked": False,
            "create_timestamp": moment(place.id),
        },
        "flags": 0,
    }


def guild(place: Guild, bot: User) -> Payload:
    """A guild as GUILD_CREATE has it: without the privileged intent, the bot is the only member in it."""
    rooms = list(place.channels.values())
    roles = [place.everyone, *place.roles.values()]
    return {
        "id": str(place.id),
        "name": place.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "owner_id": str(place.owner.id),
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "nsfw": False,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "application_id": None,
        "vanity_url_code": None,
        "description": None,
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": [role(held, position) for position, held in enumerate(roles)],
        "joined_at": moment(place.id),
        "large": False,
        "unavailable": False,
        "member_count": len(place.members),
        "voice_states": [],
        "members": [member(place, bot)],
        "channels": [channel(room, bot) for room in rooms if room.parent is None],
        "threads": [thread(room) for room in rooms if room.parent is not None],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def application(number: int, owner: User) -> Payload:
    """The bot's application."""
    return {
        "id": str(number),
        "name": "Herald",
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": user(owner),
        "team": None,
        "flags": 0,
        "tags": [],
        "redirect_uris": [],
        "approximate_guild_count": 1,
        "approximate_user_install_count": 1,
        "integration_types_config": {"0": {}, "1": {}},
    }


def message(post: Message, *, bot: User, open_content: bool, nested: bool = False) -> Payload:
    """A message as the bot receives it.

    Args:
        open_content: the bot may read what members write to each other (privileged intent, or a context menu's target).
        nested: this one is shown inside the message that replies to it.
    """
    readable = open_content or _addressed(post, bot)
    found: Payload = {
        "id": str(post.id),
        "channel_id": str(post.channel.id),
        "author": user(post.author),
        "content": post.content if readable else "",
        "timestamp": moment(post.id),
        "edited_timestamp": post.edited,
        "tts": False,
        "mention_everyone": False,
        "mentions": [_mentioned(post, who) for who in post.mentions],
        "mention_roles": [],
        "attachments": post.attachments if readable else [],
        "embeds": post.embeds if readable else [],
        "components": post.components if readable else [],
        "pinned": False,
        "type": 20 if post.origin and post.origin.kind == 2 else 19 if post.reply_to else 0,
        "flags": post.flags,
        **({"nonce": post.nonce} if post.nonce and not nested else {}),
        **_origin(post),
    }
    if post.reply_to and not nested:
        found |= _reference(post, bot=bot, open_content=open_content)
    return found


def _addressed(post: Message, bot: User) -> bool:
    """Discord's exceptions: the bot's own messages, direct messages to it, messages that mention it."""
    direct = post.channel.guild is None and bot in post.channel.recipients
    return post.author is bot or direct or bot in post.mentions


def _mentioned(post: Message, who: User) -> Payload:
    place = post.channel.guild
    if place is None or who.id not in place.members:
        return user(who)
    return {**user(who), "member": member(place, who, named=False)}


def _origin(post: Message) -> Payload:
    if post.origin is None:
        return {}
    owners = {"0": str(post.channel.guild.id)} if post.channel.guild else {"1": str(post.origin.user.id)}
    about: Payload = {
        "id": str(post.origin.id),
        "type": post.origin.kind,
        "user": user(post.origin.user),
        "authorizing_integration_owners": owners,
    }
    return {"interaction_metadata": about}


def _reference(post: Message, *, bot: User, open_content: bool) -> Payload:
    where: Payload = {"type": 0, "message_id": str(post.reply_to), "channel_id": str(post.channel.id)}
    if post.channel.guild:
        where["guild_id"] = str(post.channel.guild.id)
    target = post.channel.messages.get(post.reply_to or 0)
    shown = message(target, bot=bot, open_content=open_content, nested=True) if target else None
    return {"message_reference": where, "referenced_message": shown}
