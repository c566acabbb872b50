"""Questions in messages: mentions, replies to Herald and direct messages; their edits and deletions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import aiohttp
import discord
import structlog

from adapters.discord import places, render
from adapters.discord.components import view_of
from adapters.discord.desk import PLATFORM, Desk
from adapters.discord.places import Place
from adapters.discord.render import Payload
from bot import notices
from bot.claims import Claim, Job
from bot.guard import say_nothing
from bot.links import Link
from bot.noting import Noted
from bot.typed import has_words

__all__ = ["Questions", "asked_in", "question_of"]

_TOKENS = re.compile(r"<(?:@[!&]?|#|a?:\w+:|/[^:<>]+:)\d+>|<(?:t|id):[^<>]+>")
_KINDS = (discord.MessageType.default, discord.MessageType.reply)
_SILENCED = 1000


def question_of(content: str) -> str:
    """A message's words without mentions and custom emoji; empty where nothing that is left is a word."""
    text = " ".join(_TOKENS.sub(" ", content).split())
    return text if has_words(text) else ""


def asked_in(message: discord.Message) -> str:
    """The words of a message, or of the one that it forwards, whose words stand apart."""
    forwarded = (snapshot.content for snapshot in message.message_snapshots)
    return question_of(" ".join((message.content, *forwarded)))


@dataclass(frozen=True, slots=True)
class Question:
    """A question in a message, with all that it takes to answer it, in this process or another.

    Attributes:
        message: id of the message that asked.
        target: id of the one to reply to: a bare mention in a reply hands on the message replied to.
        text: the question's words; empty where there are none, or none that Discord shows.
        bare: whether there is nothing but a mention.
        known: whether Herald may refer to earlier messages there.
    """

    place: Place
    message: int
    target: int
    text: str
    bare: bool
    known: bool

    @property
    def own(self) -> str:
        """The words of the message that asked, whose edits are followed."""
        return self.text if self.target == self.message else ""

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> Question:
        """What :func:`dataclasses.asdict` made of one."""
        return cls(**{**payload, "place": Place(**payload["place"])})


