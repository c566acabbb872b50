"""Curators over the wire: every request is judged by Discord's own description."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot import notices
from tests.adapters.discord.wire.stage import Stage, staged
from tests.discord_server import Message

ODD = "zebulon quartz umbrella"


async def panel(stage: Stage, command: str, **options: Any) -> Message:
    used = await stage.admin.slash(stage.general, f"herald {command}", **options)
    message = await used.reply()
    assert message.viewer is stage.admin.user
    return message


async def pressed(stage: Stage, message: Message, name: str) -> Message:
    """The panel after a press."""
    await stage.admin.clicks(message, name)
    return await changed(stage, message)


async def changed(stage: Stage, message: Message) -> Message:
    """A panel once another has taken its place."""
    return await stage.server.world.edited.next(lambda edited: edited is message)


async def group(stage: Stage) -> Message:
    """The first question of the inbox."""
    message = await panel(stage, "inbox")
    (first, *_) = message.component("s1:asked:1")["options"]
    await stage.admin.selects(message, first["value"], custom_id="s1:asked:1")
    return await changed(stage, message)


async def test_from_the_inbox_to_the_answer(wire_settings: Mapping[str, str], tmp_path: Path) -> None:
    """A gap by a form, told to who waits, undone; statistics, history and why; and being forgotten."""
    async with staged(tmp_path, wire_settings) as stage, stage.bot():
        answer = await stage.asked(ODD)
        waiting = await stage.ada.clicks(answer, notices.TELL_ME)
        assert (await waiting.reply()).content == notices.WILL_TELL
        asked = await group(stage)
        form = await (await stage.admin.clicks(asked, "Not in the sources …")).first()
        await stage.admin.submits(form, line="Umbrellas aren't mentioned.")
        done = await changed(stage, asked)
        assert "Umbrellas aren't mentioned." in done.content
        told = await stage.server.sent.next(lambda sent: notices.LOOKED in sent.content)
        assert (told.reply_to, told.pings) == (answer.id, (str(stage.ada.user.id),))
        assert "in the inbox again" in (await pressed(stage, done, "Undo")).content
        stats = await panel(stage, "stats")
        assert [file["filename"] for file in stats.attachments] == ["chart.png"]
        assert "teach by" in (await panel(stage, "history")).content
        assert "unknown" in (await panel(stage, "why", text=str(answer.id))).content
        forgotten = await (await stage.ben.slash(stage.general, "forget-me")).reply()
        assert forgotten.content == notices.NOTHING_KEPT
