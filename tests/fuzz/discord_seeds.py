"""What Discord's gateway sends: a seed of each kind."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any

from bot import ids
from bot.panels.curators import ACTIONS
from tests.discord_server import interaction_payloads, payloads
from tests.discord_server.interactions import Interaction, InteractionKind
from tests.discord_server.model import ALL, ORDINARY, Channel, ChannelKind, Guild, Message, Payload, Role, User
from tests.discord_server.world import World

__all__ = ["APPLICATION", "events", "town_of"]

APPLICATION = 1_456_074_443_980_800_000
_ASKED = "who moderated the harbor talk"
_BUTTON, _SELECT = 2, 3


@functools.cache
def town_of() -> tuple[Guild, User, Channel, User]:
    """A guild, the bot, a channel and a member who manages the guild; always with the same ids."""
    bot, owner = User(APPLICATION + 1, "herald", bot=True), User(APPLICATION + 2, "owner")
    guild = Guild(APPLICATION + 3, "town", owner, Role(APPLICATION + 3, "@everyone", int(ORDINARY)))
    boss, role = User(APPLICATION + 4, "boss"), Role(APPLICATION + 5, "bosses", ALL)
    for user, roles in ((owner, []), (bot, []), (boss, [role])):
        guild.users[user.id] = user
        guild.members[user.id] = roles
    guild.roles[role.id] = role
    channel = Channel(APPLICATION + 6, ChannelKind.TEXT, "harbor", guild)
    guild.channels[channel.id] = channel
    return guild, bot, channel, boss


def events() -> tuple[bytes, ...]:
    """One of each kind, and of each command and button."""
    return tuple(
        json.dumps(item).encode() for item in (*_messages(), *_commands(), *_typed(), *_components(), *_modals())
    )


def _message(content: str, *, place: Channel | None = None, number: int = 100, **more: Any) -> Message:
    _, _, channel, boss = town_of()
    return Message(APPLICATION + number, place or channel, boss, content, **more)


def _messages() -> Iterator[tuple[str, Payload]]:
    guild, bot, channel, boss = town_of()
    answer = Message(APPLICATION + 99, channel, bot, "Ada Stone moderated the harbor talk.")
    channel.messages[answer.id] = answer
    direct = Channel(APPLICATION + 7, ChannelKind.DM, recipients=(boss, bot))
    home = {"guild_id": str(guild.id), "member": payloads.member(guild, boss, named=False)}
    asked = _message(f"{bot.mention} {_ASKED}", mentions=(bot,))
    yield "MESSAGE_CREATE", _shown(asked) | home
    yield "MESSAGE_CREATE", _shown(_message(bot.mention, mentions=(bot,), number=101)) | home
    yield "MESSAGE_CREATE", _shown(_message("and on the hill?", reply_to=answer.id, mentions=(bot,), number=102)) | home
    yield "MESSAGE_CREATE", _shown(_message("who wrote the <:a:1> music <@&2> <t:1:R>", place=direct, number=103))
    yield (
        "MESSAGE_UPDATE",
        _shown(_message(f"{bot.mention} who wrote it", mentions=(bot,), edited="2026-01-01T00:00:00+00:00")) | home,
    )
    yield "MESSAGE_DELETE", {"id": str(asked.id), "channel_id": str(channel.id), "guild_id": str(guild.id)}
    yield "MESSAGE_DELETE_BULK", {"ids": [str(asked.id)], "channel_id": str(channel.id), "guild_id": str(guild.id)}


def _shown(message: Message) -> Payload:
    return payloads.message(message, bot=town_of()[1], open_content=True)


def _interaction(kind: InteractionKind, data: Payload, message: Message | None = None) -> tuple[str, Payload]:
    _, bot, channel, boss = town_of()
    world = World()
    world.application, world.bot = APPLICATION, bot
    done = Interaction(APPLICATION + 200, "token", kind, boss, channel, 0.0, message=message)
    return "INTERACTION_CREATE", interaction_payloads.event(done, data, world)


def _data(name: str, options: list[Payload], kind: int = 1, **more: Any) -> Payload:
    return {"id": str(APPLICATION + 300), "name": name, "type": kind, "options": options, **more}


def _option(name: str, value: Any, kind: int = 3, **more: Any) -> Payload:
    return {"name": name, "type": kind, "value": value, **more}


def _commands() -> Iterator[tuple[str, Payload]]:
    speaker, about = _option("speaker", "mira"), _option("about", "light")
    plain = {
        "ask": [_option("question", _ASKED)],
        "quote": [speaker, about],
        "topics": [],
        "about": [],
        "forget-me": [],
    }
    for name, options in plain.items():
        yield _interaction(InteractionKind.COMMAND, _data(name, options))
    admins: dict[str, list[Payload]] = {
        "status": [], "inbox": [], "history": [], "why": [_option("text", _ASKED)], "stats": [_option("days", 7, 4)],
        "teach": [_option("question", "who"), _option("entry", "camera")], "rollback": [_option("number", 1, 4)],
    }  # fmt: skip
    for name, options in admins.items():
        yield _interaction(InteractionKind.COMMAND, _data("herald", [{"name": name, "type": 1, "options": options}]))
    message = _message(_ASKED, number=104)
    for name in ("Ask Herald", "Why this answer?"):
        shown = {"messages": {str(message.id): _shown(message)}}
        yield _interaction(InteractionKind.COMMAND, _data(name, [], 3, target_id=str(message.id), resolved=shown))


def _typed() -> Iterator[tuple[str, Payload]]:
    for command, name in (("ask", "question"), ("quote", "speaker"), ("quote", "about")):
        yield _interaction(InteractionKind.AUTOCOMPLETE, _data(command, [_option(name, "who", focused=True)]))


def _components() -> Iterator[tuple[str, Payload]]:
    _, bot, channel, boss = town_of()

    def shown(part: Payload) -> Message:
        """A message with the part that is pressed, and a button beside it."""
        button = {"type": _BUTTON, "custom_id": f"h1:dismiss:{APPLICATION + 2}", "style": 2, "label": "Dismiss"}
        rows = [{"type": 1, "components": [part]}, {"type": 1, "components": [button]}]
        return Message(APPLICATION + 105, channel, bot, "x", components=rows)

    members = (
        "pick:camera",
        "reveal:e.premise",
        "source:q.on-light",
        "more:mira-holt|light",
        "up:e.camera",
        "down:e.camera",
    )
    names = [
        f"h1:{written}"
        for written in (*members, f"dismiss:{boss.id}", "wait:0", "group:person.1", "sub:event.0.harbor-talk")
    ]
    for name in [*names, *(ids.button(action, "1.1") for action in ACTIONS)]:
        part: Payload = {"type": _BUTTON, "custom_id": name, "style": 2, "label": "Do"}
        yield _interaction(InteractionKind.COMPONENT, {"custom_id": name, "component_type": _BUTTON}, shown(part))
    for name in ("s1:read:x", "s1:sub:event.0.", "s1:asked:1"):
        data = {"custom_id": name, "component_type": _SELECT, "values": ["camera"]}
        part = {"type": _SELECT, "custom_id": name, "options": [{"label": "x", "value": "camera"}]}
        yield _interaction(InteractionKind.COMPONENT, data, shown(part))


def _modals() -> Iterator[tuple[str, Payload]]:
    for name, field in (("f1:find:0123456789.1", "words"), ("f1:entry:0123456789.1", "answer")):
        typed = {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": field, "value": "camera"}}
        yield _interaction(InteractionKind.MODAL, {"custom_id": name, "components": [typed]})
