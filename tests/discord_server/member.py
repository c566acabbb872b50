"""A member: somebody who writes, clicks and types as people do."""

from __future__ import annotations

from typing import Any

from tests.discord_server import interaction_payloads, offers
from tests.discord_server.interactions import Answer, Interaction, InteractionKind, Interactions
from tests.discord_server.mentions import mentioned
from tests.discord_server.model import Channel, Message, Payload, User, components_of
from tests.discord_server.world import World

__all__ = ["Member"]

_CHAT, _MESSAGE_MENU = 1, 3
_BUTTON, _LINK = 2, 5


class Member:
    """Acts for one user; each method returns as soon as Discord has told the bot."""

    def __init__(self, user: User, world: World, interactions: Interactions) -> None:
        self.user = user
        self._world = world
        self._interactions = interactions

    async def says(self, place: Channel, text: str, *, reply_to: Message | None = None, ping: bool = True) -> Message:
        """Writes a message.

        Args:
            reply_to: the message that it replies to.
            ping: whether the reply notifies that message's author; a response to an interaction never counts.
        """
        message = Message(self._world.ids.next(), place, self.user, text)
        named = list(mentioned(text, self._world.users))
        if reply_to:
            message.reply_to = reply_to.id
            if ping and not (reply_to.origin and reply_to.author is self._world.bot):
                named.append(reply_to.author)
        message.mentions = tuple(dict.fromkeys(named))
        return await self._world.post(message)

    async def mentions(self, place: Channel, text: str = "", *, reply_to: Message | None = None) -> Message:
        """Writes a message to the bot."""
        return await self.says(place, f"{self._world.bot.mention} {text}".rstrip(), reply_to=reply_to)

    async def dms(self, text: str) -> Message:
        """Writes to the bot in private."""
        return await self.says(self.dm, text)

    @property
    def dm(self) -> Channel:
        """The conversation with the bot."""
        return self._world.dm(self.user, self._world.bot)

    async def edits(self, message: Message, text: str) -> None:
        """Changes a message of one's own."""
        message.content = text
        message.mentions = mentioned(text, self._world.users)
        await self._world.edit(message)

    async def deletes(self, message: Message) -> None:
        """Deletes a message."""
        await self._world.delete(message)

    async def slash(self, place: Channel, command: str, *, overridden: bool = False, **options: Any) -> Interaction:
        """Uses a slash command.

        Args:
            command: its name, with that of the subcommand after it ("herald reload").
            overridden: the guild's admins gave this member the command.

        Raises:
            NotOffered: Discord's client wouldn't let them.
        """
        name, *path = command.split()
        found = offers.find(self._world, _CHAT, name, place, self.user, overridden=overridden)
        data = _command(found, options=offers.entered(found, path, options))
        return await self._does(InteractionKind.COMMAND, place, data)

    async def types(self, place: Channel, command: str, option: str, text: str, **others: Any) -> Interaction:
        """Types into an option that is completed.

        Raises:
            NotOffered: Discord's client wouldn't let them.
        """
        name, *path = command.split()
        found = offers.find(self._world, _CHAT, name, place, self.user)
        data = _command(found, options=offers.entered(found, path, {**others, option: text}, option))
        return await self._does(InteractionKind.AUTOCOMPLETE, place, data)

    async def picks_from_menu(self, message: Message, name: str) -> Interaction:
        """Uses a message's context menu.

        Raises:
            NotOffered: the menu hasn't got that here.
        """
        found = offers.find(self._world, _MESSAGE_MENU, name, message.channel, self.user)
        shown = interaction_payloads.revealed(message, self._world.bot)
        data = _command(found, target_id=str(message.id), resolved={"messages": {str(message.id): shown}})
        return await self._does(InteractionKind.COMMAND, message.channel, data)

    async def clicks(self, message: Message, name: str) -> Interaction:
        """Clicks a button, by its label or custom_id.

        Raises:
            NotOffered: the message can't be seen, or the button can't be clicked.
        """
        item = self._clickable(message, name)
        if item["type"] != _BUTTON or item.get("style") == _LINK:
            raise offers.NotOffered(f"{name!r} is no button that the bot hears of")
        data = {"custom_id": item["custom_id"], "component_type": _BUTTON}
        return await self._does(InteractionKind.COMPONENT, message.channel, data, message)

    async def selects(self, message: Message, *values: str, custom_id: str = "") -> Interaction:
        """Picks options of a select by their values; the only select, where no custom_id is given.

        Raises:
            NotOffered: the message can't be seen, or there is no such option.
        """
        selects = [item["custom_id"] for item in components_of(message.components) if item["type"] == 3]
        item = self._clickable(message, custom_id or selects[0])
        unknown = set(values) - {option["value"] for option in item["options"]}
        if unknown or not item.get("min_values", 1) <= len(values) <= item.get("max_values", 1):
            raise offers.NotOffered(f"the select does not take {values}; there are {item['options']}")
        data = {"custom_id": item["custom_id"], "component_type": 3, "values": list(values)}
        return await self._does(InteractionKind.COMPONENT, message.channel, data, message)

    async def submits(self, asked: Interaction, **texts: str) -> Interaction:
        """Fills in a modal that a response opened; texts go by custom_id.

        Raises:
            NotOffered: there was no modal, or it lacks such an input.
        """
        if asked.answer is not Answer.MODAL:
            raise offers.NotOffered("the response opened no modal")
        inputs = [item["custom_id"] for item in components_of(asked.data["components"]) if item["type"] == 4]
        if set(texts) - set(inputs):
            raise offers.NotOffered(f"the modal has the inputs {inputs}")
        components = [_filled(item, texts) for item in asked.data["components"]]
        data = {"custom_id": asked.data["custom_id"], "components": components}
        return await self._does(InteractionKind.MODAL, asked.channel, data, asked.message)

    def _clickable(self, message: Message, name: str) -> Payload:
        if message.deleted or message.viewer not in (None, self.user):
            raise offers.NotOffered(f"{self.user.name} does not see that message")
        item = message.component(name)
        if item.get("disabled"):
            raise offers.NotOffered(f"{name!r} is disabled")
        return item

    async def _does(
        self, kind: InteractionKind, place: Channel, data: Payload, message: Message | None = None
    ) -> Interaction:
        found = self._interactions.begin(self._world.ids.next(), kind, self.user, place, message)
        payload = interaction_payloads.event(found, data, self._world)
        await self._world.dispatch("INTERACTION_CREATE", lambda _: payload, place.guild)
        return found


def _command(found: Payload, **more: Any) -> Payload:
    return {"id": found["id"], "name": found["name"], "type": found["type"], "resolved": {}, **more}


def _filled(item: Payload, texts: dict[str, str]) -> Payload:
    if item["type"] == 18:
        return {"type": 18, "id": 1, "component": _filled(item["component"], texts)}
    if item["type"] == 1:
        return {"type": 1, "id": 1, "components": [_filled(inner, texts) for inner in item["components"]]}
    if item["type"] != 4:
        return item
    return {"type": 4, "id": 1, "custom_id": item["custom_id"], "value": texts.get(item["custom_id"], "")}
