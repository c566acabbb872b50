"""``herald run``: the platforms whose tokens are set, side by side, until a signal ends them."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from bot.errors import HeraldError, SettingsError
from bot.host import Host
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


Make = Callable[[Host, Settings], Platform]


def chosen(settings: Settings) -> dict[str, Make]:
    """What makes each of the platforms whose tokens are set, by name.

    Raises:
        SettingsError: there is none.
    """
    found: dict[str, Make] = {}
    if settings.discord_token:
        from adapters.discord.lifecycle import Discord

        found["Discord"] = Discord
    if settings.slack_bot_token:
        from adapters.slack.lifecycle import Slack

        found["Slack"] = Slack
    if not found:
        raise SettingsError(
            "No platform to run on: set DISCORD_TOKEN or SLACK_BOT_TOKEN (see .env.example), or talk by herald chat."
        )
    return found


def run(platforms: Sequence[Platform]) -> None:
    """Runs platforms until SIGINT or SIGTERM, or until one of them fails.

    Raises:
        HeraldError: of the platform that failed; the others were closed.
    """
    asyncio.run(_serve(platforms))


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
