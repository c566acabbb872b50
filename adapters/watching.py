"""The port for whoever watches Herald: /livez, /readyz and /metrics."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from aiohttp import web

from adapters.listening import listening
from bot.figures import CONTENT_TYPE, Figures
from bot.health import Health
from bot.host import Host
from bot.settings import Settings

__all__ = ["watched", "web_app"]

_UNAVAILABLE = 503


def watched(
    host: Host, settings: Settings, platforms: Sequence[str]
) -> Callable[[asyncio.Event], AbstractAsyncContextManager[None]]:
    """What ``herald run`` puts around its platforms; without a port in the settings only figures are kept."""
    health, figures = host.health, host.figures
    health.expect([name.lower() for name in platforms])
    _show(health, figures)

    @asynccontextmanager
    async def around(stop: asyncio.Event) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(health.beat()), asyncio.create_task(_drain(health, stop))]
        try:
            if settings.http_port is None:
                yield
            else:
                made = web_app(health, figures)
                async with listening(made, settings.http_host, settings.http_port, "HERALD_HTTP_PORT"):
                    yield
        finally:
            for task in tasks:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*tasks)

    return around


def web_app(health: Health, figures: Figures) -> web.Application:
    """The web application; it tells nothing that members wrote."""

    async def livez(_: web.Request) -> web.Response:
        return _told(health, health.hung())

    async def readyz(_: web.Request) -> web.Response:
        return _told(health, health.unready())

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=figures.written(), headers={"Content-Type": CONTENT_TYPE})

    made = web.Application()
    made.router.add_get("/livez", livez)
    made.router.add_get("/readyz", readyz)
    made.router.add_get("/metrics", metrics)
    return made


def _told(health: Health, wrong: Sequence[str]) -> web.Response:
    platforms: Mapping[str, object] = {
        name: {"connected": connection.connected, "silent_seconds": _rounded(connection.silent)}
        for name, connection in health.connections().items()
    }
    body = {
        "ok": not wrong,
        "wrong": list(wrong),
        "event_loop_lag_seconds": round(health.lag, 3),
        "platforms": platforms,
    }
    return web.json_response(body, status=_UNAVAILABLE if wrong else 200)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _show(health: Health, figures: Figures) -> None:
    """The same in figures."""
    figures.gauge("herald_event_loop_lag_seconds", "How late the event loop was.", "loop", lambda: {"main": health.lag})
    figures.gauge(
        "herald_connected", "Whether a platform is connected.", "platform",
        lambda: {name: float(connection.connected) for name, connection in health.connections().items()},
    )  # fmt: skip
    figures.gauge(
        "herald_silent_seconds", "Seconds since a platform was heard.", "platform",
        lambda: {name: c.silent for name, c in health.connections().items() if c.silent is not None},
    )  # fmt: skip


async def _drain(health: Health, stop: asyncio.Event) -> None:
    await stop.wait()
    health.draining = True
