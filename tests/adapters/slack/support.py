"""What tests of the Slack adapter share."""

from __future__ import annotations

from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.desk import Desk
from tests.slack_server import Channel, Member, SlackServer
from tests.slack_server.model import Message
from tests.slack_server.uses import Use

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
    desk_client: AsyncWebClient = field(init=False)

    @classmethod
    def made(cls, server: SlackServer) -> World:
        ada, ben, boss = server.member("ada"), server.member("ben"), server.member("boss", admin=True)
        general, loud, auto = (server.world.channel(server.team, name) for name in ("general", "loud", "auto"))
        return cls(server, general, loud, auto, ada, ben, boss)

    async def asks(self, text: str, thread: Message | None = None) -> Message:
        """Ada mentions Herald; gives the answer."""
        return await self.answer(self.ada.mentions(self.general, text, thread=thread))

    async def answer(self, question: Message) -> Message:
        """Waits for Herald's reply to a message."""
        return await self.server.answer(question)

    async def replaced(self, use: Use) -> None:
        """Waits until what a member pressed in was changed or deleted by what they did."""
        await use.acked()
        await self.settled()
        assert use.posts, "nothing was sent to the response address"

    async def edited(self, question: Message, text: str) -> None:
        """Ada edits a question in a direct message; waits until its answer was changed."""
        self.ada.edits(question, text)
        await self.server.requests.next(lambda request: request.is_("chat.update"))
        await self.settled()

    async def settled(self) -> None:
        """Waits until Herald has done all that it began; what was delivered by then is answered or won't be."""
        await self.desk.flight.landed()
