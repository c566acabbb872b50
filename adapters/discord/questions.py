"""Questions in messages: mentions, replies to Herald and direct messages; their edits and deletions."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import aiohttp
import discord
import structlog

from adapters.discord import places, render
from adapters.discord.components import view_of
from adapters.discord.desk import Desk
from adapters.discord.places import Place
from adapters.discord.render import Payload
from bot import notices
from bot.curation.asked import Asked
from bot.guard import say_nothing
from bot.links import Link
from bot.noting import Noted
from bot.typed import has_words

__all__ = ["Questions", "question_of"]

_TOKENS = re.compile(r"<(?:@[!&]?|#|a?:\w+:|/[^:<>]+:)\d+>|<(?:t|id):[^<>]+>")
_KINDS = (discord.MessageType.default, discord.MessageType.reply)
_SILENCED = 1000


def question_of(content: str) -> str:
    """A message's words without mentions and custom emoji; empty where nothing that is left is a word."""
    text = " ".join(_TOKENS.sub(" ", content).split())
    return text if has_words(text) else ""


class Questions:
    """Answers messages that are addressed to Herald, and no other."""

    def __init__(self, desk: Desk, client: discord.Client) -> None:
        self._desk = desk
        self._client = client
        self._silent: set[int] = set()  # channels where it is known that Herald may not write

    async def asked(self, message: discord.Message) -> None:
        """Answers a message, if it is for Herald."""
        if self._desk.flight.closing or not self._addressed(message) or not self._speaks(message):
            return
        await self._desk.guard(partial(self._answer, message), partial(self._apologize, message))

    async def edited(self, message: discord.Message) -> None:
        """Answers anew in the same place if the asker edits the question soon."""
        text = question_of(message.content)
        if self._desk.flight.closing or not text or not self._desk.links.edited(message.id, text):
            return
        await self._desk.guard(partial(self._answer_anew, message, text), say_nothing)

    async def deleted(self, message: int) -> None:
        """Takes the answer away with its question."""
        link = self._desk.links.removed(message)
        if link:
            await self._desk.guard(partial(self._remove, link), say_nothing)

    def _addressed(self, message: discord.Message) -> bool:
        me = self._client.user
        if me is None or message.author.bot or message.webhook_id or message.type not in _KINDS:
            return False
        replied = _replied_to(message)
        to_me = replied is not None and replied.author.id == me.id and bool(message.content)
        return message.guild is None or to_me or any(user.id == me.id for user in message.mentions)

    def _speaks(self, message: discord.Message) -> bool:
        """Whether Herald may write there; where not, the log says so once."""
        channel = message.channel
        if places.may_send(channel):
            self._silent.discard(channel.id)
            return True
        if channel.id not in self._silent and len(self._silent) < _SILENCED:
            self._silent.add(channel.id)
            structlog.get_logger().warning("missing permission to send messages", channel=channel.id)
        return False

    async def _answer(self, message: discord.Message) -> None:
        place = places.of_message(message)
        if await self._refused(message, place):
            return
        text, target = self._question(message)
        link = self._desk.links.begin(message.id, place.channel, question_of(message.content))
        async with link.lock:
            payload, noted = await self._payload(text, place, bare=target is message and _readable(message))
            if link.deleted:
                return
            sent = await self._send(target, payload, asked=message.id)
            link.answer = sent.id
            if noted:
                self._posted(noted, place, sent.id)

    async def _refused(self, message: discord.Message, place: Place) -> bool:
        """Whether it comes too soon; the first that does gets a line, and no other."""
        refusal = self._desk.host.limits.take(place.member, place.channel)
        if refusal and refusal.first:
            await self._send(message, render.notice(notices.too_fast(refusal.wait)), asked=message.id, silent=True)
        return refusal is not None

    def _question(self, message: discord.Message) -> tuple[str, discord.Message]:
        """The question and the message to reply to: a bare mention in a reply hands on the message replied to."""
        text, replied = question_of(message.content), _replied_to(message)
        if text or replied is None or replied.author.id == getattr(self._client.user, "id", 0):
            return text, message
        return question_of(replied.content), replied

    async def _payload(self, text: str, place: Place, *, bare: bool) -> tuple[Payload, Noted | None]:
        if not text:
            greeting = self._desk.host.greeting(age_restricted=place.age_restricted)
            return (render.render(greeting, asker=place.member) if bare else render.notice(notices.NO_TEXT)), None
        noted = await self._asked(text, place)
        if earlier := self._desk.repeated(noted.reply, place):
            return earlier, None
        return render.render(noted.reply, asker=place.member, wait=noted.wait), noted

    async def _asked(self, text: str, place: Place) -> Noted:
        answering = self._desk.host.ask(text, place.conversation, age_restricted=place.age_restricted)
        return await self._desk.notes.answered(Asked(text, "discord", place.name), answering)

    def _posted(self, noted: Noted, place: Place, message: int) -> None:
        self._desk.notes.posted(noted, str(message))
        self._desk.posted(noted.reply, place, message)

    async def _send(
        self, to: discord.Message, payload: Payload, *, asked: int, silent: bool = False
    ) -> discord.Message:
        """A regular reply, which a follow-up by reply reaches again; it pings nobody.

        The question's id (``asked``) goes along as nonce, by which Discord takes an answer once: when it is sent again
        after a lost connection, and when two processes overlap while one takes the other's place.
        """
        known = places.reads_history(to.channel)
        where = {"reference": to.to_reference(fail_if_not_exists=False), "mention_author": False} if known else {}
        common: dict[str, Any] = {"suppress_embeds": True, "silent": silent, "nonce": asked, **where}
        send = partial(to.channel.send, payload.content, view=view_of(payload), **common)
        try:
            return await send()
        except (OSError, aiohttp.ClientError):  # whether it arrived can't be known
            return await send()

    async def _apologize(self, message: discord.Message, line: str) -> None:
        await self._send(message, render.notice(line), asked=message.id)

    async def _answer_anew(self, message: discord.Message, text: str) -> None:
        link = self._desk.links.edited(message.id, text)
        place = places.of_message(message)
        if link is None or self._desk.host.limits.take(place.member, place.channel):
            return
        async with link.lock:
            if link.answer is None or link.deleted:
                return
            self._desk.links.changed(link, text)
            noted = await self._asked(text, place)
            if await self._replace(link, render.render(noted.reply, asker=place.member, wait=noted.wait)):
                self._posted(noted, place, link.answer)

    async def _replace(self, link: Link[int], payload: Payload) -> bool:
        """Whether the answer could be edited; one that is gone is forgotten."""
        answer = self._client.get_partial_messageable(link.channel).get_partial_message(link.answer or 0)
        try:
            await answer.edit(content=payload.content, view=view_of(payload))
        except discord.NotFound:
            self._desk.links.removed(link.question)
            return False
        return True

    async def _remove(self, link: Link[int]) -> None:
        async with link.lock:  # an answer under way is taken away as soon as it is there
            if link.answer is None:
                return
            try:
                channel = self._client.get_partial_messageable(link.channel)
                await channel.get_partial_message(link.answer).delete()
            except discord.NotFound:
                pass


def _readable(message: discord.Message) -> bool:
    """Whether Discord shows Herald the message: a reply to a command's answer pings it, and comes without its words."""
    return message.guild is None or bool(message.content)


def _replied_to(message: discord.Message) -> discord.Message | None:
    """The message that a message replies to, where Discord sent it along."""
    resolved = message.reference.resolved if message.reference else None
    return resolved if isinstance(resolved, discord.Message) else None
