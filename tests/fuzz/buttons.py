"""Surface: what buttons, menus and forms carry; admins' ones too, over a store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapters.discord import browse as discord_browse
from adapters.discord import panels as discord_panels
from adapters.discord import render as discord
from adapters.discord.components import modal_of, view_of
from adapters.slack import browse as slack_browse
from adapters.slack import panels as slack_panels
from adapters.slack.components import blocks_of
from bot import ids, records
from bot.curation.statistics import Statistics, Stats
from bot.host import Host
from bot.ids import Press
from bot.office import Office, open_office
from bot.panels import members
from bot.panels.curators import ACTIONS, Curators
from bot.panels.model import Caller, Panel
from tests.fuzz.harness import Feed, Ground, Stage, Surface

__all__ = ["BUTTONS"]

_MEMBERS = (
    "h1:pick:camera", "h1:reveal:q.on-light", "h1:source:e.premise", "h1:more:mira-holt|light", "h1:up:e.camera",
    "h1:down:q.on-light",
    "h1:reason:wrong.e.camera", "h1:wait:0123456789abcdef", "h1:dismiss:12345", "h1:group:person.1",
    "h1:sub:event.0.harbor-talk",
    "s1:read:event.0.harbor-talk", "s1:sub:person.0.", "h0:old:x",
)  # fmt: skip
_ADMINS = (
    "h1:inbox:2", "h1:asked:0123456789.1", "h1:find:0123456789.1", "h1:entry:0123456789.1", "h1:drop:0123456789.1",
    "h1:undo:0123456789.1",
    "h1:stats:30", "h1:past:0123456789abcdef", "h1:history:1", "h1:rollback:1", "h1:restore:2.1", "s1:version:1",
    "s1:teach:0123456789.1",
    "s1:gap:0123456789.1", "h1:rollback:99999999999999999999", "h1:inbox:99999999999999999999",
    "h1:asked:x.99999999999999999999",
    "h1:history:99999999999999999999", "h1:restore:99999999999999999999.1", "h1:wait:\ud800",
    "f1:entry:0123456789.1", "f1:gap:0123456789.1", "f1:find:0123456789.1",
)  # fmt: skip
_TYPED = {"words": "camera", "question": "who", "answer": "Ada.", "source": "harbor-report", "line": "No."}
_LONGEST = 255  # characters; of Slack, Discord takes fewer


@contextmanager
def _open(ground: Ground) -> Iterator[Feed]:
    """Over a database of its own."""
    with Stage.opened() as stage, ground.host(stage.clock) as host:
        office = open_office(ground.settings.model_copy(update={"data_dir": ground.scratch / "buttons"}), host)
        stage.do(office.__aenter__())
        office.statistics = _Plain(office)
        pressing = _Pressing(host, office)
        try:
            yield lambda data: stage.feed(pressing.press(data), landing=False)
        finally:
            stage.do(office.__aexit__(None, None, None))


class _Pressing:
    def __init__(self, host: Host, office: Office) -> None:
        self._host, self._office = host, office
        self._curators = Curators(host, office)
        self._caller = Caller("discord", "1", _yes, age_restricted=True)

    async def press(self, data: bytes) -> None:
        """All that a press of any kind comes to."""
        written, value, typed = _read(data)
        press = ids.press(written, value)
        await self._record(written, press)
        await self._curate(press, typed)
        self._browse(press)

    async def _record(self, written: str, press: Press) -> None:
        record, host = ids.record(press.rest), self._host
        shown = await records.shown(host, record, "c", age_restricted=True)
        if shown:
            view_of(discord.render(shown, revealed=True))
        await records.sources(host, record, age_restricted=False)
        await records.another(host, ids.request(press.rest), "c", age_restricted=True, buttons=[written])
        _both(members.vote(host, self._office, record, press.action, "discord", "1"))
        assert members.gave_reason(self._office, press.rest, "discord", "1")
        assert await members.wait(self._office, press.rest, "discord", "1", {"channel": 1})

    async def _curate(self, press: Press, typed: dict[str, str]) -> None:
        form = self._curators.form(press)
        if form:
            modal_of(form).to_dict()
            json.dumps(slack_panels.form_of(form, "{}")).encode()
        if press.action in ACTIONS or not form:
            _both(await self._curators.open(self._caller, press, typed))

    def _browse(self, press: Press) -> None:
        topics = self._host.topics(age_restricted=True)
        group, _, rest = press.rest.partition(".")
        page, _, key = rest.partition(".")
        discord_browse.group_page(topics, group, ids.number(page))
        discord_browse.subject_page(topics, group, press.value or key, ids.number(page))
        slack_browse.subject_page(topics, group, press.value or key)


class _Plain(Statistics):
    """Counts, but draws nothing: that takes half a second in a thread, whatever the input."""

    def __init__(self, office: Office) -> None:
        super().__init__(office._database, lambda: office._host.knowledge, Path)

    async def chart(self, stats: Stats) -> bytes:
        """No picture."""
        return b""


async def _yes() -> bool:
    return True


def _both(panel: Panel) -> None:
    """As each platform shows it."""
    payload = discord_panels.payload_of(panel)
    view_of(payload)
    assert payload.content.strip() or payload.files
    assert len(payload.content) <= 2000
    assert blocks_of(slack_panels.payload_of(panel))


def _read(data: bytes) -> tuple[str, str, dict[str, str]]:
    """An id, what was chosen, and what was filled in."""
    try:
        found: Any = json.loads(data)
    except (ValueError, RecursionError):
        found = {"id": data.decode("utf-8", "replace")}
    found = found if isinstance(found, dict) else {"id": str(found)}
    typed = found.get("typed")
    filled = (
        {str(name): str(text)[:1000].encode("utf-8", "replace").decode() for name, text in typed.items()}
        if isinstance(typed, dict)
        else {}
    )
    return str(found.get("id", ""))[:_LONGEST], str(found.get("value", ""))[:_LONGEST], filled


def _seeds() -> tuple[bytes, ...]:
    found = [
        {"id": written, "value": "camera" if written[0] == "s" else "", "typed": _TYPED}
        for written in (*_MEMBERS, *_ADMINS)
    ]
    return tuple(json.dumps(item).encode() for item in found)


BUTTONS = Surface("buttons", "ids of buttons, menus and forms, and what is filled in", _seeds, _open)
