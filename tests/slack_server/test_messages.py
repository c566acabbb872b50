"""What the server enforces of messages and of whoever sends them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from tests.slack_server import BlockKit, Payload, dropped, held, rate_limited, refused, server_error
from tests.slack_server.stage import Stage

TEXT: Payload = {"type": "section", "text": {"type": "mrkdwn", "text": "words"}}


def buttons(*labels: str) -> Payload:
    """A row of buttons."""
    made = [
        {"type": "button", "action_id": f"act-{number}", "text": {"type": "plain_text", "text": label}}
        for number, label in enumerate(labels)
    ]
    return {"type": "actions", "elements": made}


def post(stage: Stage, *blocks: Payload, text: str = "words", **more: object) -> Awaitable[AsyncSlackResponse]:
    """Posts into the channel."""
    return stage.bot.client.chat_postMessage(channel=stage.general.id, text=text, blocks=list(blocks) or None, **more)  # type: ignore[arg-type]


async def refusal(doing: Awaitable[AsyncSlackResponse]) -> str:
    """Slack's word for why it does not do that."""
    with pytest.raises(SlackApiError) as caught:
        await doing
    return str(caught.value.response["error"])


class TestRules:
    async def test_a_message_is_kept_and_shown(self, idle: Stage) -> None:
        """With its blocks, and to everybody."""
        await post(idle, TEXT, buttons("One", "Two"))
        (sent,) = idle.server.sent
        assert (sent.text, sent.shown, sent.labels) == ("words", "words", ["One", "Two"])
        assert idle.ben.sees(idle.general) == [sent]
        assert idle.server.problems == []

    @pytest.mark.parametrize(
        "block",
        [
            {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}},
            {"type": "section", "text": {"type": "mrkdwn", "text": ""}},
            {"type": "section"},
            {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11},
            {"type": "nonsense"},
            buttons("x" * 76),
            buttons(*map(str, range(26))),
            {"type": "actions", "elements": [buttons("a")["elements"][0]] * 2},
            {**TEXT, "block_id": "x" * 256},
        ],
        ids=lambda block: f"{block['type']} {len(str(block))}",
    )
    async def test_blocks_that_break_a_rule_are_refused(self, idle: Stage, block: Payload) -> None:
        """Lengths, counts, types, and ids that must not be twice."""
        assert await refusal(post(idle, block)) == "invalid_blocks"
        assert len(idle.server.sent) == 0

    async def test_so_are_too_many_and_ids_used_twice(self, idle: Stage) -> None:
        """50 blocks at most."""
        await post(idle, *[TEXT] * 50)
        assert await refusal(post(idle, *[TEXT] * 51)) == "invalid_blocks"
        assert await refusal(post(idle, *[{**TEXT, "block_id": "a"}] * 2)) == "invalid_blocks"

    async def test_unknown_keys_of_blocks_are_refused(self, idle: Stage, schema: BlockKit) -> None:
        """By the schema of Slack's types."""
        if not schema.known:
            pytest.skip("Block Kit's schema is not beside this checkout")
        assert await refusal(post(idle, {**TEXT, "colour": "red"})) == "invalid_blocks"

    async def test_unknown_arguments_are_refused(self, idle: Stage) -> None:
        """And kept as a problem, since Slack itself would let them through."""
        assert await refusal(post(idle, colour="red")) == "invalid_arguments"
        assert idle.server.problems

    async def test_long_and_empty_texts_are_refused(self, idle: Stage) -> None:
        """40,000 characters for a new message, 4,000 for a changed one."""
        assert await refusal(post(idle, text="x" * 40_001)) == "msg_too_long"
        client, place = idle.bot.client, idle.general.id
        assert await refusal(client.api_call("chat.postMessage", json={"channel": place})) == "no_text"
        sent = await post(idle)
        assert await refusal(client.chat_update(channel=place, ts=str(sent["ts"]), text="x" * 4001)) == "msg_too_long"

    async def test_blocks_without_text_are_a_problem(self, idle: Stage) -> None:
        """Slack lets them through, and notifications are empty."""
        await idle.bot.client.api_call("chat.postMessage", json={"channel": idle.general.id, "blocks": [TEXT]})
        assert "text beside" in idle.server.problems[0]

    async def test_links_that_may_unfold_are_a_problem(self, idle: Stage) -> None:
        """Unless they are told not to."""
        await post(idle, text="see <https://example.com|that>", unfurl_links=False)
        assert idle.server.problems == []
        await post(idle, text="see <https://example.com|that>")
        assert "unfold" in idle.server.problems[0]

    async def test_pings_are_found(self, idle: Stage) -> None:
        """In the text and in mrkdwn, but not where they are escaped or plain."""
        mrkdwn = {"type": "section", "text": {"type": "mrkdwn", "text": "<!here> &lt;!everyone&gt;"}}
        plain = {"type": "header", "text": {"type": "plain_text", "text": "<!channel>"}}
        await post(idle, mrkdwn, plain, text=f"hi {idle.ada.user.mention}")
        (sent,) = idle.server.sent
        assert sent.pings == (idle.ada.user.mention, "<!here>")


