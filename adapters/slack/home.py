"""The Home tab, and the prompts of the Messages tab."""

from __future__ import annotations

from functools import partial

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import browse
from adapters.slack.components import home_of
from adapters.slack.desk import Desk
from adapters.slack.places import Body
from bot.claims import Claim
from bot.fitting import clip
from bot.guard import say_nothing

__all__ = ["Home"]

_PROMPTS = 4
_TITLE = 75


class Home:
    """Fills the tabs of the app when a member opens one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._promptless: set[str] = set()  # workspaces without the agent surface

    async def opened(self, event: Body, event_id: str, team: str, client: AsyncWebClient) -> None:
        """A member opened a tab."""
        work = partial(self._publish, event["user"], client)
        if event.get("tab") == "messages":
            if team in self._promptless:
                return
            work = partial(self._prompt, event, team, client)
        await self._desk.begin(Claim(f"home:{event_id}"), work, say_nothing)

    async def _publish(self, member: str, client: AsyncWebClient) -> None:
        host = self._desk.host
        page = browse.home(host.knowledge, host.topics(age_restricted=False), host.added(age_restricted=False))
        await client.views_publish(user_id=member, view=home_of(page))

    async def _prompt(self, event: Body, team: str, client: AsyncWebClient) -> None:
        picked = self._desk.host.completions(age_restricted=False).opening(_PROMPTS)
        prompts = [{"title": clip(choice.question, _TITLE), "message": choice.question} for choice in picked]
        try:
            await client.assistant_threads_setSuggestedPrompts(channel_id=event["channel"], prompts=prompts)
        except (SlackApiError, aiohttp.ClientError, TimeoutError):  # not offered here: all works without
            self._promptless.add(team)
