"""Platforms side by side, until a signal ends them."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest
from pydantic import SecretStr

from adapters import running
from bot.errors import PlatformError, SettingsError
from bot.settings import Settings


class Calm:
    """A platform that serves until it is stopped, and notes that it finished."""

    name = "Calm"

    def __init__(self, number: signal.Signals | None = None) -> None:
        self.finished = False
        self._number = number

    async def serve(self, stop: asyncio.Event) -> None:
        if self._number:
            os.kill(os.getpid(), self._number)
        await stop.wait()
        self.finished = True


class Broken:
    """A platform that fails."""

    name = "Broken"

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def serve(self, stop: asyncio.Event) -> None:
        raise self._error


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_them_all(number: signal.Signals) -> None:
    """Each finishes what it does, and that is no error."""
    platforms = [Calm(), Calm(number)]
    before = signal.getsignal(number)
    running.run(platforms)
    assert [platform.finished for platform in platforms] == [True, True]
    assert signal.getsignal(number) == before


def test_one_that_fails_ends_the_others() -> None:
    """In good order; its error is raised."""
    calm = Calm()
    with pytest.raises(PlatformError, match="no"):
        running.run([calm, Broken(PlatformError("no"))])
    assert calm.finished


def test_what_nobody_expected_goes_first() -> None:
    """A mistake of ours is not hidden by a platform's line."""
    with pytest.raises(KeyError):
        running.run([Broken(PlatformError("no")), Broken(KeyError("x"))])


def test_platforms_are_those_whose_tokens_are_set() -> None:
    """Without any, it says what to set."""
    assert list(running.chosen(Settings(discord_token=SecretStr("a.b.c")))) == ["Discord"]
    both = Settings(discord_token=SecretStr("a.b.c"), slack_bot_token=SecretStr("x"), slack_app_token=SecretStr("y"))
    assert list(running.chosen(both)) == ["Discord", "Slack"]
    with pytest.raises(SettingsError, match="herald chat"):
        running.chosen(Settings())