class TestPlaces:
    async def test_where_a_bot_may_not_post(self, idle: Stage) -> None:
        """Unknown, without it, archived, an unknown thread."""
        client, world, team = idle.bot.client, idle.server.world, idle.server.team
        elsewhere = world.channel(team, "elsewhere", has_bot=False)
        secret = world.channel(team, "secret", private=True, has_bot=False)
        said = [await refusal(client.chat_postMessage(channel=place.id, text="x")) for place in (elsewhere, secret)]
        assert said == ["not_in_channel", "channel_not_found"]
        assert await refusal(client.chat_postMessage(channel="C404", text="x")) == "channel_not_found"
        assert await refusal(post(idle, thread_ts="1.000000")) == "thread_not_found"
        idle.general.archived = True
        assert await refusal(post(idle)) == "is_archived"

    async def test_a_scope_that_is_missing_is_named(self, idle: Stage) -> None:
        """With those that there are."""
        with pytest.raises(SlackApiError) as caught:
            await idle.bot.client.users_info(user=idle.ada.user.id)
        answer = caught.value.response
        assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")
        assert "chat:write" in str(answer["provided"])

    @pytest.mark.parametrize(("token", "error"), [("xoxb-wrong", "invalid_auth"), ("", "not_authed")])
    async def test_a_token_is_needed(self, idle: Stage, token: str, error: str) -> None:
        """And the right one."""
        async with aiohttp.ClientSession() as session:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            async with session.post(f"{idle.server.api_url}auth.test", headers=headers) as response:
                assert response.status == 200
                assert (await response.json())["error"] == error

    async def test_a_revoked_token_is_refused(self, idle: Stage) -> None:
        """The app was uninstalled."""
        idle.server.team.installed = False
        assert await refusal(idle.bot.client.auth_test()) == "token_revoked"

    async def test_an_ephemeral_message_is_for_one_alone(self, idle: Stage) -> None:
        """Who is in the channel; it can't be changed later."""
        client, place = idle.bot.client, idle.general.id
        sent = await client.chat_postEphemeral(channel=place, user=idle.ada.user.id, text="psst")
        assert [message.text for message in idle.ada.sees(idle.general)] == ["psst"]
        assert idle.ben.sees(idle.general) == []
        assert await refusal(client.chat_update(channel=place, ts=str(sent["message_ts"]), text="x")) == (
            "message_not_found"
        )
        late = idle.server.member("late")
        assert await refusal(client.chat_postEphemeral(channel=place, user=late.user.id, text="x")) == (
            "user_not_in_channel"
        )

    async def test_changes_and_deletions(self, idle: Stage) -> None:
        """Of the bot's own messages; text alone takes the blocks away."""
        client, place = idle.bot.client, idle.general.id
        ts = str((await post(idle, TEXT))["ts"])
        await client.chat_update(channel=place, ts=ts, text="other")
        (sent,) = idle.server.world.edited
        assert (sent.text, sent.blocks) == ("other", [])
        await client.chat_delete(channel=place, ts=ts)
        assert sent.deleted
        assert await refusal(client.chat_delete(channel=place, ts=ts)) == "message_not_found"
        other = idle.ada.says(idle.general, "mine")
        assert await refusal(client.chat_delete(channel=place, ts=other.ts)) == "cant_delete_message"

    async def test_a_link_to_a_message_names_its_thread(self, idle: Stage) -> None:
        """As Slack's own links do."""
        question = idle.ada.says(idle.general, "hello")
        answer = await post(idle, thread_ts=question.ts)
        found = await idle.bot.client.chat_getPermalink(channel=idle.general.id, message_ts=str(answer["ts"]))
        assert f"thread_ts={question.ts}" in str(found["permalink"])


class TestFaults:
    async def test_more_than_one_a_second_is_limited(self, idle: Stage) -> None:
        """After a short burst, by channel, with the seconds to wait."""
        for _ in range(idle.server.rules.burst):
            await post(idle)
        with pytest.raises(SlackApiError) as caught:
            await post(idle)
        assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "1")
        other = idle.server.world.channel(idle.server.team, "other")
        await idle.bot.client.chat_postMessage(channel=other.id, text="x")
        idle.clock.now += 1
        await post(idle)

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    @pytest.mark.parametrize("applied", [False, True])
    async def test_a_server_error_with_or_without_effect(self, idle: Stage, status: int, applied: bool) -> None:  # noqa: FBT001
        """Once, then everything is as before."""
        idle.server.api.faults.plan("chat.postMessage", server_error(status, applied=applied))
        with pytest.raises(SlackApiError):
            await post(idle)
        assert len(idle.server.sent) == int(applied)
        await post(idle)

    async def test_a_lost_line(self, idle: Stage) -> None:
        """Posted, but the answer never came."""
        idle.server.api.faults.plan("chat.postMessage", dropped(applied=True), times=2)
        with pytest.raises(aiohttp.ClientError):
            await post(idle)
        assert len(idle.server.sent) >= 1

    async def test_other_faults(self, idle: Stage) -> None:
        """Any word of refusal, a limit, and a request that is held back."""
        idle.server.api.faults.plan("chat.postMessage", refused("fatal_error"))
        assert await refusal(post(idle)) == "fatal_error"
        idle.server.api.faults.plan("chat.postMessage", rate_limited(7))
        assert await refusal(post(idle)) == "ratelimited"
        until = asyncio.Event()
        idle.server.api.faults.plan("chat.postMessage", held(until))
        posting = asyncio.ensure_future(post(idle))
        await idle.server.requests.next(lambda request: request.status == 0)
        assert len(idle.server.sent) == 0
        until.set()
        assert (await posting)["ok"]

    async def test_what_there_is_no_route_for_is_a_problem(self, idle: Stage) -> None:
        """A method that the server doesn't know."""
        assert await refusal(idle.bot.client.api_call("made.up")) == "unknown_method"
        assert "made.up" in idle.server.problems[0]
