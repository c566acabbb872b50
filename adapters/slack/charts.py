"""Pictures for one member: a message for their eyes alone can hold none, so they go to their direct messages."""

from __future__ import annotations

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.endpoints import word_of

__all__ = ["send_chart"]


async def send_chart(client: AsyncWebClient, member: str, title: str, picture: bytes) -> bool:
    """Sends a PNG to a member; whether it got there. It takes the scope files:write."""
    try:
        opened = await client.chat_postMessage(channel=member, text=title)
        # A file goes to the id of a channel, which only a message to the member tells without a further scope.
        where, thread = str(opened["channel"]), str(opened["ts"])
        await client.files_upload_v2(
            content=picture, filename="chart.png", title=title, alt_txt=title, channel=where, thread_ts=thread
        )
    except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
        structlog.get_logger().warning("chart not sent", platform="slack", error=word_of(error))
        return False
    return True
