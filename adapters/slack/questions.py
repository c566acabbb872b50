"""Questions in messages: mentions, direct messages and channels that are answered by themselves."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import partial

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import render
from adapters.slack.desk import Desk
from adapters.slack.places import Body, Place
from adapters.slack.render import Payload
from adapters.slack.surfaces import Message
from bot import notices
from bot.curation.asked import Asked
from bot.guard import say_nothing
from bot.links import Link
from bot.noting import Noted
from bot.typed import has_words

__all__ = ["Questions", "question_of"]

_TOKENS = re.compile(r"<(?:@|!|#)[^>]*>|(?<!\S):[a-z0-9_+'-]+:(?!\S)")
_LINKS = re.compile(r"<(?:(?:https?://|mailto:|tel:)[^>|]*)(?:\|([^>]*))?>")
_KINDS = (None, "file_share", "thread_broadcast")
_SURE = ("answer", "quote")  # kinds that are given where nobody asked Herald itself


def question_of(text: str) -> str:
    """A message's words: without mentions and custom emoji, links by their labels; empty where no word is left."""
    words = _TOKENS.sub(" ", _LINKS.sub(lambda link: link[1] or " ", text))
    plain = words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return " ".join(plain.split()) if has_words(plain) else ""


class Questions:
    """Answers messages that are addressed to Herald, and those in the channels where it answers by itself."""

    def __init__(self, desk: Desk, auto: frozenset[str]) -> None:
        """Takes the ids of the channels where a question need not be addressed."""
        self._desk = desk
        self._auto = auto
        self._status_refused: set[str] = set()  # workspaces without the agent surface

    def asked(self, event: Body, team: str, me: str, client: AsyncWebClient) -> None:
        """Serves a message, if it is for Herald; one that comes as a mention and as a message counts once."""
        if event.get("subtype") not in _KINDS or event.get("bot_id") or not event.get("user") or event["user"] == me:
            return
        addressed = event["type"] == "app_mention" or f"<@{me}" in event.get("text", "")
        place = self._desk.places.of_message(event, team)
        unasked = not addressed and not place.direct
        if unasked and (place.channel not in self._auto or event.get("thread_ts")):
            return
        name = self._desk.name(place.channel, event["ts"])
        line = self._desk.outbox.lines.enter(place.channel)
        surface = Message(self._desk.outbox, client, place, f"{team}:{name}", line)
        work = partial(self._unasked if unasked else self._answer, event, surface)
        if unasked:
            self._desk.begin(f"message:{team}:{name}", work, say_nothing, line.leave)
        else:
            self._desk.serve(f"message:{team}:{name}", surface, work, line.leave)

    def edited(self, event: Body, team: str, client: AsyncWebClient) -> None:
        """Answers anew in the same place if the asker edits the question soon; Slack tells of direct messages only."""
        message, channel = event.get("message") or {}, event["channel"]
        name, text = self._desk.name(channel, message.get("ts", "")), question_of(message.get("text", ""))
        if not text or message.get("bot_id") or not self._desk.links.edited(name, text):
            return
        place = self._desk.places.of_message({**message, "channel": channel}, team)
        key = f"edit:{team}:{name}:{event.get('event_ts')}"
        self._desk.begin(key, partial(self._answer_anew, name, text, place, client), say_nothing)

    def deleted(self, event: Body, team: str, client: AsyncWebClient) -> None:
        """Takes the answer away with its question."""
        name = self._desk.name(event["channel"], event.get("deleted_ts", ""))
        link = self._desk.links.removed(name)
        if link:
            self._desk.begin(f"delete:{team}:{name}", partial(self._remove, link, client), say_nothing)

    async def _answer(self, event: Body, surface: Message) -> None:
        place, text = surface.place, question_of(event.get("text", ""))
        refusal = self._desk.host.limits.take(place.asker, place.room)
        if refusal:
            if refusal.first:
                await surface.whisper(render.notice(notices.too_fast(refusal.wait)))
            return
        link = self._desk.links.begin(self._desk.name(place.channel, event["ts"]), place.channel, text)
        async with link.lock:
            await self._working(event, surface)
            if text:
                noted = await self._ask(text, place)
                link.answer = await self._desk.answer(surface.client, surface, place, noted)
            else:
                link.answer = await surface.answer(self.greeting(place))
            if link.deleted and link.answer:
                await self._take_away(link, surface.client)

    async def _unasked(self, event: Body, surface: Message) -> None:
        """Answers where nobody asked Herald itself: only what it is sure of, and says nothing else."""
        place, text = surface.place, question_of(event.get("text", ""))
        if not text or self._desk.host.limits.take(place.asker, place.room):
            return
        noted = await self._ask(text, place)
        if noted.reply.kind in _SURE:
            await self._desk.answer(surface.client, surface, place, noted)

    async def _ask(self, text: str, place: Place) -> Noted:
        answering = self._desk.host.ask(text, place.conversation, age_restricted=place.age_restricted)
        return await self._desk.notes.answered(Asked(text, "slack", place.name), answering)

    def greeting(self, place: Place) -> Payload:
        """What a mention without a question gets."""
        return render.render(self._desk.host.greeting(age_restricted=place.age_restricted), asker=place.member)

    async def _working(self, event: Body, surface: Message) -> None:
        """Shows in an agent's chat that Herald is at it; where that isn't offered, it isn't tried again."""
        place = surface.place
        if not place.direct or not event.get("thread_ts") or place.team in self._status_refused:
            return
        try:
            await surface.client.assistant_threads_setStatus(
                channel_id=place.channel, thread_ts=event["thread_ts"], status=notices.WORKING
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            self._status_refused.add(place.team)

    async def _answer_anew(self, name: str, text: str, place: Place, client: AsyncWebClient) -> None:
        link = self._desk.links.edited(name, text)
        if link is None or self._desk.host.limits.take(place.asker, place.room):
            return
        async with link.lock:
            if link.answer is None or link.deleted:
                return
            self._desk.links.changed(link, text)
            noted = await self._ask(text, place)
            payload = render.render(noted.reply, asker=place.member, wait=noted.wait)
            with suppress(SlackApiError):  # the answer was dismissed
                await self._desk.outbox.update(client, link.channel, link.answer, payload)

    async def _remove(self, link: Link[str], client: AsyncWebClient) -> None:
        async with link.lock:
            if link.answer:
                await self._take_away(link, client)

    async def _take_away(self, link: Link[str], client: AsyncWebClient) -> None:
        answer, link.answer = link.answer, None
        with suppress(SlackApiError):  # it is gone already
            await client.chat_delete(channel=link.channel, ts=str(answer))
