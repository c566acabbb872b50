"""Platforms side by side, until a signal ends them."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Self

import pytest
from pydantic import SecretStr

from adapters import running
from bot.errors import PlatformError, SettingsError, StoreDownError, StoreError
from bot.office import Office
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
    running.run(lambda office: platforms)
    assert [platform.finished for platform in platforms] == [True, True]
    assert signal.getsignal(number) == before


def test_one_that_fails_ends_the_others() -> None:
    """In good order; its error is raised."""
    calm = Calm()
    with pytest.raises(PlatformError, match="no"):
        running.run(lambda office: [calm, Broken(PlatformError("no"))])
    assert calm.finished


def test_what_nobody_expected_goes_first() -> None:
    """A mistake of ours is not hidden by a platform's line."""
    with pytest.raises(KeyError):
        running.run(lambda office: [Broken(PlatformError("no")), Broken(KeyError("x"))])


class Opening(Office):
    """An office that opens, or fails to, and notes that it was closed."""

    def __init__(self, error: Exception | None = None) -> None:
        self.closed = False
        self._error = error

    async def __aenter__(self) -> Self:
        if self._error:
            raise self._error
        return self

    async def __aexit__(self, *_: object) -> None:
        self.closed = True


def test_the_office_is_kept_up_while_they_run() -> None:
    """And closed when one of them fails."""
    office = Opening()
    with pytest.raises(PlatformError):
        running.run(lambda kept: [Broken(PlatformError("no" if kept is office else ""))], office)
    assert office.closed


def test_a_file_that_can_t_be_used_is_done_without() -> None:
    """Answering comes first."""
    calm = Calm(signal.SIGTERM)
    running.run(lambda kept: [calm] if kept is None else [], Opening(StoreDownError("read-only")))
    assert calm.finished


class Lasting(Opening):
    """An office that gets a signal while it opens, which takes long."""

    async def __aenter__(self) -> Self:
        os.kill(os.getpid(), signal.SIGTERM)
        try:
            await asyncio.sleep(5)
        finally:
            self.closed = True
        return self


def test_a_signal_ends_the_opening_of_the_office() -> None:
    """Which may have to compile first; then there are no platforms, and that is no error."""
    office, calm = Lasting(), Calm(signal.SIGTERM)
    running.run(lambda kept: [calm], office)
    assert office.closed
    assert not calm.finished


def test_a_schema_that_does_not_fit_ends_the_start() -> None:
    """Whatever is answered would be lost."""
    with pytest.raises(StoreError, match="upgrade"):
        running.run(lambda kept: [Calm()], Opening(StoreError("run herald db upgrade")))


def test_platforms_are_those_whose_tokens_are_set() -> None:
    """Without any, it says what to set."""
    assert list(running.chosen(Settings(discord_token=SecretStr("a.b.c")))) == ["Discord"]
    both = Settings(discord_token=SecretStr("a.b.c"), slack_bot_token=SecretStr("x"), slack_app_token=SecretStr("y"))
    assert list(running.chosen(both)) == ["Discord", "Slack"]
    with pytest.raises(SettingsError, match="herald chat"):
        running.chosen(Settings())
