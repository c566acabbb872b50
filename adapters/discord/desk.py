"""The desk: where every event is served, within one boundary for errors and one cooldown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import discord
from discord import app_commands

from adapters.discord import places, render
from adapters.discord.components import files_of, view_of
from adapters.discord.places import Place
from adapters.discord.render import Payload
from bot import notices
from bot.claims import Claim, keep_once
from bot.flight import Flight
from bot.host import Host
from bot.links import Links
from bot.noting import Asking, Noted, Notes
from bot.office import Office
from bot.reply import Reply

__all__ = ["PLATFORM", "Desk", "Sent", "replace", "respond"]

PLATFORM = "discord"
"""What the store calls it."""


class UnservedError(Exception):
    """A command came that has no handler, or with options that its handler doesn't take."""


class Desk:
    """What every handler works with.

    Attributes:
        host: Herald.
        flight: the answers under way.
        office: what needs the store; None where there is none.
        notes: the journal.
        asking: asks, with a note for the journal.
        links: questions and their answers.
    """

    def __init__(self, host: Host, office: Office | None = None) -> None:
        self.host = host
        self.office = office
        self.notes = Notes(office)
        self.asking = Asking(PLATFORM, host, self.notes)
        self.flight = Flight()
        self.links: Links[int] = host.shared.links(PLATFORM, int)
        self.claims = host.shared.claims
        host.figures.queue(PLATFORM, lambda: self.flight.count)

    async def serve(self, interaction: discord.Interaction[Any], work: Callable[[], Awaitable[None]]) -> None:
        """Serves a command or a button; whatever goes wrong, the member gets a line."""
        if self.flight.closing:
            await respond(interaction, render.notice(notices.CLOSING), ephemeral=True)
            return

        async def apologize(line: str) -> None:
            await respond(interaction, render.notice(line), ephemeral=True)

        await self.once(Claim(f"interaction:{interaction.id}"), work, apologize)

    async def unserved(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
        """A command that didn't get as far as its handler, such as one of an older form that Discord still shows."""

        async def fail() -> None:
            raise UnservedError from error  # whose own words may hold what was typed

        await self.serve(interaction, fail)

    async def once(
        self, claim: Claim, work: Callable[[], Awaitable[None]], apologize: Callable[[str], Awaitable[None]]
    ) -> None:
        """Does some work, unless it was done before or another process is at it.

        Two processes get the same event where they hold the same shard, as while one takes the other's place. Where the
        work fails the log gets the incident, and ``apologize`` the line for the member.
        """
        with self.flight.aboard(), self._noted():
            if await self.claims.take(claim):
                guard = partial(self.host.serve, PLATFORM, work, apologize, discord.DiscordException)
                await keep_once(self.claims, claim, guard)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Keeps the task in mind that serves an event."""
        task = asyncio.current_task()
        assert task
        self.flight.keep(task)
        try:
            yield
        finally:
            self.flight.forget(task)

    async def refuses(self, interaction: discord.Interaction[Any], place: Place) -> bool:
        """Whether a member asks too fast; then says so to that member alone."""
        refusal = await self.host.limits.take(place.member, place.channel)
        if refusal:
            await respond(interaction, render.notice(notices.too_fast(refusal.wait)), ephemeral=True)
        return refusal is not None

    async def answer(self, interaction: discord.Interaction[Any], noted: Noted, *, private: bool = False) -> None:
        """Answers a command: for all to see, unless it is private, concerns the asker alone or was just said here."""
        reply, place = noted.reply, places.of_interaction(interaction)
        if earlier := await self.repeated(reply, place):
            await respond(interaction, earlier, ephemeral=True)
            return
        private = private or reply.private
        payload = render.render(reply, asker=None if private else place.member, wait=noted.wait)
        sent = await respond(interaction, payload, ephemeral=private)
        self.notes.posted(noted, str(sent.message))
        if sent.public:
            await self.posted(reply, place, sent.message)

    async def repeated(self, reply: Reply, place: Place) -> Payload | None:
        """A link in place of an answer that was given in the same channel a moment ago."""
        url = await self.links.earlier(place.channel, reply.answers) if reply.answers else None
        return render.notice(notices.just_answered(url)) if url else None

    async def posted(self, reply: Reply, place: Place, message: int) -> None:
        """Notes an answer that all can see, to point at it if it is asked again."""
        if reply.answers:
            await self.links.posted(place.channel, reply.answers, message, place.address(message))


@dataclass(frozen=True, slots=True)
class Sent:
    """A response: its message, and whether all can see it; not where only the member installed Herald."""

    message: int
    public: bool


async def respond(interaction: discord.Interaction[Any], payload: Payload, *, ephemeral: bool = False) -> Sent:
    """Sends a response, or a followup where there was one already."""
    view, content, files = view_of(payload), payload.content, files_of(payload)
    common: dict[str, Any] = {"view": view, "files": files, "ephemeral": ephemeral, "suppress_embeds": True}
    if interaction.response.is_done():
        sent = await interaction.followup.send(content, wait=True, **common)
        return Sent(sent.id, public=not sent.flags.ephemeral)
    done = await interaction.response.send_message(content, **common)
    return Sent(done.message_id or 0, public=not done.is_ephemeral())


async def replace(interaction: discord.Interaction[Any], payload: Payload) -> None:
    """Puts a payload in place of the message that was pressed, or of the response that was announced."""
    edit = interaction.edit_original_response if interaction.response.is_done() else interaction.response.edit_message
    await edit(content=payload.content, view=view_of(payload), attachments=files_of(payload))
