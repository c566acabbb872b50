"""The port for whoever watches Herald."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from adapters.watching import watched
from bot.errors import PlatformError
from bot.health import SILENCE, Connection
from bot.host import Host
from bot.settings import Settings


async def told(port: int, path: str) -> tuple[int, Mapping[str, object]]:
    """Status and body."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.json()


class TestPort:
    async def test_it_tells_of_life_and_readiness(self, host: Host, port: int) -> None:
        """Ready once all are connected, not ready any more while closing, alive all the while."""
        stop = asyncio.Event()
        async with watched(host, Settings(http_port=port), ["Discord"])(stop):
            assert await told(port, "/livez") == (200, {
                "ok": True, "wrong": [], "event_loop_lag_seconds": 0.0,
                "platforms": {"discord": {"connected": False, "silent_seconds": None}},
            })  # fmt: skip
            assert (await told(port, "/readyz"))[0] == 503
            host.health.watch("discord", lambda: Connection(connected=True, silent=2.0))
            assert (await told(port, "/readyz"))[0] == 200
            stop.set()
            await asyncio.sleep(0)
            status, body = await told(port, "/readyz")
            assert (status, body["wrong"]) == (503, ["closing"])
            assert (await told(port, "/livez"))[0] == 200

    async def test_a_connection_that_hangs_is_no_life(self, host: Host, port: int) -> None:
        """Whoever watches starts the process anew."""
        host.health.watch("slack", lambda: Connection(connected=True, silent=SILENCE + 1))
        async with watched(host, Settings(http_port=port), ["Slack"])(asyncio.Event()):
            assert (await told(port, "/livez"))[0] == 503

    async def test_figures_can_be_collected(self, host: Host, port: int) -> None:
        """In the form of Prometheus."""
        async with (
            watched(host, Settings(http_port=port), ["Discord"])(asyncio.Event()),
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/metrics") as response,
        ):
            assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            families = {family.name for family in text_string_to_metric_families(await response.text())}
        assert {"herald_connected", "herald_event_loop_lag_seconds", "herald_queue_depth"} <= families

    async def test_a_port_in_use_is_told_in_one_line(self, host: Host, port: int) -> None:
        """With the variable."""
        settings = Settings(http_port=port)
        async with watched(host, settings, [])(asyncio.Event()):
            with pytest.raises(PlatformError, match=r"^can't listen at port \d+ \(HERALD_HTTP_PORT\): "):
                await watched(host, settings, [])(asyncio.Event()).__aenter__()

    async def test_without_a_port_nothing_is_opened(self, host: Host) -> None:
        """Which is the default."""
        before = asyncio.all_tasks()
        async with watched(host, Settings(), ["Discord"])(asyncio.Event()):
            assert len(asyncio.all_tasks() - before) == 2
        assert asyncio.all_tasks() == before
