"""What the server enforces in Socket Mode."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.slack_server import APP_TOKEN, BOT_TOKEN
from tests.slack_server.plain import Plain, connected
from tests.slack_server.stage import Stage


async def opened(stage: Stage, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
    """A socket of a client that acknowledges nothing by itself, after its hello."""
    answer = await stage.bot.client.apps_connections_open(app_token=APP_TOKEN)
    return await session.ws_connect(str(answer["url"]))


async def test_an_event_is_acknowledged(stage: Stage) -> None:
    """The acknowledgement is kept with its time."""
    question = stage.ada.says(stage.general, "hello")
    (delivery,) = stage.server.told(question)
    await stage.server.deliveries.acked(delivery)
    assert 0 < delivery.took < stage.server.rules.ack
    (ack,) = stage.server.sockets.acks
    assert ack.known


async def test_what_is_not_acknowledged_is_sent_again(idle: Stage) -> None:
    """Three times, in new envelopes with the same event, saying which retry it is and why."""
    async with aiohttp.ClientSession() as session, await opened(idle, session) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        (delivery,) = idle.server.told(idle.ada.says(idle.general, "hello"))
        frames = [await socket.receive_json() for _ in range(4)]
        await idle.server.deliveries.log.until(lambda: delivery.over)
        assert (delivery.acked, delivery.failed) == (False, "timeout")
        assert [(frame["retry_attempt"], frame["retry_reason"]) for frame in frames] == [
            (0, ""),
            (1, "timeout"),
            (2, "timeout"),
            (3, "timeout"),
        ]
        assert len({frame["envelope_id"] for frame in frames}) == 4
        assert len({frame["payload"]["event_id"] for frame in frames}) == 1


async def test_a_test_can_deliver_twice(stage: Stage) -> None:
    """Bolt then calls the listener twice, as it knows no ids of events."""
    question = stage.ada.says(stage.general, "hello")
    (delivery,) = stage.server.told(question)
    first = await stage.bot.heard.next()
    stage.server.deliveries.again(delivery)
    assert (await stage.bot.heard.next())["event_id"] == first["event_id"]


async def test_each_envelope_goes_to_one_socket(idle: Stage) -> None:
    """With several of them, to any."""
    async with connected(idle.server, idle.bot), connected(idle.server, Plain(idle.server)):
        assert len(idle.server.sockets.connected) == 2
        told = [idle.server.told(idle.ada.says(idle.general, f"{number}"))[0] for number in range(12)]
        for delivery in told:
            await idle.server.deliveries.acked(delivery)
        assert [len(delivery.attempts) for delivery in told] == [1] * 12
        assert len({delivery.attempts[0].way for delivery in told}) == 2


async def test_the_eleventh_socket_is_refused(idle: Stage) -> None:
    """It is told why, and closed; hello says how many there are."""
    async with aiohttp.ClientSession() as session:
        sockets = [await opened(idle, session) for _ in range(11)]
        frames = [await socket.receive_json() for socket in sockets]
        assert [frame.get("num_connections") for frame in frames] == [*range(1, 11), None]
        assert frames[-1]["reason"] == "too_many_websockets"
        assert (await sockets[-1].receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
        await idle.server.sockets.refused.next()
        for socket in sockets:
            await socket.close()


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_refreshed_socket_is_opened_anew(stage: Stage, reason: str) -> None:
    """Bolt does so by itself."""
    await stage.server.sockets.disconnect(reason, close=reason != "warning")
    await stage.server.ready()
    stage.ada.says(stage.general, "still there?")
    await stage.bot.heard.next()


async def test_a_dropped_socket_is_opened_anew(stage: Stage) -> None:
    """What was sent meanwhile comes as a retry."""
    await stage.server.sockets.drop()
    (delivery,) = stage.server.told(stage.ada.says(stage.general, "lost?"))
    await stage.server.ready()
    await stage.server.deliveries.log.until(lambda: delivery.over)
    assert len(delivery.attempts) > 1


async def test_a_half_open_socket_swallows_everything(stage: Stage) -> None:
    """Nothing comes out of it, no pong either, and neither side is told."""
    (connection,) = stage.server.sockets.connected
    connection.half_open = True
    (delivery,) = stage.server.told(stage.ada.says(stage.general, "lost"))
    await stage.server.deliveries.log.until(lambda: len(delivery.attempts) > 1)
    assert connection in stage.server.sockets.connected
    assert not delivery.acked


async def test_an_address_opens_one_socket(idle: Stage) -> None:
    """And a made-up one opens none."""
    answer = await idle.bot.client.apps_connections_open(app_token=APP_TOKEN)
    async with aiohttp.ClientSession() as session, session.ws_connect(str(answer["url"])):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(str(answer["url"]))


async def test_the_token_of_the_app_opens_sockets_and_nothing_else(idle: Stage) -> None:
    """As the bot's does everything else."""
    with pytest.raises(SlackApiError) as caught:
        await idle.bot.client.apps_connections_open(app_token=BOT_TOKEN)
    assert caught.value.response["error"] == "not_allowed_token_type"
    with pytest.raises(SlackApiError) as caught:
        await idle.bot.client.auth_test(token=APP_TOKEN)
    assert caught.value.response["error"] == "not_allowed_token_type"


async def test_with_no_socket_events_wait_for_their_retry(idle: Stage) -> None:
    """Whoever connects in time hears of them."""
    (delivery,) = idle.server.told(idle.ada.says(idle.general, "anybody?"))
    await idle.server.deliveries.log.until(lambda: bool(delivery.attempts))
    async with connected(idle.server, idle.bot):
        await idle.bot.heard.next()
    assert delivery.attempts[0].took is None
