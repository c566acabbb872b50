"""The log: where it can't be written, Herald goes on without it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import pytest
import structlog

from adapters.terminal import logs
from bot.guard import guarded

FULL = Path("/dev/full")
LEVELS = ("debug", "info", "warning", "error", "critical", "exception")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Leaves the log of other tests as it was."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture
def full() -> Iterator[TextIO]:
    """A log file on a disk that is full."""
    if not FULL.exists():
        pytest.skip("no /dev/full")
    stream = FULL.open("w", buffering=1, encoding="utf-8")
    yield stream
    with suppress(OSError):
        stream.close()


def closed() -> TextIO:
    """A stream that somebody has closed."""
    with Path(os.devnull).open("w", encoding="utf-8") as stream:
        return stream


@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize("level", LEVELS)
def test_a_line_is_written(capsys: pytest.CaptureFixture[str], level: str, form: str) -> None:
    """To standard error, by each level's name."""
    logs.configure("DEBUG", form)
    getattr(structlog.get_logger(), level)("incident", where="here")
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "incident" in err
    assert "here" in err


@pytest.mark.parametrize("level", LEVELS)
def test_a_full_disk_stops_nothing(full: TextIO, monkeypatch: pytest.MonkeyPatch, level: str) -> None:
    """The line is dropped, whatever its level, and so is the next."""
    monkeypatch.setattr("sys.stderr", full)
    logs.configure("DEBUG")
    for _ in range(2):
        getattr(structlog.get_logger(), level)("incident")


def test_a_closed_stream_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As at the very end of a process."""
    monkeypatch.setattr("sys.stderr", closed())
    logs.configure("DEBUG")
    structlog.get_logger().info("ended")


async def test_a_member_hears_of_a_failure_that_cannot_be_logged(full: TextIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """The boundary apologizes all the same."""
    monkeypatch.setattr("sys.stderr", full)
    logs.configure("INFO")
    said: list[str] = []

    async def work() -> None:
        raise ZeroDivisionError

    async def apologize(line: str) -> None:
        said.append(line)

    assert not await guarded(work, apologize, LookupError)
    assert len(said) == 1
