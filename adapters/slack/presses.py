"""What each button and select does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import browse, render
from adapters.slack.admin import Admins
from adapters.slack.desk import Desk
from adapters.slack.places import Body, Place
from adapters.slack.surfaces import Message, Modal, Response, Surface
from bot import citations, ids, notices
from bot.ids import Press
from bot.reply import Reply

__all__ = ["Pressed", "Presses", "asker_of"]

_DISMISS = ids.button("dismiss")


@dataclass(frozen=True)
class Pressed:
    """A press, where it was, and how it is answered."""

    press: Press
    place: Place
    surface: Surface
    client: AsyncWebClient
    message: Mapping[str, Any]


_Action = Callable[[Pressed], Awaitable[None]]


class Presses:
    """Serves presses; all that one needs is in its id, so that messages of any age work."""

    def __init__(self, desk: Desk, admins: Admins) -> None:
        self._desk = desk
        self._admins = admins
        self._actions: Mapping[str, _Action] = {
            "pick": self._pick,
            "read": self._read,
            "reveal": self._reveal,
            "source": self._source,
            "more": self._more,
            "vote": self._vote,
            "up": self._vote,
            "down": self._vote,
            "dismiss": self._dismiss,
            "sub": self._subject,
        }

    async def pressed(self, ack: Callable[..., Awaitable[Any]], body: Body, client: AsyncWebClient) -> None:
        """Serves one press; one that this version doesn't know gets a kind line."""
        await ack()
        pressed, at = self._read_press(body, client), body["actions"][0].get("action_ts", "")
        known = pressed.press.version == ids.VERSION
        action = self._actions.get(pressed.press.action) if known else None
        key = f"trigger:{body.get('trigger_id')}:{at}"
        self._desk.serve(key, pressed.surface, partial(action or _outdated, pressed))

    def _read_press(self, body: Body, client: AsyncWebClient) -> Pressed:
        action, place = body["actions"][0], self._desk.places.of_press(body)
        value = (action.get("selected_option") or {}).get("value") or action.get("value") or ""
        fallback = Message(self._desk.outbox, client, place)
        surface: Surface = fallback
        if body.get("response_url"):
            surface = Response(self._desk.outbox, body["response_url"], fallback)
        elif body.get("view"):
            surface = Modal(client, body.get("trigger_id") or "", dict(body["view"]))
        return Pressed(ids.press(action["action_id"], value), place, surface, client, body.get("message") or {})

    async def _pick(self, pressed: Pressed) -> None:
        """The asker's pick takes the place of the choices; anybody else's is shown to them alone."""
        reply, place, surface = await self._entry(pressed, pressed.press.rest), pressed.place, pressed.surface
        if reply is None:
            return
        owner = asker_of(pressed.message)
        if not isinstance(surface, Response) or owner not in (None, place.member) or reply.kind != "answer":
            await surface.whisper(render.render(reply))
            return
        await surface.replace(render.render(reply, asker=owner))
        if owner is not None and pressed.message.get("ts"):
            self._desk.posted(reply, place, pressed.message["ts"])

    async def _read(self, pressed: Pressed) -> None:
        """An entry that was chosen while browsing."""
        reply = await self._entry(pressed, pressed.press.value or pressed.press.rest)
        if reply:
            await pressed.surface.whisper(render.render(reply))

    async def _entry(self, pressed: Pressed, entry: str) -> Reply | None:
        """An entry's answer; None where a line was said instead."""
        place = pressed.place
        if await self._desk.refuses(pressed.surface, place):
            return None
        if entry not in self._desk.host.knowledge.entries:
            await _say(pressed, notices.RETIRED)
            return None
        return await self._desk.host.entry(entry, place.conversation, age_restricted=place.age_restricted)

    async def _reveal(self, pressed: Pressed) -> None:
        place, record = pressed.place, ids.record(pressed.press.rest)
        if await self._desk.refuses(pressed.surface, place):
            return
        if record.kind == "entry":
            reply = await self._desk.host.entry(record.id, place.conversation, age_restricted=place.age_restricted)
        else:
            reply = await self._desk.host.line(record.id, age_restricted=place.age_restricted)
        if reply.kind == "rejected":
            await _say(pressed, notices.RETIRED)
            return
        await pressed.surface.whisper(render.render(reply, revealed=True))

    async def _source(self, pressed: Pressed) -> None:
        record, kb = ids.record(pressed.press.rest), self._desk.host.knowledge
        citation = (citations.of_entry if record.kind == "entry" else citations.of_quote)(kb, record.id)
        if citation is None:
            await _say(pressed, notices.RETIRED)
            return
        if citation.quote:
            reply = await self._desk.host.line(record.id, age_restricted=pressed.place.age_restricted)
            if reply.kind == "withheld":
                await _say(pressed, reply.text)
                return
        await pressed.surface.whisper(render.cited(citation))

    async def _more(self, pressed: Pressed) -> None:
        place, wanted = pressed.place, ids.request(pressed.press.rest)
        if await self._desk.refuses(pressed.surface, place):
            return
        reply = await self._desk.host.quote(
            wanted.speaker, wanted.about, place.conversation, age_restricted=place.age_restricted
        )
        await self._desk.answer(pressed.client, pressed.surface, place, reply)

    async def _vote(self, pressed: Pressed) -> None:
        """Feedback on an entry or quote; whose it is isn't kept."""
        press, knowledge = pressed.press, self._desk.host.knowledge.version
        vote = press.value if press.action == "vote" else press.action
        structlog.get_logger().info("feedback", vote=vote, record=press.rest, knowledge=knowledge)
        await _say(pressed, notices.THANKS)

    async def _dismiss(self, pressed: Pressed) -> None:
        place, surface = pressed.place, pressed.surface
        if pressed.press.rest != place.member and not await self._admins.allow(pressed.client, place.member):
            await _say(pressed, notices.DISMISS_REFUSED)
            return
        if isinstance(surface, Response):
            await surface.delete()
        if pressed.message.get("ts"):
            self._desk.links.removed(self._desk.name(place.channel, pressed.message["ts"]))

    async def _subject(self, pressed: Pressed) -> None:
        """A subject's page: its key comes from a select, or behind the page number from a button."""
        group, _, rest = pressed.press.rest.partition(".")
        key = pressed.press.value or rest.partition(".")[2]
        topics = self._desk.host.topics(age_restricted=pressed.place.age_restricted)
        page = browse.subject_page(topics, group, key)
        await pressed.surface.whisper(page or render.notice(notices.RETIRED))


def asker_of(message: Mapping[str, Any]) -> str | None:
    """Who may dismiss a message, as its Dismiss button says."""
    parts = [part for block in message.get("blocks") or [] for part in block.get("elements") or []]
    found = [str(part.get("action_id", "")) for part in parts]
    askers = [action_id.removeprefix(_DISMISS) for action_id in found if action_id.startswith(_DISMISS)]
    return askers[0] if askers else None


async def _say(pressed: Pressed, line: str) -> None:
    await pressed.surface.whisper(render.notice(line))


async def _outdated(pressed: Pressed) -> None:
    await _say(pressed, notices.OUTDATED)
