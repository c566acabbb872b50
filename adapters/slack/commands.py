"""The members' commands: /ask and /quote, and "Ask Herald" in a message's menu."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import autocomplete, render
from adapters.slack.desk import Desk
from adapters.slack.places import Body, metadata_of
from adapters.slack.questions import Questions, question_of
from adapters.slack.surfaces import Response
from bot import notices
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
        surface, text = self._desk.response(body, client), question_of(body.get("text") or "")
        if text:
            await self._desk.obey(body, surface, partial(self._answer, surface, text))
        else:
            greeting = self._questions.greeting(surface.fallback.place)
            await self._desk.obey(body, surface, partial(surface.whisper, greeting))

    async def quote(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """``/quote [speaker] [about ...]``, or a modal to pick them in."""
        await ack()
        surface, text = self._desk.response(body, client), question_of(body.get("text") or "")
        if text:
            wanted = quote_wanted(text, self._desk.host.snapshot.quotes.speakers)
            await self._desk.obey(body, surface, partial(self._give_quote, surface, *wanted))
        else:
            await self._desk.obey(body, surface, partial(self._open, body, surface))

    async def quote_picked(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """The modal was sent: the quote goes to where the command was."""
        await ack()
        surface = self._desk.response(body, client)
        speaker, about = autocomplete.picked(self._desk, body, surface.fallback.place)
        await self._desk.obey(body, surface, partial(self._give_quote, surface, speaker, about))

    async def ask_herald(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """ "Ask Herald" in a message's menu: answers that message in its thread."""
        await ack()
        surface, text = self._desk.response(body, client), question_of(body["message"].get("text") or "")
        await self._desk.obey(body, surface, partial(self._answer_message, surface, text))

    async def _answer(self, surface: Response, text: str) -> None:
        place, client = surface.fallback.place, surface.fallback.client
        if await self._desk.refuses(surface, place):
            return
        await self._desk.answer(client, surface, place, await self._desk.asking.ask(text, place))

    async def _answer_message(self, surface: Response, text: str) -> None:
        """By the response address, as Herald need not be a member of the channel."""
        if text:
            await self._answer(surface, text)
        else:
            await surface.whisper(render.notice(notices.NO_WORDS))

    async def _give_quote(self, surface: Response, speaker: str | None, about: str | None) -> None:
        place = surface.fallback.place
        if await self._desk.refuses(surface, place):
            return
        noted = await self._desk.asking.quote(speaker, about, place)
        await self._desk.answer(surface.fallback.client, surface, place, noted)

    async def _open(self, body: Body, surface: Response) -> None:
        modal = autocomplete.quote_modal(QUOTE_VIEW, metadata_of(body, surface.fallback.place))
        await surface.fallback.client.views_open(trigger_id=body["trigger_id"], view=modal)
