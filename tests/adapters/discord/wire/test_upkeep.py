"""What operators and admins see over the wire: reload, logs, outages."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot import notices
from tests.adapters.discord.wire.stage import MESSAGES, staged
from tests.adapters.support import harbor
from tests.discord_server import Permission
from tests.support import Data, write_knowledge

HOST = "Ada Stone moderated the harbor talk."
SMALL_HOST = "Ada Stone hosted it."
PATIENCE = 240.0
"""Seconds for a reload: its process gives way to everything else on the machine."""


@pytest.fixture
def own_settings(wire_settings: Mapping[str, str], tmp_path: Path) -> Mapping[str, str]:
    """The variables of a bot over a small knowledge base of the test's own, which it may edit."""
    return {**wire_settings, "HERALD_KNOWLEDGE_DIR": str(write_knowledge(tmp_path / "kb", harbor()))}


class TestReload:
    async def test_an_edit_goes_into_service(self, own_settings: Mapping[str, str], tmp_path: Path) -> None:
        """The admin reads what changed; the same question then has the new answer."""
        async with staged(tmp_path, own_settings) as stage, stage.bot(fresh=True):
            assert (await stage.asked("who hosted the harbor talk?")).content.startswith(SMALL_HOST)
            _edit(tmp_path / "kb", "Ada Stone hosted it.", "Ada Stone herself hosted it.")
            used = await stage.admin.slash(stage.general, "herald reload")
            report = await used.reply(patience=PATIENCE)
            assert report.viewer is stage.admin.user
            assert "1 changed" in report.content
            assert "talk-host" in report.content
            answer = await stage.asked("who hosted the harbor talk?", channel=stage.night)
            assert answer.content.startswith("Ada Stone herself hosted it.")

    async def test_a_mistake_leaves_the_old_version_in_service(
        self, own_settings: Mapping[str, str], tmp_path: Path
    ) -> None:
        """The admin reads each problem with its file and line; so many that the whole comes as a file."""
        async with staged(tmp_path, own_settings) as stage, stage.bot():
            write_knowledge(tmp_path / "kb", _misspelt())
            used = await stage.admin.slash(stage.general, "herald reload")
            report = await used.reply(patience=PATIENCE)
            assert "entries.yaml:" in report.content
            assert "did you mean 'harbor-report'" in report.content
            assert "stays in service" in report.content
            assert [file["filename"] for file in report.attachments] == ["report.txt"]
            assert (await stage.asked("who hosted the harbor talk?")).content.startswith(SMALL_HOST)

    async def test_questions_are_answered_meanwhile(self, own_settings: Mapping[str, str], tmp_path: Path) -> None:
        """By the old version, while the new one is compiled."""
        async with staged(tmp_path, own_settings) as stage, stage.bot():
            _edit(tmp_path / "kb", "who hosted the harbor talk", "who was the host that evening")
            used = await stage.admin.slash(stage.general, "herald reload")
            await used.first()
            assert (await stage.asked("who hosted the harbor talk?")).content.startswith(SMALL_HOST)
            assert used.original is None, "the reload was over before the question"
            assert "who was the host that evening" in (await used.reply(patience=PATIENCE)).content


class TestWatching:
    async def test_admins_read_of_a_mistake_in_their_channel(
        self, own_settings: Mapping[str, str], tmp_path: Path
    ) -> None:
        """With file and line, once, the whole as a file; the old version stays. So do they read that it is mended."""
        async with staged(tmp_path, own_settings) as stage:
            watching = {"HERALD_WATCH": "1", "HERALD_DISCORD_ADMIN_CHANNEL": str(stage.night.id)}
            async with stage.bot(settings=watching):
                write_knowledge(tmp_path / "kb", _misspelt())
                alert = await stage.server.sent.next(lambda sent: sent.channel is stage.night, PATIENCE)
                assert "stays in service" in alert.content
                assert "entries.yaml:" in alert.content
                assert [file["filename"] for file in alert.attachments] == ["report.txt"]
                assert (await stage.asked("who hosted the harbor talk?")).content.startswith(SMALL_HOST)
                write_knowledge(tmp_path / "kb", harbor())
                mended = await stage.server.sent.next(lambda sent: sent.channel is stage.night, PATIENCE)
                assert mended.content == notices.MENDED


