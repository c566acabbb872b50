"""What tests of the Slack adapter share."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapters.slack.desk import Desk
from tests.slack_server import Channel, Member, SlackServer
from tests.slack_server.model import Message

__all__ = ["World"]


@dataclass
class World:
    """A small Slack.

    Attributes:
        general: a channel for all.
        loud: one where explicit material may be shown.
        auto: one where questions need no mention.
    """

    server: SlackServer
    general: Channel
    loud: Channel
    auto: Channel
    ada: Member
    ben: Member
    boss: Member
    desk: Desk = field(init=False)

    @classmethod
    def made(cls, server: SlackServer) -> World:
        members = [server.member("ada"), server.member("ben"), server.member("boss", admin=True)]
        channels = [server.world.channel(server.team, name) for name in ("general", "loud", "auto")]
        return cls(server, *channels, *members)

    async def asks(self, text: str, thread: Message | None = None) -> Message:
        """Ada mentions Herald; gives the answer."""
        return await self.server.answer(self.ada.mentions(self.general, text, thread=thread))
