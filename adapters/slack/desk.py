"""The desk: where every event is served once, within one boundary for errors and one cooldown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from functools import partial

from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import render
from adapters.slack.outbox import Outbox
from adapters.slack.places import Body, Place, Places, address_of
from adapters.slack.render import Payload
from adapters.slack.surfaces import Message, Response, Surface
from bot import notices
from bot.claims import Claim, keep_once
from bot.flight import Flight
from bot.host import Host
from bot.links import Links
from bot.noting import Asking, Noted, Notes
from bot.office import Office
from bot.reply import Reply

__all__ = ["PLATFORM", "Desk"]

PLATFORM = "slack"
"""What the store calls it."""

_UNTOLD = 2.0  # seconds, of the three that Slack waits for an acknowledgement
Work = Callable[[], Awaitable[None]]


class Desk:
    """What every handler works with.

    Attributes:
        host: Herald.
        flight: the answers under way.
        office: what needs the store; None where there is none.
        notes: the journal.
        asking: asks, with a note for the journal.
        links: questions and their answers; a message is named by :meth:`name`.
        outbox: sends messages.
        places: reads where something was asked.
    """

    def __init__(self, host: Host, outbox: Outbox, places: Places, office: Office | None = None) -> None:
        self.host = host
        self.office = office
        self.notes = Notes(office)
        self.asking = Asking(PLATFORM, host, self.notes)
        self.outbox = outbox
        self.places = places
        self.flight = Flight()
        self.links: Links[str] = host.shared.links(PLATFORM, str)
        self.claims = host.shared.claims
        host.figures.queue(PLATFORM, lambda: self.flight.count)
        host.figures.queue("slack outbox", outbox.depth)

    @staticmethod
    def name(channel: str, message: str) -> str:
        """A message's name: its ``ts`` is of its own only within its channel."""
        return f"{channel}:{message}"

    @staticmethod
    def within(name: str) -> str:
        """The ``ts`` of a message that :meth:`name` named."""
        return name.rpartition(":")[2]

    def response(self, body: Body, client: AsyncWebClient) -> Response:
        """How a command, a shortcut, a press in a message or a modal that was sent is answered."""
        return Response(Message(self.outbox, client, self.places.of(body)), address_of(body))

    async def begin(
        self,
        claim: Claim,
        work: Work,
        apologize: Callable[[str], Awaitable[None]],
        after: Callable[[], None] | None = None,
    ) -> None:
        """Starts to serve what Slack delivered, unless it was before.

        Returns as soon as it is claimed, so that Slack needn't wait; what is acknowledged then is never lost.

        Args:
            after: called when all is done, or there was nothing to do.
        """
        with ExitStack() as stack:
            stack.enter_context(self.flight.aboard())
            if after:
                stack.callback(after)
            if not await self.claims.take(claim):
                return
            guard = partial(self.host.serve, PLATFORM, work, apologize, SlackClientError)
            task = asyncio.create_task(keep_once(self.claims, claim, guard))
            self.flight.keep(task)
            landed = stack.pop_all()
        task.add_done_callback(lambda _: landed.close())
        task.add_done_callback(self.flight.forget)
        if claim.untold:  # should this process die, only Slack could tell another
            await asyncio.wait({task}, timeout=_UNTOLD)

    async def obey(self, body: Body, surface: Response, work: Work) -> None:
        """As :meth:`serve`, for a command, a shortcut or a modal that was sent."""
        view = body.get("view")
        name = f"view:{view['id']}:{view.get('hash')}" if view else f"trigger:{body['trigger_id']}"
        await self.serve(Claim(name), surface, work)

    async def serve(self, claim: Claim, surface: Surface, work: Work, after: Callable[[], None] | None = None) -> None:
        """As :meth:`begin`, for what a member awaits: whatever goes wrong, they get a line."""

        async def apologize(line: str) -> None:
            await surface.whisper(render.notice(line))

        await self.begin(claim, work, apologize, after)

    async def refuses(self, surface: Surface, place: Place) -> bool:
        """Whether a member asks too fast; then says so to that member alone."""
        refusal = await self.host.limits.take(place.asker, place.room)
        if refusal:
            await surface.whisper(render.notice(notices.too_fast(refusal.wait)))
        return refusal is not None

    async def answer(self, client: AsyncWebClient, surface: Surface, place: Place, noted: Noted) -> str | None:
        """Answers for all to see, unless it is for the asker alone or was just said here; returns the message's id."""
        reply = noted.reply
        if earlier := await self.repeated(client, reply, place):
            await surface.whisper(earlier)
            return None
        payload = render.render(reply, asker=place.member if place.channel else None, wait=noted.wait)
        if reply.private:
            await surface.whisper(payload)
            return None
        message = await surface.answer(payload)
        if message:
            await self.noted(noted, place, message)
        return message

    async def noted(self, noted: Noted, place: Place, message: str) -> None:
        """Notes an answer and the message that carries it, which all can see."""
        await self.posted(noted.reply, place, message)
        self.notes.posted(noted, self.name(place.channel, message))

    async def repeated(self, client: AsyncWebClient, reply: Reply, place: Place) -> Payload | None:
        """A link in place of an answer that was given in the same channel a moment ago."""
        message = await self.links.earlier(place.channel, reply.answers) if reply.answers and place.channel else None
        if message is None:
            return None
        try:
            found = await client.chat_getPermalink(channel=place.channel, message_ts=message)
        except SlackClientError:  # it was deleted meanwhile
            return None
        return render.notice(notices.just_answered(found["permalink"]))

    async def posted(self, reply: Reply, place: Place, message: str) -> None:
        """Notes an answer that all can see, to point at it if it is asked again."""
        if reply.answers and place.channel:
            await self.links.posted(place.channel, reply.answers, self.name(place.channel, message), message)
