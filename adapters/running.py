"""``herald run``: the platforms whose tokens are set, side by side, until a signal ends them."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from typing import Protocol

import structlog

from bot.errors import HeraldError, SettingsError, StoreDownError, in_words
from bot.host import Host
from bot.office import Office
from bot.settings import Settings

__all__ = ["Make", "Platform", "chosen", "run"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Platform(Protocol):
    """A chat platform that Herald is on."""

    @property
    def name(self) -> str:
        """As people call it."""

    async def serve(self, stop: asyncio.Event) -> None:
        """Serves until ``stop`` is set, then finishes what is under way; raises a HeraldError of one clear line."""


Make = Callable[[Host, Settings, Office | None], Platform]


def chosen(settings: Settings) -> dict[str, Make]:
    """What makes each of the platforms whose tokens are set, by name.

    Raises:
        SettingsError: there is none.
    """
    found: dict[str, Make] = {}
    if settings.discord_token:
        from adapters.discord.lifecycle import Discord

        found["Discord"] = Discord
    if settings.slack_bot_token or settings.slack_client_id:
        from adapters.slack.lifecycle import Slack

        found["Slack"] = Slack
    if not found:
        raise SettingsError(
            "No platform to run on: set DISCORD_TOKEN, SLACK_BOT_TOKEN or SLACK_CLIENT_ID (see .env.example), "
            "or talk by herald chat."
        )
    return found


def run(make: Callable[[Office | None], Sequence[Platform]], office: Office | None = None) -> None:
    """Runs platforms until SIGINT or SIGTERM, or until one of them fails.

    Args:
        make: makes them, with the office where it can be used.
        office: kept up as long as they run.

    Raises:
        HeraldError: of the platform that failed, after the others were closed; or the database's schema doesn't fit.
    """
    asyncio.run(_run(make, office))


async def _run(make: Callable[[Office | None], Sequence[Platform]], office: Office | None) -> None:
    async with AsyncExitStack() as kept:
        await _serve(make(await _entered(kept, office)))


async def _entered(kept: AsyncExitStack, office: Office | None) -> Office | None:
    """The office; None where its file can't be used, as answering comes first."""
    if office is None:
        return None
    try:
        return await kept.enter_async_context(office)
    except StoreDownError as error:
        structlog.get_logger().warning("nothing is kept", error=in_words(error))
        return None


async def _serve(platforms: Sequence[Platform]) -> None:
    stop = asyncio.Event()
    with _until_signal(stop):
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
