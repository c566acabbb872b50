"""What becomes of an installation: tokens that are sealed, renewed and removed."""

from __future__ import annotations

import pytest

from adapters.slack.many import rotated
from adapters.slack.sealing import new_key
from bot.errors import StoreError
from tests.adapters.slack.many import Many, dump, end_in
from tests.slack_server import Delivery

HOST = "who moderated the hill talk"
PRESS = {"type": "plain_text", "text": "Press"}


class TestRemoving:
    async def test_the_end_of_an_installation_is_the_end_of_answers(self, many: Many) -> None:
        """Its tokens leave the database; the other workspace goes on."""
        (_, ada), (_, ben) = many.workspace("harbor"), many.workspace("hill")
        async with many.running():
            for member in (ada, ben):
                await many.install(member)
            channel = many.server.world.channel(ada.team, "general")
            await removed(many, ada.team.id)
            ada.team.installed = True  # an event that was on its way
            question = ada.mentions(channel, HOST)
            for delivery in many.server.told(question):
                await many.server.deliveries.acked(delivery)
            assert not many.server.answers(question)
            assert ada.team.id not in await dump(many.url)
            assert "Tom Quill" in await many.asked(ben, HOST)

    async def test_a_removal_that_comes_late_spares_a_new_installation(self, many: Many) -> None:
        """Slack sends events again for an hour."""
        _, ada = many.workspace("harbor")
        async with many.running():
            await many.install(ada)
            await removed(many, ada.team.id)
            await many.install(ada)
            for delivery in removals(many):
                payload = {**delivery.payload, "event_time": delivery.payload["event_time"] - 60}
                await many.server.deliveries.acked(many.server.deliveries.send("events_api", payload))
            assert "Tom Quill" in await many.asked(ada, HOST)

    async def test_a_member_s_own_token_is_no_removal(self, many: Many) -> None:
        """Only the bot's is."""
        _, ada = many.workspace("harbor")
        async with many.running():
            await many.install(ada)
            event = {"type": "tokens_revoked", "tokens": {"oauth": [ada.user.id], "bot": []}}
            many.server.world.hear(ada.team, "tokens_revoked", event)
            await many.server.deliveries.acked(many.server.deliveries.log.items[-1])
            assert "Tom Quill" in await many.asked(ada, HOST)

    async def test_an_organization_removes_it(self, many: Many) -> None:
        """From all of its workspaces."""
        (_, ada), _ = many.workspace("east", "E0ORG"), many.workspace("west", "E0ORG")
        async with many.running():
            await many.install(ada, whole=True)
            await removed(many, "E0ORG", ada.team.id)
            assert "E0ORG" not in await dump(many.url)


class TestSecrets:
    async def test_a_copy_of_the_database_opens_nothing(
        self, many: Many, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        """Nor does the log."""
        many.server.oauth.rotation = True
        _, ada = many.workspace("harbor")
        async with many.running():
            await many.install(ada)
            await many.asked(ada, HOST)
        held = await dump(many.url) + "".join(capsys.readouterr()) + caplog.text
        assert len(many.tokens()) == 2
        for secret in many.tokens():
            assert secret not in held
        assert "xox" not in held

    async def test_another_key_first_keeps_all_working(self, many: Many) -> None:
        """Before what is there was sealed anew, and after; then the old key isn't needed."""
        (_, ada), (_, ben) = many.workspace("harbor"), many.workspace("hill")
        async with many.running():
            await many.install(ada)
        key = new_key()
        async with many.running(f"{key},{many.key}"):
            await many.install(ben)
            for member in (ada, ben):
                assert "Tom Quill" in await many.asked(member, HOST)
        assert await rotated(many.settings(f"{key},{many.key}")) == 4
        async with many.running(key):
            for member in (ada, ben):
                assert "Tom Quill" in await many.asked(member, HOST)

    async def test_a_key_that_is_missing_is_one_clear_line(self, many: Many) -> None:
        """At the start, and when sealing anew."""
        _, ada = many.workspace("harbor")
        async with many.running():
            await many.install(ada)
        with pytest.raises(StoreError, match="2 tokens were sealed with a key that HERALD_TOKEN_KEY hasn't got"):
            async with many.running(new_key()):
                pass
        with pytest.raises(StoreError, match="HERALD_TOKEN_KEY"):
            await rotated(many.settings(new_key()))


class TestExpiring:
    async def test_a_token_is_renewed_ahead_of_its_end(self, many: Many) -> None:
        """Nobody waits for it; what is asked later is answered with the new token."""
        many.server.oauth.rotation = True
        _, ada = many.workspace("harbor")
        async with many.running():
            await many.install(ada)
            before = ada.team.token
            await end_in(many, 3600)
            channel = many.server.world.channel(ada.team, "general")
            assert "Tom Quill" in (await many.server.answer(ada.mentions(channel, HOST))).shown
            await many.server.requests.until(lambda: ada.team.token != before)
        async with many.running():
            assert "Tom Quill" in await many.asked(ada, HOST)
        assert ada.team.token not in await dump(many.url)

    async def test_an_expired_token_is_renewed_first(self, many: Many) -> None:
        """Once, though many ask at once."""
        many.server.oauth.rotation = True
        _, ada = many.workspace("harbor")
        async with many.running():
            await many.install(ada)
            ada.team.expires = 0.0
            await end_in(many, -1)
            channels = [many.server.world.channel(ada.team, f"c{number}") for number in range(4)]
            questions = [ada.mentions(channel, HOST) for channel in channels]
            for question in questions:
                assert "Tom Quill" in (await many.server.answer(question)).shown
        refreshed = many.server.requests.all(lambda request: "refresh_token" in request.args)
        assert len(refreshed) == 1


def removals(many: Many) -> list[Delivery]:
    """The events that tell of one."""
    return many.server.deliveries.log.all(lambda found: found.name in ("app_uninstalled", "tokens_revoked"))


async def removed(many: Many, workspace: str, team: str = "") -> None:
    """An admin removes Herald, which hears of it."""
    many.server.oauth.uninstall(many.server.world.teams[team or workspace])
    told = removals(many)
    assert len(told) >= 2
    for delivery in told:
        await many.server.deliveries.acked(delivery)
