"""Curators on Slack: from the inbox to what is in service, over a real store."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.admins import Admins
from adapters.slack.app import Handlers
from adapters.slack.commands import ASK_HERALD
from adapters.slack.panels import message_named
from adapters.slack.remembered import Key
from adapters.slack.telling import Telling
from bot import ids, notices
from bot.host import Host
from bot.office import Office, open_office
from bot.panels.curators import ACTIONS
from bot.settings import Settings
from tests.adapters.slack.keeping import ODD, Bureau, element
from tests.adapters.slack.support import World
from tests.slack_server.exchange import refused

COMMANDS = ("inbox", "stats", "history", "rollback 1", "why x", "reload", "status", "help")
FOR_EVERYONE = {
    "pick", "read", "reveal", "source", "more", "vote", "up", "down", "reason", "wait", "dismiss", "sub",
}  # fmt: skip
"""What a press of anybody may do; dismissing is for the asker and admins, which has its own test."""


@pytest.fixture
async def office(host: Host, tmp_path: Path, sqlite_file: Path) -> AsyncIterator[Office]:
    """Over a database of the test's own."""
    (tmp_path / "data").mkdir()
    shutil.copy(sqlite_file, tmp_path / "data")
    settings = Settings(cache_dir=tmp_path / "cache", data_dir=tmp_path / "data")
    async with open_office(settings, host) as opened:
        yield opened


@pytest.fixture
async def bureau(world: World, office: Office) -> AsyncIterator[Bureau]:
    """Members are told in the first workspace."""

    async def client_of(key: Key) -> AsyncWebClient:
        assert key == (None, world.server.team.id)
        return world.desk_client

    office.notify("slack", Telling(world.desk.outbox, client_of))
    yield Bureau(world, office)
    office.notify("slack", None)


class TestTeaching:
    async def test_a_question_is_taught(self, bureau: Bureau) -> None:
        """To an entry found by words; it is answered at once. Undone, it isn't any more, and waits again."""
        await bureau.asks()
        panel = await bureau.teaches()
        assert panel.text.startswith("Taught")
        assert (await bureau.asks()).text.startswith("It was shot on")
        await bureau.presses(panel, "Undo")
        assert "is in the inbox again" in panel.text
        assert ODD in (await bureau.commands("inbox")).text

    async def test_a_conflict_is_shown_with_its_phrasing(self, bureau: Bureau) -> None:
        """And nothing changes."""
        answer = await bureau.asks("who edited Low Tide")
        await bureau.world.ada.clicks(answer, notices.TELL_ME).reply()  # a known gap waits for more
        await bureau.written()
        panel = await bureau.group()
        before = bureau.office.publisher.version
        await bureau.picks(panel, "s1:teach:", element(panel, "s1:teach:")["options"][0]["value"])
        assert "That can't be done" in panel.text
        assert "the gap 'editor'" in panel.text
        assert bureau.office.publisher.version == before

    async def test_a_new_entry(self, bureau: Bureau) -> None:
        """Question, answer and source; the question asked becomes a phrasing of it."""
        await bureau.asks()
        panel = await bureau.group()
        form = await bureau.opens(panel, "New entry …")
        bureau.boss.fills(form, "answer", "An umbrella made of quartz.")
        bureau.boss.selects(form, "source", "hill-report")
        await bureau.sends(form)
        assert panel.text.startswith("Taught")
        answer = await bureau.asks()
        assert "An umbrella made of quartz." in answer.text
        assert "Morning on the hill" in answer.text

    async def test_a_form_may_be_filled_in_for_longer_than_its_panel_can_be_replaced(self, bureau: Bureau) -> None:
        """Which is half an hour: what came of it is told beside the panel."""
        await bureau.asks()
        panel = await bureau.group()
        form = await bureau.opens(panel, "Not in the sources …")
        bureau.world.server.rules.response_url = -1.0
        await bureau.sends(form)
        told = bureau.world.server.sent.all()[-1]
        assert told.viewer is bureau.boss.user
        assert told.text.startswith("Not in the sources")
        assert "Undo" in told.labels

    async def test_not_in_the_sources(self, bureau: Bureau) -> None:
        """With a line of its own."""
        await bureau.asks()
        panel = await bureau.group()
        form = await bureau.opens(panel, "Not in the sources …")
        bureau.boss.fills(form, "line", "Umbrellas aren't mentioned.")
        await bureau.sends(form)
        assert "Umbrellas aren't mentioned." in panel.text
        assert (await bureau.asks()).text.startswith("Umbrellas aren't mentioned.")

    async def test_what_another_admin_settled_is_told(self, bureau: Bureau) -> None:
        """By whichever button of the old panel, with a way on."""
        await bureau.asks()
        old, older = await bureau.group(), await bureau.group()
        await bureau.presses(old, "Dismiss")
        await bureau.presses(older, "Dismiss")
        assert "doesn't wait any more" in older.text
        assert "Nothing waits" in (await bureau.presses(older, "Back to the inbox")).text


