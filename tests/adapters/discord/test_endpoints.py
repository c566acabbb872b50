"""Where connections go."""

from __future__ import annotations

from discord.gateway import DiscordWebSocket

from adapters.discord.endpoints import endpoints
from bot.settings import Settings


def test_discords_own_gateway_leaves_resuming_to_discord() -> None:
    """It names the address to resume at, and asks that no other be used."""
    before, defaults = DiscordWebSocket.__dict__["from_client"], Settings()
    with endpoints(defaults.discord_api_url, defaults.discord_gateway_url):
        assert DiscordWebSocket.__dict__["from_client"] is before
    with endpoints(defaults.discord_api_url, "wss://proxy.example/"):
        assert DiscordWebSocket.__dict__["from_client"] is not before
    assert DiscordWebSocket.__dict__["from_client"] is before
