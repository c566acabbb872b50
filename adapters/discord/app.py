"""Herald on Discord: the client that hears events and hands them on."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import Any

import discord
from discord import app_commands

from adapters.discord.admin import add_admin_commands
from adapters.discord.alerting import Alerting
from adapters.discord.commands import add_commands
from adapters.discord.components import ITEMS
from adapters.discord.curating import Curating
from adapters.discord.desk import PLATFORM, Desk
from adapters.discord.gate import FileGate, IdentifyGate, SharedGate, StartLimit
from adapters.discord.presses import Presses
from adapters.discord.questions import Questions
from adapters.discord.rights import Rights, owner_of
from adapters.discord.sync import sync
from adapters.discord.telling import Telling
from bot.health import Connection
from bot.host import Host
from bot.office import Office
from bot.settings import Settings

__all__ = ["INTENTS", "HeraldClient"]

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
"""None of them privileged: Herald reads what is addressed to it."""


class HeraldClient(discord.AutoShardedClient):
    """The connection to Discord.

    Attributes:
        desk: where events are served.
        presses: serves buttons and selects.
        questions: serves messages.
        entered: set as soon as Discord has let the bot in; from then on it can send.
    """

    def __init__(
        self, host: Host, settings: Settings, office: Office | None = None, *, gate: IdentifyGate | None = None,
        **options: Any,
    ) -> None:  # fmt: skip
        """Makes a client that isn't connected yet.

        Args:
            office: what needs the store; None where there is none.
            gate: spaces out the identifying of shards in several processes; by default over what they share, or by a
                file in the cache folder where they share nothing.
            options: further ones for discord.py.
        """
        # Herald never speaks: that a voice library is missing need not be logged at each start.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,  # nothing here needs a cache of messages
            chunk_guilds_at_startup=False,
            enable_debug_events=True,  # the only word of heartbeats that are answered
            **{**_shards(settings), **options},
        )
        self.desk = Desk(host, office)
        rights = Rights(settings.discord_home, settings.discord_admin_roles, lambda: owner_of(self.application))
        self._curating = Curating(self.desk, rights)
        self.presses = Presses(self._curating)
        self.tree = app_commands.CommandTree(self)
        self.tree.error(self.desk.unserved)
        self._settings = settings
        self._heard = time.monotonic()
        self._connected: set[int] = set()  # shards
        self._gate = gate or self._made_gate(host, settings)
        self.questions = Questions(self.desk, self)
        self.entered = asyncio.Event()
        add_commands(self.tree, self.desk)
        add_admin_commands(self.tree, self._curating)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Hands events on, but for those that only tell that Discord was heard, or that something was sent."""
        if event == "socket_raw_receive":
            self._heard = time.monotonic()
        elif event != "socket_raw_send":
            if event in ("shard_connect", "shard_resumed"):
                self._connected.add(args[0])
            elif event == "shard_disconnect":
                self._connected.discard(args[0])
            super().dispatch(event, *args, **kwargs)

    def connection(self) -> Connection:
        """How the connection is: all shards of this process together."""
        everywhere = bool(self._connected) and self._connected >= self.shards.keys() and not self.is_closed()
        return Connection(everywhere, time.monotonic() - self._heard)

    async def setup_hook(self) -> None:
        """Before the first connection: buttons of old messages, and the commands."""
        self.add_dynamic_items(*ITEMS)
        first = not self.shard_ids or 0 in self.shard_ids  # of several processes one is enough
        if first and self.application_id:
            folder, api = self._settings.cache_folder, self._settings.discord_api_url
            await sync(self.tree, self.application_id, folder, api)
        self.entered.set()
        if office := self.desk.office:
            office.notify(PLATFORM, Telling(self))
            if channel := self._settings.discord_admin_channel:
                office.alerts.post_by(PLATFORM, Alerting(self, channel))

    async def close(self) -> None:
        """Ends the connection; members and admins are told by other processes from then on."""
        if office := self.desk.office:
            office.notify(PLATFORM, None)
            office.alerts.post_by(PLATFORM, None)
        await super().close()

    def _made_gate(self, host: Host, settings: Settings) -> IdentifyGate:
        here = FileGate(settings.cache_folder / "discord-identify")
        return SharedGate(host.shared.turns, self._start_limit, here) if host.shared.turns else here

    async def _start_limit(self) -> StartLimit:
        """Whose turns they are, and how many shards may identify at once."""
        _, _, limit = await self.http.get_bot_gateway()
        return StartLimit(self.application_id or 0, limit["max_concurrency"])

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Shards of one process wait for each other by themselves, those of several at the gate."""
        if self.shard_ids or isinstance(self._gate, SharedGate):
            await self._gate.wait(shard_id or 0)
        elif not initial:
            await asyncio.sleep(5)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Whatever members do with Herald; only forms have no handler of their own."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self.desk.serve(interaction, partial(self._curating.submitted, interaction))

    async def on_message(self, message: discord.Message) -> None:
        """A message somewhere; most have no content, as they aren't addressed to Herald."""
        await self.questions.asked(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """A message was edited, or Discord added a preview to it."""
        await self.questions.edited(payload.message)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """A message was deleted."""
        await self.questions.deleted(payload.message_id)

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Many messages were deleted."""
        for message in payload.message_ids:
            await self.questions.deleted(message)


def _shards(settings: Settings) -> dict[str, Any]:
    """All shards of this process, or as many as Discord advises."""
    wanted = {"shard_ids": list(settings.discord_shard_ids), "shard_count": settings.discord_shard_count}
    return {name: value for name, value in wanted.items() if value}
