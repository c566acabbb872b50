"""Alerting admins in the channel that is set for it, in whichever of the home workspaces has it."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.errors import SlackApiError

from adapters.slack import panels
from adapters.slack.endpoints import word_of
from adapters.slack.outbox import Outbox
from adapters.slack.telling import ClientOf
from adapters.slack.workspaces import Whose
from bot.errors import PlatformError
from bot.panels.model import Panel

__all__ = ["Alerting"]


@dataclass(frozen=True, slots=True)
class Alerting:
    """Posts for admins."""

    outbox: Outbox
    whose: Whose
    client_of: ClientOf
    channel: str

    async def __call__(self, panel: Panel) -> None:
        """As :data:`bot.alerts.Post`.

        Raises:
            PlatformError: Herald may write in no such channel.
        """
        refusal = "Herald is installed in none of HERALD_SLACK_HOME"
        for key in await self.whose.keys_at_home():
            client = await self.client_of(key)
            try:
                if client:
                    await self.outbox.post(client, self.channel, panels.payload_of(panel), None)
                    return
            except SlackApiError as error:
                refusal = word_of(error)
        raise PlatformError(f"HERALD_SLACK_ADMIN_CHANNEL={self.channel} can't be written in ({refusal}): invite Herald")
