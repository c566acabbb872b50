"""What operators and admins see over the wire: reload, logs, what the app lost."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot import notices
from tests.adapters.slack.wire.stage import POST, staged
from tests.adapters.support import harbor
from tests.slack_server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Rules, dropped, refused, server_error
from tests.support import write_knowledge

SMALL_HOST = "Ada Stone hosted it."
DIRECTOR = "Mira Holt directed Low Tide."
PATIENCE = 240.0
"""Seconds for a reload: its process gives way to everything else on the machine."""


class TestReload:
    async def test_an_edit_goes_into_service(self, wire_settings: Mapping[str, str], tmp_path: Path) -> None:
        """The admin alone reads what changed; the same question then has the new answer; a mistake changes nothing."""
        folder = write_knowledge(tmp_path / "kb", harbor())
        own = {**wire_settings, "HERALD_KNOWLEDGE_DIR": str(folder)}
        async with staged(tmp_path, own) as stage, stage.bot():
            assert (await stage.asked("who hosted the harbor talk?")).shown.startswith(SMALL_HOST)
            _edit(folder / "entries.yaml", SMALL_HOST, "Ada Stone herself hosted it.")
            report = await stage.admin.slash(stage.general, "/herald", "reload").reply(PATIENCE)
            assert report.viewer is stage.admin.user
            assert "1 changed" in report.shown
            assert "talk-host" in report.shown
            assert (await stage.asked("who hosted the harbor talk?")).shown.startswith("Ada Stone herself")
            _edit(folder / "entries.yaml", "harbor-report", "harbor-reprot")
            report = await stage.admin.slash(stage.general, "/herald", "reload").reply(PATIENCE)
            assert "entries.yaml:" in report.shown
            assert "did you mean 'harbor-report'" in report.shown
            assert (await stage.asked("who hosted the harbor talk?")).shown.startswith("Ada Stone herself")


class TestWatching:
    async def test_admins_read_of_a_mistake_in_their_channel(
        self, wire_settings: Mapping[str, str], tmp_path: Path
    ) -> None:
        """With file and line, once; the old version stays. So do they read that it is mended."""
        folder = write_knowledge(tmp_path / "kb", harbor())
        async with staged(tmp_path, {**wire_settings, "HERALD_KNOWLEDGE_DIR": str(folder)}) as stage:
            office = stage.server.world.channel(stage.server.team, "office", private=True)
            async with stage.bot(settings={"HERALD_WATCH": "1", "HERALD_SLACK_ADMIN_CHANNEL": office.id}):
                _edit(folder / "entries.yaml", "harbor-report", "harbor-reprot")
                alert = await stage.server.sent.next(lambda sent: sent.channel is office, PATIENCE)
                assert "stays in service" in alert.shown
                assert "did you mean 'harbor-report'" in alert.shown
                assert (await stage.asked("who hosted the harbor talk?")).shown.startswith(SMALL_HOST)
                _edit(folder / "entries.yaml", "harbor-reprot", "harbor-report")
                mended = await stage.server.sent.next(lambda sent: sent.channel is office, PATIENCE)
                assert mended.text == notices.MENDED


class TestLogs:
    @pytest.mark.parametrize("http", [False, True])
    async def test_neither_words_nor_secrets_are_logged(
        self,
        wire_folder: Path,
        wire_settings: Mapping[str, str],
        http: bool,  # noqa: FBT001
    ) -> None:
        """At the most talkative level, with errors on the way."""
        loud = {"HERALD_LOG_LEVEL": "DEBUG"}
        async with staged(wire_folder, wire_settings) as stage, stage.bot(settings=loud, http=http) as bot:
            stage.server.api.faults.plan(POST, server_error(502))
            await stage.asked("xylophone director of Low Tide?")
            await stage.server.answer(stage.ada.dms("xylophone soundtrack?"))
            await stage.ada.slash(stage.channel(), "/ask", "xylophone camera?").reply()
            await stage.admin.slash(stage.channel(), "/herald", "why xylophone ghost?").reply()
            stage.server.api.faults.plan(POST, refused("channel_not_found"), times=2)
            lost = stage.ada.mentions(stage.channel(), "xylophone?")
            (delivery,) = stage.server.told(lost)
            await stage.server.deliveries.acked(delivery)
            await stage.asked("xylophone camera?")
            bot.tell(signal.SIGTERM)
            assert await bot.status() == 0
            addresses = [used.address.rpartition("/")[2] for used in stage.server.uses.log if used.address]
            secrets = [BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, *addresses]
            assert "xylophone" not in bot.output
            assert [secret for secret in secrets if secret in bot.output] == []
            assert "Traceback" not in bot.output


class TestLeastScopes:
    """An app that may not read channels, as the manifest makes it."""

    @pytest.mark.parametrize("applied", [False, True])
    async def test_a_line_lost_on_sending_loses_no_answer(
        self,
        wire_folder: Path,
        wire_settings: Mapping[str, str],
        applied: bool,  # noqa: FBT001
    ) -> None:
        """Where it can't be looked up whether an answer arrived, it is rather sent twice than not at all."""
        async with staged(wire_folder, wire_settings) as stage, stage.bot():
            stage.server.api.faults.plan(POST, dropped(applied=applied))
            question = stage.ada.mentions(stage.channel(), "who directed Low Tide?")
            assert (await stage.server.answer(question, patience=20)).shown.startswith(DIRECTOR)
            await stage.server.requests.next(lambda request: request.is_(POST) and request.ok, patience=20)
            assert len(stage.server.answers(question)) <= 1 + applied


class TestLosses:
    async def test_a_socket_too_many_is_taken_when_one_is_free(
        self, wire_folder: Path, wire_settings: Mapping[str, str]
    ) -> None:
        """Slack says so and closes; the bot goes on trying."""
        rules = Rules(connections=1)
        async with staged(wire_folder, wire_settings, rules) as stage, stage.bot() as first, AsyncExitStack() as stack:
            second = await stack.enter_async_context(stage.bot(ready=False))
            await stage.server.sockets.refused.next(patience=60)
            last = stage.server.sockets.last
            first.tell(signal.SIGTERM)
            assert await first.status() == 0
            await stage.server.sockets.renewed(last, patience=60)
            assert (await stage.asked("who directed Low Tide?")).shown.startswith(DIRECTOR)
            assert "Traceback" not in second.output

    async def test_a_removed_app_says_so(self, wire_folder: Path, wire_settings: Mapping[str, str]) -> None:
        """One line and no traceback; what is asked meanwhile is not answered."""
        async with staged(wire_folder, wire_settings) as stage, stage.bot() as bot:
            stage.server.team.token = "xoxb-another"  # noqa: S105
            stage.ada.mentions(stage.channel(), "who directed Low Tide?")
            await bot.lines.next(lambda line: "invalid_auth" in line)
            assert "Traceback" not in bot.output
            assert len(stage.server.sent) == 0


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