class TestLogs:
    async def test_neither_words_nor_secrets_are_logged(
        self, wire_folder: Path, wire_settings: Mapping[str, str]
    ) -> None:
        """At the most talkative level, with errors on the way."""
        loud = {"HERALD_LOG_LEVEL": "DEBUG"}
        async with staged(wire_folder, wire_settings) as stage, stage.bot(settings=loud) as bot:
            await stage.asked("xylophone director of Low Tide?")
            await stage.server.answer(await stage.ada.dms("xylophone soundtrack?"))
            await (await stage.ada.slash(stage.general, "ask", question="xylophone camera?")).reply()
            await (await stage.admin.slash(stage.general, "herald why", text="xylophone ghost?")).reply()
            bot.tell(signal.SIGTERM)
            assert await bot.status() == 0
            assert "xylophone" not in bot.output
            assert "loopback.token" not in bot.output
            tokens = list(stage.server.interactions.by_token)
            assert not [token for token in tokens if token in bot.output]

    async def test_a_missing_permission_is_told_once_and_nothing_is_sent(
        self, wire_folder: Path, wire_settings: Mapping[str, str]
    ) -> None:
        """As Discord bans who is refused too often."""
        async with staged(wire_folder, wire_settings) as stage:
            stage.night.denied = Permission.SEND_MESSAGES
            async with stage.bot() as bot:
                for _ in range(2):
                    await stage.ada.mentions(stage.night, "who directed Low Tide?")
                await bot.lines.next(lambda line: "permission" in line and str(stage.night.id) in line)
                await stage.asked("who directed Low Tide?")
                assert len(bot.lines.all(lambda line: "permission" in line)) == 1
                posts = stage.server.requests.all(lambda request: request.is_("POST", MESSAGES))
                assert [str(stage.general.id) in post.path for post in posts] == [True]


class TestOutage:
    async def test_a_gateway_that_is_gone_is_one_line_and_comes_back(
        self, wire_folder: Path, wire_settings: Mapping[str, str]
    ) -> None:
        """The bot goes on trying, and is there again."""
        async with staged(wire_folder, wire_settings) as stage, stage.bot() as bot:
            stage.server.gateway.rules.down = True
            await stage.server.gateway.drop()
            await bot.lines.next(lambda line: "reconnect" in line.lower())
            assert "Traceback" not in bot.output
            stage.server.gateway.rules.down = False
            await stage.server.gateway.ready.next(patience=60)
            assert (await stage.asked("who moderated the harbor talk?")).content.startswith(HOST)

    async def test_discord_out_of_reach_ends_with_one_line(
        self, wire_folder: Path, wire_settings: Mapping[str, str]
    ) -> None:
        """At the start there is nothing to go on with."""
        nowhere = {"HERALD_DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}
        async with staged(wire_folder, wire_settings) as stage, stage.bot(ready=False, settings=nowhere) as bot:
            assert await bot.status() == 1
            assert "Discord" in bot.lines.items[-1]
            assert "Traceback" not in bot.output

    @pytest.mark.parametrize("how", ["reconnect", "invalidate"])
    async def test_what_discord_asks_of_a_session_is_done(
        self, wire_folder: Path, wire_settings: Mapping[str, str], how: str
    ) -> None:
        """To connect anew (resuming), or to begin a new session."""
        async with staged(wire_folder, wire_settings) as stage, stage.bot():
            if how == "reconnect":
                await stage.server.gateway.reconnect()
                await stage.server.gateway.resumed.next()
            else:
                await stage.server.gateway.invalidate()
                await stage.server.gateway.ready.next(patience=30)
            assert (await stage.asked("who moderated the harbor talk?")).content.startswith(HOST)


def _edit(folder: Path, old: str, new: str) -> None:
    path = folder / "entries.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def _misspelt() -> Data:
    """The knowledge base with forty entries more, each with a source that isn't there."""
    data = harbor()
    common = {"answer": "Nobody knows.", "sources": ["harbor-reprot"]}
    data["entries"] += [{"id": f"more-{n}", "questions": [f"what about number {n}"], **common} for n in range(40)]
    return data
