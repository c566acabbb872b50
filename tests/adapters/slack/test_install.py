"""Many workspaces on one process: installing by a browser, and what each is answered by."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot import ids, notices
from tests.adapters.slack.many import Many, dump, expire
from tests.slack_server import Visitor, browser
from tests.slack_server.exchange import held, refused, server_error

HOST = "who moderated the hill talk"
PRESS = {"type": "plain_text", "text": "Press"}
CLIENT = "'1.2'"


class TestInstalling:
    async def test_two_workspaces_are_answered_each_with_its_token(self, many: Many) -> None:
        """At the same time, in messages, by commands and after presses."""
        (_, ada), (_, ben) = many.workspace("harbor"), many.workspace("hill")
        async with many.running():
            for member in (ada, ben):
                page = await many.install(member)
                assert page.status == 200
                assert "Herald is installed" in page.text
            assert ada.team.token != ben.team.token
            for member in (ada, ben, ada):
                assert "Tom Quill" in await many.asked(member, HOST)
            places = [many.server.world.channel(member.team, "together") for member in (ada, ben)]
            uses = [member.slash(place, "/ask", HOST) for member, place in zip((ada, ben), places, strict=True)]
            for use, member in zip(uses, (ben, ada), strict=True):
                reply = await use.reply()
                assert "Tom Quill" in reply.shown
                assert reply.channel.team is not member.team

    async def test_a_restart_knows_them(self, many: Many) -> None:
        """As they are in the database; nothing is asked of Slack for it."""
        _, ada = many.workspace("harbor")
        async with many.running():
            await many.install(ada)
        before = len(many.server.requests)
        async with many.running():
            assert "Tom Quill" in await many.asked(ada, HOST)
        methods = {request.method for request in many.server.requests.items[before:]}
        assert methods == {"chat.postMessage"}

    async def test_the_end_waits_for_one_under_way(self, many: Many) -> None:
        """Its code is good for once, so whoever installs would have to begin anew."""
        _, ada = many.workspace("harbor")
        gate = asyncio.Event()
        many.server.api.faults.plan(r"oauth\.v2\.access", held(gate))
        async with many.running():
            installing = asyncio.create_task(many.install(ada))
            await many.server.requests.next(lambda request: request.is_("oauth.v2.access"))
            asyncio.get_running_loop().call_later(2.5, gate.set)
        assert (await installing).status == 200
        async with many.running():
            assert "Tom Quill" in await many.asked(ada, HOST)

    async def test_a_workspace_that_has_not_installed_it_gets_nothing(self, many: Many) -> None:
        """Whatever is said to come from it."""
        team, ada = many.workspace("harbor")
        team.installed = True  # Slack's mistake, or a database that was put back
        async with many.running():
            question = ada.mentions(many.server.world.channel(team, "general"), HOST)
            for delivery in many.server.told(question):
                await many.server.deliveries.acked(delivery)
            assert not many.server.requests.all(lambda request: request.is_("chat.postMessage"))

    async def test_an_organization_installs_it_as_a_whole(self, many: Many) -> None:
        """Then all of its workspaces are answered, also one that is installed in on its own elsewhere."""
        (_, ada), (_, ben) = many.workspace("east", "E0ORG"), many.workspace("west", "E0ORG")
        async with many.running():
            assert (await many.install(ada, whole=True)).status == 200
            for member in (ada, ben):
                assert "Tom Quill" in await many.asked(member, HOST)
            assert ada.team.token == ben.team.token

    async def test_a_workspace_of_an_organization_installs_it_alone(self, many: Many) -> None:
        """The others stay without."""
        (_, ada), _ = many.workspace("east", "E0ORG"), many.workspace("west", "E0ORG")
        async with many.running():
            await many.install(ada)
            assert "Tom Quill" in await many.asked(ada, HOST)

    async def test_installing_again_gives_the_new_token(self, many: Many) -> None:
        """And the old one is forgotten."""
        _, ada = many.workspace("harbor")
        async with many.running():
            await many.install(ada)
            await many.asked(ada, HOST)
            before = ada.team.token
            await many.install(ada)
            assert ada.team.token != before
            assert "Tom Quill" in await many.asked(ada, HOST)
        assert (await dump(many.url, ["slack_bots"])).count(CLIENT) == 1

    async def test_a_link_may_choose_the_workspace(self, many: Many) -> None:
        """And nothing else of Slack's address."""
        async with many.running(), browser(many.address) as opened:
            page = await opened.opens(f"{many.address}/slack/install?team=T0AB", follows=False)
            assert page.sent_to.endswith("&team=T0AB")
            for crooked in ("T0%26redirect_uri%3Dhttps%3A%2F%2Fevil", "a%0d%0aSet-Cookie%3A%20x", "%00"):
                page = await opened.opens(f"{many.address}/slack/install?team={crooked}", follows=False)
                assert page.status == 302
                assert "team=" not in page.sent_to


