"""Questions in messages: mentions, direct messages and channels that are answered by themselves."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from functools import partial

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import render
from adapters.slack.desk import PLATFORM, Desk
from adapters.slack.places import Body, Place
from adapters.slack.remembered import Key
from adapters.slack.render import Payload
from adapters.slack.surfaces import Message
from bot import notices
from bot.claims import Claim, Job
from bot.guard import say_nothing
from bot.links import Link
from bot.typed import has_words

__all__ = ["Questions", "question_of"]

# No part of them goes beyond another "<": else a long text of these alone would take its square.
# Emoji may stand in a row, with a tone of skin, and beside punctuation; their names are in any script, but lowercase.
_TOKENS = re.compile(r"<(?:@|!|#)[^<>]*>|(?<!\w)(?::(?:[^\WA-Z]|[+'-])+:)+(?!\w)")
_LINKS = re.compile(r"<(?:(?:https?://|mailto:|tel:)[^<>|]*)(?:\|([^<>]*))?>")
_KINDS = (None, "file_share", "thread_broadcast")
_TOMBSTONE = "tombstone"  # what a deleted message with replies is changed to
_KEPT = ("type", "subtype", "channel", "channel_type", "user", "text", "ts", "thread_ts")
_STATUS_AGAIN = 600.0  # seconds until a workspace is asked again that refused a status
_SURE = ("answer", "quote")  # kinds that are given where nobody asked Herald itself


def question_of(text: str) -> str:
    """A message's words: without mentions and emoji, links by their labels; empty where no word is left."""
    words = _TOKENS.sub(" ", _LINKS.sub(lambda link: link[1] or " ", text))
    plain = words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return " ".join(plain.split()) if has_words(plain) else ""