class TestVersions:
    async def test_history_and_rollback(self, bureau: Bureau) -> None:
        """What was taught is gone after going back."""
        await bureau.asks()
        await bureau.teaches()
        listed = await bureau.commands("history")
        assert f"teach by slack:{bureau.boss.user.id}" in listed.text
        preview = await bureau.commands("rollback 1")
        assert ODD in preview.text
        assert element(preview, "h1:restore:")["style"] == "danger"
        await bureau.presses(preview, "Yes, go back to version 1")
        assert preview.text.startswith("Done")
        assert not (await bureau.asks()).text.startswith("It was shot on")

    async def test_a_page_beyond_the_last_is_the_last(self, bureau: Bureau) -> None:
        """As of the inbox."""
        assert "1. " in (await bureau.commands("history 7")).text

    @pytest.mark.parametrize(("text", "told"), [("rollback", "/herald history"), ("rollback 99", "no version 99")])
    async def test_a_version_that_never_was(self, bureau: Bureau, text: str, told: str) -> None:
        """Is told in one line."""
        assert told in (await bureau.commands(text)).text


class TestReports:
    async def test_statistics_with_a_picture(self, bureau: Bureau) -> None:
        """Counts at once, and the chart in the admin's direct messages."""
        await bureau.asks()
        panel = await bureau.commands("stats 7")
        assert "1 question in the last 7 days" in panel.text
        (upload,) = bureau.world.server.files.uploads.values()
        assert upload.content.startswith(b"\x89PNG")
        assert upload.channel == bureau.boss.dm.id
        assert upload.alt_text

    async def test_without_the_scope_there_is_no_picture(self, bureau: Bureau) -> None:
        """The counts are there all the same, and what is missing is named."""
        bureau.world.server.api.faults.plan("files.getUploadURLExternal", refused("missing_scope"))
        panel = await bureau.commands("stats")
        assert "files:write" in panel.text

    async def test_why_a_past_answer(self, bureau: Bureau) -> None:
        """By the message's link."""
        answer = await bureau.asks("who moderated the harbor talk")
        link = f"https://town.slack.com/archives/{answer.channel.id}/p{answer.ts.replace('.', '')}?thread_ts=1.2&cid=C1"
        assert message_named(link) == f"{answer.channel.id}:{answer.ts}"
        assert "answer (harbor-host)" in (await bureau.commands(f"why {link}")).text
        assert (await bureau.commands("why C0123456:1700000000.000100")).text == notices.NO_ANSWER


