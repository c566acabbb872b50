"""What each button and select does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import browse, panels, render
from adapters.slack.curating import Curating
from adapters.slack.desk import PLATFORM
from adapters.slack.places import Body, Place
from adapters.slack.remembered import Key
from adapters.slack.surfaces import Modal, Response, Surface
from adapters.slack.telling import address_of
from adapters.slack.workspaces import key_of
from bot import ids, notices, records
from bot.claims import Claim
from bot.ids import Press, RecordId
from bot.panels import members
from bot.panels.curators import ACTIONS
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
    body: Body
    key: Key


_Action = Callable[[Pressed], Awaitable[None]]


class Presses:
    """Serves presses; all that one needs is in its id, so that messages of any age work."""

    def __init__(self, curating: Curating) -> None:
        self._desk = curating.desk
        self._curating = curating
        self._actions: Mapping[str, _Action] = {
            "pick": self._pick,
            "read": self._read,
            "reveal": self._reveal,
            "source": self._source,
            "more": self._more,
            "vote": self._vote,
            "up": self._vote,
            "down": self._vote,
            "reason": self._reason,
            "wait": self._wait,
            "dismiss": self._dismiss,
            "sub": self._subject,
            **dict.fromkeys(ACTIONS, self._curate),
        }

    async def pressed(
        self, ack: Callable[..., Awaitable[Any]], body: Body, client: AsyncWebClient, context: Any
    ) -> None:
        """Serves one press; one that this version doesn't know gets a kind line."""
        await ack()
        pressed, at = self._read_press(body, client, key_of(context)), body["actions"][0].get("action_ts", "")
        known = pressed.press.version == ids.VERSION
        action = self._actions.get(pressed.press.action) if known else None
        claim = Claim(f"trigger:{body.get('trigger_id')}:{at}")
        await self._desk.serve(claim, pressed.surface, partial(action or _outdated, pressed))

    def _read_press(self, body: Body, client: AsyncWebClient, key: Key) -> Pressed:
        action, response = body["actions"][0], self._desk.response(body, client)
        value = (action.get("selected_option") or {}).get("value") or action.get("value") or ""
        surface: Surface = response if body.get("response_url") else response.fallback
        if surface is not response and body.get("view"):
            surface = Modal(client, body.get("trigger_id") or "", dict(body["view"]))
        message, place = body.get("message") or {}, response.fallback.place
        return Pressed(ids.press(action["action_id"], value), place, surface, client, message, body, key)

    async def _pick(self, pressed: Pressed) -> None:
        """The asker's pick takes the place of the choices; anybody else's is shown to them alone."""
        reply, place, surface = await self._entry(pressed, pressed.press.rest), pressed.place, pressed.surface
        if reply is None:
            return
        if pressed.message.get("ts"):
            self._desk.notes.picked(self._desk.name(place.channel, pressed.message["ts"]), pressed.press.rest)
        owner = asker_of(pressed.message)
        if not isinstance(surface, Response) or owner not in (None, place.member) or reply.kind != "answer":
            await surface.whisper(render.render(reply))
            return
        await surface.replace(render.render(reply, asker=owner))
        if owner is not None and pressed.message.get("ts"):
            await self._desk.posted(reply, place, pressed.message["ts"])

    async def _read(self, pressed: Pressed) -> None:
        """An entry that was chosen while browsing."""
        reply = await self._entry(pressed, pressed.press.value or pressed.press.rest)
        if reply:
            await pressed.surface.whisper(render.render(reply))

    async def _entry(self, pressed: Pressed, entry: str) -> Reply | None:
        return await self._shown(pressed, RecordId("entry", entry))

    async def _reveal(self, pressed: Pressed) -> None:
        reply = await self._shown(pressed, ids.record(pressed.press.rest))
        if reply:
            await pressed.surface.whisper(render.render(reply, revealed=True))

    async def _shown(self, pressed: Pressed, record: RecordId) -> Reply | None:
        """A record; None where a line was said instead."""
        place = pressed.place
        if await self._desk.refuses(pressed.surface, place):
            return None
        reply = await records.shown(self._desk.host, record, place.conversation, age_restricted=place.age_restricted)
        if reply is None:
            await _say(pressed, notices.RETIRED)
        return reply

    async def _source(self, pressed: Pressed) -> None:
        record, allowed = ids.record(pressed.press.rest), pressed.place.age_restricted
        found = await records.sources(self._desk.host, record, age_restricted=allowed)
        await pressed.surface.whisper(render.notice(found) if isinstance(found, str) else render.cited(found))

    async def _more(self, pressed: Pressed) -> None:
        place = pressed.place
        if await self._desk.refuses(pressed.surface, place):
            return
        noted = await self._desk.asking.another(ids.request(pressed.press.rest), place, _buttons(pressed.message))
        if noted is None:
            await _say(pressed, notices.RETIRED)
            return
        await self._desk.answer(pressed.client, pressed.surface, place, noted)

    async def _vote(self, pressed: Pressed) -> None:
        press, desk = pressed.press, self._desk
        vote = press.value if press.action == "vote" else press.action
        panel = members.vote(desk.host, desk.office, ids.record(press.rest), vote, PLATFORM, pressed.place.member)
        await pressed.surface.whisper(panels.payload_of(panel))

    async def _reason(self, pressed: Pressed) -> None:
        line = members.gave_reason(self._desk.office, pressed.press.rest, PLATFORM, pressed.place.member)
        if isinstance(pressed.surface, Response):
            await pressed.surface.replace(render.notice(line))
        else:
            await _say(pressed, line)

    async def _wait(self, pressed: Pressed) -> None:
        place = pressed.place
        address = address_of(pressed.key, place, pressed.message)
        await _say(pressed, await members.wait(self._desk.office, pressed.press.rest, PLATFORM, place.member, address))

    async def _curate(self, pressed: Pressed) -> None:
        await self._curating.pressed(pressed.press, pressed.place, pressed.surface, pressed.client, pressed.body)

    async def _dismiss(self, pressed: Pressed) -> None:
        place, surface = pressed.place, pressed.surface
        may = partial(self._curating.admins.moderate, pressed.client, place.member, place.team)
        if pressed.press.rest != place.member and not await may():
            await _say(pressed, notices.DISMISS_REFUSED)
            return
        if isinstance(surface, Response):
            await surface.delete()
        if pressed.message.get("ts"):
            await self._desk.links.removed(self._desk.name(place.channel, pressed.message["ts"]))

    async def _subject(self, pressed: Pressed) -> None:
        """A subject's page: its key comes from a select, or behind the page number from a button."""
        group, _, rest = pressed.press.rest.partition(".")
        key = pressed.press.value or rest.partition(".")[2]
        topics = self._desk.host.topics(age_restricted=pressed.place.age_restricted)
        page = browse.subject_page(topics, group, key)
        await pressed.surface.whisper(page or render.notice(notices.RETIRED))


def asker_of(message: Mapping[str, Any]) -> str | None:
    """Who may dismiss a message, as its Dismiss button says."""
    askers = [name.removeprefix(_DISMISS) for name in _buttons(message) if name.startswith(_DISMISS)]
    return askers[0] if askers else None


def _buttons(message: Mapping[str, Any]) -> list[str]:
    parts = [part for block in message.get("blocks") or [] for part in block.get("elements") or []]
    return [str(part.get("action_id", "")) for part in parts]


async def _say(pressed: Pressed, line: str) -> None:
    await pressed.surface.whisper(render.notice(line))


async def _outdated(pressed: Pressed) -> None:
    await _say(pressed, notices.OUTDATED)
