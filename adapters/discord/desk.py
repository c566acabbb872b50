"""The desk: where every event is served, within one boundary for errors and one cooldown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from adapters.discord import places, render
from adapters.discord.components import files_of, view_of
from adapters.discord.places import Place
from adapters.discord.render import Payload
from bot import notices
from bot.flight import Flight
from bot.host import Host
from bot.links import Links
from bot.noting import Noted, Notes
from bot.office import Office
from bot.reply import Reply

__all__ = ["Desk", "Sent", "replace", "respond"]

_QUIET = ("rejected", "withheld")  # kinds that only the asker needs to see


class UnservedError(Exception):
    """A command came that has no handler, or with options that its handler doesn't take."""


class Desk:
    """What every handler works with.

    Attributes:
        host: Herald.
        flight: the answers under way.
        office: what needs the store; None where there is none.
        notes: the journal.
        links: questions and their answers.
    """

    def __init__(self, host: Host, links: Links[int] | None = None, office: Office | None = None) -> None:
        self.host = host
        self.office = office
        self.notes = Notes(office)
        self.flight = Flight()
        self.links: Links[int] = links or Links()
        host.figures.queue("discord", lambda: self.flight.count)

    async def serve(self, interaction: discord.Interaction[Any], work: Callable[[], Awaitable[None]]) -> None:
        """Serves a command or a button; whatever goes wrong, the member gets a line."""
        if self.flight.closing:
            await respond(interaction, render.notice(notices.CLOSING), ephemeral=True)
            return

        async def apologize(line: str) -> None:
            await respond(interaction, render.notice(line), ephemeral=True)

        await self.guard(work, apologize)

    async def unserved(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
        """A command that didn't get as far as its handler, such as one of an older form that Discord still shows."""

        async def fail() -> None:
            raise UnservedError from error  # whose own words may hold what was typed

        await self.serve(interaction, fail)

    async def guard(self, work: Callable[[], Awaitable[None]], apologize: Callable[[str], Awaitable[None]]) -> None:
        """Does some work; where it fails the log gets the incident, and ``apologize`` the line for the member."""
        with self.flight.aboard():
            await self.host.serve("discord", work, apologize, discord.DiscordException)

    async def refuses(self, interaction: discord.Interaction[Any], place: Place) -> bool:
        """Whether a member asks too fast; then says so to that member alone."""
        refusal = self.host.limits.take(place.member, place.channel)
        if refusal:
            await respond(interaction, render.notice(notices.too_fast(refusal.wait)), ephemeral=True)
        return refusal is not None

    async def answer(self, interaction: discord.Interaction[Any], noted: Noted, *, private: bool = False) -> None:
        """Answers a command: for all to see, unless it is private, concerns the asker alone or was just said here."""
        reply, place = noted.reply, places.of_interaction(interaction)
        if earlier := self.repeated(reply, place):
            await respond(interaction, earlier, ephemeral=True)
            return
        private = private or reply.kind in _QUIET
        payload = render.render(reply, asker=None if private else place.member, wait=noted.wait)
        sent = await respond(interaction, payload, ephemeral=private)
        self.notes.posted(noted, str(sent.message))
        if sent.public:
            self.posted(reply, place, sent.message)

    def repeated(self, reply: Reply, place: Place) -> Payload | None:
        """A link in place of an answer that was given in the same channel a moment ago."""
        entry = reply.entry if reply.kind == "answer" else None
        url = self.links.earlier(place.channel, entry) if entry else None
        return render.notice(notices.just_answered(url)) if url else None

    def posted(self, reply: Reply, place: Place, message: int) -> None:
        """Notes an answer that all can see, to point at it if it is asked again."""
        if reply.kind == "answer" and reply.entry:
            self.links.posted(place.channel, reply.entry, message, place.address(message))


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
