"""Surface: what Discord's gateway sends, through discord.py's own parsers to Herald's handlers.

Discord says who it is by TLS, and sends each key with the types that it documents, and the keys that an object always
has: what is otherwise is fed too, but must only be contained. All else must be served, whatever it says.
"""

from __future__ import annotations

import asyncio
import json
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import discord
from discord import app_commands

from adapters.discord.app import HeraldClient
from adapters.discord.components import ITEMS
from bot.host import Host
from bot.settings import Settings
from tests.discord_server import payloads
from tests.fuzz.discord_seeds import APPLICATION, events, town_of
from tests.fuzz.harness import Crash, Feed, Ground, Stage, Surface, ours
from tests.fuzz.peer import Peer

__all__ = ["GATEWAY"]

_HEARD = ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "INTERACTION_CREATE")


class _Client(HeraldClient):
    """Herald's client, whose own errors end the input that they came of."""

    seen: list[str]

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """What discord.py would only log."""
        error = sys.exception() if sys.version_info >= (3, 11) else None
        if error is not None and ours(error.__traceback__):
            self.seen.append("".join(traceback.format_exception(error)))


@contextmanager
def _open(ground: Ground) -> Iterator[Feed]:
    """What the library's own parsers refuse goes no further, and isn't Herald's."""
    with Stage.opened() as stage, ground.host(stage.clock) as host:
        client, shapes = stage.do(_connected(host, ground.settings, stage.seen)), _Shapes()
        stage.keep()

        def feed(data: bytes) -> None:
            event = _event(data)
            if event is None:
                return
            try:
                stage.feed(_dispatch(client, *event))
            except Crash:
                if shapes.fit(*event):
                    raise

        yield feed


async def _connected(host: Host, settings: Settings, seen: list[str]) -> _Client:
    """A client as it is once it has let in."""
    guild, bot, _, _ = town_of()
    settings = settings.model_copy(update={"discord_home": (guild.id,)})
    client = _Client(host, settings, None, shard_count=1)
    client.seen = seen
    await client._async_setup_hook()
    http, state = client.http, client._connection
    http._HTTPClient__session = Peer(_granted)  # type: ignore[attr-defined]
    http._global_over = asyncio.Event()
    http._global_over.set()
    http.token = "a.b.c"  # noqa: S105 - nobody's
    shown: Any = payloads.user(bot)
    state.user = discord.ClientUser(state=state, data=shown)
    state.application_id = APPLICATION
    client.add_dynamic_items(*ITEMS)
    state.parsers["GUILD_CREATE"](payloads.guild(guild, bot))
    _watch(client, seen)
    return client


def _watch(client: _Client, seen: list[str]) -> None:
    """Commands that fail outside of the desk's boundary."""
    unserved = client.desk.unserved

    async def failed(interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
        if isinstance(error, app_commands.CommandInvokeError):
            seen.append("".join(traceback.format_exception(error)))
        await unserved(interaction, error)

    client.tree.error(failed)


def _event(data: bytes) -> tuple[str, dict[str, Any]] | None:
    """An event's name and payload; None where Herald hears of no such event."""
    try:
        name, payload = json.loads(data)
    except (ValueError, TypeError, RecursionError):
        return None
    return (name, payload) if name in _HEARD and isinstance(payload, dict) else None


async def _dispatch(client: _Client, name: str, payload: Any) -> None:
    try:
        client._connection.parsers[name](payload)
    except Exception as error:
        if ours(error.__traceback__):
            raise Crash(name) from error


class _Shapes:
    """The types that each key has, and the keys that each object has, as seeds show; a token is ASCII, an id not 0."""

    def __init__(self) -> None:
        self._types: dict[str, set[type]] = {}
        self._always: dict[str, set[str]] = {}
        for name, payload in map(json.loads, events()):
            for key, value in _values(name, payload):
                self._types.setdefault(key, set()).add(type(value))
                if isinstance(value, dict):
                    self._always.setdefault(key, set(value)).intersection_update(value)

    def fit(self, name: str, payload: Any) -> bool:
        """Whether a payload is one that Discord might send."""
        return all(
            type(value) in self._types.get(key, ())
            and (key != "token" or value.isascii())
            and (not key.endswith("_id") or str(value).strip("0") != "")
            and (not isinstance(value, dict) or self._always.get(key, set()) <= value.keys())
            for key, value in _values(name, payload)
        )


def _values(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Every value with its key; items of a list with the list's, an option's value with the option's type."""
    yield key, value
    parts = (
        ((f"value of {value.get('type')}" if name == "value" else name, part) for name, part in value.items())
        if isinstance(value, dict)
        else (((f"{key}[]"), item) for item in value)
        if isinstance(value, list)
        else ()
    )
    for name, part in parts:
        yield from _values(name, part)


def _granted(url: str) -> Any:
    """What Discord says to whatever it is asked."""
    _, bot, channel, _ = town_of()
    message: dict[str, Any] = {
        "id": "1456074443980800999", "channel_id": str(channel.id), "author": payloads.user(bot), "content": "x",
        "embeds": [],
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [],
        "mention_roles": [], "attachments": [], "components": [], "pinned": False, "type": 0, "flags": 0,
    }  # fmt: skip
    if "/callback" in url:
        about = {
            "id": "1456074443980800998",
            "type": 2,
            "response_message_id": message["id"],
            "response_message_ephemeral": False,
        }
        return {"interaction": about, "resource": {"type": 4, "message": message}}
    return message


GATEWAY = Surface("discord", "events of Discord's gateway", events, _open, most=16_384)
