"""Curators on Slack: how what they press, pick, fill in and command gets to :class:`bot.panels.curators.Curators`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import panels
from adapters.slack.admins import Admins
from adapters.slack.charts import send_chart
from adapters.slack.desk import PLATFORM, Desk
from adapters.slack.outbox import ResponseError
from adapters.slack.places import Body, Place, metadata_of
from adapters.slack.surfaces import Response, Surface
from bot import ids, notices
from bot.ids import Press
from bot.panels.curators import Curators
from bot.panels.model import Caller, Panel

__all__ = ["FORM", "Curating"]

FORM = r"f\d+:.*"
"""Callbacks of forms."""

_PICTURE = "The chart is in our direct messages."
_NO_PICTURE = "The chart could not be sent: it takes the scope files:write."


class Curating:
    """Serves admins; a button may be old, so their right is checked at each press."""

    def __init__(self, desk: Desk, admins: Admins) -> None:
        self.desk = desk
        self.admins = admins
        self._curators = Curators(desk.host, desk.office)

    async def commanded(self, surface: Response, press: Press) -> None:
        """Answers a command, for the admin alone."""
        place, client = surface.fallback.place, surface.fallback.client
        panel = await self._curators.open(self._caller(place, client), press)
        if panel.picture:
            sent = await send_chart(client, place.member, panel.title, panel.picture)
            panel = Panel("\n".join([panel.text, _PICTURE if sent else _NO_PICTURE]), panel.title, report=panel.report)
        await surface.whisper(panels.payload_of(panel))

    async def pressed(self, press: Press, place: Place, surface: Surface, client: AsyncWebClient, body: Body) -> None:
        """Serves a button or a menu of a panel: by a form, or by a panel in its place."""
        caller = self._caller(place, client)
        form = self._curators.form(press)
        if form and await caller.admin():
            modal = panels.form_of(form, metadata_of(body, place))
            await client.views_open(trigger_id=body["trigger_id"], view=modal)
            return
        await _show(surface, await self._curators.open(caller, press))

    async def submitted(self, ack: Callable[..., Awaitable[Any]], body: Body, client: AsyncWebClient) -> None:
        """Serves a form that was sent: its panel takes the place of the one that the form was opened from."""
        await ack()
        view, surface = body["view"], self.desk.response(body, client)
        work = partial(self._served, ids.press(view["callback_id"]), panels.typed_into(view), surface)
        await self.desk.obey(body, surface, work)

    async def _served(self, press: Press, typed: Mapping[str, str], surface: Response) -> None:
        caller = self._caller(surface.fallback.place, surface.fallback.client)
        await _show(surface, await self._curators.open(caller, press, typed))

    def _caller(self, place: Place, client: AsyncWebClient) -> Caller:
        allow = partial(self.admins.allow, client, place.member, place.team)
        return Caller(PLATFORM, place.member, allow, place.age_restricted)


async def _show(surface: Surface, panel: Panel) -> None:
    """In place of the panel that was pressed; a refusal beside it, as the panel may be another admin's.

    Beside it as well where a form was filled in for longer than the half an hour in which the panel can be replaced.
    """
    payload = panels.payload_of(panel)
    if isinstance(surface, Response) and panel.text != notices.FORBIDDEN:
        with suppress(ResponseError):
            await surface.replace(payload)
            return
    await surface.whisper(payload)