class Questions:
    """Answers messages that are addressed to Herald, and no other."""

    def __init__(self, desk: Desk, client: discord.Client) -> None:
        self._desk = desk
        self._client = client
        self._silent: set[int] = set()  # channels where it is known that Herald may not write

    async def asked(self, message: discord.Message) -> None:
        """Answers a message, if it is for Herald."""
        if not self._desk.flight.closing and self._addressed(message) and self._speaks(message):
            await self._serve(self._read(message))

    async def left(self, payload: Mapping[str, Any]) -> None:
        """Answers what another process left or died over."""
        await self._serve(Question.read(payload))

    async def edited(self, message: discord.Message) -> None:
        """Answers anew in the same place if the asker edits the question soon."""
        text = question_of(message.content)
        if self._desk.flight.closing or not text or not message.edited_at:
            return
        if await self._desk.links.edited(message.id, text):
            claim = Claim(f"edit:{message.id}:{message.edited_at.timestamp()}")
            await self._desk.once(claim, partial(self._answer_anew, message, text), say_nothing)

    async def deleted(self, message: int) -> None:
        """Takes the answer away with its question."""
        link = await self._desk.links.removed(message)
        if link:
            await self._desk.once(Claim(f"delete:{message}"), partial(self._remove, link), say_nothing)

    def _addressed(self, message: discord.Message) -> bool:
        me = self._client.user
        if me is None or message.author.bot or message.webhook_id or message.type not in _KINDS:
            return False
        replied = _replied_to(message)
        to_me = replied is not None and replied.author.id == me.id and bool(message.content)
        return places.guild_of(message) is None or to_me or any(user.id == me.id for user in message.mentions)

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

    def _read(self, message: discord.Message) -> Question:
        text, target = self._question(message)
        bare, known = target is message and _readable(message), places.reads_history(message.channel)
        return Question(places.of_message(message), message.id, target.id, text, bare, known)

    def _question(self, message: discord.Message) -> tuple[str, discord.Message]:
        """The question and the message to reply to."""
        text, replied = asked_in(message), _replied_to(message)
        if text or replied is None or replied.author.id == getattr(self._client.user, "id", 0):
            return text, message
        return asked_in(replied), replied

    async def _serve(self, question: Question) -> None:
        claim = Claim(f"message:{question.message}", Job(PLATFORM, asdict(question)))
        await self._desk.once(claim, partial(self._answer, question, claim), partial(self._apologize, question))

    async def _answer(self, question: Question, claim: Claim) -> None:
        if await self._refused(question, claim):
            return
        link = await self._desk.links.begin(question.message, question.place.channel, question.own)
        async with link.lock:
            payload, noted = await self._payload(question)
            if link.deleted or claim.lost:
                return
            sent = await self._send(question, payload)
            claim.message = str(sent)
            if not await self._desk.links.answered(link, sent):
                await self._take_away(link)
            elif noted:
                await self._posted(noted, question.place, sent)

    async def _refused(self, question: Question, claim: Claim) -> bool:
        """Whether it comes too soon; the first that does gets a line. What another process died over was counted."""
        if claim.tries > 1:
            return False
        refusal = await self._desk.host.limits.take(question.place.member, question.place.channel)
        if refusal and refusal.first:
            line = render.notice(notices.too_fast(refusal.wait))
            await self._send(replace(question, target=question.message), line, silent=True)
        return refusal is not None

    async def _payload(self, question: Question) -> tuple[Payload, Noted | None]:
        place = question.place
        if not question.text:
            greeting = self._desk.host.greeting(age_restricted=place.age_restricted)
            shown = render.render(greeting, asker=place.member) if question.bare else render.notice(notices.NO_TEXT)
            return shown, None
        noted = await self._desk.asking.ask(question.text, place)
        if earlier := await self._desk.repeated(noted.reply, place):
            return earlier, None
        return render.render(noted.reply, asker=place.member, wait=noted.wait), noted

    async def _posted(self, noted: Noted, place: Place, message: int) -> None:
        self._desk.notes.posted(noted, str(message))
        await self._desk.posted(noted.reply, place, message)

    async def _send(self, question: Question, payload: Payload, *, silent: bool = False) -> int:
        """A regular reply, which a follow-up by reply reaches again; it pings nobody.

        The question's id goes along as nonce, by which Discord takes an answer once: when it is sent again after a lost
        connection, and when another process takes over what this one died over.
        """
        place = question.place
        to = discord.MessageReference(
            message_id=question.target, channel_id=place.channel, guild_id=place.guild, fail_if_not_exists=False
        )
        where: dict[str, Any] = {"reference": to, "mention_author": False} if question.known else {}
        common: dict[str, Any] = {"suppress_embeds": True, "silent": silent, "nonce": question.message, **where}
        channel = self._client.get_partial_messageable(place.channel, guild_id=place.guild)
        send = partial(channel.send, payload.content, view=view_of(payload), **common)
        try:
            return (await send()).id
        except (OSError, aiohttp.ClientError):  # whether it arrived can't be known
            return (await send()).id

    async def _apologize(self, question: Question, line: str) -> None:
        await self._send(replace(question, target=question.message), render.notice(line))

    async def _answer_anew(self, message: discord.Message, text: str) -> None:
        desk, place = self._desk, places.of_message(message)
        link = await desk.links.edited(message.id, text)
        if link is None or await desk.host.limits.take(place.member, place.channel):
            return
        async with link.lock:
            answer = await desk.links.awaited(link)
            if answer is None or link.deleted:
                return
            await desk.links.changed(link, text)
            noted = await self._desk.asking.ask(text, place)
            if await self._replace(link, answer, render.render(noted.reply, asker=place.member, wait=noted.wait)):
                await self._posted(noted, place, answer)

    async def _replace(self, link: Link[int], answer: int, payload: Payload) -> bool:
        """Whether the answer could be edited; one that is gone is forgotten."""
        message = self._client.get_partial_messageable(link.channel).get_partial_message(answer)
        try:
            await message.edit(content=payload.content, view=view_of(payload))
        except discord.NotFound:
            await self._desk.links.removed(link.question)
            return False
        return True

    async def _remove(self, link: Link[int]) -> None:
        async with link.lock:  # an answer under way is taken away as soon as it is there
            await self._take_away(link)

    async def _take_away(self, link: Link[int]) -> None:
        answer, link.answer = link.answer, None
        if answer is not None:
            with suppress(discord.NotFound):
                await self._client.get_partial_messageable(link.channel).get_partial_message(answer).delete()


def _readable(message: discord.Message) -> bool:
    """Whether Discord shows Herald the message: a reply to a command's answer pings it, and comes without its words."""
    return places.guild_of(message) is None or bool(message.content)


def _replied_to(message: discord.Message) -> discord.Message | None:
    """The message that a message replies to, where Discord sent it along."""
    resolved = message.reference.resolved if message.reference else None
    return resolved if isinstance(resolved, discord.Message) else None
