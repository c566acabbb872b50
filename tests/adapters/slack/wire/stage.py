"""What wire tests play on: a workspace on the loopback Slack, and Herald as a process of its own."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.slack.manifest import manifest
from tests.adapters.process import BotProcess
from tests.adapters.slack.wire.process import bot_process, http_process
from tests.slack_server import BlockKit, Channel, Member, Message, Rules, SlackServer

__all__ = ["POST", "Stage", "staged"]

POST = r"chat\.postMessage"
"""The method of a message that the bot sends."""


@dataclass
class Stage:
    """A workspace with a general and an explicit channel, a member, another, and one who administers it.

    Attributes:
        folder: where the bot is started.
        settings: its variables.
    """

    server: SlackServer
    general: Channel
    night: Channel
    ada: Member
    ben: Member
    admin: Member
    folder: Path
    settings: Mapping[str, str]
    _names: Iterator[int] = field(default_factory=itertools.count)

    def bot(
        self, *, ready: bool = True, http: bool = False, fresh: bool = False, settings: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[BotProcess]:
        """Runs the bot on Socket Mode or at an address of its own, with more variables where given.

        Args:
            ready: waits until it is connected.
            http: at an address of its own.
            fresh: starts the command itself.
            settings: more variables.
        """
        wanted = {**self.settings, "HERALD_SLACK_EXPLICIT_CHANNELS": self.night.id, **(settings or {})}
        if http:
            return http_process(self.server, self.folder, wanted, fresh=fresh)
        return bot_process(self.server, self.folder, wanted, ready=ready, fresh=fresh)

    def channel(self) -> Channel:
        """A new channel, where nothing was said yet."""
        return self.server.world.channel(self.server.team, f"room-{next(self._names)}")

    async def asked(self, text: str, channel: Channel | None = None, thread: Message | None = None) -> Message:
        """Mentions the bot with a question, in a new channel by default, and waits for the answer."""
        place = thread.channel if thread else channel or self.channel()
        return await self.server.answer(self.ada.mentions(place, text, thread=thread))


@asynccontextmanager
async def staged(
    folder: Path, settings: Mapping[str, str], rules: Rules | None = None, *, auto_answer: bool = False
) -> AsyncIterator[Stage]:
    """Sets the stage without the bot; what no bot should do fails the test at the end.

    Args:
        auto_answer: whether the app was made from the manifest that lets it read channels.
    """
    made = manifest(auto_answer=auto_answer)
    async with SlackServer(made, rules=rules, schema=BlockKit()) as server:
        ada, ben, admin = server.member("ada"), server.member("ben"), server.member("admin", admin=True)
        general, night = (server.world.channel(server.team, name) for name in ("general", "night"))
        yield Stage(server, general, night, ada, ben, admin, folder, settings)
        assert not server.problems, "\n".join(server.problems)
