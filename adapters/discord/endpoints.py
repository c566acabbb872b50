"""Where Discord is: discord.py has no setting for it, so that its own addresses are exchanged while Herald runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

__all__ = ["endpoints"]


@contextmanager
def endpoints(api: str, gateway: str) -> Iterator[None]:
    """Points REST and gateway at these addresses, and puts the old ones back afterwards.

    Where ``gateway`` isn't Discord's own, every connection goes there, the resumed ones too: Discord names an address
    of its own for these, and the token must not go past a proxy. Without one, that address is the one to resume at.
    The settings see to it that only encrypted addresses and loopback hosts come here.
    """
    before = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, DiscordWebSocket.__dict__["from_client"])
    connect = DiscordWebSocket.from_client
    address = yarl.URL(gateway)

    async def from_client(cls: type[DiscordWebSocket], /, client: Any, **options: Any) -> Any:
        del cls
        return await connect(client, **{**options, "gateway": address})

    Route.BASE = api.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = address
    if address != before[1]:
        setattr(DiscordWebSocket, "from_client", classmethod(from_client))  # noqa: B010 - a method, as mypy sees it
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before[0], before[1]
        setattr(DiscordWebSocket, "from_client", before[2])  # noqa: B010
