"""What each button and select does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import discord

from adapters.discord import browse, panels, places, render
from adapters.discord.curating import Curating
from adapters.discord.desk import PLATFORM, replace, respond
from adapters.discord.render import Payload
from adapters.discord.telling import address_of
from bot import ids, notices, records
from bot.ids import Press, RecordId
from bot.panels import members
from bot.panels.curators import ACTIONS
from bot.reply import Reply

__all__ = ["Presses", "asker_of"]

Interaction = discord.Interaction[Any]
_Action = Callable[[Interaction, Press], Awaitable[None]]
_DISMISS = ids.button("dismiss")


class Presses:
    """Serves presses; all that one needs is in its id, so that messages of any age work."""

    def __init__(self, curating: Curating) -> None:
        self._desk = curating.desk
        self._actions: Mapping[str, _Action] = {
            "pick": self._pick,
            "read": self._read,
            "reveal": self._reveal,
            "source": self._source,
            "more": self._more,
            "up": self._vote,
            "down": self._vote,
            "reason": self._reason,
            "wait": self._wait,
            "dismiss": self._dismiss,
            "group": self._group,
            "sub": self._subject,
            **dict.fromkeys(ACTIONS, curating.pressed),
        }

    async def pressed(self, interaction: Interaction, press: Press) -> None:
        """Serves one press; one that this version doesn't know gets a kind line."""
        action = self._actions.get(press.action) if press.version == ids.VERSION else None
        await self._desk.serve(interaction, partial(action or _outdated, interaction, press))

    async def _pick(self, interaction: Interaction, press: Press) -> None:
        """The asker's pick takes the place of the choices; anybody else's is shown to them alone."""
        reply = await self._entry(interaction, press.rest)
        if reply is None:
            return
        if interaction.message:
            self._desk.notes.picked(str(interaction.message.id), press.rest)
        owner = asker_of(interaction.message)
        if owner not in (None, interaction.user.id) or reply.kind != "answer":
            await respond(interaction, render.render(reply), ephemeral=True)
            return
        payload = render.render(reply, asker=owner)
        await replace(interaction, payload)
        if owner is not None and interaction.message:
            await self._desk.posted(reply, places.of_interaction(interaction), interaction.message.id)

    async def _read(self, interaction: Interaction, press: Press) -> None:
        """An entry that was chosen while browsing."""
        reply = await self._entry(interaction, press.value)
        if reply:
            await respond(interaction, render.render(reply), ephemeral=True)

    async def _entry(self, interaction: Interaction, entry: str) -> Reply | None:
        return await self._shown(interaction, RecordId("entry", entry))

    async def _reveal(self, interaction: Interaction, press: Press) -> None:
        reply = await self._shown(interaction, ids.record(press.rest))
        if reply:
            await respond(interaction, render.render(reply, revealed=True), ephemeral=True)

    async def _shown(self, interaction: Interaction, record: RecordId) -> Reply | None:
        """A record; None where a line was said instead."""
        place = places.of_interaction(interaction)
        if await self._desk.refuses(interaction, place):
            return None
        reply = await records.shown(self._desk.host, record, place.conversation, age_restricted=place.age_restricted)
        if reply is None:
            await _say(interaction, notices.RETIRED)
        return reply

    async def _source(self, interaction: Interaction, press: Press) -> None:
        allowed = places.of_interaction(interaction).age_restricted
        found = await records.sources(self._desk.host, ids.record(press.rest), age_restricted=allowed)
        payload = render.notice(found) if isinstance(found, str) else render.cited(found)
        await respond(interaction, payload, ephemeral=True)

    async def _more(self, interaction: Interaction, press: Press) -> None:
        place = places.of_interaction(interaction)
        if await self._desk.refuses(interaction, place):
            return
        noted = await self._desk.asking.another(ids.request(press.rest), place, _buttons(interaction.message))
        if noted is None:
            await _say(interaction, notices.RETIRED)
            return
        private = interaction.message is not None and interaction.message.flags.ephemeral  # such as a page of /topics
        await self._desk.answer(interaction, noted, private=private)

    async def _vote(self, interaction: Interaction, press: Press) -> None:
        desk, member = self._desk, str(interaction.user.id)
        panel = members.vote(desk.host, desk.office, ids.record(press.rest), press.action, PLATFORM, member)
        await respond(interaction, panels.payload_of(panel), ephemeral=True)

    async def _reason(self, interaction: Interaction, press: Press) -> None:
        line = members.gave_reason(self._desk.office, press.rest, PLATFORM, str(interaction.user.id))
        await replace(interaction, render.notice(line))

    async def _wait(self, interaction: Interaction, press: Press) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        office, member = self._desk.office, str(interaction.user.id)
        line = await members.wait(office, press.rest, PLATFORM, member, address_of(interaction))
        await _say(interaction, line)

    async def _dismiss(self, interaction: Interaction, press: Press) -> None:
        if press.rest != str(interaction.user.id) and not _moderates(interaction):
            await _say(interaction, notices.DISMISS_REFUSED)
            return
        await interaction.response.defer()
        with suppress(discord.NotFound):  # another press was faster
            await interaction.delete_original_response()
        if interaction.message:
            await self._desk.links.removed(interaction.message.id)

    async def _group(self, interaction: Interaction, press: Press) -> None:
        topics = self._desk.host.topics(age_restricted=places.of_interaction(interaction).age_restricted)
        group, _, page = press.rest.partition(".")
        await self._turn(interaction, browse.group_page(topics, group, ids.number(page)))

    async def _subject(self, interaction: Interaction, press: Press) -> None:
        """A subject's page: its key comes from a select, or behind the page number from a button."""
        topics = self._desk.host.topics(age_restricted=places.of_interaction(interaction).age_restricted)
        group, _, rest = press.rest.partition(".")
        page, _, key = rest.partition(".")
        await self._turn(interaction, browse.subject_page(topics, group, press.value or key, ids.number(page)))

    async def _turn(self, interaction: Interaction, page: Payload | None) -> None:
        if page is None:
            await _say(interaction, notices.RETIRED)
        else:
            await replace(interaction, page)


def asker_of(message: discord.Message | None) -> int | None:
    """Who may dismiss a message, as its Dismiss button says."""
    askers = [custom_id.removeprefix(_DISMISS) for custom_id in _buttons(message) if custom_id.startswith(_DISMISS)]
    return int(askers[0]) if askers and askers[0].isdecimal() else None


def _buttons(message: discord.Message | None) -> list[str]:
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)] if message else []
    return [str(getattr(part, "custom_id", "")) for row in rows for part in row.children]


def _moderates(interaction: Interaction) -> bool:
    return interaction.guild_id is not None and interaction.permissions.manage_messages


async def _say(interaction: Interaction, line: str) -> None:
    await respond(interaction, render.notice(line), ephemeral=True)


async def _outdated(interaction: Interaction, press: Press) -> None:
    del press
    await _say(interaction, notices.OUTDATED)