class TestRights:
    @pytest.mark.parametrize("text", COMMANDS)
    async def test_commands_are_for_admins(self, bureau: Bureau, text: str) -> None:
        """At each call."""
        told = await bureau.world.ada.slash(bureau.world.general, "/herald", text).reply()
        assert told.text == notices.FORBIDDEN

    @pytest.mark.parametrize("action", sorted(ACTIONS))
    async def test_buttons_are_for_admins(self, bureau: Bureau, action: str) -> None:
        """However somebody came by one: the panel stays, and nothing changes."""
        world, before = bureau.world, bureau.office.publisher.version
        pressed = {"type": "button", "action_id": ids.button(action, "x"), "text": {"type": "plain_text", "text": "Do"}}
        planted = world.server.plant(world.general, "panel", [{"type": "actions", "elements": [pressed]}])
        told = await world.ada.clicks(planted, "Do").reply()
        assert told.text == notices.FORBIDDEN
        assert bureau.office.publisher.version == before

    async def test_forms_are_for_admins(self, bureau: Bureau) -> None:
        """However somebody came to send one."""
        world, before = bureau.world, bureau.office.publisher.version
        use = world.ada.slash(world.general, "/herald", "help")
        await use.reply()
        where = json.dumps({"url": use.address, "channel": world.general.id})
        for number, action in enumerate(ACTIONS):
            view = {"id": f"V{number}", "type": "modal", "callback_id": ids.form(action, "1.1"), "hash": "1"}
            sent = {
                "type": "view_submission", "team": {"id": world.server.team.id}, "user": {"id": world.ada.user.id},
                "view": {**view, "private_metadata": where, "state": {"values": {}}},
            }  # fmt: skip
            await world.server.deliveries.acked(world.server.deliveries.send("interactive", sent))
            await world.settled()
            assert world.server.sent.all()[-1].text == notices.FORBIDDEN, action
        assert len(world.server.sent.all(lambda told: told.text == notices.FORBIDDEN)) == len(ACTIONS) + 1
        assert bureau.office.publisher.version == before

    def test_nothing_is_left_out(self, bureau: Bureau) -> None:
        """Whatever there is to command, press and send is for admins and tested above, or known to be for everyone."""
        handlers = Handlers(bureau.world.desk, Settings(), [])
        assert {text.partition(" ")[0] for text in COMMANDS} == {*handlers.admin._words, "help"}
        assert handlers.listeners.keys() == {"/ask", "/quote", "/herald", ASK_HERALD}
        assert handlers.presses._actions.keys() - ACTIONS.keys() == FOR_EVERYONE

    async def test_a_form_of_somebody_who_may_no_more_changes_nothing(
        self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Their right is checked when it is sent, too."""
        await bureau.asks()
        form = await bureau.opens(await bureau.group(), "Not in the sources …")
        bureau.boss.user.admin = False
        use = bureau.boss.submits(form)
        await use.acked()
        await bureau.written()
        home = bureau.world.server.team.id
        assert not await Admins([home]).allow(bureau.world.desk_client, bureau.boss.user.id, home)
        assert bureau.world.server.sent.all()[-1].text == notices.FORBIDDEN
        assert bureau.office.publisher.version is not None
        assert bureau.office.publisher.version.number == 1


class TestMembers:
    async def test_who_wants_to_be_told_is(self, bureau: Bureau) -> None:
        """Where they asked, once, with a ping for them alone."""
        answer = await bureau.asks()
        told = await bureau.world.ada.clicks(answer, notices.TELL_ME).reply()
        assert told.text == notices.WILL_TELL
        again = await bureau.world.ada.clicks(answer, notices.TELL_ME).reply()
        assert again.text == notices.WAITING
        panel = await bureau.teaches()
        assert "1 member who wanted to know will be told" in panel.text
        notice = await bureau.world.server.sent.next(lambda sent: sent.text.startswith("You wanted to be told"))
        assert (notice.channel, notice.thread) == (answer.channel, answer.root)
        assert tuple(notice.pings) == (bureau.world.ada.user.mention,)
        assert "It was shot on" in notice.text

    async def test_a_thumb_down_is_asked_for_its_reason(self, bureau: Bureau) -> None:
        """And the reason takes the place of the question."""
        answer = await bureau.asks("who moderated the harbor talk")
        asked = await bureau.world.ada.clicks(answer, "Not helpful").reply()
        assert asked.text == notices.WHAT_IS_WRONG
        await bureau.world.replaced(bureau.world.ada.clicks(asked, "Outdated"))
        assert asked.text == notices.THANKS

    async def test_everyone_may_be_forgotten(self, bureau: Bureau) -> None:
        """By a command that needs no right."""
        answer = await bureau.asks()
        await bureau.world.ada.clicks(answer, notices.TELL_ME).reply()
        told = await bureau.world.ada.slash(bureau.world.general, "/herald", "forget-me").reply()
        assert "1" in told.text
        told = await bureau.world.ada.slash(bureau.world.general, "/herald", "forget-me").reply()
        assert told.viewer is bureau.world.ada.user

    async def test_a_pick_is_noted(self, bureau: Bureau) -> None:
        """With the entry that was picked, for curators to see."""
        answer = await bureau.asks("interview at the talk")
        pick = element(answer, "h1:pick:")
        await bureau.world.replaced(bureau.world.ada.clicks(answer, pick["action_id"]))
        await bureau.written()
        found = await bureau.office.past.find(f"{answer.channel.id}:{answer.ts}")
        assert found
        assert found.picked == ids.press(pick["action_id"]).rest

    async def test_an_edited_question_s_answer_is_noted(self, bureau: Bureau) -> None:
        """With the message that carries it from then on."""
        question = bureau.world.ada.dms(ODD)
        answer = await bureau.world.answer(question)
        await bureau.written()
        await bureau.world.edited(question, "who moderated the harbor talk")
        await bureau.written()
        found = await bureau.office.past.find(f"{answer.channel.id}:{answer.ts}")
        assert found
        assert (found.text, found.kind) == ("who moderated the harbor talk", "answer")