class Questions:
    """Answers messages that are addressed to Herald, and those in the channels where it answers by itself."""

    def __init__(self, desk: Desk, auto: frozenset[str]) -> None:
        """Takes the ids of the channels where a question need not be addressed."""
        self._desk = desk
        self._auto = auto
        self._status_refused: dict[str, float] = {}  # when, by workspace: perhaps it has no agent surface

    async def asked(self, event: Body, team: str, me: str, client: AsyncWebClient, key: Key) -> None:
        """Serves a message, if it is for Herald; one that comes as a mention and as a message counts once."""
        if event.get("subtype") not in _KINDS or event.get("bot_id") or not event.get("user") or event["user"] == me:
            return
        addressed = event["type"] == "app_mention" or f"<@{me}" in (event.get("text") or "")
        place = self._desk.places.of_message(event, team)
        unasked = not addressed and not place.direct
        if unasked and (place.channel not in self._auto or event.get("thread_ts")):
            return
        name = self._desk.name(place.channel, event["ts"])
        claim = Claim(f"message:{team}:{name}", Job(PLATFORM, {"team": team, "key": key, "event": _needed(event)}))
        line = self._desk.outbox.lines.enter(place.channel)
        surface = Message(self._desk.outbox, client, place, f"{team}:{name}", line, claim)
        if unasked:
            await self._desk.begin(claim, partial(self._unasked, event, surface), say_nothing, line.leave)
        else:
            await self._desk.serve(claim, surface, partial(self._answer, event, surface), line.leave)

    async def left(self, payload: Body, me: str, client: AsyncWebClient) -> None:
        """Serves what another process left or died over."""
        enterprise, team = payload["key"]
        await self.asked(payload["event"], payload["team"], me, client, (enterprise, team))

    async def edited(self, event: Body, team: str, client: AsyncWebClient) -> None:
        """Answers anew in the same place if the asker edits the question soon; Slack tells of direct messages only."""
        message, channel = event.get("message") or {}, event["channel"]
        if message.get("subtype") == _TOMBSTONE:
            await self.deleted({**event, "deleted_ts": message.get("ts", "")}, team, client)
            return
        name, text = self._desk.name(channel, message.get("ts", "")), question_of(message.get("text") or "")
        if message.get("subtype") not in _KINDS or not text or message.get("bot_id") or not message.get("user"):
            return
        place = self._desk.places.of_message({**message, "channel": channel}, team)
        claim = Claim(f"edit:{team}:{name}:{event.get('event_ts')}")
        await self._desk.begin(claim, partial(self._answer_anew, name, text, place, client), say_nothing)

    async def deleted(self, event: Body, team: str, client: AsyncWebClient) -> None:
        """Takes the answer away with its question."""
        name = self._desk.name(event["channel"], event.get("deleted_ts", ""))
        await self._desk.begin(Claim(f"delete:{team}:{name}"), partial(self._removed, name, client), say_nothing)

    async def _answer(self, event: Body, surface: Message) -> None:
        place, text = surface.place, question_of(event.get("text") or "")
        if await surface.answered() or await self._refused(surface):
            return
        link = await self._desk.links.begin(self._desk.name(place.channel, event["ts"]), place.channel, text)
        async with link.lock:
            await self._working(event, surface)
            if text:
                noted = await self._desk.asking.ask(text, place)
                answer = await self._desk.answer(surface.client, surface, place, noted)
            else:
                answer = await surface.answer(self.greeting(place))
            answer = answer or surface.claim.message  # in a direct message a whisper is a message like any other
            if answer and not await self._desk.links.answered(link, self._desk.name(place.channel, answer)):
                await self._take_away(link, surface.client)

    async def _refused(self, surface: Message) -> bool:
        """Whether it comes too soon; the first that does gets a line. What another process died over was counted."""
        place = surface.place
        if surface.claim.tries > 1:
            return False
        refusal = await self._desk.host.limits.take(place.asker, place.room)
        if refusal and refusal.first:
            await surface.whisper(render.notice(notices.too_fast(refusal.wait)))
        return refusal is not None

    async def _unasked(self, event: Body, surface: Message) -> None:
        """Answers where nobody asked Herald itself: only what it is sure of, and says nothing else."""
        place, text = surface.place, question_of(event.get("text") or "")
        if not text or await surface.answered() or await self._too_fast(place):
            return
        noted = await self._desk.asking.ask(text, place)
        if noted.reply.kind in _SURE:
            await self._desk.answer(surface.client, surface, place, noted)

    def greeting(self, place: Place) -> Payload:
        """What a mention without a question gets."""
        return render.render(self._desk.host.greeting(age_restricted=place.age_restricted), asker=place.member)

    async def _working(self, event: Body, surface: Message) -> None:
        """Shows in an agent's chat that Herald is at it; where that is refused, it isn't tried again for a while."""
        place = surface.place
        if not place.direct or not event.get("thread_ts") or self._no_status(place.team):
            return
        try:
            await surface.client.assistant_threads_setStatus(
                channel_id=place.channel, thread_ts=event["thread_ts"], status=notices.WORKING
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            self._status_refused[place.team] = time.monotonic()

    def _no_status(self, team: str) -> bool:
        refused = self._status_refused.get(team)
        return refused is not None and time.monotonic() - refused < _STATUS_AGAIN

    async def _too_fast(self, place: Place) -> bool:
        return await self._desk.host.limits.take(place.asker, place.room) is not None

    async def _answer_anew(self, name: str, text: str, place: Place, client: AsyncWebClient) -> None:
        links = self._desk.links
        link = await links.edited(name, text)
        if link is None or await self._too_fast(place):
            return
        async with link.lock:
            answer = await links.awaited(link)
            if answer is not None and not link.deleted:
                await links.changed(link, text)
                await self._replace(self._desk.within(answer), text, place, client)

    async def _replace(self, answer: str, text: str, place: Place, client: AsyncWebClient) -> None:
        """Puts the answer to the new text into the message that answered the old one."""
        noted = await self._desk.asking.ask(text, place)
        payload = render.render(noted.reply, asker=place.member, wait=noted.wait)
        with suppress(SlackApiError):  # the answer was dismissed
            await self._desk.outbox.update(client, place.channel, answer, payload)
            await self._desk.noted(noted, place, answer)

    async def _removed(self, name: str, client: AsyncWebClient) -> None:
        link = await self._desk.links.removed(name)
        if link is None:
            return
        async with link.lock:  # an answer under way is taken away as soon as it is there
            await self._take_away(link, client)

    async def _take_away(self, link: Link[str], client: AsyncWebClient) -> None:
        answer, link.answer = link.answer, None
        if answer:
            with suppress(SlackApiError):  # it is gone already
                await client.chat_delete(channel=link.channel, ts=self._desk.within(answer))


def _needed(event: Body) -> Body:
    """What it takes to answer a message, should another process have to."""
    return {key: event[key] for key in _KEPT if key in event}
