"""The members' commands: /ask and /quote, and "Ask Herald" in a message's menu."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import autocomplete, render
from adapters.slack.desk import Desk
from adapters.slack.places import Body, Place, team_of
from adapters.slack.questions import Questions, question_of
from adapters.slack.surfaces import Message, Response
from bot import notices
from bot.claims import Claim
from bot.curation.asked import Asked
from bot.typed import quote_wanted

__all__ = ["ASK_HERALD", "QUOTE_VIEW", "Commands"]

ASK_HERALD = "ask_herald"
QUOTE_VIEW = "quote"
Ack = Callable[..., Awaitable[Any]]


class Commands:
    """Serves the commands; each acknowledges at once and works on its own."""

    def __init__(self, desk: Desk, questions: Questions) -> None:
        self._desk = desk
        self._questions = questions

    async def ask(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """``/ask question``"""
        await ack()
        surface, text = self.surface(body, client), question_of(body.get("text") or "")
        if text:
            await self._serve(body, surface, partial(self._answer, surface, text))
        else:
            greeting = self._questions.greeting(surface.fallback.place)
            await self._serve(body, surface, partial(surface.whisper, greeting))

    async def quote(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """``/quote [speaker] [about ...]``, or a modal to pick them in."""
        await ack()
        surface, text = self.surface(body, client), question_of(body.get("text") or "")
        if text:
            await self._serve(body, surface, partial(self._give_quote, surface, *quote_wanted(text)))
        else:
            await self._serve(body, surface, partial(self._open, body, client))

    async def quote_picked(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """The modal was sent: the quote goes to where the command was."""
        await ack()
        where = json.loads(body["view"].get("private_metadata") or "{}")
        place = self._desk.places.within(team_of(body), where.get("channel", ""), body["user"]["id"], None)
        surface = Response(self._desk.outbox, where.get("url", ""), Message(self._desk.outbox, client, place))
        speaker, about = autocomplete.picked(self._desk, body, place)
        work = partial(self._give_quote, surface, speaker, about)
        claim = Claim(f"view:{body['view']['id']}:{body['view'].get('hash')}")
        await self._desk.serve(claim, surface, work)

    async def ask_herald(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """ "Ask Herald" in a message's menu: answers that message in its thread."""
        await ack()
        message, channel = body["message"], body["channel"]["id"]
        thread = message.get("thread_ts") or body.get("message_ts") or message["ts"]
        place = self._desk.places.within(team_of(body), channel, body["user"]["id"], thread)
        surface = Response(self._desk.outbox, body["response_url"], Message(self._desk.outbox, client, place))
        text = question_of(message.get("text") or "")
        await self._serve(body, surface, partial(self._answer_message, surface, text))

    def surface(self, body: Body, client: AsyncWebClient) -> Response:
        """How a command is answered."""
        place = self._desk.places.of_command(body)
        return Response(self._desk.outbox, body["response_url"], Message(self._desk.outbox, client, place))

    async def _serve(self, body: Body, surface: Response, work: Callable[[], Awaitable[None]]) -> None:
        await self._desk.serve(Claim(f"trigger:{body['trigger_id']}"), surface, work)

    async def _answer(self, surface: Response, text: str) -> None:
        place, client = surface.fallback.place, surface.fallback.client
        if await self._desk.refuses(surface, place):
            return
        answering = self._desk.host.ask(text, place.conversation, age_restricted=place.age_restricted)
        noted = await self._desk.notes.answered(Asked(text, "slack", place.name), answering)
        await self._desk.answer(client, surface, place, noted)

    async def _answer_message(self, surface: Response, text: str) -> None:
        """By the response address, as Herald need not be a member of the channel."""
        if text:
            await self._answer(surface, text)
        else:
            await surface.whisper(render.notice(notices.NO_WORDS))

    async def _give_quote(self, surface: Response, speaker: str | None, about: str | None) -> None:
        place: Place = surface.fallback.place
        if await self._desk.refuses(surface, place):
            return
        answering = self._desk.host.quote(speaker, about, place.conversation, age_restricted=place.age_restricted)
        noted = await self._desk.notes.answered(Asked("", "slack", place.name), answering)
        await self._desk.answer(surface.fallback.client, surface, place, noted)

    async def _open(self, body: Body, client: AsyncWebClient) -> None:
        where = json.dumps({"url": body["response_url"], "channel": body.get("channel_id") or ""})
        await client.views_open(trigger_id=body["trigger_id"], view=autocomplete.quote_modal(QUOTE_VIEW, where))