class TestLookingAfter:
    async def test_only_admins_of_the_home_may(self, many: Many) -> None:
        """Whoever else installs Herald doesn't change what it says to all, though they own their workspace."""
        (ours, ada), (_, eve) = many.workspace("harbor"), many.workspace("hill")
        ada.user.admin = eve.user.owner = True
        many.home = (ours.id,)
        async with many.running():
            for member in (ada, eve):
                await many.install(member)
            places = [many.server.world.channel(member.team, "general") for member in (ada, eve)]
            assert "Up for" in (await ada.slash(places[0], "/herald", "status").reply()).text
            assert (await eve.slash(places[1], "/herald", "status").reply()).text == notices.NOT_HOME
            pressed = {"type": "button", "action_id": ids.button("restore", 1), "text": PRESS}
            planted = many.server.plant(places[1], "panel", [{"type": "actions", "elements": [pressed]}])
            assert (await eve.clicks(planted, PRESS["text"]).reply()).text == notices.FORBIDDEN

    async def test_without_a_home_nobody_may(self, many: Many, capsys: pytest.CaptureFixture[str]) -> None:
        """And the log says why at the start."""
        _, ada = many.workspace("harbor")
        ada.user.owner = True
        async with many.running():
            await many.install(ada)
            place = many.server.world.channel(ada.team, "general")
            assert (await ada.slash(place, "/herald", "status").reply()).text == notices.NOT_HOME
        assert "HERALD_SLACK_HOME names no workspace" in capsys.readouterr().out

    async def test_answers_are_removed_by_each_workspace_s_own_admins(self, many: Many) -> None:
        """That touches nothing but their channels."""
        (_, ada), (_, eve) = many.workspace("harbor"), many.workspace("hill")
        many.home = (ada.team.id,)
        other = many.server.member("otto", team=eve.team, owner=True)
        async with many.running():
            await many.install(eve)
            place = many.server.world.channel(eve.team, "general")
            answer = await many.server.answer(eve.mentions(place, HOST))
            use = other.clicks(answer, "Dismiss")
            await use.acked()
        assert answer.deleted


class TestRefusals:
    """Each with a plain page, and no token fetched."""

    async def back(self, many: Many) -> str:
        """The address that Slack sends a browser back to, in one that began."""
        page = await self.opened.opens(f"{many.address}/slack/install", follows=False)
        return (await self.opened.opens(page.sent_to, follows=False)).sent_to

    @pytest.fixture(autouse=True)
    async def herald(self, many: Many) -> AsyncIterator[None]:
        """Herald, somebody's browser, and somebody who would allow it."""
        _, ada = many.workspace("harbor")
        many.server.oauth.visitor = Visitor(ada.user.id, ada.team)
        async with many.running(), browser(many.address) as self.opened:
            yield

    def fetched(self, many: Many) -> int:
        return len(many.server.requests.all(lambda request: request.is_("oauth.v2.access") and request.ok))

    async def test_a_state_is_good_for_once(self, many: Many) -> None:
        """Also where the cookie was kept."""
        back = await self.back(many)
        state = back.partition("state=")[2]
        assert (await self.opened.opens(back)).status == 200
        self.opened._session.cookie_jar.update_cookies({"slack-app-oauth-state": state})
        for _ in range(2):
            page = await self.opened.opens(back)
            assert page.status in (400, 401)
            assert "Begin again" in page.text
        assert self.fetched(many) == 1

    async def test_of_two_at_once_one_is_served(self, many: Many) -> None:
        """The same state can't be used twice by being fast."""
        back = await self.back(many)
        pages = await asyncio.gather(*(self.opened.opens(back) for _ in range(4)))
        assert sorted(page.status for page in pages) == [200, 401, 401, 401]
        assert self.fetched(many) == 1

    async def test_a_state_of_nobody_s_is_refused(self, many: Many) -> None:
        """And one that another browser was given."""
        back = await self.back(many)
        wrong = back.partition("state=")[0] + "state=00000000-0000-0000-0000-000000000000"
        assert (await self.opened.opens(wrong)).status == 400
        async with browser(many.address) as other:
            page = await other.opens(back)
        assert (page.status, "browser" in page.text) == (400, True)
        assert self.fetched(many) == 0

    async def test_a_state_of_an_hour_ago_is_refused(self, many: Many) -> None:
        """As whoever began has gone."""
        back = await self.back(many)
        await expire(many)
        page = await self.opened.opens(back)
        assert (page.status, "too much time" in page.text) == (401, True)
        assert self.fetched(many) == 0

    async def test_somebody_says_no(self, many: Many) -> None:
        """That is no error."""
        _, ben = many.workspace("hill")
        many.server.oauth.visitor = Visitor(ben.user.id, ben.team, allows=False)
        page = await self.opened.opens(await self.back(many))
        assert (page.status, "Nothing was installed" in page.text) == (200, True)

    @pytest.mark.parametrize("word", ["invalid_code", "bad_client_secret", "internal_error"])
    async def test_slack_says_no(self, many: Many, word: str, capsys: pytest.CaptureFixture[str]) -> None:
        """The log has Slack's word, and no code."""
        many.server.api.faults.plan(r"oauth\.v2\.access", refused(word))
        back = await self.back(many)
        page = await self.opened.opens(back)
        assert (page.status, "did not confirm" in page.text) == (401, True)
        said = "".join(capsys.readouterr())
        assert word in said
        assert back.partition("code=")[2].partition("&")[0] not in said

    async def test_a_reply_of_slack_s_that_is_lost(self, many: Many) -> None:
        """A code is good for once, so that one begins again; then all is well."""
        many.server.api.faults.plan(r"oauth\.v2\.access", server_error(502, applied=True))
        assert (await self.opened.opens(await self.back(many))).status == 401
        assert (await self.opened.opens(await self.back(many))).status == 200

    @pytest.mark.parametrize(
        "query", ["", "?code=x", "?state=x", "?code=x&state=x", "?error=%3Cscript%3E", "?state=%00"]
    )
    async def test_anything_else_is_a_plain_page_too(self, many: Many, query: str) -> None:
        """In which nothing stands that came with the address."""
        page = await self.opened.opens(f"{many.address}/slack/oauth_redirect{query}")
        assert page.status in (200, 400, 401)
        assert page.headers["Content-Type"].startswith("text/html")
        assert "script" not in page.text
