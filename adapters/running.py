"""``herald run``: the platforms whose tokens are set, side by side, until a signal ends them."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager
from typing import Protocol

import structlog

from adapters.library_logs import one_line, unhandled
from bot.errors import HeraldError, SettingsError, StoreDownError, in_words
from bot.extras import need
from bot.host import Host
from bot.office import Office
from bot.settings import Settings
from bot.store.database import address

__all__ = ["Around", "Make", "Platform", "chosen", "run"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Platform(Protocol):
    """A chat platform that Herald is on."""

    @property
    def name(self) -> str:
        """As people call it."""

    async def serve(self, stop: asyncio.Event) -> None:
        """Serves until ``stop`` is set, then finishes what is under way; raises a HeraldError of one clear line."""


Make = Callable[[Host, Settings, Office | None], Platform]
Around = Callable[[asyncio.Event], AbstractAsyncContextManager[object]]
"""Something that goes on around the platforms; gets what is set when they are to end."""


def chosen(settings: Settings) -> dict[str, Make]:
    """What makes each of the platforms whose tokens are set, by name.

    Raises:
        SettingsError: there is none, or what it needs isn't installed.
    """
    found: dict[str, Make] = {}
    if settings.discord_token:
        need("discord", "discord")
        from adapters.discord.lifecycle import Discord

        found["Discord"] = Discord
    if settings.slack_bot_token or settings.slack_client_id:
        need("slack", "slack_bolt")
        from adapters.slack.lifecycle import Slack

        found["Slack"] = Slack
    if not found:
        raise SettingsError(
            "No platform to run on: set DISCORD_TOKEN, SLACK_BOT_TOKEN or SLACK_CLIENT_ID (see .env.example), "
            "or talk by herald chat."
        )
    if address(settings.database).get_backend_name() == "postgresql":
        need("postgres", "asyncpg")
    return found


def run(make: Callable[[Office | None], Sequence[Platform]], office: Office | None = None, *around: Around) -> None:
    """Runs platforms until SIGINT or SIGTERM, or until one of them fails.

    Args:
        make: makes them, with the office where it can be used.
        office: kept up as long as they run.
        around: what is entered before all else in this order, and left after it.

    Raises:
        HeraldError: of the platform that failed, after the others were closed; or the database's schema doesn't fit.
    """
    asyncio.run(_run(make, office, around))


async def _run(
    make: Callable[[Office | None], Sequence[Platform]], office: Office | None, around: Sequence[Around]
) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().set_exception_handler(unhandled)
    with _until_signal(stop), one_line(""):
        async with AsyncExitStack() as kept:
            for one in around:
                await kept.enter_async_context(one(stop))
            opening = asyncio.create_task(_entered(kept, office), name="herald-opening")
            if await _opened(opening, stop):
                await _serve(make(opening.result()), stop)


async def _opened(opening: asyncio.Task[Office | None], stop: asyncio.Event) -> bool:
    """Whether the office was opened before a signal came: what is in service may have to be compiled first."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([opening, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if opening.done():
        return True
    opening.cancel()
    await asyncio.gather(opening, return_exceptions=True)
    return False


async def _entered(kept: AsyncExitStack, office: Office | None) -> Office | None:
    """The office; None where its file can't be used, as answering comes first."""
    if office is None:
        return None
    try:
        return await kept.enter_async_context(office)
    except StoreDownError as error:
        structlog.get_logger().warning("nothing is kept", error=in_words(error))
        return None


async def _serve(platforms: Sequence[Platform], stop: asyncio.Event) -> None:
    tasks = [asyncio.create_task(_one(platform, stop), name=platform.name) for platform in platforms]
    results = await asyncio.gather(*tasks, return_exceptions=True)
    failed = [result for result in results if isinstance(result, BaseException)]
    for error in sorted(failed, key=lambda error: isinstance(error, HeraldError)):
        raise error  # what nobody expected goes first


async def _one(platform: Platform, stop: asyncio.Event) -> None:
    try:
        await platform.serve(stop)
    finally:
        stop.set()


@contextmanager
def _until_signal(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
