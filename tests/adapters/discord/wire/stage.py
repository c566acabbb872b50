"""What wire tests play on: a town on the loopback Discord, and Herald as a process of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.adapters.discord.wire.process import BotProcess, bot_process
from tests.discord_server import TOKEN, Channel, DiscordServer, Member, Message, OpenApi, Permission, Rules

__all__ = ["MESSAGES", "Stage", "staged"]

MESSAGES = r"/channels/\d+/messages"
"""The path of a message that the bot sends."""


@dataclass
class Stage:
    """A town with a general and an age-restricted channel, a member, another, and one who manages it.

    Attributes:
        folder: where the bot is started.
        settings: its variables.
    """

    server: DiscordServer
    general: Channel
    night: Channel
    ada: Member
    ben: Member
    admin: Member
    folder: Path
    settings: Mapping[str, str]

    def bot(
        self,
        *,
        token: str = TOKEN,
        ready: bool = True,
        fresh: bool = False,
        settings: Mapping[str, str] | None = None,
    ) -> AbstractAsyncContextManager[BotProcess]:
        """Runs the bot, with more variables where given; the command itself where it is to be fresh."""
        wanted = {**self.settings, **(settings or {})}
        return bot_process(self.server, self.folder, wanted, token=token, ready=ready, fresh=fresh)

    async def asked(self, text: str, member: Member | None = None, channel: Channel | None = None) -> Message:
        """Mentions the bot with a question, and waits for the answer."""
        question = await (member or self.ada).mentions(channel or self.general, text)
        return await self.server.answer(question)


@asynccontextmanager
async def staged(
    folder: Path, settings: Mapping[str, str], rules: Rules | None = None, judge: OpenApi | None = None
) -> AsyncIterator[Stage]:
    """Sets the stage without the bot; what no bot should do fails the test at the end."""
    async with DiscordServer(rules=rules, judge=judge or OpenApi()) as server:
        guild = server.world.guild("Town")
        general, night = server.world.channel(guild, "general"), server.world.channel(guild, "night", nsfw=True)
        admin = server.member("admin", guild, permissions=Permission.MANAGE_GUILD)
        ada, ben = server.member("ada", guild), server.member("ben", guild)
        yield Stage(server, general, night, ada, ben, admin, folder, settings)
        assert not server.problems, "\n".join(server.problems)
