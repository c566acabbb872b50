"""The command /herald: for admins all that there is to look after, for everyone forget-me and help."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import panels, render
from adapters.slack.curating import Curating
from adapters.slack.desk import PLATFORM
from adapters.slack.places import Body
from adapters.slack.surfaces import Response
from bot import admin, notices
from bot.herald import MAX_QUESTION
from bot.panels import members
from bot.panels.curators import press

__all__ = ["AdminCommand"]

_HELP = (
    "/herald inbox – what I couldn't answer, to be settled\n"
    "/herald stats [days] – what was asked, and how it went\n"
    "/herald reload – read the knowledge base anew, and tell what changed\n"
    "/herald status – how I am doing\n"
    "/herald why question – what I weigh for a question; with a link to an answer, why I gave it\n"
    "/herald history – which versions of the knowledge base there were\n"
    "/herald rollback number – go back to a version; shows first what would change\n"
    "/herald forget-me – for everyone: delete what I keep about you\n"
    "/herald help – this"
)
_Work = Callable[[Response, str], Awaitable[None]]


class AdminCommand:
    """Serves /herald."""

    def __init__(self, curating: Curating) -> None:
        self._curating = curating
        self._desk = curating.desk
        self._words: Mapping[str, _Work] = {
            "inbox": self._open("inbox"),
            "stats": self._open("stats"),
            "history": self._open("history"),
            "rollback": self._rollback,
            "reload": self._reload,
            "status": self._status,
            "why": self._why,
        }

    async def herald(self, ack: Callable[..., Awaitable[Any]], body: Body, client: AsyncWebClient) -> None:
        """``/herald inbox|stats|reload|...``, answered for the admin alone."""
        await ack()
        surface = self._desk.response(body, client)
        await self._desk.obey(body, surface, partial(self._obey, surface, body.get("text") or ""))

    async def _obey(self, surface: Response, text: str) -> None:
        place, client = surface.fallback.place, surface.fallback.client
        word, _, rest = text.strip().partition(" ")
        if word.casefold() == "forget-me":
            await surface.whisper(render.notice(await members.forget(self._desk.office, PLATFORM, place.member)))
        elif not await self._curating.admins.allow(client, place.member, place.team):
            at_home = self._curating.admins.at_home(place.team)
            await surface.whisper(render.notice(notices.FORBIDDEN if at_home else notices.NOT_HOME))
        else:
            await self._words.get(word.casefold(), self._help)(surface, rest.strip())

    def _open(self, action: str) -> _Work:
        """Serves what has a panel of its own."""

        async def work(surface: Response, rest: str) -> None:
            await self._curating.commanded(surface, press(action, rest))

        return work

    async def _rollback(self, surface: Response, rest: str) -> None:
        if rest.isdecimal():
            await self._curating.commanded(surface, press("rollback", rest))
        else:
            await surface.whisper(render.notice("Which version? /herald history has their numbers."))

    async def _reload(self, surface: Response, rest: str) -> None:
        del rest
        done = await admin.reload(self._desk.host, f"slack:{surface.fallback.place.member}")
        await surface.whisper(render.report(done))

    async def _status(self, surface: Response, rest: str) -> None:
        del rest
        await surface.whisper(render.report(admin.status(self._desk.host)))

    async def _why(self, surface: Response, rest: str) -> None:
        """Of a past answer where it is named, else of a question."""
        if name := panels.message_named(rest):
            await self._curating.commanded(surface, press("past", name))
        elif rest:
            await surface.whisper(render.report(await admin.why(self._desk.host, rest[:MAX_QUESTION])))
        else:
            await self._help(surface, rest)

    async def _help(self, surface: Response, rest: str) -> None:
        del rest
        await surface.whisper(render.notice(_HELP))
